"""Organizer × kind of activity: the outcome of each cell, the rules behind it and how far they were checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assistant.rules.engine import Stated, judge
from assistant.rules.model import RuleBook

_LEVELS = {
    "party_government": ("province", "city", "district"), "department": ("province", "city", "district"),
    "mass_organization": ("province", "city", "district"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    organizer: str  # Chinese, with level where it matters
    nature: str
    outcomes: tuple[str, ...]  # codes; more than one while something else still matters
    rules: tuple[str, ...]
    verified: tuple[str, ...]
    asks: str  # the fact asked for when the cell is open
    cell: tuple[str, str] = ("", "")  # organizer_kind, nature as the rules name them

    @property
    def reason(self) -> str:
        """Why no rule decides the cell; "" when one does."""
        if self.rules:
            return ""
        return f"要先问：{self.asks}" if self.asks else "已收录文件未见明文"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "reason": self.reason}


def coverage(book: RuleBook, *, on: date) -> Iterator[Cell]:
    """Every cell once, organizers in the order of facts.yaml, then kinds."""
    kinds, natures = book.fact("organizer_kind"), book.fact("nature")
    levels = book.fact("organizer_level")
    for kind in kinds.values:
        for level in _LEVELS.get(kind, ("",)):
            for nature in natures.values:
                stated = {"organizer_kind": Stated(frozenset({kind})), "nature": Stated(frozenset({nature}))}
                if level:
                    stated["organizer_level"] = Stated(frozenset({level}))
                verdict = judge(stated, book, on=on)
                name = (levels.shown[level] if level else "") + kinds.shown[kind]
                yield Cell(
                    name, natures.shown[nature], tuple(sorted(o.value for o in verdict.outcomes)),
                    tuple(rule.id for rule in verdict.decided),
                    tuple(sorted({rule.verified.value for rule in verdict.decided})),
                    book.fact(verdict.question.fact).label if verdict.question else "", (kind, nature),
                )  # fmt: skip
