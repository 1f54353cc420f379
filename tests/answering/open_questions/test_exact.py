"""Places, document numbers, validity: what is held is told, what is not held is said to be not held."""

from __future__ import annotations

from datetime import date

import pytest

from tests.answering.open_questions.conftest import Ask


@pytest.mark.parametrize(
    "question",
    [
        "创建示范活动管理办法第九条怎么规定的",
        "评比达标表彰活动管理办法2018版第二十二条内容",
        "展会管理办法第六条是什么",
        "公务员奖励规定第12条写了啥",
    ],
)
def test_an_article_nobody_read_is_said_to_be_not_held_and_not_unregulated(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.abstained is not None
    assert answer.abstained.why == "no_basis"
    assert "没有收录" in answer.text
    assert "未收录不等于未规定" in answer.text
    assert answer.citations == ()


def test_an_article_past_the_end_of_a_complete_law_is_said_not_to_exist(ask: Ask) -> None:
    answer = ask("勋章法第三十条是什么")
    assert answer.abstained is not None
    assert "全文共21条" in answer.text


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        ("把创示办法第三条第二款念给我听", "chuangjian-shifan/2022/第三条第二款", "内设机构"),
        ("大型群众性活动安全管理条例十五条说的啥", "daxing-huodong/2007/第十五条", "不得擅自"),
        ("廣告法第9條第3項禁哪些詞", "guanggao-fa/2021/第九条第（三）项", "最佳"),
        ("评选评奖负面清单第五项说的是啥", "pingjiang-fumian-qingdan/2021/（五）", "收费"),
    ],
)
def test_a_held_place_is_told_however_it_is_written(ask: Ask, question: str, cited: str, said: str) -> None:
    answer = ask(question)
    assert answer.abstained is None
    assert [c.provision_id for c in answer.citations] == [cited]
    assert said in answer.text


def test_another_provinces_rules_are_not_answered_with_ours(ask: Ask) -> None:
    answer = ask("上海市评比达标表彰实施细则怎么规定申报时间")
    assert answer.abstained is not None
    assert answer.citations == ()
    assert "月" not in answer.text


def test_another_provinces_month_may_not_be_borrowed(ask: Ask) -> None:
    answer = ask("福建那边说1月底报，能照搬福建的时间吗")
    assert answer.text.startswith("不能照搬")
    assert "以本省通知为准" in answer.text


def test_a_document_number_is_told_and_an_unchecked_one_is_not_made_up(ask: Ask) -> None:
    assert "中办发〔2018〕69号" in ask("评比达标表彰管理办法的文号是多少").text
    unchecked = ask("减负若干规定文号是多少")
    assert unchecked.abstained is not None
    assert "〔" not in unchecked.text


def test_a_number_is_turned_back_into_its_document(ask: Ask) -> None:
    assert "大型群众性活动安全管理条例" in ask("国务院令第505号说的是哪个条例").text


def test_a_replaced_document_is_said_to_be_replaced_and_by_what(ask: Ask) -> None:
    answer = ask("评比达标表彰试行办法2010年那份还有效吗")
    assert answer.text.startswith("不能再用")
    assert "中办发〔2018〕69号" in answer.text
    assert {c.document_id for c in answer.citations} == {"pingbi-biaozhang/2018"}


def test_on_trial_does_not_mean_expired(ask: Ask) -> None:
    answer = ask("创建示范那个办法写着试行，三年了过期没有")
    assert "现行有效" in answer.text
    assert "试行不等于到期失效" in answer.text


def test_before_its_first_day_a_document_is_not_in_force_and_not_cited(ask: Ask) -> None:
    answer = ask("创建示范管理办法今天生效了吗", on=date(2022, 3, 1))
    assert "还没有生效" in answer.text
    assert "2022年4月20日" in answer.text
    assert answer.citations == ()


def test_which_document_governs_is_answered_as_of_the_day(ask: Ask) -> None:
    assert "2012年" in ask("现在管社会组织评比的是哪份文件", on=date(2019, 5, 1)).text
    assert "2022年" in ask("现在管社会组织评比的是哪份文件").text


def test_the_words_of_an_original_are_in_quotation_marks_and_the_version_is_of_the_day(ask_originals: Ask) -> None:
    answer = ask_originals("夜间噪声作业要提前几天申请")
    assert "“夜间噪声作业应当在作业三日前向街道办事处申请”" in answer.text
    assert {c.document_id for c in answer.citations} == {"anjing/2024"}
    earlier = ask_originals("夜间噪声作业要提前几天申请", on=date(2020, 1, 1))
    assert {c.document_id for c in earlier.citations} == {"anjing/2015"}
