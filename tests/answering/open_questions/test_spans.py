"""The answering span: the sentence with the wanted shape, from the right document, or nothing at all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.library import Library
from tests.answering.open_questions.conftest import TODAY, Ask

CASES = Path(__file__).resolve().parents[3] / "evals" / "cases" / "ask-extra.jsonl"


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        ("大型活动要提前几天向公安申请", "daxing-huodong/2007/第十三条", "20日前"),
        ("公安受理以后几天内给答复，大型活动的", "daxing-huodong/2007/第十四条", "7日内"),
        ("没拿到许可就把灯会办了，公安罚多少", "daxing-huodong/2007/第二十条", "10万元以上30万元以下"),
        ("基金会不按章程活动的后果", "jijinhui-tiaoli/2004/第四十二条", "撤销登记"),
        ("公务员处分一共哪几种", "gongwuyuan-fa/2018/第六十二条", "开除"),
        ("国家科学技术奖设了哪几个奖", "keji-jiangli/2024/第二条", "国家自然科学奖"),
        ("减负规定里专项文件最多多少字", "jianfu-guiding/2024/2.", "4000字"),
        ("国家荣誉称号谁决定授予", "guojia-xunzhang/2015/第六条", "全国人大常委会"),
        ("以省委省政府名义搞的创建示范，谁有权批", "chuangjian-shifan/2022/approval-route-province", "党中央、国务院"),
    ],
)  # fmt: skip
def test_the_sentence_of_the_wanted_kind_answers(ask: Ask, question: str, cited: str, said: str) -> None:
    answer = ask(question)
    assert answer.abstained is None
    assert any(c.provision_id.startswith(cited) for c in answer.citations)
    assert said in answer.text


@pytest.mark.parametrize(("people", "office"), [("三千", "县级公安机关"), ("六千", "设区的市级公安机关")])
def test_a_number_of_people_picks_the_clause_it_falls_in(ask: Ask, people: str, office: str) -> None:
    assert office in ask(f"灯会估计{people}人，找区公安分局批还是市公安局批").text


def test_two_things_asked_are_both_answered(ask: Ask) -> None:
    answer = ask("大型活动要提前几天向公安申请、几天内给答复?")
    assert {c.provision_id.split("/")[-1][:4] for c in answer.citations} == {"第十三条", "第十四条"}


def test_a_prohibition_begins_with_no_and_nothing_ever_begins_with_yes(ask: Ask) -> None:
    assert ask("论坛名称能不能叫高峰、国际").text.startswith("不能。")
    for question in ("社会力量能不能设科技奖", "名额能不能增加", "已批的项目能按批准内容办吗"):
        assert not ask(question).text.startswith(("可以。", "能。"))


@pytest.mark.parametrize(
    "question",
    [
        "表彰个人奖金最高发多少，有没有上限数字",
        "公务员立三等功发多少奖金",
        "违规搞创建示范的领导给什么党纪处分档次",
        "用AI评审评奖有什么规定没有",
        "创建示范复查几年一次",
    ],
)
def test_prize_ceilings_discipline_and_silence_are_not_filled_in(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.abstained is not None
    assert answer.abstained.why == "no_basis"
    assert "不等于没有规定" in answer.text


@pytest.mark.parametrize("question", ["申报表要交几份", "区里的表彰材料哪天前得报到市里", "年度计划几月份编出来"])
def test_a_local_slot_that_only_the_sample_answers_is_said_to_be_a_sample(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert "本地规定未导入，请以本省通知为准" in answer.text
    assert "不可引用" in answer.text
    assert answer.notices


def test_what_is_said_of_commendation_does_not_answer_for_creation(ask: Ask) -> None:
    for citation in ask("创建示范的数量一年几个").citations:
        assert "评比达标表彰" not in citation.document or "创建" in citation.document


def test_a_follow_up_takes_its_subject_from_what_was_said(ask: Ask) -> None:
    answer = ask("罚多少", before="大型活动办了许可，临时改了时间，没重新报")
    assert "1万元以上5万元以下" in answer.text
    assert ask("依据是哪条?", before="我们街道搞健康小区创建授牌行不行").citations[0].provision == "第四条第一款"


def test_a_follow_up_about_the_ground_tells_the_place_that_was_cited(ask: Ask) -> None:
    answer = ask("原话怎么说的", before="区妇联能评示范岗吗 《创建示范活动管理办法(试行)》第四条第一款")
    assert [c.provision_id for c in answer.citations] == ["chuangjian-shifan/2022/第四条第一款"]


def test_every_answer_is_short_and_every_quote_stands_in_its_provision(ask: Ask, shipped: Library) -> None:
    for line in CASES.read_text(encoding="utf-8").splitlines()[::5]:
        case = json.loads(line)
        on = date.fromisoformat(case["as_of"]) if "as_of" in case else TODAY
        answer = ask(case["question"], on=on)
        assert answer.text, case["question"]
        assert len(answer.text) <= 120, answer.text
        for citation in answer.citations:
            assert citation.quote in shipped.provision(citation.provision_id).text
            assert shipped.document(citation.document_id).maybe_in_force(on) or "号" in case["question"]
