"""Fusion is pure: what must hold for any candidates."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.fusion import Candidate, authority, fuse, spread, weigh_terms

scores = st.floats(0, 50, allow_nan=False)
candidates = st.lists(
    st.builds(
        Candidate,
        provision_id=st.sampled_from([f"w{n}/1/第{n}条" for n in range(12)]),
        document_id=st.sampled_from(["a/1", "b/1", "c/1"]),
        lexical=scores,
        dense=st.floats(-1, 1, allow_nan=False),
        authority=st.floats(0, 1, allow_nan=False),
        exact=st.sampled_from([0.0, 0.0, 0.3, 4.0]),
        twin=st.sampled_from(["", "", "t1", "t2"]),
        newness=st.integers(0, 5),
    ),
    max_size=30,
)


@given(candidates)
def test_a_provision_appears_once_and_scores_fall(given_: list[Candidate]) -> None:
    ranked = fuse(given_)
    assert len({one.provision_id for one in ranked}) == len(ranked)
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


@given(candidates)
def test_only_candidates_are_ranked_and_a_score_is_the_sum_of_its_parts(given_: list[Candidate]) -> None:
    for one in fuse(given_):
        assert one.provision_id in {candidate.provision_id for candidate in given_}
        assert one.score == pytest.approx(one.lexical + one.dense + one.prior + one.exact)
        assert 0 <= one.lexical <= 1
        assert one.dense >= 0


@given(candidates, st.floats(0.01, 100))
def test_the_scale_of_lexical_scores_does_not_matter(given_: list[Candidate], factor: float) -> None:
    plain, scaled = fuse(given_), fuse([replace(one, lexical=one.lexical * factor) for one in given_])
    assert {one.provision_id: one.score for one in scaled} == pytest.approx(
        {one.provision_id: one.score for one in plain}, abs=1e-6
    )


@given(candidates)
def test_the_order_of_candidates_does_not_matter_without_twins(given_: list[Candidate]) -> None:
    alone = list({one.provision_id: replace(one, twin="") for one in given_}.values())
    assert fuse(alone) == fuse(alone[::-1])


@given(candidates)
def test_of_twins_one_is_left(given_: list[Candidate]) -> None:
    unique = list({one.provision_id: one for one in given_}.values())
    left = {one.provision_id for one in fuse(unique)}
    for twin in ("t1", "t2"):
        members = [one for one in unique if one.twin == twin]
        kept = [one for one in members if one.provision_id in left]
        assert len(kept) == min(1, len(members))
        assert all(one.newness <= kept[0].newness for one in members)


@given(candidates, st.integers(-1, 6))
def test_spreading_loses_nothing_and_keeps_the_limit_at_the_front(given_: list[Candidate], siblings: int) -> None:
    ranked = fuse(given_)
    out = spread(ranked, siblings)
    assert sorted(one.provision_id for one in out) == sorted(one.provision_id for one in ranked)
    if siblings > 0:
        within = sum(min(siblings, sum(one.document_id == name for one in ranked)) for name in ("a/1", "b/1", "c/1"))
        assert all(sum(one.document_id == name for one in out[:within]) <= siblings for name in ("a/1", "b/1", "c/1"))


def test_a_named_document_is_not_limited() -> None:
    ranked = fuse(
        [Candidate(f"a/1/{n}", "a/1", lexical=10 - n) for n in range(5)] + [Candidate("b/1/x", "b/1", lexical=1)]
    )
    assert [one.document_id for one in spread(ranked, 2, spared=["a/1"])] == ["a/1"] * 5 + ["b/1"]
    assert [one.document_id for one in spread(ranked, 2)] == ["a/1", "a/1", "b/1", "a/1", "a/1", "a/1"]


def test_meaning_can_lift_but_not_drown_a_word_match() -> None:
    ranked = fuse([Candidate("a", "d", lexical=10, dense=0.1), Candidate("b", "e", lexical=0, dense=0.9)])
    assert [one.provision_id for one in ranked] == ["a", "b"]


def test_a_paragraph_named_exactly_stands_for_its_article() -> None:
    ranked = fuse([Candidate("d/第四条第一款", "d", exact=4, within="d/第四条"), Candidate("d/第四条", "d", lexical=9)])
    assert [one.provision_id for one in ranked] == ["d/第四条第一款"]


def test_the_centre_stands_above_a_province_above_a_city_above_a_district() -> None:
    heights = [authority(0, "公务员法"), authority(1), authority(2), authority(3), authority(5)]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == 1
    assert heights[-1] == 0


def test_what_a_ministry_issues_stands_with_what_a_province_issues() -> None:
    assert authority(0, "科技部管理办法", "科技部") == pytest.approx(authority(1))
    assert authority(0, "某办法", "中共中央办公厅、国务院办公厅") == authority(0, "某条例", "国务院") == 1


def test_a_long_query_is_read_by_its_rarest_terms() -> None:
    kept = weigh_terms({"的": 9, "授牌": 1, "审批": 2, "没有的词": 1}, {"的": 900, "授牌": 2, "审批": 30}, limit=2)
    assert kept == {"授牌": 1.0, "审批": 2.0}
