"""What people ask, and which provisions answer it: `corpus/questions/*.jsonl`, found again by likeness.

People do not ask in the words of the law. A new question that is like one already answered by somebody who knows leads to
the same provisions. This is a third opinion beside words and meaning; it decides nothing and forgets nothing of the law:
a provision that the library does not hold on the day is not found.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Document, Provision
from assistant.errors import NotFound, RuleError
from assistant.retrieval.embedder import Embedder, Vectors
from assistant.text.fold import folded

_SIZES = (1, 2, 3)
_WORDING = 0.75  # the rest is meaning; chosen on one set of questions, tried on another
_NEAREST = 60  # questions that may speak
_SECOND = 0.5  # what the next most alike question of the same provision adds
_CHANCE = 0.12  # how alike any two questions of the field are


class Shelf(Protocol):
    """What is needed of the library."""

    @property
    def revision(self) -> int: ...

    def find_provision(
        self, work: str, *, provision: str = "", anchor: str = "", on: date
    ) -> tuple[Document, Provision]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """One question and the places that answer it: (work, label, anchor)."""

    question: str
    cites: tuple[tuple[str, str, str], ...]


def read_questions(folder: Path) -> list[Known]:
    """All questions of a folder, in order of file and line; [] without one. Raises RuleError naming file and line."""
    out = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                cites = tuple((c["work"], c.get("provision", ""), c.get("anchor", "")) for c in row["cites"])
                out.append(Known(row["question"], cites))
            except (ValueError, KeyError, TypeError) as error:
                raise RuleError(
                    f"{path.name}:{number} 读不出来：{error}",
                    hint="每行一个 JSON：question 和 cites（work、provision 或 anchor）。",
                ) from error
    return out


class Asked:
    """The known questions, ready to be searched. Thread-safe: what it remembers is replaced whole."""

    def __init__(self, known: Iterable[Known], embedder: Embedder) -> None:
        self._known = list(known)
        self._embedder = embedder
        self._places: tuple[tuple[int, date], list[tuple[str, ...]]] | None = None

    def near(self, question: str, shelf: Shelf, on: date) -> dict[str, float]:
        """Provision id → how like the question is to the two most alike ones it answers, beyond chance; {} when none is."""
        if not self._known:
            return {}
        places = self._resolved(shelf, on)
        score = _WORDING * self._wording(question) + (1 - _WORDING) * np.maximum(self._meaning(question), 0.0)
        alike: defaultdict[str, list[float]] = defaultdict(list)
        for i in np.argsort(-score)[:_NEAREST]:
            for provision_id in places[i]:
                alike[provision_id].append(float(score[i]))
        found = {name: one[0] + _SECOND * sum(one[1:2]) - _CHANCE for name, one in alike.items()}
        return {name: likeness for name, likeness in found.items() if likeness > 0}

    @cached_property
    def works(self) -> frozenset[str]:
        """Works that known questions are about. Of others nothing can be known this way."""
        return frozenset(cite[0] for known in self._known for cite in known.cites)

    def cover(self, question: str, text: str) -> float:
        """The share of the question's wording that the text repeats, rare wording counting more: 0 to 1."""
        weights, _ = self._index
        spoken = folded(text)
        grams = {g: weights.get(g, math.log(1 + len(self._known))) for g in _grams(question) if len(g) > 1}
        total = sum(grams.values())
        return sum(weight for gram, weight in grams.items() if gram in spoken) / total if total else 0.0

    def _resolved(self, shelf: Shelf, on: date) -> list[tuple[str, ...]]:
        """The provisions of every question on that day."""
        key = (shelf.revision, on)
        held = self._places
        if held is None or held[0] != key:
            seen: dict[tuple[str, str, str], tuple[str, ...]] = {}
            for cite in (cite for known in self._known for cite in known.cites):
                if cite not in seen:
                    try:
                        _, found = shelf.find_provision(cite[0], provision=cite[1], anchor=cite[2], on=on)
                        seen[cite] = (found.id,)
                    except NotFound:
                        seen[cite] = ()
            held = self._places = (key, [tuple(p for cite in known.cites for p in seen[cite]) for known in self._known])
        return held[1]

    def _wording(self, question: str) -> Vectors:
        weights, postings = self._index
        out = np.zeros(len(self._known), dtype=np.float32)
        grams = {
            gram: weights.get(gram, math.log(1 + len(self._known))) * (1 + math.log(n))
            for gram, n in _grams(question).items()
        }
        length = math.sqrt(sum(weight * weight for weight in grams.values())) or 1.0
        for gram, weight in grams.items():
            if gram in postings:
                rows, values = postings[gram]
                out[rows] += values * (weight / length)
        return out

    def _meaning(self, question: str) -> Vectors:
        vectors: Vectors = self._vectors @ self._embedder.embed_queries([question])[0]
        return vectors

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embedder.embed_queries([known.question for known in self._known])

    @cached_property
    def _index(self) -> tuple[Mapping[str, float], Mapping[str, tuple[NDArray[np.intp], Vectors]]]:
        """Rarity of every gram, and for every gram the questions that have it with their share of each one's length."""
        counted = [_grams(known.question) for known in self._known]
        frequency = Counter(gram for grams in counted for gram in grams)
        weights = {gram: math.log(1 + len(counted) / (1 + n)) for gram, n in frequency.items()}
        rows: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, grams in enumerate(counted):
            held = {gram: weights[gram] * (1 + math.log(n)) for gram, n in grams.items()}
            length = math.sqrt(sum(weight * weight for weight in held.values())) or 1.0
            for gram, weight in held.items():
                rows[gram].append((row, weight / length))
        return weights, {
            gram: (np.array([r for r, _ in held]), np.array([w for _, w in held], dtype=np.float32))
            for gram, held in rows.items()
        }


def _grams(text: str) -> Counter[str]:
    plain = folded(text)
    return Counter(plain[i : i + size] for size in _SIZES for i in range(len(plain) - size + 1))
