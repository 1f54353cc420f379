"""The meaning of a rule book, spelled out: every completion listed, every rule tried. Slow and obvious; a test oracle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from assistant.domain import Outcome
from assistant.rules.model import Condition, Masks, Phase, RuleBook


def completions(masks: Masks, book: RuleBook) -> Iterator[tuple[int, ...]]:
    """Every assignment of one value bit a fact that is inside the masks and breaks no constraint."""
    choices = [[1 << bit for bit in range(mask.bit_length()) if mask >> bit & 1] for mask in masks]
    for world in product(*choices):
        if all(not _holds(c.when, world) or world[c.fact] & c.allowed for c in book.constraints):
            yield world


def _holds(condition: Condition, world: tuple[int, ...]) -> bool:
    return all(world[fact] & allowed for fact, allowed in condition.parts)


def decide(world: tuple[int, ...], book: RuleBook) -> Outcome:
    """The outcome of one complete world, by the definition in docs/design.md §5."""
    by_regime = []
    for regime in book.regimes:
        if not any(_holds(condition, world) for condition in regime.applies):
            continue
        outcome = Outcome.NOT_ANSWERABLE
        for phase in Phase:
            held = [
                rule for rule in regime.rules.get(phase, ())
                if rule.outcome is not None and any(_holds(condition, world) for condition in rule.when)
            ]  # fmt: skip
            if held:
                silenced = {name for rule in held for name in rule.overrides}
                left = [rule.outcome for rule in held if rule.id not in silenced]
                outside = [o for o in left if o.strictness == 0]
                outcome = outside[0] if outside else max(left, key=lambda o: o.strictness)
                break
        by_regime.append(outcome)
    if not by_regime:
        return Outcome.NOT_ANSWERABLE
    if Outcome.PROHIBITED in by_regime:
        return Outcome.PROHIBITED
    if Outcome.NEEDS_MORE_INFO in by_regime:
        return Outcome.NEEDS_MORE_INFO
    if Outcome.APPROVAL_REQUIRED in by_regime:
        return Outcome.APPROVAL_REQUIRED
    if Outcome.NOT_ANSWERABLE in by_regime:
        return Outcome.NOT_ANSWERABLE
    return max(by_regime, key=lambda o: o.strictness)


def possible(masks: Masks, book: RuleBook) -> frozenset[Outcome]:
    return frozenset(decide(world, book) for world in completions(masks, book))
