"""Facts as sets of possible values, and every outcome that some completion of them leads to. Pure.

Instead of listing completions one by one, a set of worlds is split only along a condition that is still open (its part
that satisfies the condition, and the rest), until every rule that matters is settled. This is exact: each world lies in
exactly one leaf, and in a leaf every rule that was consulted certainly holds or certainly fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import Outcome
from assistant.rules.model import Condition, Constraint, Masks, Phase, Regime, Rule


@dataclass(frozen=True, slots=True)
class RegimeDecision:
    regime: str
    outcome: Outcome
    decided: tuple[Rule, ...]  # rules that gave this outcome
    lost: tuple[Rule, ...]  # rules that held and gave way


@dataclass(frozen=True, slots=True)
class Decision:
    """What one leaf of worlds leads to."""

    outcome: Outcome
    regimes: tuple[RegimeDecision, ...]
    masks: Masks

    @property
    def decided(self) -> tuple[Rule, ...]:
        return tuple(rule for regime in self.regimes if regime.outcome is self.outcome for rule in regime.decided)


class _Open(Exception):
    """A condition that is neither certain nor impossible here: split along it."""

    def __init__(self, fact: int, allowed: int) -> None:
        self.fact = fact
        self.allowed = allowed


def propagate(masks: Masks, constraints: Sequence[Constraint]) -> Masks | None:
    """Narrow masks until no constraint changes them; None when no world is left."""
    current = list(masks)
    changed = True
    while changed:
        changed = False
        for constraint in constraints:
            if constraint.when.certain(current):
                narrowed = current[constraint.fact] & constraint.allowed
                if narrowed != current[constraint.fact]:
                    current[constraint.fact] = narrowed
                    changed = True
        if not all(current):
            return None
    return tuple(current)


def _inhabited(masks: Masks, constraints: Sequence[Constraint]) -> bool:
    """Is there one completion that satisfies every constraint? `masks` are already propagated."""
    for constraint in constraints:
        if not masks[constraint.fact] & ~constraint.allowed or not constraint.when.possible(masks):
            continue
        for fact, allowed in constraint.when.parts:
            if masks[fact] & ~allowed:  # still open: it holds in one half and fails in the other
                for half in (~allowed, allowed):
                    narrowed = propagate((*masks[:fact], masks[fact] & half, *masks[fact + 1 :]), constraints)
                    if narrowed is not None and _inhabited(narrowed, constraints):
                        return True
                return False
    return True


def _settled(conditions: Sequence[Condition], masks: Masks) -> bool:
    """Does any of these hold? Raises _Open at the first part that is still open."""
    still_open: _Open | None = None
    for condition in conditions:
        if condition.certain(masks):
            return True
        if still_open is None and condition.possible(masks):
            for fact, allowed in condition.parts:
                if masks[fact] & ~allowed:
                    still_open = _Open(fact, allowed)
                    break
    if still_open is not None:
        raise still_open
    return False


def _win(held: Sequence[Rule]) -> tuple[Outcome, tuple[Rule, ...], tuple[Rule, ...]]:
    """The strictest of the rules that hold, after `overrides`. Loading made sure that this is never a tie of kinds."""
    overridden = {name for rule in held for name in rule.overrides}
    standing = [rule for rule in held if rule.id not in overridden]
    outside = [rule for rule in standing if rule.outcome is not None and rule.outcome.strictness == 0]
    best = (
        outside[0].outcome if outside else max((r.outcome for r in standing if r.outcome), key=lambda o: o.strictness)
    )
    assert best is not None
    decided = tuple(rule for rule in standing if rule.outcome is best)
    return best, decided, tuple(rule for rule in held if rule not in decided)


def _decide_regime(regime: Regime, masks: Masks) -> RegimeDecision | None:
    if not _settled(regime.applies, masks):
        return None
    for phase in Phase:
        held = [rule for rule in regime.rules.get(phase, ()) if rule.outcome is not None and _settled(rule.when, masks)]
        if held:
            outcome, decided, lost = _win(held)
            return RegimeDecision(regime.key, outcome, decided, lost)
    return RegimeDecision(regime.key, Outcome.NOT_ANSWERABLE, (), ())


def combine(outcomes: Sequence[Outcome]) -> Outcome:
    """The verdict of several regimes: the strictest; a silent or open regime never lets a permit through."""
    if not outcomes:
        return Outcome.NOT_ANSWERABLE
    strictest = max(outcomes, key=lambda outcome: outcome.strictness)
    if strictest.strictness >= Outcome.APPROVAL_REQUIRED.strictness:
        # an open question beside an approval could still end in a prohibition
        if strictest is Outcome.APPROVAL_REQUIRED and Outcome.NEEDS_MORE_INFO in outcomes:
            return Outcome.NEEDS_MORE_INFO
        return strictest
    for outside in (Outcome.NEEDS_MORE_INFO, Outcome.NOT_ANSWERABLE):
        if outside in outcomes:
            return outside
    return strictest


_Kept = dict[tuple[int, ...], RegimeDecision | _Open | None]


def _decide_leaf(regimes: Sequence[Regime], masks: Masks, kept: Sequence[_Kept]) -> Decision:
    """Decide every regime here. Raises _Open where one is unsettled. `kept` remembers a regime by the facts it uses."""
    decisions = []
    for regime, known in zip(regimes, kept, strict=True):
        key = tuple([masks[i] for i in regime.uses])
        if key not in known:
            try:
                known[key] = _decide_regime(regime, masks)
            except _Open as still_open:
                known[key] = still_open
        decision = known[key]
        if isinstance(decision, _Open):
            raise decision
        if decision is not None:
            decisions.append(decision)
    return Decision(combine([d.outcome for d in decisions]), tuple(decisions), masks)


def leaves(masks: Masks, regimes: Sequence[Regime], constraints: Sequence[Constraint]) -> Iterator[Decision]:
    """Every leaf of the worlds in `masks`, in a fixed order. Nothing when the constraints leave no world."""
    stack: list[Masks] = [masks]
    kept: list[_Kept] = [{} for _ in regimes]
    while stack:
        narrowed = propagate(stack.pop(), constraints)
        if narrowed is None:
            continue
        try:
            decision = _decide_leaf(regimes, narrowed, kept)
        except _Open as split:
            inside = list(narrowed)
            outside = list(narrowed)
            inside[split.fact] &= split.allowed
            outside[split.fact] &= ~split.allowed
            stack.append(tuple(outside))
            stack.append(tuple(inside))
        else:
            if _inhabited(narrowed, constraints):
                yield decision


def outcomes_within(
    decisions: Sequence[Decision], fact: int, allowed: int, constraints: Sequence[Constraint]
) -> frozenset[Outcome]:
    """The outcomes of the worlds in these leaves where a fact has one of the allowed values."""
    out: set[Outcome] = set()
    for decision in decisions:
        if decision.outcome in out or not decision.masks[fact] & allowed:
            continue
        if not decision.masks[fact] & ~allowed:
            out.add(decision.outcome)  # the whole leaf is inside
            continue
        masks = decision.masks
        narrowed = propagate((*masks[:fact], masks[fact] & allowed, *masks[fact + 1 :]), constraints)
        if narrowed is not None and _inhabited(narrowed, constraints):
            out.add(decision.outcome)
    return frozenset(out)


def possible_outcomes(masks: Masks, regimes: Sequence[Regime], constraints: Sequence[Constraint]) -> frozenset[Outcome]:
    """Every outcome that some completion leads to. One left: the verdict is final."""
    return frozenset(decision.outcome for decision in leaves(masks, regimes, constraints))
