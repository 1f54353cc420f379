"""judge(): stated facts + rules + a day → a verdict with its proof. Pure, deterministic, no text understanding.

The verdict is final when every completion of the unknown facts leads to one outcome. Otherwise it is needs_more_info
with the one question that best splits what remains, and the branches computed for each of its options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from assistant.domain import Outcome
from assistant.rules.model import FactClass, FactDeclaration, Masks, Phase, Regime, Rule, RuleBook
from assistant.rules.worlds import Decision, leaves, outcomes_within, possible_outcomes


@dataclass(frozen=True, slots=True)
class Stated:
    """What was said about one fact: the values that remain possible.

    `open`: something hinted at it without settling it, so nothing may be presumed. `unknowable`: the asker does not
    know; it is not asked again.
    """

    values: frozenset[str]
    open: bool = False
    unknowable: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """If the answer to the question were this option: the outcomes that would remain."""

    text: str
    values: tuple[str, ...]
    outcomes: frozenset[Outcome]


@dataclass(frozen=True, slots=True)
class Question:
    fact: str
    text: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Cure:
    """Facts that advice may drop (irregularities; scoring and recognition together) and the outcome after it."""

    changed: Mapping[str, str]
    text: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    decided: tuple[Rule, ...]  # rules that gave the outcome, most telling first
    lost: tuple[Rule, ...]  # rules that held and gave way, or belong to a less strict regime
    warned: tuple[Rule, ...]
    question: Question | None
    outcomes: frozenset[Outcome]  # all that are still possible
    masks: Masks
    presumed: Mapping[str, str]  # facts that nobody mentioned, with the value presumed
    conditions: tuple[str, ...]  # presumed-absent irregularities worth printing
    cures: tuple[Cure, ...]
    uncertain_window: bool = False  # a rule or document changes on an unknown day around the day asked
    tried: int = 0  # rules consulted
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # fact → values still possible


@lru_cache(maxsize=64)
def _in_force(book: RuleBook, on: date) -> tuple[tuple[Regime, ...], tuple[Regime, ...] | None]:
    """Regimes with the rules certainly in force that day; and with those possibly in force, when that differs."""

    def keep(possibly: bool) -> tuple[Regime, ...]:
        return tuple(
            replace(
                regime,
                rules={
                    phase: tuple(r for r in rules if (r.window.possibly(on) if possibly else r.window.certainly(on)))
                    for phase, rules in regime.rules.items()
                },
            )
            for regime in book.regimes
        )

    certainly, possibly = keep(False), keep(True)
    return certainly, None if certainly == possibly else possibly


def assign(stated: Mapping[str, Stated], book: RuleBook) -> tuple[Masks, dict[str, str]]:
    """Masks of what was said plus what is presumed, and the presumptions made."""
    masks = [
        fact.mask(*stated[fact.name].values) if fact.name in stated and stated[fact.name].values else fact.everything
        for fact in book.facts
    ]
    presumed: dict[str, str] = {}
    for _ in range(2):  # a presumption may rest on another one
        for i, fact in enumerate(book.facts):
            if fact.name in stated or fact.name in presumed:
                continue
            for presumption in fact.presumptions:
                if not presumption.when or any(c.certain(tuple(masks)) for c in presumption.when):
                    masks[i] = fact.mask(presumption.value)
                    presumed[fact.name] = presumption.value
                    break
    return tuple(masks), presumed


def _askable(fact: FactDeclaration, index: int, stated: Mapping[str, Stated], masks: Masks) -> bool:
    known = stated.get(fact.name)
    return bool(
        fact.question
        and masks[index].bit_count() > 1
        and not (known and known.unknowable)
        and fact.fact_class is not FactClass.IRREGULARITY
        and (fact.relevant is None or fact.relevant.possible(masks))
    )


def _ask(
    stated: Mapping[str, Stated], book: RuleBook, regimes: Sequence[Regime], masks: Masks,
    decisions: Sequence[Decision], only: str = "",
) -> Question | None:  # fmt: skip
    """The question whose answer leaves the fewest outcomes on average; ties go to the order of facts.yaml.

    A question none of whose options changes what is possible is never asked.
    """
    best: tuple[float, Question] | None = None
    before = frozenset(decision.outcome for decision in decisions)
    for i, fact in enumerate(book.facts):
        if only and fact.name != only:
            continue
        if not only and not _askable(fact, i, stated, masks):
            continue
        branches = []
        for option in fact.options:
            allowed = fact.mask(*option.values) if only else masks[i] & fact.mask(*option.values)
            if not allowed:
                continue
            if only:  # a rule asks to hear again what was said: look outside it
                outcomes = possible_outcomes((*masks[:i], allowed, *masks[i + 1 :]), regimes, book.constraints)
            else:
                outcomes = outcomes_within(decisions, i, allowed, book.constraints)
            if outcomes:
                branches.append(Branch(option.text, fact.names(allowed), outcomes))
        uncovered = 0 if only else masks[i] & ~fact.mask(*(v for option in fact.options for v in option.values))
        if uncovered:  # what no option offers is offered by its own name
            outcomes = outcomes_within(decisions, i, uncovered, book.constraints)
            names = fact.names(uncovered)
            if outcomes:
                branches.append(Branch("、".join(fact.shown[name] for name in names), names, outcomes))
        useful = len(branches) > 1 and any(branch.outcomes != before for branch in branches)
        if not branches or not (useful or only):
            continue
        remaining = sum(len(branch.outcomes) for branch in branches) / len(branches)
        if best is None or remaining < best[0] - 1e-9:
            best = (remaining, Question(fact.name, fact.question, tuple(branches)))
    return best[1] if best else None


_DROP = {"recognition": "none", "scoring": "no"}


def _cures(
    stated: Mapping[str, Stated], book: RuleBook, regimes: Sequence[Regime], masks: Masks, outcome: Outcome
) -> tuple[Cure, ...]:
    """What may be advised: drop irregularities; drop scoring, naming, plaques and lists together.

    Never touches organizer, name, kind or coverage: that is how rules are evaded.
    """
    if outcome is not Outcome.PROHIBITED:
        return ()
    out = []
    yes = [
        (i, fact) for i, fact in enumerate(book.facts)
        if fact.fact_class is FactClass.IRREGULARITY and fact.advice and fact.names(masks[i]) == ("yes",)
    ]  # fmt: skip
    cured = list(masks)
    for i, fact in yes:
        cured[i] = fact.mask("no")
    if yes:
        after = possible_outcomes(tuple(cured), regimes, book.constraints)
        if len(after) == 1 and after != {outcome}:
            text = "；".join(fact.advice for _, fact in yes)
            out.append(Cure({fact.name: "no" for _, fact in yes}, text, next(iter(after))))
    dropped = list(cured)
    declared = {fact.name for fact in book.facts}
    for name, value in _DROP.items():
        if name in declared:
            dropped[book.index(name)] = book.fact(name).mask(value)
    if tuple(dropped) != tuple(cured):
        after = possible_outcomes(tuple(dropped), regimes, book.constraints)
        if len(after) == 1 and after != {outcome}:
            changed = {**{fact.name: "no" for _, fact in yes}, **_DROP}
            out.append(
                Cure(changed, "不评分排名、不命名、不授牌、不发证书奖金、不公布名单，只做业务工作", next(iter(after)))
            )
    return tuple(out)


def _proof(decisions: Iterable[Decision], outcome: Outcome) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Rules that gave the outcome in any leaf, and rules that held but did not decide; each once, in order met."""
    decided: dict[str, Rule] = {}
    lost: dict[str, Rule] = {}
    for decision in decisions:
        for regime in decision.regimes:
            for rule in regime.decided:
                (decided if regime.outcome is outcome else lost).setdefault(rule.id, rule)
            for rule in regime.lost:
                lost.setdefault(rule.id, rule)
    return tuple(decided.values()), tuple(rule for name, rule in lost.items() if name not in decided)


