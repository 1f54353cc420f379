"""Rank fusion: lexical and dense scores of units become one ranking of provisions. Pure: opens no index, file or model.

`hybrid` calls it. Linear on normalised scores, because reciprocal ranks lost two to three points in our measurements;
vectors of this size help most as a second opinion on candidates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

DENSE_WEIGHT = 0.75
ASKED_WEIGHT = 10.0
AUTHORITY_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Candidate:
    """One unit with what speaks for it. `lexical` is a raw BM25 score, `dense` a cosine; 0 when that index did not find it."""

    provision_id: str
    document_id: str
    lexical: float = 0.0
    dense: float = 0.0
    authority: float = 0.0  # 0 … 1
    exact: float = 0.0  # for a reference, title, document number or quoted phrase, already weighted
    twin: str = ""  # equal for the same article of two versions of one work
    newness: int = 0  # among twins the greatest stays
    within: str = ""  # for a paragraph named exactly: the article around it, which then need not be shown as well
    asked: float = 0.0  # how like the question is to known ones that this provision answers, beyond chance


@dataclass(frozen=True, slots=True)
class Ranked:
    """A provision with its score and the parts the score is the sum of."""

    provision_id: str
    document_id: str
    score: float
    lexical: float
    dense: float
    prior: float
    exact: float
    cosine: float
    asked: float = 0.0


def fuse(
    candidates: Iterable[Candidate], *, dense_weight: float = DENSE_WEIGHT, authority_weight: float = AUTHORITY_WEIGHT
) -> list[Ranked]:
    """Rank provisions, best first: max-normalised lexical + dense_weight · cosine + authority_weight · authority + exact
    + ASKED_WEIGHT · likeness to a known question.

    Units of one provision roll up: the best lexical and the best cosine of any of them count. Of twins only the newest
    stays. Ties are settled by id, so a run repeats. Nothing found gives [].
    """
    rolled = _without_articles_of_named_paragraphs(_newest_twins(_roll_up(candidates)))
    top = max((candidate.lexical for candidate in rolled), default=0.0)
    ranked = []
    for candidate in rolled:
        lexical = candidate.lexical / top if top > 0 else 0.0
        dense = dense_weight * max(candidate.dense, 0.0)
        prior = authority_weight * candidate.authority
        asked = ASKED_WEIGHT * candidate.asked
        ranked.append(
            Ranked(
                candidate.provision_id,
                candidate.document_id,
                lexical + dense + prior + candidate.exact + asked,
                lexical,
                dense,
                prior,
                candidate.exact,
                candidate.dense,
                asked,
            )
        )
    return sorted(ranked, key=lambda found: (-found.score, found.provision_id))


def _roll_up(candidates: Iterable[Candidate]) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        held = best.get(candidate.provision_id)
        best[candidate.provision_id] = candidate if held is None else replace(
            held,
            lexical=max(held.lexical, candidate.lexical),
            dense=max(held.dense, candidate.dense),
            exact=max(held.exact, candidate.exact), asked=max(held.asked, candidate.asked),
        )  # fmt: skip
    return list(best.values())


def _newest_twins(candidates: Sequence[Candidate]) -> list[Candidate]:
    newest: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.twin:
            held = newest.get(candidate.twin)
            if held is None or (candidate.newness, candidate.document_id) > (held.newness, held.document_id):
                newest[candidate.twin] = candidate
    return [c for c in candidates if not c.twin or newest[c.twin].provision_id == c.provision_id]


def _without_articles_of_named_paragraphs(candidates: Sequence[Candidate]) -> list[Candidate]:
    around = {candidate.within for candidate in candidates if candidate.within}
    return [candidate for candidate in candidates if candidate.provision_id not in around]


def spread(ranked: Sequence[Ranked], siblings: int, *, spared: Iterable[str] = ()) -> list[Ranked]:
    """At most `siblings` provisions of one document before the others have had their turn.

    Those over the limit keep their order and follow at the end: nothing is lost. Documents in `spared` are not limited
    (a question that names a document wants it). A limit of 0 or less changes nothing.
    """
    if siblings <= 0:
        return list(ranked)
    free = frozenset(spared)
    seen: defaultdict[str, int] = defaultdict(int)
    first: list[Ranked] = []
    later: list[Ranked] = []
    for found in ranked:
        seen[found.document_id] += 1
        within = found.document_id in free or seen[found.document_id] <= siblings
        (first if within else later).append(found)
    return first + later


_CENTRE = ("中共中央", "中央办公厅", "中央军委", "全国人民代表大会", "全国人大", "国务院办公厅")
_LAW = re.compile(r"(?:(?<!办)法|法典)(?:[(（].*[)）])?$")


def authority(level_rank: int, title: str = "", issuer: str = "") -> float:
    """How high a document stands, 0 … 1: laws and the centre's own documents 1, a city's 1/3, a district's 0.

    What a ministry or a court issues stands with what a province issues (2/3), as the Legislation Law has it for rules of
    departments and of local governments. `level_rank` is 0 for central.
    """
    if level_rank > 0:
        return max(0.0, 1.0 - level_rank / 3)
    centre = issuer == "国务院" or issuer.startswith(_CENTRE) or bool(_LAW.search(title))
    return 1.0 if centre else 2 / 3


def weigh_terms(counts: Mapping[str, int], frequency: Mapping[str, int], limit: int) -> dict[str, float]:
    """The `limit` rarest terms of a query with their weight (how often each was said, at most 3); ties by term.

    Terms with frequency 0 stand in no document and are left out. A very long query is thereby read by its telling words.
    """
    held = sorted((term for term in counts if frequency.get(term, 0) > 0), key=lambda term: (frequency[term], term))
    return {term: float(min(counts[term], 3)) for term in held[:limit]}
