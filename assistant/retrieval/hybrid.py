"""The door of retrieval: words, meaning and exact references together, as of a day. `service` opens it; `answering` asks it.

Order of business for a question: what it names exactly (a label, a title, a 发文字号, a quoted phrase), then both indexes,
fused; only documents that the library says were in force on the day are ever returned.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import numpy as np

from assistant.config import Settings
from assistant.domain import Level, Passage
from assistant.errors import IndexDamaged, NotFound
from assistant.retrieval.asked import Asked, read_questions
from assistant.retrieval.dense import DenseIndex
from assistant.retrieval.embedder import Embedder, Vectors, make_embedder, unit
from assistant.retrieval.fusion import ASKED_WEIGHT, AUTHORITY_WEIGHT, Candidate, Ranked, fuse, spread
from assistant.retrieval.generations import (
    Generation,
    Progress,
    build_generation,
    current_name,
    is_fresh,
    open_current,
)
from assistant.retrieval.lexical import LexicalIndex, LexicalQuery, Lexicon, clean
from assistant.retrieval.lookup import References
from assistant.retrieval.units import Corpus

MAX_RESULTS = 1_000
_MAX_REFERENCE_CHARS = 4_000
_DEPTH = 200  # candidates from each index
_DEEPEST = 3_200
_NAMED_ROWS = 2_000  # of one named document, the articles looked at
_EXPANSION_VECTOR = 0.3
_EXACT = {"label": 4.0, "title": 3.0, "phrase": 1.5, "marked": 0.5, "mentioned": 0.3}
_UNASKED = 20  # provisions of documents without known questions that are held against the question's own words
_DAYS_HELD = 32  # days and regions whose documents in force are remembered
_SIBLING_SHARE = 0.6  # of one page of results, what one document may fill
log = logging.getLogger(__name__)


class Retriever(Protocol):
    """Finds provisions; decides nothing."""

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        on: date,
        region: str | None = None,
        level: Level | None = None,
        document: str | None = None,
    ) -> list[Passage]:
        """The best k provisions in force on that day, best first; [] when nothing bears on the question."""
        ...


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one passage was found. The parts of `passage.why` add up to its score."""

    passage: Passage
    terms: tuple[str, ...]  # words of the question that count, rarest first
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lay word → official words added
    cosine: float = 0.0


def build_index(library: Corpus, settings: Settings, *, progress: Progress | None = None, fresh: bool = False) -> str:
    """Index the library and let the new generation serve; returns its name. `fresh` copies nothing of the old one."""
    return build_generation(library, settings, make_embedder(settings), progress, fresh=fresh)


def ensure_index(library: Corpus, settings: Settings, *, progress: Progress | None = None) -> str:
    """The name of a generation that holds this library: the serving one when it does, else a new one."""
    embedder = make_embedder(settings)
    if is_fresh(settings, library, embedder):
        return current_name(settings.index_dir)
    return build_generation(library, settings, embedder, progress)


