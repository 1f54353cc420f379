"""From a question to the stretches that answer it: named documents and retrieval give provisions, every stretch of them
is scored by its words, its meaning and the shape that is wanted. Decides nothing about wording.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from assistant.answering.open_questions.asking import CEILING_SHAPE, Want, wants_ceiling
from assistant.answering.open_questions.matching import Meaning, Term, WordWeights, coverage, plain, terms_of
from assistant.answering.open_questions.naming import DocumentNames, Named
from assistant.answering.open_questions.stretches import Stretch, stretches_of
from assistant.domain import Document, Level, Provision, TextStatus
from assistant.errors import NotFound
from assistant.library import Library
from assistant.library.names import sees
from assistant.retrieval.embedder import StaticVectors

if TYPE_CHECKING:
    from assistant.retrieval.hybrid import HybridRetriever

DEPTH = 30  # provisions looked at
_NAMED_DEPTH = 30
_WEIGHTS = {"words": 1.0, "meaning": 0.8, "shape": 0.35, "found": 0.35, "named": 0.5, "whole": 0.25}
_MODEL_PENALTY = 0.10  # the shipped sample documents stand behind everything real
_POINT_PENALTY = 0.03  # a note about a document nobody read stands behind an article
_LEVEL_PENALTY = 0.02
_CAVEAT_PENALTY = 0.12  # a sentence that says we have not read it
_CAVEAT = re.compile(r"未收录|未读到|不得据此引用|没有收录")


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch with its document, its score, and what of the question it covers (0 to 1)."""

    stretch: Stretch
    document: Document
    score: float
    covered: float  # by the stretch, its provision, its headings and its title together
    own: float  # by the stretch alone
    shaped: bool


@dataclass(slots=True)
class Shelf:
    """What is remembered of one library revision."""

    revision: int
    names: DocumentNames
    weights: WordWeights
    regions: tuple[str, ...]
    children: dict[str, dict[str, list[Provision]]] = field(default_factory=dict)
    cut: dict[str, list[Stretch]] = field(default_factory=dict)


