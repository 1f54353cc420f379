"""Who handles what, templates, catalog and plan, terms, rank of documents, reports."""

from __future__ import annotations

import pytest

from tests.answering.open_questions.conftest import Ask


@pytest.mark.parametrize(
    ("question", "office", "row"),
    [
        ("办展会这一摊归哪个部门", "区商务局", "第10行"),
        ("想给科员报个嘉奖，该找哪家", "区委组织部", "第4行"),
        ("医院职工的奖励归哪个局管", "区人社局", "第6行"),
    ],
)
def test_the_office_in_charge_is_told_with_the_row_of_the_table(ask: Ask, question: str, office: str, row: str) -> None:
    answer = ask(question)
    assert office in answer.text
    assert [(c.document_id, c.provision) for c in answer.citations] == [("xx-qu-zhuguan/2026", row)]


def test_several_matters_are_told_apart(ask: Ask) -> None:
    text = ask("社会组织评奖、论坛、科技奖各找哪个部门?").text
    assert "民政局" in text
    assert "宣传部" in text
    assert "科技局" in text


def test_party_commendation_is_not_taken_for_commendation(ask: Ask) -> None:
    answer = ask("街道“七一”评优秀党务工作者归谁管")
    assert "组织部" in answer.text
    assert "协调小组" not in answer.text


def test_a_template_is_named_with_its_file_and_use(ask: Ask) -> None:
    text = ask("请示怎么写，一件事一份还是可以多件并一份").text
    assert "request-for-approval.docx" in text
    assert "一文一事" in text
    assert "栏目有" in ask("变更申请有没有模板，要填哪些栏").text


def test_a_listed_project_is_found_with_what_the_district_does(ask: Ask) -> None:
    answer = ask("青年文明号在不在我们区的保留目录里")
    assert "推荐、公示、报送" in answer.text
    assert [c.provision for c in answer.citations] == ["第5行"]


def test_what_the_catalog_does_not_list_is_not_thereby_irregular(ask: Ask) -> None:
    assert "查不到不等于违规" in ask("“优秀快递员”在目录里查得到吗，查不到算不算违规").text


def test_the_higher_level_wins_and_the_lower_may_only_be_stricter(ask: Ask) -> None:
    answer = ask("区里的负面清单和中央办法要是打架，听谁的")
    assert "只能更严" in answer.text
    assert {"chuangjian-shifan/2022", "xx-qu-fumian-qingdan/2026"} <= {c.document_id for c in answer.citations}


def test_a_report_is_sent_to_the_right_desks_without_judging_anybody(ask: Ask) -> None:
    answer = ask("网上骗子协会让交钱领全国十佳，群众往哪举报")
    assert "民政" in answer.text
    assert "人社部官网" in answer.text
    assert "骗" not in answer.text


def test_a_term_of_the_trade_is_explained_from_the_glossary(ask: Ask) -> None:
    answer = ask("保留项目是个什么概念")
    assert "清理后准许继续开展" in answer.text or answer.citations


def test_creation_and_commendation_are_two_regimes(ask: Ask) -> None:
    answer = ask("创建示范和评比达标是一回事么")
    assert answer.text.startswith("不是一回事")
    assert len({c.document_id for c in answer.citations}) == 2


def test_what_a_document_consists_of_is_summed_up_by_its_headings(ask: Ask) -> None:
    text = ask("五维十八点自查到底查哪些，给个概要").text
    assert "分5部分" in text
    assert "基层负担" in text