class HybridRetriever:
    """Words + meaning + exact references over the serving generation; opens the next when CURRENT changes. Thread-safe."""

    def __init__(
        self,
        library: Corpus,
        settings: Settings,
        embedder: Embedder,
        lexicon: Lexicon,
        *,
        authority_weight: float = AUTHORITY_WEIGHT,
        asked: Asked | None = None,
    ) -> None:
        self._authority_weight = authority_weight
        self._asked = asked or Asked((), embedder)
        self._library, self._settings, self._embedder, self._lexicon = library, settings, embedder, lexicon
        self._lock = threading.Lock()
        self._generation = open_current(settings, lexicon)
        self._seen = self._mark()
        self._in_force: dict[tuple[str, int, date, str | None], frozenset[str]] = {}
        self._replaced: list[Generation] = []
        self._refuse_foreign_vectors(self._generation)

    @classmethod
    def open(cls, library: Corpus, settings: Settings) -> HybridRetriever:
        """Open the serving generation. Raises IndexDamaged (nothing built, damaged, or another embedder's), ModelMissing."""
        embedder = make_embedder(settings)
        asked = Asked(read_questions(settings.corpus_dir / "questions"), embedder)
        return cls(library, settings, embedder, Lexicon.read(settings.corpus_dir / "lexicon"), asked=asked)

    @property
    def generation(self) -> str:
        """Name of the generation that answers."""
        return self._current().name

    @property
    def stale(self) -> bool:
        """Whether the library has changed since the serving generation was built."""
        return bool(self._current().stamp["library"] != self._library.fingerprint())

    def warm(self) -> None:
        """For a service: open Chroma now (a single question to a small library is answered without it), load the segmenter."""
        generation = self._current()
        generation.dense.search(self._embedder.embed_queries(["创建示范活动"])[0], 1)

    @property
    def lexical(self) -> LexicalIndex:
        """The serving word index, for measurements."""
        return self._current().lexical

    def provision_of(self, key: int) -> str:
        """The provision a unit answers with."""
        generation = self._current()
        return generation.provisions[generation.row[key]]

    def dense_parts(self) -> tuple[DenseIndex, Embedder]:
        """The serving vectors and what made them, for `langchain_door`."""
        return self._current().dense, self._embedder

    def close(self) -> None:
        for generation in (*self._replaced, self._generation):
            generation.close()

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        on: date,
        region: str | None = None,
        level: Level | None = None,
        document: str | None = None,
    ) -> list[Passage]:
        """The best k provisions (at most 1,000) in force on that day, best first.

        `region` leaves out documents of other places; `level` keeps those of one level; `document` those of one document
        (id, work, title, alias or 发文字号). A question without a single word finds nothing.
        """
        found, _, _ = self._find(query, k, on=on, region=region, level=level, document=document)
        return found

    def explain(
        self,
        query: str,
        k: int = 10,
        *,
        on: date,
        region: str | None = None,
        level: Level | None = None,
        document: str | None = None,
    ) -> list[Explanation]:
        """What `search` finds, with the terms, expansions, cosine and prior that brought each passage."""
        found, terms, ranked = self._find(query, k, on=on, region=region, level=level, document=document)
        cosines = {one.provision_id: one.cosine for one in ranked}
        said = tuple(term for term, weight in terms.words.items() if weight >= 1)
        return [Explanation(p, said, terms.expansions, cosines.get(p.provision_id, 0.0)) for p in found]

    # --- the steps -----------------------------------------------------------------------------------------------

    def _find(
        self, query: str, k: int, *, on: date, region: str | None, level: Level | None, document: str | None
    ) -> tuple[list[Passage], LexicalQuery, list[Ranked]]:
        generation = self._current()
        k = max(0, min(k, MAX_RESULTS))
        allowed = self._allowed(generation, on, region, level, document)
        references = generation.names.read(query[:_MAX_REFERENCE_CHARS])
        terms = generation.lexical.read(query)
        if not k or not allowed or not (terms or references.mentions or references.labels or query.strip()):
            return [], terms, []
        exact = self._exact(generation, references, allowed, document)
        taken = {candidate.provision_id for candidate in exact} | {candidate.within for candidate in exact}
        pool = self._candidates(generation, query, terms, allowed, max(_DEPTH, 2 * k), narrow=document is not None)
        pool |= self._inside_named(generation, references, terms, allowed, pool)
        for key in self._phrase_keys(generation, references, allowed):
            pool[key] = replace(pool.get(key) or self._candidate(generation, key), exact=_EXACT["phrase"])
        bonus = {
            name: _EXACT["marked" if mention.marked else "mentioned"]
            for mention in references.mentions
            for name in mention.documents
        }
        merged = [
            replace(one, exact=one.exact + bonus[one.document_id]) if one.document_id in bonus else one
            for one in pool.values()
            if one.provision_id not in taken
        ]
        merged += self._answering(generation, query, on, allowed, merged, taken)
        ranked = fuse([*exact, *merged], authority_weight=self._authority_weight)
        if document is None:
            limit = max(3, round(k * _SIBLING_SHARE))
            ranked = spread(ranked, limit, spared=references.documents)
        passages = [
            Passage(
                one.provision_id,
                one.document_id,
                one.score,
                {
                    "lexical": one.lexical,
                    "dense": one.dense,
                    "prior": one.prior,
                    "exact": one.exact,
                    "asked": one.asked,
                    "likeness": one.asked / ASKED_WEIGHT,
                },
            )
            for one in ranked[:k]
        ]
        return passages, terms, ranked

    def _allowed(
        self, generation: Generation, on: date, region: str | None, level: Level | None, document: str | None
    ) -> frozenset[str]:
        """Ids of indexed documents that may be returned."""
        key = (generation.name, self._library.revision, on, region)
        held = self._in_force
        if key not in held:
            held = dict(list(held.items())[-_DAYS_HELD:])
            held[key] = frozenset(self._library.in_force_ids(on, region=region) & generation.rows_of.keys())
            self._in_force = held  # replaced whole: another thread may be reading it
        allowed = held[key]
        if level is not None:
            allowed = allowed & {d.id for d in generation.documents if d.level is level}
        if document is not None:
            allowed = allowed & self._named(generation, document)
        return allowed

    @staticmethod
    def _named(generation: Generation, name: str) -> frozenset[str]:
        direct = frozenset(d.id for d in generation.documents if name in (d.id, d.work))
        return direct or generation.names.read(name).documents

    def _candidates(
        self,
        generation: Generation,
        query: str,
        terms: LexicalQuery,
        allowed: frozenset[str],
        depth: int,
        *,
        narrow: bool,
    ) -> dict[int, Candidate]:
        """Units of both indexes by key. Filters are kept by fetching more than is needed: Chroma's own are slow."""
        everything = len(allowed) == len(generation.documents)
        hits = [] if narrow else generation.lexical.search(terms, depth)
        if narrow or (not everything and len(hits) == depth):
            kept = sum(self._owner(generation, hit.key) in allowed for hit in hits)
            if kept < depth // 2:  # too few left: let the index itself keep to the allowed documents
                hits = generation.lexical.search(terms, depth, documents=allowed)
        scores = {hit.key: hit.score for hit in hits if self._owner(generation, hit.key) in allowed}
        cosines = self._cosines(generation, self._vector(query, terms), allowed, depth, narrow)
        return {
            key: self._candidate(generation, key, scores.get(key, 0.0), cosines.get(key, 0.0))
            for key in scores.keys() | cosines.keys()
        }

    def _vector(self, query: str, terms: LexicalQuery) -> Vectors:
        official = " ".join(term for added in terms.expansions.values() for term in added)
        rows = self._embedder.embed_queries([clean(query), official] if official else [clean(query)])
        vector: Vectors = unit(rows[:1] + _EXPANSION_VECTOR * rows[1:] if official else rows)[0]
        return vector

    def _cosines(
        self, generation: Generation, vector: Vectors, allowed: frozenset[str], depth: int, narrow: bool
    ) -> dict[int, float]:
        if not np.any(vector):
            return {}
        if narrow:
            keys = [generation.keys[row] for name in sorted(allowed) for row in generation.rows_of[name]]
            return generation.vectors.cosines(vector, keys[:_NAMED_ROWS])
        size, kept = int(generation.stamp["vectors"]), {}
        depth = min(depth, size)
        while depth:
            found = generation.vectors.search(vector, depth)
            kept = {key: cosine for key, cosine in found.items() if self._owner(generation, key) in allowed}
            if len(kept) >= _DEPTH // 2 or depth >= min(size, _DEEPEST):
                break
            depth = min(depth * 4, size, _DEEPEST)
        return kept

    def _exact(
        self, generation: Generation, references: References, allowed: frozenset[str], document: str | None
    ) -> list[Candidate]:
        """What the question names: labelled provisions, or the whole document when it is a title and nothing else."""
        out: list[Candidate] = []
        within = allowed if document is not None else frozenset()
        for owners, label in references.labels:
            out += self._labelled(generation, (owners or within) & allowed, label, len(out))
        if out or not references.only_names:
            rest = references.rest
            if not out and rest and len(rest) <= 16:  # 要点三, 附表1第12行, 一、: labels without 条
                out += self._labelled(generation, (references.documents or within) & allowed, rest, 0)
            return out
        for name in sorted(references.documents & allowed):
            provisions = dict.fromkeys(generation.provisions[row] for row in generation.rows_of[name])
            prior = generation.authority[generation.owners[generation.rows_of[name][0]]]
            for place, provision_id in enumerate(list(provisions)[:MAX_RESULTS]):
                out.append(Candidate(provision_id, name, authority=prior, exact=_EXACT["title"] - place * 1e-4))
        return out

    def _labelled(self, generation: Generation, owners: Iterable[str], label: str, place: int) -> list[Candidate]:
        out = []
        for name in sorted(owners):
            try:
                provision = self._library.provision(f"{name}/{label}")
            except NotFound:
                continue
            prior = generation.authority[generation.owners[generation.rows_of[name][0]]]
            article = f"{name}/{provision.article}" if provision.article else ""
            out.append(
                Candidate(
                    provision.id,
                    name,
                    authority=prior,
                    exact=_EXACT["label"] - place * 1e-2,
                    within="" if article == provision.id else article,
                )
            )
        return out

    def _inside_named(
        self, generation: Generation, references: References, terms: LexicalQuery, allowed: frozenset[str],
        pool: Mapping[int, Candidate],
    ) -> dict[int, Candidate]:  # fmt: skip
        """Units of the documents a question names, which need not be among the best of all."""
        named = references.documents & allowed
        if not named:
            return {}
        hits = generation.lexical.search(terms, 50, documents=named)
        return {hit.key: self._candidate(generation, hit.key, hit.score) for hit in hits if hit.key not in pool}

    def _answering(
        self, generation: Generation, query: str, on: date, allowed: frozenset[str], pool: Sequence[Candidate],
        taken: Collection[str],
    ) -> list[Candidate]:  # fmt: skip
        """What answers known questions like this one. A paragraph is found as such, with what speaks for its article."""
        of_unit = {one.provision_id: one for one in pool}
        out = []
        near = self._asked.near(query, self._library, on)
        if near:  # of documents nobody has asked about yet, what the question repeats stands for likeness
            unasked = [one for one in pool if one.document_id.partition("/")[0] not in self._asked.works]
            best = max(near.values())
            for one in sorted(unasked, key=lambda c: -c.lexical)[:_UNASKED]:
                cover = self._asked.cover(query, self._library.provision(one.provision_id).text)
                out.append(replace(one, asked=best * cover))
        for provision_id, likeness in near.items():
            owner = self._library.provision(provision_id)
            if owner.document_id not in allowed or provision_id in taken:
                continue
            article = f"{owner.document_id}/{owner.article}" if owner.article else ""
            unit = of_unit.get(provision_id) or of_unit.get(article)
            base = unit or Candidate("", owner.document_id, authority=self._authority_of(generation, owner.document_id))
            inside = article if article != provision_id and near.get(article, 0.0) <= likeness else ""
            out.append(replace(base, provision_id=provision_id, asked=likeness, twin="", within=inside))
        return out

    @staticmethod
    def _authority_of(generation: Generation, document_id: str) -> float:
        rows = generation.rows_of.get(document_id)
        return generation.authority[generation.owners[rows[0]]] if rows is not None and len(rows) else 0.0

    def _phrase_keys(self, generation: Generation, references: References, allowed: frozenset[str]) -> Iterable[int]:
        for phrase in references.phrases:
            for hit in generation.lexical.phrase(phrase, 50):
                if self._owner(generation, hit.key) in allowed:
                    yield hit.key

    @staticmethod
    def _candidate(generation: Generation, key: int, lexical: float = 0.0, dense: float = 0.0) -> Candidate:
        row = generation.row[key]
        document = generation.document_of(row)
        return Candidate(
            generation.provisions[row], document.id, lexical, dense, generation.authority[generation.owners[row]],
            twin=generation.twins[row], newness=document.newness,
        )  # fmt: skip

    @staticmethod
    def _owner(generation: Generation, key: int) -> str:
        row = generation.row.get(key)
        return "" if row is None else generation.document_of(row).id

    # --- generations ---------------------------------------------------------------------------------------------

    def _mark(self) -> tuple[int, int]:
        try:
            status = (self._settings.index_dir / "CURRENT").stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_ino

    def _current(self) -> Generation:
        """The serving generation; a swap is noticed by the CURRENT file, one stat a search."""
        mark = self._mark()
        if mark in {self._seen, (0, 0)}:
            return self._generation
        with self._lock:
            if mark != self._seen:
                if current_name(self._settings.index_dir) != self._generation.name:
                    opened = open_current(self._settings, Lexicon.read(self._settings.corpus_dir / "lexicon"))
                    self._refuse_foreign_vectors(opened)
                    # The one just replaced stays open: another thread may be searching it. The one before it is done.
                    for done in self._replaced:
                        done.close()
                    self._replaced = [self._generation]
                    self._generation = opened
                    log.info("index %s opened", opened.name)
                self._seen = mark
        return self._generation

    def _refuse_foreign_vectors(self, generation: Generation) -> None:
        if generation.stamp["embedder"] != self._embedder.fingerprint:
            raise IndexDamaged("索引是用另一个向量模型建立的。", hint="请运行 minggui corpus index 重建索引。")