class Finder:
    """Finds stretches. Thread-safe: what it remembers is replaced whole when the library changes."""

    def __init__(self, library: Library, retriever: Callable[[], HybridRetriever], region: str) -> None:
        self._library, self._retriever, self._region = library, retriever, region
        self._shelf: Shelf | None = None
        self._meaning: Meaning | None = None

    @property
    def shelf(self) -> Shelf:
        """Names, word weights and cut provisions of the library as it is now."""
        held = self._shelf
        if held is None or held.revision != self._library.revision:
            documents = self._library.documents()
            texts = [p.text for _, p in self._library.every_provision() if not p.parent]
            held = Shelf(
                self._library.revision,
                DocumentNames(documents),
                WordWeights(texts),
                tuple(dict.fromkeys(d.region for d in documents)),
            )
            self._shelf = held
        return held

    def find(
        self, question: str, want: Want, named: Named, *, on: date, about: str = "", within: Sequence[str] = ()
    ) -> list[Found]:
        """Stretches in force on the day, best first; [] when nothing bears on it.

        `about` is what the conversation was about before; `within` keeps to these documents.
        """
        shelf, retriever = self.shelf, self._retriever()
        query = f"{question} {about}".strip() if about else question
        expansions = retriever.lexical.read(query).expansions
        terms = terms_of(_without(question, named), shelf.weights, expansions)
        clause_terms = terms_of(_without(want.clause, named), shelf.weights, expansions)
        about_terms = terms_of(about, shelf.weights, expansions) if about else ()
        ranked = self._provisions(query, named, on=on, within=within)
        stretches: list[tuple[Stretch, Document, float, bool]] = []
        named_ids = frozenset(named.documents)
        for provision, document, score in ranked:
            for stretch in self._stretches(shelf, provision):
                stretches.append((stretch, document, score, document.id in named_ids))
        if not stretches:
            return []
        cosines = self._cosines(query, [s.full for s, _, _, _ in stretches])
        return sorted(
            (
                self._score(question, stretch, document, score, is_named, cosine, want, terms, clause_terms, about_terms)
                for (stretch, document, score, is_named), cosine in zip(stretches, cosines, strict=True)
            ),
            key=lambda f: (-f.score, f.document.id, f.stretch.provision.ordinal, f.stretch.order),
        )  # fmt: skip

    def smallest(self, found: Found) -> Provision:
        """The smallest held provision whose text holds the stretch: a paragraph rather than its article."""
        shelf = self.shelf
        best = found.stretch.provision
        below = self._below(shelf, found.document.id)
        searching = True
        while searching:
            searching = False
            for child in below.get(best.id, ()):
                if found.stretch.text in child.text:
                    best, searching = child, True
                    break
        return best

    # ── the steps ──

    def _provisions(
        self, query: str, named: Named, *, on: date, within: Sequence[str]
    ) -> list[tuple[Provision, Document, float]]:
        retriever = self._retriever()
        scores: dict[str, float] = {}
        wanted = list(within) or (list(named.documents) if named.strict else [])
        for document_id in wanted[:4]:
            for passage in retriever.search(query, _NAMED_DEPTH, on=on, region=self._region, document=document_id):
                scores.setdefault(passage.provision_id, passage.score)
        if not within:
            for passage in retriever.search(query, DEPTH, on=on, region=self._region):
                scores.setdefault(passage.provision_id, passage.score)
        top = max(scores.values(), default=1.0) or 1.0
        out = []
        for provision_id, score in scores.items():
            try:
                provision = self._library.provision(provision_id)
                document = self._library.document(provision.document_id)
            except NotFound:
                continue
            out.append((provision, document, min(score / min(top, 2.0), 1.0)))
        return out

    def _stretches(self, shelf: Shelf, provision: Provision) -> list[Stretch]:
        held = shelf.cut.get(provision.id)
        if held is None:
            if len(shelf.cut) > 20_000:  # bounded
                shelf.cut.clear()
            held = shelf.cut[provision.id] = stretches_of(provision)
        return held

    def _below(self, shelf: Shelf, document_id: str) -> Mapping[str, Sequence[Provision]]:
        held = shelf.children.get(document_id)
        if held is None:
            if len(shelf.children) > 500:  # bounded
                shelf.children.clear()
            gathered: defaultdict[str, list[Provision]] = defaultdict(list)
            for provision in self._library.provisions(document_id):
                article = f"{document_id}/{provision.article}"
                if provision.parent:
                    gathered[provision.parent].append(provision)
                elif provision.article and article != provision.id:
                    gathered[article].append(provision)
            held = shelf.children[document_id] = dict(gathered)
        return held

    def _cosines(self, query: str, texts: Sequence[str]) -> list[float]:
        if self._meaning is None:
            _, embedder = self._retriever().dense_parts()
            self._meaning = Meaning(embedder if isinstance(embedder, StaticVectors) else None)
        return self._meaning.cosines(query, texts)

    def _score(
        self, question: str, stretch: Stretch, document: Document, score: float, is_named: bool, cosine: float,
        want: Want, terms: Sequence[Term], clause_terms: Sequence[Term], about_terms: Sequence[Term],
    ) -> Found:  # fmt: skip
        own = plain(stretch.full)
        around = plain(stretch.provision.text)
        heading = plain(f"{document.title} {' '.join(document.aliases)} {' '.join(stretch.provision.path)}")
        shares = (1.0, 0.6, 0.5)
        covered = coverage(terms, own, around, heading, shares=shares)
        alone = coverage(clause_terms or terms, own)
        shaped = shape_fits(stretch, want, question)
        total = (
            _WEIGHTS["words"] * (0.6 * covered + 0.4 * alone)
            + _WEIGHTS["meaning"] * max(cosine, 0.0)
            + _WEIGHTS["found"] * score
            + (_WEIGHTS["shape"] if want.shape and shaped else 0.0)
            + (_WEIGHTS["named"] if is_named else 0.0)
        )
        if about_terms:
            total += _WEIGHTS["whole"] * coverage(about_terms, own, around, heading, shares=shares)
        total -= _MODEL_PENALTY if document.text_status is TextStatus.MODEL else 0.0
        total -= _POINT_PENALTY if stretch.provision.label.startswith("要点") else 0.0
        total -= _LEVEL_PENALTY * (document.level is not Level.CENTRAL)
        total -= _CAVEAT_PENALTY if _CAVEAT.search(stretch.text) else 0.0
        return Found(stretch, document, total, covered, alone, shaped)


def shape_fits(stretch: Stretch, want: Want, question: str) -> bool:
    """Whether the stretch holds what is wanted: a number with the unit asked for, a limit when a limit is asked for."""
    if not want.shape:
        return True
    if want.kind == "list" and (stretch.items or "、" in stretch.text):
        return True
    if not re.search(want.shape, stretch.text):
        return False
    return not (want.kind == "prize" and wants_ceiling(question)) or bool(CEILING_SHAPE.search(stretch.text))


def _without(text: str, named: Named) -> str:
    for words in named.words:
        if len(words) >= 3:
            text = text.replace(words, " ")
    return text


def visible(documents: Iterable[Document], region: str, on: date) -> list[Document]:
    """Documents in force on the day that somebody of this region is under."""
    return [d for d in documents if d.maybe_in_force(on) and sees(region, d.region)]
