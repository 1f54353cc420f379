"""Metamorphic pairs: a phrasing that is answered right, a changed one, and the verdict the labels then call for."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.domain import Outcome
from assistant.rules.engine import Stated, judge
from assistant.rules.model import RuleBook
from evals.cases import CASES_DIR
from evals.measures import is_false_permit
from evals.relations.operators import OPERATORS, Operator, Phrasing

Ask = Callable[[str, date], Outcome | None]


@dataclass(frozen=True, slots=True)
class Pair:
    operator: Operator
    base: Phrasing
    changed: Phrasing
    should_change: bool
    expected: Outcome
    given: Outcome | None

    @property
    def holds(self) -> bool:
        return self.given is self.expected

    @property
    def false_permit(self) -> bool:
        return is_false_permit(self.expected, self.given)


@dataclass(slots=True)
class Tally:
    pairs: int = 0
    held: int = 0
    false_permits: int = 0
    should_change: int = 0
    failures: list[Pair] = field(default_factory=list)


def stated(facts: Mapping[str, Any]) -> dict[str, Stated]:
    """Labels as the rules take them; a list is what remains open."""
    return {
        name: Stated(frozenset(value if isinstance(value, list) else [value]), open=isinstance(value, list))
        for name, value in facts.items()
    }


def read_labelled(path: Path, *, on: date) -> list[Phrasing]:
    """Phrasings about an activity, single turns only. Each line: id, text, facts, who?, intent?."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        if row and not row.get("context") and row.get("intent", "activity") == "activity":
            out.append(Phrasing(row["id"], row["text"], row["facts"], row.get("who", ""), on))
    return out


def make_pairs(
    phrasings: Sequence[Phrasing], book: RuleBook, ask: Ask, *, seed: int = 0, per_operator: int = 120,
    operators: Iterable[Operator] = OPERATORS,
) -> list[Pair]:  # fmt: skip
    """Up to `per_operator` pairs of every operator, on phrasings whose own verdict is right to begin with."""

    def gold(one: Phrasing) -> Outcome:
        return judge(stated(one.facts), book, on=one.on).outcome

    right = [one for one in phrasings if ask(one.text, one.on) is gold(one)]
    out: list[Pair] = []
    for operator in operators:
        rng = random.Random(f"{seed}/{operator.name}")
        made = 0
        for base in rng.sample(right, len(right)):
            changed = operator.apply(base, rng)
            if changed is None or (changed.text == base.text and changed.on == base.on):
                continue
            expected = gold(changed)
            out.append(
                Pair(operator, base, changed, expected is not gold(base), expected, ask(changed.text, changed.on))
            )
            made += 1
            if made == per_operator:
                break
    return out


def tallies(pairs: Iterable[Pair]) -> dict[str, Tally]:
    """By operator, in the order met."""
    out: dict[str, Tally] = defaultdict(Tally)
    for pair in pairs:
        tally = out[pair.operator.name]
        tally.pairs += 1
        tally.held += pair.holds
        tally.should_change += pair.should_change
        tally.false_permits += pair.false_permit
        if not pair.holds:
            tally.failures.append(pair)
    return dict(out)


def labelled_cells(directory: Path = CASES_DIR) -> Counter[tuple[str, str]]:
    """(organizer_kind, nature) → labelled cases and phrasings kept beside this package; {} when there are none."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in sorted(directory.glob("*-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line) if line.strip() else {}
            facts = row.get("facts") or row.get("gold", {}).get("facts") or {}
            kind, nature = facts.get("organizer_kind"), facts.get("nature")
            if isinstance(kind, str) and isinstance(nature, str):
                counts[kind, nature] += 1
    return counts
