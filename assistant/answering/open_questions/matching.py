"""How well a stretch answers: which of the question's words it holds, what it means, whether it has the wanted shape.

Word weights come from a sample of the library; meaning from the shipped word vectors. No index is opened here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.answering.open_questions.vocabulary import CLASSES, SAME, STOP
from assistant.retrieval.embedder import StaticVectors, Vectors
from assistant.text.fold import folded
from assistant.text.words import words

_SAMPLE = 3_000  # provisions that word weights are learnt from
_SAME_SHARE, _NEAR_SHARE = 0.75, 0.45
_TRIVIAL = re.compile(r"^[\d.]+$")


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for line in SAME.splitlines():
        group = tuple(line.split())
        for word in group:
            out[word] = tuple(dict.fromkeys((*out.get(word, ()), *group)))
    return out


class WordWeights:
    """Inverse document frequency of words over (at most 3,000) provisions."""

    def __init__(self, texts: Sequence[str]) -> None:
        step = max(1, len(texts) // _SAMPLE)
        sample = texts[::step]
        self._size = max(1, len(sample))
        self._frequency: Counter[str] = Counter()
        for text in sample:
            self._frequency.update(set(words(text)))

    def weight(self, word: str) -> float:
        """Rare words weigh up to about 6, words of every second provision under 1.

        A word we hold nowhere is most often a lay word and weighs little; Latin letters (ai, app) are a thing asked about.
        """
        found = self._frequency.get(word, 0)
        if not found:
            return 5.0 if word.isascii() else 1.0
        return math.log(1 + (self._size - found + 0.5) / (found + 0.5))

    def known(self, word: str) -> bool:
        return word in self._frequency


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question, its weight, and what may stand for it: all of it, or some of it."""

    word: str
    weight: float
    same: tuple[str, ...] = ()  # other words for it
    near: tuple[str, ...] = ()  # official words the lexicon brings along with it


def terms_of(text: str, weights: WordWeights, expansions: Mapping[str, Sequence[str]]) -> tuple[Term, ...]:
    """The telling words of a question, each once. A word inside a longer one of the same question counts half."""
    spoken = plain(text)
    found = [w for w in dict.fromkeys(words(text)) if w not in STOP and not _TRIVIAL.match(w)]
    said = list(found)
    for word in found:
        # 报到 stands in no document, 报 does: an unknown word of two characters is heard by its parts.
        if len(word) == 2 and not weights.known(word) and word not in _groups():
            said += [c for c in word if c not in said and c not in STOP and weights.known(c)]
    said += [w for w in _groups() if len(w) > 1 and w in spoken and w not in said and w not in STOP]
    out = []
    for word in said:
        if len(word) == 1 and not weights.known(word) and word not in _groups():
            continue
        official = tuple(
            one for lay, stands_for in expansions.items() if word in lay or lay in word for one in stands_for
        )
        same = _groups().get(word, ())
        weight = weights.weight(word) * (0.4 if len(word) == 1 else 1.0)
        if not weights.known(word) and not word.isascii():
            # A lay word weighs what it stands for weighs.
            weight = max([weight, *(0.8 * weights.weight(one) for one in (*same, *official) if weights.known(one))])
        if any(word != other and word in other for other in said):
            weight *= 0.5
        out.append(Term(word, weight, same, official))
    return tuple(out)


def weight_of(terms: Sequence[Term]) -> float:
    return sum(term.weight for term in terms)


def coverage(terms: Sequence[Term], *texts: str, shares: Sequence[float] = (1.0,)) -> float:
    """Weighted share of the terms found, 0 to 1: each counts in the text where it counts most, at that text's share."""
    return weighted(terms, [heard(terms, text) for text in texts], shares)


def heard(terms: Sequence[Term], text: str) -> dict[str, float]:
    """How far each term is said in a text: 1 itself, less another word for it, least what the lexicon brings along."""
    out: dict[str, float] = {}
    for term in terms:
        if term.word in text:
            out[term.word] = 1.0
        elif term.same and any(other in text for other in term.same):
            out[term.word] = _SAME_SHARE
        elif term.near and any(other in text for other in term.near):
            out[term.word] = _NEAR_SHARE
    return out


def weighted(terms: Sequence[Term], found: Sequence[Mapping[str, float]], shares: Sequence[float]) -> float:
    """The coverage of terms by texts already listened to."""
    total = got = 0.0
    pairs = tuple(zip(found, shares, strict=True))
    for term in terms:
        total += term.weight
        got += term.weight * max([share * one.get(term.word, 0.0) for one, share in pairs])
    return got / total if total else 0.0


class Meaning:
    """Cosines of short texts by the shipped word vectors, remembered."""

    def __init__(self, vectors: StaticVectors | None = None) -> None:
        self._vectors = vectors or StaticVectors()
        self._held: dict[str, Vectors] = {}

    def cosines(self, question: str, texts: Sequence[str]) -> list[float]:
        """One for each text; 0 when either has no known word."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._held]
        if len(self._held) + len(missing) > 50_000:  # bounded: texts come from the library, questions do not stay
            self._held.clear()
            missing = list(dict.fromkeys(texts))
        for text, row in zip(missing, self._vectors.embed(missing), strict=True):
            self._held[text] = row
        if not texts:
            return []
        query = self._vectors.embed([question])[0]
        return [float(x) for x in np.stack([self._held[text] for text in texts]) @ query]


def plain(text: str) -> str:
    """Folded without white space, for matching."""
    return _plain(text)


@lru_cache(maxsize=50_000)
def _plain(text: str) -> str:
    return "".join(folded(text).split())


def outside_class(title: str, spoken: str) -> bool:
    """Whether a document is for a special class that the question does not speak of."""
    special = [cue for cue in CLASSES if cue.search(title)]
    return bool(special) and not any(cue.search(spoken) for cue in special)
