"""Intervals, rankings and reviews, checked against numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Cite, FindingGold, ReviewCase, ReviewGold, SearchCase
from evals.intervals import bootstrap_mean, interval_of, mcnemar_worse, paired_difference, wilson
from evals.measures import BadReply
from evals.notices import read_review, score_review
from evals.ranking import ranked_golds, score_ranking
from evals.shelf import Shelf
from tests.evals.conftest import MEASURES_2022


def test_wilson_agrees_with_published_values_and_stays_open_at_zero() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    low, high = wilson(0, 300)
    assert (low, high) == pytest.approx((0, 0.0126), abs=1e-4)
    assert wilson(0, 0) == (0, 1)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_always_holds_the_share(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] + 1e-12
    assert pair[0] / pair[1] - 1e-12 <= high <= 1


def test_the_bootstrap_repeats_and_holds_the_mean() -> None:
    values = [0.0, 0.25, 0.5, 1.0, 1.0, 0.75]
    low, high = bootstrap_mean(values)
    assert bootstrap_mean(values) == (low, high)
    assert low < sum(values) / 6 < high
    assert interval_of([1.0, 0.0]) == wilson(1, 2)


def test_a_paired_difference_sees_what_two_intervals_would_not() -> None:
    before = [0.1 * (i % 10) for i in range(100)]
    after = [value - 0.05 for value in before]
    assert paired_difference(before, after) == pytest.approx((-0.05, -0.05))


def test_mcnemar_is_the_exact_binomial_tail() -> None:
    assert mcnemar_worse(5, 0) == pytest.approx(1 / 32)
    assert mcnemar_worse(3, 3) == pytest.approx(0.65625)
    assert mcnemar_worse(0, 0) == 1


TITLE = MEASURES_2022.title


def results(*labels: str) -> list[dict[str, Any]]:
    return [{"document": TITLE, "provision": label, "score": 1.0} for label in labels]


def test_a_ranking_is_scored_against_provisions_and_a_second_hit_earns_nothing(shelf: Shelf, day: date) -> None:
    case = SearchCase("r", "谁能办", (Cite("chuangjian-shifan", "第四条第一款"), Cite("chuangjian-shifan", "第三条")))
    ranking = ranked_golds(case, results("第四条第二款", "第四条", "第四条第一款", "第三条"), shelf, as_of=day)
    assert ranking == ["~0", "chuangjian-shifan/第四条第一款", "~2", "chuangjian-shifan/第三条"]
    scores = {name: score.value for name, score in score_ranking(case, ranking).items()}
    assert (scores["R@1"], scores["R@5"], scores["MRR"]) == (0, 1, 0.5)
    assert scores["nDCG@10"] == pytest.approx(0.6509, abs=1e-3)


def test_nothing_found_scores_nothing_and_says_what_was_missed(shelf: Shelf, day: date) -> None:
    case = SearchCase("r", "收费", (Cite("chuangjian-shifan", "no-fee"),))
    assert {score.value for score in score_ranking(case, ranked_golds(case, [], shelf, as_of=day)).values()} == {0}
    missed = score_ranking(case, ranked_golds(case, results("第三条"), shelf, as_of=day))["R@10"]
    assert "no-fee" in missed.reason


def test_a_result_without_a_number_is_known_by_its_id(shelf: Shelf, day: date) -> None:
    case = SearchCase("r", "收费", (Cite("chuangjian-shifan", "no-fee"),))
    result = {"document": TITLE, "provision": "", "score": 1.0, "provision_id": "chuangjian-shifan/2022/no-fee"}
    assert ranked_golds(case, [result], shelf, as_of=day) == ["chuangjian-shifan/no-fee"]


def test_a_result_outside_the_contract_is_refused(shelf: Shelf, day: date) -> None:
    with pytest.raises(BadReply):
        ranked_golds(SearchCase("r", "q", (Cite("chuangjian-shifan"),)), [{"id": "x"}], shelf, as_of=day)


NOTICE = "关于评选示范小区的通知：达标的授予“示范小区”牌匾，每家收取评审费300元。"


def found(kind: str, span: str, severity: str = "must_not", text: str = NOTICE) -> dict[str, Any]:
    start = text.index(span)
    return {
        "kind": kind,
        "severity": severity,
        "span": span,
        "start": start,
        "end": start + len(span),
        "citations": [],
        "advice": "",
    }


def review_case(*findings: tuple[str, str], text: str = NOTICE, verdict: str = "prohibited", **gold: Any) -> ReviewCase:
    from assistant.domain import Outcome

    return ReviewCase(
        "n", text, ReviewGold(Outcome(verdict), findings=tuple(FindingGold(*one) for one in findings), **gold)
    )


def reviewed(*findings: dict[str, Any], verdict: str | None = "prohibited") -> Any:
    return read_review({"id": "n", "verdict": verdict, "findings": list(findings)})


def test_a_fault_is_found_when_the_words_overlap_and_its_kind_is_judged_apart() -> None:
    case = review_case(("plaque", "授予“示范小区”牌匾"), ("fee", "评审费"))
    scores = score_review(case, reviewed(found("naming", "牌匾"), found("fee", "收取评审费300元")))
    assert (scores["finding_recall"].value, scores["kind_agreement"].value, scores["finding_precision"].value) == (
        1,
        0.5,
        1,
    )
    assert scores["false_finding"].value is None


def test_a_missed_fault_and_a_wrong_one_are_named() -> None:
    case = review_case(("fee", "评审费"))
    scores = score_review(case, reviewed(found("wording", "关于评选")))
    assert (scores["finding_recall"].value, scores["finding_precision"].value) == (0, 0)
    assert "评审费" in scores["finding_recall"].reason
    assert "关于评选" in scores["finding_precision"].reason


def test_a_clean_notice_must_be_left_alone_but_may_get_advice() -> None:
    clean = review_case(text=NOTICE, verdict="out_of_scope_of_measures")
    assert score_review(clean, reviewed(found("length", "通知", "advise")))["false_finding"].value == 0
    assert score_review(clean, reviewed(found("length", "通知", "must_fix")))["false_finding"].value == 1
    assert (
        score_review(review_case(may_find=("length",)), reviewed(found("length", "通知", "must_fix")))[
            "false_finding"
        ].value
        == 0
    )


def test_a_span_that_is_not_where_it_says_is_seen() -> None:
    crooked = found("fee", "评审费") | {"start": 0, "end": 3}
    assert score_review(review_case(("fee", "评审费")), reviewed(crooked))["span_exact"].value == 0


def test_a_review_can_be_a_false_permit_too() -> None:
    scores = score_review(review_case(("fee", "评审费")), reviewed(verdict="out_of_scope_of_measures"))
    assert (scores["false_permit"].value, scores["verdict"].value) == (1, 0)
