"""Extraction by fact: precision, recall and F1 against the labels, and what each part of the reading adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.reading import Reader
from assistant.rules.engine import Stated, assign
from assistant.rules.model import RuleBook
from evals.relations.operators import Phrasing


@dataclass(slots=True)
class Count:
    """One fact: read right; read, and wrong or unsaid; said, and missed or read wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else 0.0


def extraction(phrasings: Iterable[Phrasing], reader: Reader) -> dict[str, Count]:
    """fact → counts. A fact left open counts as read when it leaves open what the label does, as missed when it leaves
    open more than that: unsure is unknown."""
    out: dict[str, Count] = {}
    for one in phrasings:
        read = {name: set(fact.values) for name, fact in reader.read(one.text).facts.items() if fact.values}
        for name in {*one.facts, *read}:
            count = out.setdefault(name, Count())
            value = one.facts.get(name)
            label = set(value if isinstance(value, list) else [value]) if value is not None else set()
            if label and read.get(name) == label:
                count.right += 1
            else:
                count.wrong += name in read and not (len(read[name]) > 1 and label < read[name])
                count.missed += bool(label)
    return out


def extraction_as_decided(phrasings: Iterable[Phrasing], reader: Reader, book: RuleBook) -> dict[str, Count]:
    """The same as the rules take it: what is presumed anyway counts like what was said, on both sides.

    Whether “评十户发牌” also says that the ten are outsiders is a matter of taste; that the rules take them for outsiders
    is not. Facts that neither side says are not counted, facts that cannot matter with the labelled ones neither.
    """
    out: dict[str, Count] = {}
    for one in phrasings:
        read = {
            name: Stated(frozenset(fact.values), open=fact.open)
            for name, fact in reader.read(one.text).facts.items()
            if fact.values
        }
        said = {
            name: Stated(frozenset(value if isinstance(value, list) else [value]), open=isinstance(value, list))
            for name, value in one.facts.items()
        }
        wanted, given = assign(said, book)[0], assign(read, book)[0]
        for i, fact in enumerate(book.facts):
            if (fact.name not in said and fact.name not in read) or (
                fact.relevant is not None and not fact.relevant.possible(wanted)
            ):
                continue
            count = out.setdefault(fact.name, Count())
            if wanted[i] == given[i]:
                count.right += wanted[i] != fact.everything
            else:
                unsure = given[i].bit_count() > 1 and wanted[i] & given[i] == wanted[i]
                count.wrong += given[i] != fact.everything and not unsure
                count.missed += wanted[i] != fact.everything
    return out


def ablation(phrasings: Sequence[Phrasing], readers: Mapping[str, Reader]) -> dict[str, dict[str, Count]]:
    """The same for several readers, by name."""
    return {name: extraction(phrasings, reader) for name, reader in readers.items()}