def _judge(stated: Mapping[str, Stated], book: RuleBook, regimes: Sequence[Regime]) -> Verdict:
    masks, presumed = assign(stated, book)
    decisions = list(leaves(masks, regimes, book.constraints))
    outcomes = frozenset(decision.outcome for decision in decisions)
    question: Question | None = None
    if len(outcomes) == 1:
        outcome = next(iter(outcomes))
        decided, lost = _proof(decisions, outcome)
        if outcome is Outcome.NEEDS_MORE_INFO:
            asks = next((rule.asks for rule in decided if rule.asks), "")
            question = _ask(stated, book, regimes, masks, decisions, only=asks) if asks else None
    else:
        outcome = Outcome.NEEDS_MORE_INFO if outcomes else Outcome.NOT_ANSWERABLE
        question = _ask(stated, book, regimes, masks, decisions)
        decided, lost = (), ()
        if question is None and outcomes:  # nothing left to ask: the asker does not know
            decided, lost = _proof(decisions, max(outcomes, key=lambda o: o.strictness))
    warned = tuple(
        rule for regime in regimes if any(c.possible(masks) for c in regime.applies)
        for phase in Phase for rule in regime.rules.get(phase, ())
        if rule.outcome is None and rule.certain(masks)
    )  # fmt: skip
    conditions: tuple[str, ...] = ()
    if outcome in (Outcome.APPROVAL_REQUIRED, Outcome.FILING_REQUIRED, Outcome.ALLOWED_NO_PROCEDURE):
        conditions = tuple(fact.condition for fact in book.facts if fact.condition and fact.name in presumed)[:3]
    return Verdict(
        outcome=outcome, decided=decided, lost=lost, warned=warned, question=question, outcomes=outcomes,
        masks=masks, presumed=presumed, conditions=conditions,
        cures=_cures(stated, book, regimes, masks, outcome),
        tried=sum(len(rules) for regime in regimes for rules in regime.rules.values()),
        values={fact.name: fact.names(masks[i]) for i, fact in enumerate(book.facts)},
    )  # fmt: skip


def judge(stated: Mapping[str, Stated], book: RuleBook, *, on: date) -> Verdict:
    """The verdict on one activity as of a day.

    In an uncertain window (a rule starts or ends on a day known only to the month or year) both readings are judged,
    and the stricter is returned, marked.
    """
    certainly, possibly = _in_force(book, on)
    certain = _judge(stated, book, certainly)
    if possibly is None:
        return certain
    possible = _judge(stated, book, possibly)
    if possible.outcome is certain.outcome:
        return possible
    stricter = max(certain, possible, key=lambda v: (v.outcome.strictness, v.outcome is Outcome.NEEDS_MORE_INFO))
    if (
        stricter.outcome.strictness < Outcome.APPROVAL_REQUIRED.strictness
    ):  # beside an open reading nothing is permitted
        outside = [v for v in (certain, possible) if v.outcome.strictness == 0]
        stricter = outside[0] if outside else stricter
    return replace(stricter, uncertain_window=True)
