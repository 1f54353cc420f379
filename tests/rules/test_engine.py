"""The engine means what the brute-force reading of the rules means; and what it never does."""

from __future__ import annotations

import os
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.domain import Outcome, PartialDate
from assistant.rules.engine import Stated, assign, judge
from assistant.rules.loading import load
from assistant.rules.model import (
    Condition,
    Constraint,
    FactClass,
    FactDeclaration,
    Masks,
    Phase,
    Regime,
    Rule,
    RuleBook,
    Verified,
    Window,
)
from assistant.rules.worlds import possible_outcomes
from tests.rules import brute

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load(Settings(_env_file=None).corpus_dir / "rules")


def said(**values: str) -> dict[str, Stated]:
    """organizer_kind="township|department" means one of the two."""
    return {name: Stated(frozenset(value.split("|"))) for name, value in values.items()}


@st.composite
def small_books(draw: st.DrawFn) -> tuple[RuleBook, Masks]:
    sizes = draw(st.lists(st.integers(2, 3), min_size=2, max_size=6))
    facts = tuple(
        FactDeclaration(f"f{i}", f"f{i}", FactClass.DECISIVE, tuple("abc"[:n]), {v: v for v in "abc"[:n]}, "?")
        for i, n in enumerate(sizes)
    )

    def condition() -> Condition:
        chosen = draw(st.lists(st.integers(0, len(sizes) - 1), max_size=3, unique=True))
        return Condition(tuple((i, draw(st.integers(1, (1 << sizes[i]) - 1))) for i in chosen))

    regimes, number = [], 0
    for r in range(draw(st.integers(1, 3))):
        rules: dict[Phase, tuple[Rule, ...]] = {}
        for phase in Phase:
            made = []
            for _ in range(draw(st.integers(0, 3))):
                number += 1
                made.append(
                    Rule(
                        f"r{number}",
                        f"g{r}",
                        phase,
                        (condition(),),
                        draw(st.sampled_from(list(Outcome))),
                        "x",
                        (),
                        Verified.SOURCE,
                    )
                )
            rules[phase] = tuple(made)
        regimes.append(Regime(f"g{r}", f"g{r}", (condition(),), rules))
    constraints = tuple(
        Constraint(condition(), i, draw(st.integers(1, (1 << sizes[i]) - 1)))
        for i in draw(st.lists(st.integers(0, len(sizes) - 1), max_size=2))
    )
    masks = tuple(draw(st.integers(1, (1 << n) - 1)) for n in sizes)
    return RuleBook(facts, constraints, tuple(regimes)), masks


# how hard to try: `MINGGUI_TRIES=20 pytest tests/rules/test_engine.py` draws 12,000 rule sets and 3,000 fact sets
TRIES = int(os.environ.get("MINGGUI_TRIES", "1"))


@settings(max_examples=600 * TRIES, deadline=None)
@given(small_books())
def test_the_outcomes_found_are_exactly_those_of_listing_every_completion(drawn: tuple[RuleBook, Masks]) -> None:
    book, masks = drawn
    assert possible_outcomes(masks, book.regimes, book.constraints) == brute.possible(masks, book)


