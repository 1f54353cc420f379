"""Mutants of the rule book: a rule lost, its outcome changed, a condition turned or dropped, its dates or grounds wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from assistant.domain import Outcome, PartialDate, Precision
from assistant.rules.model import Cite, Condition, Regime, Rule, RuleBook, Window
from assistant.service import Assistant
from evals.mutation.mutants import Mutant

_FLIPPED = {
    Outcome.PROHIBITED: (Outcome.APPROVAL_REQUIRED, Outcome.OUT_OF_SCOPE),
    Outcome.APPROVAL_REQUIRED: (Outcome.PROHIBITED, Outcome.FILING_REQUIRED),
    Outcome.FILING_REQUIRED: (Outcome.APPROVAL_REQUIRED, Outcome.ALLOWED_NO_PROCEDURE),
    Outcome.ALLOWED_NO_PROCEDURE: (Outcome.APPROVAL_REQUIRED, Outcome.OUT_OF_SCOPE),
    Outcome.OUT_OF_SCOPE: (Outcome.PROHIBITED, Outcome.NOT_ANSWERABLE),
    Outcome.NOT_ANSWERABLE: (Outcome.OUT_OF_SCOPE, Outcome.PROHIBITED),
    Outcome.NEEDS_MORE_INFO: (Outcome.ALLOWED_NO_PROCEDURE, Outcome.PROHIBITED),
}
_PAST = Window(end=PartialDate(date(2020, 1, 1), Precision.DAY))
_FUTURE = Window(start=PartialDate(date(2030, 1, 1), Precision.DAY))


def rule_mutants(book: RuleBook) -> Iterator[Mutant]:
    """In the order of the book."""
    grounds = [rule.cites for rule in book.rules]
    for number, rule in enumerate(book.rules):
        yield _of("drop rule", rule, rule.id, lambda _: None)
        for outcome in _FLIPPED.get(rule.outcome, ()) if rule.outcome is not None else ():
            yield _of("change outcome", rule, f"{rule.id} → {outcome}", _with_outcome(outcome))
        for at, condition in enumerate(rule.when):
            for part, (fact, allowed) in enumerate(condition.parts):
                name = f"{rule.id}.{at}.{book.facts[fact].name}"
                turned = book.facts[fact].everything & ~allowed
                yield _of("turn condition", rule, name, _changed(at, part, turned))
                yield _of("drop condition", rule, name, _changed(at, part, None))
        yield _of("lapse early", rule, rule.id, lambda r: replace(r, window=_PAST))
        yield _of("start late", rule, rule.id, lambda r: replace(r, window=_FUTURE))
        if rule.cites:
            other = next(
                cites for cites in grounds[number + 1 :] + grounds[:number] if cites and cites[0] != rule.cites[0]
            )
            yield _of("swap citation", rule, rule.id, _citing(other[0]))
            yield _of("break label", rule, rule.id, _citing(Cite(rule.cites[0].work, provision="第九百九十九条")))


def _with_outcome(outcome: Outcome) -> Callable[[Rule], Rule]:
    return lambda rule: replace(rule, outcome=outcome)


def _citing(cite: Cite) -> Callable[[Rule], Rule]:
    return lambda rule: replace(rule, cites=(cite, *rule.cites[1:]))


def _changed(at: int, part: int, allowed: int | None) -> Callable[[Rule], Rule]:
    """One part of one condition allows something else, or is dropped."""

    def change(rule: Rule) -> Rule:
        parts = list(rule.when[at].parts)
        parts[part : part + 1] = [] if allowed is None else [(parts[part][0], allowed)]
        return replace(rule, when=(*rule.when[:at], Condition(tuple(parts)), *rule.when[at + 1 :]))

    return change


def _of(operator: str, rule: Rule, target: str, change: Callable[[Rule], Rule | None]) -> Mutant:
    def make(assistant: Assistant) -> Assistant:
        return assistant.variant(book=with_rule(assistant.book, rule, change(rule)))

    return Mutant("rules", operator, target, make, suites=("ask", "review"))


def with_rule(book: RuleBook, old: Rule, new: Rule | None) -> RuleBook:
    """The book with one rule replaced, or without it."""

    def changed(regime: Regime) -> Regime:
        rules = {
            phase: tuple(r for one in held if (r := new if one.id == old.id else one) is not None)
            for phase, held in regime.rules.items()
        }
        return Regime(regime.key, regime.name, regime.applies, rules)

    regimes = tuple(changed(regime) if regime.key == old.regime else regime for regime in book.regimes)
    return RuleBook(book.facts, book.constraints, regimes, f"{book.fingerprint}*")
