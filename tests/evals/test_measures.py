"""Measures on cases made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.domain import Outcome, Turn
from evals import measures
from evals.cases import AskCase, AskGold, Cite
from evals.measures import BadReply, Reply, read_reply
from evals.shelf import Shelf
from tests.evals.conftest import FIRST, NO_FEE, SECOND, TWO_LEVELS, answer, ask_case, citation


@pytest.fixture
def reply(shelf: Shelf, day: date) -> Any:
    def make(verdict: str | None = "prohibited", **more: Any) -> Reply:
        return read_reply(answer(verdict, **more), shelf, as_of=day)

    return make


PERMIT = ["filing_required", "allowed_no_procedure", "out_of_scope_of_measures"]


@pytest.mark.parametrize("gold", ["prohibited", "approval_required", "needs_more_info", "not_answerable"])
@pytest.mark.parametrize("given", PERMIT)
def test_a_permit_is_false_where_the_gold_is_stricter_or_open(gold: str, given: str, reply: Any, shelf: Shelf) -> None:
    assert measures.false_permit(ask_case(gold), reply(given), shelf).value == 1


@pytest.mark.parametrize(
    ("gold", "given", "harm"),
    [("filing_required", "allowed_no_procedure", 1), ("filing_required", "out_of_scope_of_measures", 1),
     ("allowed_no_procedure", "out_of_scope_of_measures", 1), ("allowed_no_procedure", "filing_required", 0),
     ("filing_required", "filing_required", 0), ("approval_required", "approval_required", 0)],
)  # fmt: skip
def test_between_permits_only_a_looser_one_is_false(gold: str, given: str, harm: int, reply: Any, shelf: Shelf) -> None:
    assert measures.false_permit(ask_case(gold), reply(given), shelf).value == harm


@pytest.mark.parametrize("given", ["prohibited", "approval_required", "needs_more_info", "not_answerable", None])
def test_no_other_answer_is_ever_a_false_permit(given: str | None, reply: Any, shelf: Shelf) -> None:
    golds = [outcome for outcome in Outcome if outcome is not Outcome.OUT_OF_SCOPE]
    assert [measures.false_permit(ask_case(gold), reply(given), shelf).value for gold in golds] == [0] * len(golds)


def test_where_nothing_is_looser_or_no_verdict_is_wanted_a_false_permit_is_not_scored(reply: Any, shelf: Shelf) -> None:
    assert (
        measures.false_permit(ask_case("out_of_scope_of_measures"), reply("allowed_no_procedure"), shelf).value is None
    )
    assert measures.false_permit(ask_case(None), reply("allowed_no_procedure"), shelf).value is None


def test_acceptable_does_not_excuse_a_false_permit(reply: Any, shelf: Shelf) -> None:
    case = ask_case("not_answerable", acceptable=(Outcome.OUT_OF_SCOPE,))
    assert measures.false_permit(case, reply("out_of_scope_of_measures"), shelf).value == 1


def test_an_acceptable_verdict_counts_apart_from_a_right_one(reply: Any, shelf: Shelf) -> None:
    case = ask_case("prohibited", acceptable=(Outcome.NEEDS_MORE_INFO,))
    asked = reply("needs_more_info")
    assert measures.verdict(case, asked, shelf).value == 0
    assert measures.verdict_or_acceptable(case, asked, shelf).value == 1
    assert measures.needless_question(case, asked, shelf).value == 0


def test_sending_the_forbidden_to_seek_approval_is_a_wrong_route_and_not_a_false_permit(
    reply: Any, shelf: Shelf
) -> None:
    sent = reply("approval_required")
    assert measures.wrong_route(ask_case("prohibited"), sent, shelf).value == 1
    assert measures.false_permit(ask_case("prohibited"), sent, shelf).value == 0
    assert measures.wrong_route(ask_case("approval_required"), sent, shelf).value is None


@pytest.mark.parametrize("given", ["prohibited", "approval_required"])
def test_stopping_what_may_go_ahead_is_a_false_alarm(given: str, reply: Any, shelf: Shelf) -> None:
    assert measures.false_alarm(ask_case("out_of_scope_of_measures"), reply(given), shelf).value == 1
    assert measures.false_alarm(ask_case("out_of_scope_of_measures"), reply("needs_more_info"), shelf).value == 0
    assert measures.false_alarm(ask_case("prohibited"), reply(given), shelf).value is None


def test_asking_back_is_needless_only_where_the_gold_is_settled(reply: Any, shelf: Shelf) -> None:
    assert measures.needless_question(ask_case("prohibited"), reply("needs_more_info"), shelf).value == 1
    assert measures.needless_question(ask_case("needs_more_info"), reply("needs_more_info"), shelf).value is None


def test_turns_count_what_the_asker_writes_and_one_more_when_asked_back(reply: Any, shelf: Shelf) -> None:
    context = (Turn("user", "想评先进"), Turn("assistant", "谁主办?"))
    case = AskCase("t", "街道办", AskGold(Outcome.PROHIBITED), context=context)
    assert measures.turns(case, reply("prohibited"), shelf).value == 2
    assert measures.turns(case, reply("needs_more_info"), shelf).value == 3


def test_an_abstention_is_right_for_the_same_reason_only_and_never_beside_a_verdict(reply: Any, shelf: Shelf) -> None:
    case = ask_case(None, abstained="no_basis", cites=())
    declined = {"why": "no_basis", "text": "没有依据"}
    assert measures.abstention(case, reply(None, abstained=declined), shelf).value == 1
    assert measures.abstention(case, reply(None, abstained={"why": "off_topic", "text": ""}), shelf).value == 0
    assert measures.abstention(case, reply(None), shelf).value == 0
    assert measures.abstention(case, reply("prohibited", abstained=declined), shelf).value == 0
    assert measures.abstention(ask_case(), reply(None, abstained=declined), shelf).value == 0


def test_an_article_counts_for_its_paragraph_and_the_reverse_but_not_a_sibling(reply: Any, shelf: Shelf) -> None:
    whole = reply(citations=[citation("第四条", "经过批准可以开展的有两类。")])
    assert measures.citation_recall(ask_case(), whole, shelf).value == 1
    assert measures.citation_recall(ask_case(cites=(Cite("chuangjian-shifan", "第四条"),)), reply(), shelf).value == 1
    sibling = reply(citations=[citation("第四条第二款", SECOND)])
    assert measures.citation_recall(ask_case(), sibling, shelf).value == 0


def test_a_gold_without_a_provision_is_met_by_any_place_in_the_work(reply: Any, shelf: Shelf) -> None:
    case = ask_case(cites=(Cite("chuangjian-shifan"), Cite("pingbi-biaozhang")))
    score = measures.citation_recall(case, reply(), shelf)
    assert (score.value, "pingbi-biaozhang" in score.reason) == (0.5, True)


def test_a_provision_without_a_number_is_found_by_its_quote_or_id(reply: Any, shelf: Shelf) -> None:
    case = ask_case(cites=(Cite("chuangjian-shifan", "no-fee"),))
    by_quote = reply(citations=[citation("", NO_FEE)])
    by_id = reply(citations=[citation("", NO_FEE, provision_id="chuangjian-shifan/2022/no-fee")])
    assert measures.citation_recall(case, by_quote, shelf).value == 1
    assert measures.citation_recall(case, by_id, shelf).value == 1
    assert measures.broken_citation(case, by_quote, shelf).value == 0


def test_precision_counts_what_neither_cites_nor_may_cite_names(reply: Any, shelf: Shelf) -> None:
    two = reply(citations=[citation(), citation("要点一", TWO_LEVELS, "评比达标表彰活动管理办法")])
    assert measures.citation_precision(ask_case(), two, shelf).value == 0.5
    assert measures.citation_precision(ask_case(may_cite=(Cite("pingbi-biaozhang"),)), two, shelf).value == 1
    assert measures.citation_precision(ask_case(), reply(citations=[]), shelf).value is None
    assert measures.citation_recall(ask_case(), reply(citations=[]), shelf).value == 0


def test_a_quote_must_be_one_contiguous_piece_of_that_provision(reply: Any, shelf: Shelf) -> None:
    assert measures.verbatim(ask_case(), reply(citations=[citation(quote=FIRST[3:20])]), shelf).value == 1
    assert measures.verbatim(ask_case(), reply(citations=[citation(quote=FIRST[:8] + FIRST[12:])]), shelf).value == 0
    assert measures.verbatim(ask_case(), reply(citations=[citation(quote=SECOND)]), shelf).value == 0
    assert measures.verbatim(ask_case(), reply(citations=[citation("第四条", FIRST)]), shelf).value == 1


@pytest.mark.parametrize(
    ("wrong", "because"),
    [({"document": "不存在的办法"}, "没有这份文件"), ({"label": "第九十九条"}, "没有这一条"), ({"quote": "编出来的话"}, "引文不在文件里"),
     ({"quote": ""}, "引文不在文件里")],
)  # fmt: skip
def test_a_citation_that_cannot_be_checked_is_broken_and_says_why(
    wrong: dict[str, str], because: str, reply: Any, shelf: Shelf
) -> None:
    score = measures.broken_citation(ask_case(), reply(citations=[citation(**wrong)]), shelf)
    assert score.value == 1
    assert because in score.reason


def test_a_paraphrase_passed_off_as_an_original_is_broken(reply: Any, shelf: Shelf) -> None:
    dressed = citation() | {"text_status": "original"}
    assert measures.broken_citation(ask_case(), reply(citations=[dressed]), shelf).value == 1


def test_titles_are_met_with_or_without_marks_and_by_alias_or_number(reply: Any, shelf: Shelf) -> None:
    for name in ("《创建示范活动管理办法（试行）》", "创示办法"):
        assert measures.citation_recall(ask_case(), reply(citations=[citation(document=name)]), shelf).value == 1
    by_number = citation(document="关于印发办法的通知") | {"document_number": "厅字[2022]23号"}
    assert measures.citation_recall(ask_case(), reply(citations=[by_number]), shelf).value == 1


def test_a_superseded_source_is_not_in_force_on_the_day_of_the_answer(reply: Any, shelf: Shelf) -> None:
    old = citation("3.", "年度考核、绩效考核不适用。", "评比达标表彰活动管理办法(试行)")
    assert measures.in_force(ask_case(), reply(citations=[citation(), old]), shelf).value == 0.5
    assert measures.in_force(ask_case(), reply(citations=[old], as_of="2015-01-01"), shelf).value == 1


def test_a_numbered_point_counts_for_the_heading_above_it_and_the_reverse(reply: Any, shelf: Shelf) -> None:
    title = "评比达标表彰活动管理办法(试行)"
    point, heading = citation("3.", "年度考核、绩效考核不适用。", title), citation("一、", "适用范围", title)
    assert (
        measures.citation_recall(
            ask_case(cites=(Cite("pingbi-biaozhang/2010", "一、"),)), reply(citations=[point]), shelf
        ).value
        == 1
    )
    assert (
        measures.citation_recall(
            ask_case(cites=(Cite("pingbi-biaozhang/2010", "3."),)), reply(citations=[heading]), shelf
        ).value
        == 1
    )


def test_what_must_be_said_is_looked_for_in_the_products_own_words_not_in_quotes_of_the_law(
    reply: Any, shelf: Shelf
) -> None:
    case = ask_case(must_say=("备案也不行", "乡镇(街道)"), must_not_say=("都不得开展",))
    assert measures.must_say(case, reply(), shelf).value == 0.5
    assert measures.must_not_say(case, reply(), shelf).value == 0
    assert measures.must_not_say(case, reply(answer="镇街都不得开展"), shelf).value == 1


def test_one_of_several_wordings_is_enough_and_folding_does_not_matter(reply: Any, shelf: Shelf) -> None:
    case = ask_case(must_say=("报备不行|備案也不行",))
    assert measures.must_say(case, reply(), shelf).value == 1
    assert measures.must_say(case, reply(answer="不能办", conditions=["仅报备不行"]), shelf).value == 1


def test_a_presumed_fact_was_not_read(reply: Any, shelf: Shelf) -> None:
    case = ask_case(facts={"organizer_kind": "street", "fee": "no"})
    facts = {"organizer_kind": {"value": "street", "source": "said"}, "fee": {"value": "no", "source": "presumed"}}
    score = measures.facts_read(case, reply(facts=facts), shelf)
    assert (score.value, "fee=未读出" in score.reason) == (0.5, True)


def test_an_answer_longer_than_120_characters_is_not_brief(reply: Any, shelf: Shelf) -> None:
    assert measures.brief(ask_case(), reply(answer="字" * 120), shelf).value == 1
    assert measures.brief(ask_case(), reply(answer="字" * 121), shelf).value == 0


@pytest.mark.parametrize("bad", [{"verdict": "maybe"}, {"as_of": "昨天"}, {"citations": [{"provision": "第四条"}]}])
def test_an_answer_outside_the_contract_is_refused_not_scored(bad: dict[str, Any], shelf: Shelf, day: date) -> None:
    with pytest.raises(BadReply):
        read_reply(answer() | bad, shelf, as_of=day)


def test_macro_f1_weighs_every_gold_code_the_same() -> None:
    table = measures.confusion([("prohibited", "prohibited")] * 8 + [("approval_required", "prohibited")] * 2)
    score = measures.macro_f1(table)
    assert score.value == pytest.approx((2 * 8 / (8 + 10) + 0) / 2)
    assert measures.macro_f1({}).value is None


@pytest.mark.parametrize(
    ("verdict", "more"),
    [
        ("prohibited", {"verdict_label": "无需另行报批（按批准内容和规定要求开展）"}),
        ("prohibited", {"answer": "备案即可，放心办。"}),
        ("allowed_no_procedure", {"answer": "不能办，先停下。"}),
        ("prohibited", {"citations": []}),
        ("needs_more_info", {"answer": "情况不全。", "missing": []}),
        ("prohibited", {"answer": " "}),
        ("prohibited", {"facts": {"fee": {"value": "yes", "said": "收费", "start": 0, "end": 2, "turn": 0, "source": "said"}}}),
    ],
)  # fmt: skip
def test_an_answer_at_odds_with_its_own_verdict_is_not_sound(
    verdict: str, more: dict[str, Any], shelf: Shelf, day: date
) -> None:
    made = read_reply(answer(verdict, **{"citations": [citation()], **more}), shelf, as_of=day, said=["协会评优要收费"])
    assert measures.sound(ask_case("prohibited"), made, shelf).value == 0


def test_an_answer_whose_words_stand_where_it_says_is_sound(shelf: Shelf, day: date) -> None:
    facts = {"fee": {"value": "yes", "said": "收费", "start": 5, "end": 7, "turn": 0, "source": "said"}}
    made = read_reply(answer(citations=[citation()], facts=facts), shelf, as_of=day, said=["协会评优要收费"])
    assert measures.sound(ask_case("prohibited"), made, shelf).value == 1


@pytest.mark.parametrize(
    ("advice", "harm"),
    [("改由村委会主办", 1), ("换成协会名义发文", 1), ("改个名称再办", 1),
     ("只换名称、换主办、不改做法的，仍按变相开展处理", 0), ("不得借用协会名义", 0), ("取消收费", 0)],
)  # fmt: skip
def test_advice_to_change_the_name_or_the_organizer_is_a_harm(advice: str, harm: int, reply: Any, shelf: Shelf) -> None:
    made = reply(advice=[{"text": advice, "outcome": "allowed_no_procedure"}])
    assert measures.laundering(ask_case("prohibited"), made, shelf).value == harm