def test_the_shipped_rules_agree_with_brute_force_on_random_partial_facts(book: RuleBook) -> None:
    rng = random.Random(20261123)
    most_open = 0
    for _ in range(150 * TRIES):
        masks = [1 << rng.randrange(len(fact.values)) for fact in book.facts]
        completions, opened_facts = 1, 0
        for index in rng.sample(range(len(book.facts)), 8):  # up to eight facts open, wholly or partly
            mask = rng.randrange(1, book.facts[index].everything + 1)
            if completions * mask.bit_count() <= 600:
                completions *= mask.bit_count()
                masks[index] = mask
                opened_facts += mask.bit_count() > 1
        most_open = max(most_open, opened_facts)
        opened = tuple(masks)
        assert possible_outcomes(opened, book.regimes, book.constraints) == brute.possible(opened, book), opened
    assert most_open >= 6


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"nature": "creation", "organizer_kind": "township"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "department", "organizer_level": "district"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "mass_organization", "organizer_level": "district"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "department", "organizer_level": "city"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "department", "organizer_level": "province"}, Outcome.APPROVAL_REQUIRED),
        ({"nature": "creation", "organizer_kind": "party_government", "organizer_level": "district"}, Outcome.APPROVAL_REQUIRED),
        ({"nature": "creation", "organizer_kind": "village", "principal": "own"}, Outcome.NOT_ANSWERABLE),
        ({"nature": "creation", "organizer_kind": "village", "principal": "lower_public"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "zone"}, Outcome.NEEDS_MORE_INFO),
        ({"nature": "creation", "organizer_kind": "institution", "coverage": "outside"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "institution", "coverage": "internal_units"}, Outcome.OUT_OF_SCOPE),
        ({"nature": "creation", "organizer_kind": "social_organization"}, Outcome.PROHIBITED),
        ({"nature": "creation", "organizer_kind": "social_organization", "commission": "central_province"}, Outcome.ALLOWED_NO_PROCEDURE),
        ({"nature": "creation", "organizer_kind": "company"}, Outcome.NOT_ANSWERABLE),
        ({"nature": "creation", "organizer_kind": "company", "wording": "yes"}, Outcome.PROHIBITED),
        ({"nature": "commendation", "organizer_kind": "party_government", "organizer_level": "district"}, Outcome.APPROVAL_REQUIRED),
        ({"nature": "commendation", "organizer_kind": "township", "coverage": "outside"}, Outcome.PROHIBITED),
        ({"nature": "commendation", "organizer_kind": "soe", "coverage": "internal_staff"}, Outcome.OUT_OF_SCOPE),
        ({"nature": "commendation", "organizer_kind": "soe", "coverage": "outside"}, Outcome.PROHIBITED),
        ({"nature": "commendation", "organizer_kind": "social_organization"}, Outcome.APPROVAL_REQUIRED),
        ({"nature": "commendation", "organizer_kind": "social_organization", "fee": "yes"}, Outcome.PROHIBITED),
        ({"nature": "commendation", "organizer_kind": "company", "key_date": "yes"}, Outcome.PROHIBITED),
        ({"nature": "recommendation", "project_level": "central_province"}, Outcome.ALLOWED_NO_PROCEDURE),
        ({"nature": "recommendation", "project_level": "city_department"}, Outcome.NEEDS_MORE_INFO),
        ({"nature": "recommendation", "project_level": "central_province", "sub_project": "yes"}, Outcome.PROHIBITED),
        ({"nature": "party_commendation", "organizer_kind": "township"}, Outcome.OUT_OF_SCOPE),
        ({"nature": "science_prize", "organizer_kind": "department", "organizer_level": "district"}, Outcome.PROHIBITED),
        ({"nature": "praise", "organizer_kind": "department", "organizer_level": "district"}, Outcome.NOT_ANSWERABLE),
        ({"nature": "assessment"}, Outcome.OUT_OF_SCOPE),
        ({}, Outcome.NEEDS_MORE_INFO),
    ],
)  # fmt: skip
def test_the_settled_table_is_what_the_rules_say(book: RuleBook, facts: dict[str, str], outcome: Outcome) -> None:
    assert judge(said(**facts), book, on=DAY).outcome is outcome


def test_an_unsaid_organizer_is_asked_for_and_not_assumed(book: RuleBook) -> None:
    verdict = judge(said(nature="commendation", recognition="honor", coverage="outside"), book, on=DAY)
    assert verdict.question is not None
    assert (verdict.outcome, verdict.question.fact) == (Outcome.NEEDS_MORE_INFO, "organizer_kind")


def test_a_question_that_could_not_change_the_verdict_is_not_asked(book: RuleBook) -> None:
    rng = random.Random(7)
    asked = 0
    for _ in range(300):
        facts = {}
        for fact in rng.sample(book.facts, 6):
            facts[fact.name] = Stated(frozenset({rng.choice(fact.values)}))
        verdict = judge(facts, book, on=DAY)
        if verdict.outcome is Outcome.NEEDS_MORE_INFO and len(verdict.outcomes) > 1 and verdict.question is not None:
            asked += 1
            results = {branch.outcomes for branch in verdict.question.branches}
            assert results != {verdict.outcomes}, (facts, verdict.question)
    assert asked > 20


