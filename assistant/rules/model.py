"""What the rule files declare, frozen: facts, constraints, regimes, rules.

A condition maps fact names to sets of values and holds when every named fact has one of its values. Values are kept as
bit masks over the declared order, so that "unknown", "said", "anything but" and "one of three" are the same kind of thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assistant.domain import Outcome, PartialDate

Masks = tuple[int, ...]  # one mask a fact, in the order of RuleBook.facts


class FactClass(StrEnum):
    DECISIVE = "decisive"  # known, or must not matter; asked
    STANDING = "standing"  # presumed not; asked only when something said hints otherwise
    IRREGULARITY = "irregularity"  # presumed absent; never asked; printed as a condition


class Phase(StrEnum):
    """Phases of a regime, in order. The first that settles ends the regime."""

    SCOPE = "scope"
    ORGANIZER = "organizer"
    CONDUCT = "conduct"
    STANDING = "standing"


class Verified(StrEnum):
    SOURCE = "source"  # somebody read the text itself
    REPORTED = "reported"  # somebody read an official report of it
    MODEL = "model"  # rests on the fictional documents: may forbid or require, never permit
    NO = "no"  # may only warn


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer the question about a fact: the values it stands for and how people see it."""

    values: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Presumption:
    """The value of a fact when nothing was said about it, where one of `when` certainly holds (empty: everywhere)."""

    value: str
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class FactDeclaration:
    name: str
    label: str  # Chinese, as people see it
    fact_class: FactClass
    values: tuple[str, ...]
    shown: Mapping[str, str]  # value → Chinese
    question: str = ""
    options: tuple[Option, ...] = ()
    presumptions: tuple[Presumption, ...] = ()  # what holds when nothing was said; the first that fits
    condition: str = ""  # irregularity: how it is printed among the conditions
    advice: str = ""  # irregularity: the cure, "" when advice may not touch it
    relevant: Condition | None = None  # asked only where this can hold

    @property
    def everything(self) -> int:
        return (1 << len(self.values)) - 1

    def mask(self, *values: str) -> int:
        """The mask of these values. Raises KeyError on an undeclared value."""
        out = 0
        for value in values:
            if value not in self.values:
                raise KeyError(value)
            out |= 1 << self.values.index(value)
        return out

    def names(self, mask: int) -> tuple[str, ...]:
        return tuple(value for i, value in enumerate(self.values) if mask >> i & 1)


@dataclass(frozen=True, slots=True)
class Condition:
    """A conjunction: (index of the fact, allowed mask) pairs. Empty always holds."""

    parts: tuple[tuple[int, int], ...] = ()

    def certain(self, masks: Sequence[int]) -> bool:
        return all(not masks[i] & ~allowed for i, allowed in self.parts)

    def possible(self, masks: Sequence[int]) -> bool:
        return all(masks[i] & allowed for i, allowed in self.parts)


@dataclass(frozen=True, slots=True)
class Cite:
    work: str
    provision: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """When a rule is in force: from (inclusive) to (exclusive); unknown ends are open."""

    start: PartialDate = PartialDate()
    end: PartialDate = PartialDate()

    def certainly(self, on: date) -> bool:
        return (self.start.value is None or self.start.latest <= on) and (
            self.end.value is None or on < self.end.earliest
        )

    def possibly(self, on: date) -> bool:
        return (self.start.value is None or self.start.earliest <= on) and (
            self.end.value is None or on < self.end.latest
        )


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    regime: str
    phase: Phase
    when: tuple[Condition, ...]  # any of these
    outcome: Outcome | None  # None: a warning
    reason: str
    cites: tuple[Cite, ...]
    verified: Verified
    window: Window = Window()
    overrides: tuple[str, ...] = ()
    asks: str = ""  # needs_more_info: the fact to ask
    headline: str = ""  # first line of the answer
    todo: str = ""  # what to do now
    route: str = ""  # who could lawfully run it
    owner: str = ""  # key of corpus/catalogs/authorities.yaml
    place: str = ""  # file:line

    def certain(self, masks: Masks) -> bool:
        return any(condition.certain(masks) for condition in self.when)

    def possible(self, masks: Masks) -> bool:
        return any(condition.possible(masks) for condition in self.when)


@dataclass(frozen=True, slots=True)
class Regime:
    """One body of law that decides on its own. It speaks only where `applies` holds (any of)."""

    key: str
    name: str
    applies: tuple[Condition, ...]
    rules: Mapping[Phase, tuple[Rule, ...]] = field(default_factory=dict)
    uses: tuple[int, ...] = field(init=False, default=())  # indexes of the facts it looks at, ascending

    def __post_init__(self) -> None:
        conditions = [*self.applies, *(c for rules in self.rules.values() for rule in rules for c in rule.when)]
        object.__setattr__(self, "uses", tuple(sorted({i for c in conditions for i, _ in c.parts})))


@dataclass(frozen=True, slots=True)
class Constraint:
    """Where `when` certainly holds, only these values of `fact` are possible."""

    when: Condition
    fact: int
    allowed: int


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    facts: tuple[FactDeclaration, ...]
    constraints: tuple[Constraint, ...]
    regimes: tuple[Regime, ...]
    fingerprint: str = ""

    def index(self, name: str) -> int:
        for i, fact in enumerate(self.facts):
            if fact.name == name:
                return i
        raise KeyError(name)

    def fact(self, name: str) -> FactDeclaration:
        return self.facts[self.index(name)]

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for regime in self.regimes for phase in Phase for rule in regime.rules.get(phase, ()))