def test_what_the_asker_does_not_know_is_not_asked_again(book: RuleBook) -> None:
    facts = said(nature="exchange", organizer_kind="township")
    first = judge(facts, book, on=DAY).question
    assert first is not None
    again = judge({**facts, first.fact: Stated(frozenset(), unknowable=True)}, book, on=DAY)
    assert again.outcome is Outcome.NEEDS_MORE_INFO
    assert again.question is None or again.question.fact != first.fact


def test_advice_drops_only_irregularities_scoring_and_recognition(book: RuleBook) -> None:
    allowed = {f.name for f in book.facts if f.fact_class is FactClass.IRREGULARITY} | {"recognition", "scoring"}
    rng = random.Random(11)
    seen = 0
    for _ in range(400):
        facts = {f.name: Stated(frozenset({rng.choice(f.values)})) for f in rng.sample(book.facts, 9)}
        facts["nature"] = Stated(frozenset({rng.choice(["creation", "commendation"])}))
        facts["organizer_kind"] = Stated(frozenset({rng.choice(book.fact("organizer_kind").values)}))
        for cure in judge(facts, book, on=DAY).cures:
            seen += 1
            assert set(cure.changed) <= allowed
            assert cure.outcome is not Outcome.PROHIBITED
    assert seen > 20


def test_presumptions_never_loosen_what_would_otherwise_be_open_to_a_ban(book: RuleBook) -> None:
    """Said nothing about approval: presumed not approved, so never “as approved”."""
    verdict = judge(
        said(nature="commendation", organizer_kind="party_government", organizer_level="district"), book, on=DAY
    )
    assert verdict.presumed["approval"] == "none"
    assert verdict.outcome is Outcome.APPROVAL_REQUIRED


def test_a_fee_makes_it_prohibited_as_described_and_says_what_follows_after_the_cure(book: RuleBook) -> None:
    verdict = judge(
        said(nature="creation", organizer_kind="party_government", organizer_level="district", fee="yes"), book, on=DAY
    )
    assert verdict.outcome is Outcome.PROHIBITED
    assert next((dict(c.changed), c.outcome) for c in verdict.cures) == ({"fee": "no"}, Outcome.APPROVAL_REQUIRED)


def test_a_rule_counts_from_its_day_and_not_before(book: RuleBook) -> None:
    facts = said(nature="creation", organizer_kind="township")
    assert judge(facts, book, on=date(2022, 4, 20)).outcome is Outcome.PROHIBITED
    assert judge(facts, book, on=date(2022, 4, 19)).outcome is not Outcome.PROHIBITED


def test_in_an_uncertain_window_the_verdict_is_no_looser_than_either_reading() -> None:
    fact = FactDeclaration("a", "a", FactClass.DECISIVE, ("x", "y"), {"x": "x", "y": "y"}, "?")
    june = Window(PartialDate.parse("2021-06"))
    rules = (
        Rule("ban", "g", Phase.CONDUCT, (Condition(((0, 1),)),), Outcome.PROHIBITED, "r", (), Verified.SOURCE, june),
        Rule("open", "g", Phase.STANDING, (Condition(),), Outcome.ALLOWED_NO_PROCEDURE, "r", (), Verified.SOURCE),
    )
    book = RuleBook((fact,), (), (Regime("g", "g", (Condition(),), {r.phase: (r,) for r in rules}),))
    facts = {"a": Stated(frozenset({"x"}))}
    assert judge(facts, book, on=date(2021, 5, 31)).outcome is Outcome.ALLOWED_NO_PROCEDURE
    middle = judge(facts, book, on=date(2021, 6, 15))
    assert (middle.outcome, middle.uncertain_window) == (Outcome.PROHIBITED, True)
    assert judge(facts, book, on=date(2021, 7, 1)).uncertain_window is False


def test_presumptions_are_listed_so_that_an_answer_can_print_them(book: RuleBook) -> None:
    masks, presumed = assign(said(nature="creation"), book)
    assert presumed["recognition"] == "honor"
    assert presumed["fee"] == "no"
    assert masks[book.index("organizer_kind")] == book.fact("organizer_kind").everything


def test_the_rules_directory_is_read_from_the_shipped_corpus() -> None:
    assert (Path(Settings(_env_file=None).corpus_dir) / "rules" / "facts.yaml").is_file()
