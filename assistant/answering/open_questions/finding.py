"""From a question to the stretches that answer it: named documents and retrieval give provisions, every stretch of them
is scored by its words, its meaning and the shape that is wanted. Decides nothing about wording.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.answering.open_questions.asking import (
    CEILING_SHAPE,
    LOCAL_SLOT,
    REGIMES,
    Want,
    quantities,
    wants_ceiling,
)
from assistant.answering.open_questions.matching import (
    Meaning,
    Term,
    WordWeights,
    heard,
    outside_class,
    plain,
    terms_of,
    weight_of,
    weighted,
)
from assistant.answering.open_questions.naming import DocumentNames, Named
from assistant.answering.open_questions.stretches import Stretch, stretches_of
from assistant.domain import Document, Level, Passage, Provision, TextStatus
from assistant.errors import NotFound
from assistant.library import Library
from assistant.library.names import sees
from assistant.retrieval.embedder import StaticVectors
from assistant.text.fold import folded

if TYPE_CHECKING:
    from assistant.retrieval.hybrid import HybridRetriever

DEPTH = 30  # provisions looked at
_WORDS, _CLAUSE, _OWN, _MEANING, _FOUND = 0.6, 0.18, 0.35, 0.7, 0.35
_ASKED, _ASKED_FROM, _ASKED_TOP = 4.0, 0.15, 0.6  # a known question counts for much, and no more than so
_WORD_FOR_WORD, _REPEATED = 0.95, 1.2
_SHAPE, _QUANTITY, _DEFINES, _NAMED, _MENTIONED = 0.35, 0.2, 0.4, 0.5, 0.2
_SHARES = (
    1.0,
    0.6,
    0.5,
    0.3,
)  # a word in the stretch, its provision, its title and headings, elsewhere in the document
_DEONTIC = 0.15  # may or may not: many sentences say so, so it counts less than a figure
_BESIDE = 0.6  # weight of words outside the clause that asks
_OWN_SHARES = (1.0, 0.7)  # for what a stretch says alone: itself, its document's title
_ABOUT = 0.4  # weight of what was said before against what is asked now
_MODEL_PENALTY = 0.16  # the shipped sample documents stand behind everything real
_POINT_PENALTY = 0.03  # a note about a document nobody read stands behind an article
_LEVEL_PENALTY = 0.02
_ROW_PENALTY = 0.5  # rows of tables are looked up, not read, unless their document is named
_REGIME_PENALTY = 0.25
_CLASS_PENALTY = 0.3
_CAVEAT_PENALTY = 0.15  # a sentence that says we have not read it
_CAVEAT = re.compile(r"未收录|未读到|不得据此引用|没有收录|不是条文")
_WORKS_READ = 200
_ENOUGH_WEIGHT = 5.0  # a clause with this much to say is judged by itself
_CALLED = re.compile(r"^.{0,6}所称(?:的)?|^以下|^下列")
_DRESS = re.compile(r"(?:活动|项目|制度)?(?:的)?(?:种类)?[,:]?(?:以及|所)?$")
_TITLE_DRESS = re.compile(r"活动管理.*$|管理办法.*$|\(.*\)$")
_MEANS = re.compile(r"是指|指|,是|是|,要同时具备|限于|包括|即|管的是")
_KINDS_OF = re.compile(r"分为?|包括|有[一二三四五六七八九十\d]+[种类个级档]|种类为|为|指以|下列|有:")
_NAMED_SO = re.compile(r"(?:即|称为|统称|叫作|通常说的)\"?([\u4e00-\u9fff]{2,12})\"?")
_SAME_SUBJECT, _SURE = 0.6, 0.5
_WHOLE_LIST, _LIST_ITEM = 0.1, 0.3  # who asks for a list is not answered by one item of it
_EMPTY_ITEM = 0.2
_LIST_PENALTY = 0.05  # who asks about one act is answered by the item on it, when there is one
_UNLICENSED_MATCH, _UNLICENSED_MISS = (
    0.15,
    0.25,
)  # what happens to those who never registered is not what happens to those who did
_UNLICENSED = re.compile(r"没有登记|未经登记|没有经过安全许可|擅自成立")
_UNLICENSED_ASK = re.compile(r"登记|许可|没批|未批|没办|不办|没拿到|无证|冒用|假冒")


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch with its document, its score, and what of the question it covers (0 to 1)."""

    stretch: Stretch
    document: Document
    score: float
    covered: float  # by the stretch, its provision, its headings and its document together
    own: float  # by the stretch alone
    shaped: bool
    defines: bool = False
    whole: float = 0.0  # of the whole question, by the stretch alone
    asked: float = 0.0  # how like the question is to known ones that the provision answers


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything gathered for one question, before it is ranked for one thing wanted."""

    question: str
    before: str  # what was said before
    terms: tuple[Term, ...]
    about: tuple[Term, ...]
    expansions: Mapping[str, tuple[str, ...]]
    named: Named
    rows: tuple[
        tuple[Stretch, Document, float, float, float], ...
    ]  # …, retrieval score, likeness to known questions, cosine


@dataclass(slots=True)
class _Asked:
    """One thing wanted while stretches are scored for it; remembers what long texts say of its terms."""

    pool: Pool
    want: Want
    clause: Sequence[Term]
    amounts: Mapping[str, list[int]]
    terms: Sequence[Term]
    held: dict[str, dict[str, float]] = field(default_factory=dict)

    def hear(self, key: str, text: Callable[[], str]) -> dict[str, float]:
        if key not in self.held:
            self.held[key] = heard(self.terms, plain(text()))
        return self.held[key]


@dataclass(slots=True)
class Shelf:
    """What is remembered of one library revision."""

    revision: int
    names: DocumentNames
    weights: WordWeights
    regions: tuple[str, ...]
    below: dict[str, dict[str, list[Provision]]] = field(default_factory=dict)
    cut: dict[str, list[Stretch]] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)


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
            texts = [(d.work, p.text) for d, p in self._library.every_provision() if not p.parent]
            held = Shelf(
                self._library.revision,
                DocumentNames(documents, _bodies(texts)),
                WordWeights([text for _, text in texts]),
                tuple(dict.fromkeys(d.region for d in documents)),
            )
            self._shelf = held
        return held

    def gather(
        self, question: str, named: Named, *, on: date, about: str = "", within: Sequence[str] = (),
        also: Sequence[str] = (),
    ) -> Pool:  # fmt: skip
        """Stretches of the provisions in force on the day that may bear on the question.

        `about` is what the conversation was about before; `within` keeps to these documents; `also` are further wordings
        of what is looked for.
        """
        shelf, retriever = self.shelf, self._retriever()
        query = f"{question} {about}".strip() if about else question
        expansions = retriever.lexical.read(query).expansions
        terms = terms_of(_without(question, named), shelf.weights, expansions)
        official = [one for t in terms if t.same and not shelf.weights.known(t.word) for one in t.same]
        if official:  # the indexes cannot know that 名字 is 名称
            also = (*also, " ".join([question, *dict.fromkeys(official)]))
        found: list[tuple[Stretch, Document, float, float]] = []
        for provision, document, score, asked in self._provisions(query, named, on=on, within=within, also=also):
            found += [(stretch, document, score, asked) for stretch in self._stretches(shelf, provision)]
        cosines = self._cosines(query, [stretch.full for stretch, *_ in found])
        return Pool(
            question,
            about,
            terms,
            tuple(replace(t, weight=t.weight * _ABOUT) for t in terms_of(about, shelf.weights, expansions)),
            expansions,
            named,
            tuple((*row, cosine) for row, cosine in zip(found, cosines, strict=True)),
        )

    def rank(self, pool: Pool, want: Want) -> list[Found]:
        """The gathered stretches for one thing wanted, best first; [] when nothing was gathered."""
        shelf = self.shelf
        clause = terms_of(_without(want.clause, pool.named), shelf.weights, pool.expansions)
        said = {term.word for term in clause}
        # What another clause asks for is not what this one asks for.
        terms = tuple(t if t.word in said else replace(t, weight=t.weight * _BESIDE) for t in pool.terms)
        pool = replace(pool, terms=terms if clause else pool.terms)
        rows = pool.rows
        if want.kind in LOCAL_SLOT:  # a row's figures are that matter's own: only where the row itself is named
            rows = tuple(
                r for r in rows
                if not r[0].provision.columns or r[1].id in pool.named.documents or _is_named(r[0].provision, pool.question)
            )  # fmt: skip
        asked = _Asked(
            pool,
            want,
            clause,
            quantities(pool.question),
            tuple({t.word: t for t in (*pool.terms, *pool.about, *clause)}.values()),
        )
        found = [self._score(asked, *row) for row in rows]
        return sorted(found, key=lambda f: (-f.score, f.document.id, f.stretch.provision.ordinal, f.stretch.order))

    def find(self, question: str, want: Want, named: Named, *, on: date, within: Sequence[str] = ()) -> list[Found]:
        """Gather and rank in one step."""
        return self.rank(self.gather(question, named, on=on, within=within), want)

    def terms(self, text: str) -> tuple[Term, ...]:
        """The telling words of a text."""
        return terms_of(text, self.shelf.weights, self._retriever().lexical.read(text).expansions)

    def smallest(self, provision: Provision, text: str) -> Provision:
        """The smallest held provision whose text holds these words: a paragraph rather than its article."""
        below = self._below(self.shelf, provision.document_id)
        best, searching = provision, True
        while searching:
            searching = False
            for child in below.get(best.id, ()):
                if text in child.text:
                    best, searching = child, True
                    break
        return best

    # ── the steps ──

    def _rankings(
        self, query: str, named: Named, *, on: date, within: Sequence[str], also: Sequence[str]
    ) -> Iterator[list[Passage]]:
        search = self._retriever().search
        for document_id in list(within or named.documents)[:3]:
            yield search(query, 2 * DEPTH, on=on, region=self._region, document=document_id)
        if not within:
            for wording in (query, *also):
                yield search(wording, 2 * DEPTH, on=on, region=self._region)

    def _provisions(
        self, query: str, named: Named, *, on: date, within: Sequence[str], also: Sequence[str]
    ) -> list[tuple[Provision, Document, float, float]]:
        scores: dict[str, float] = {}
        asked: dict[str, float] = {}
        for passages in self._rankings(query, named, on=on, within=within, also=also):
            by_wording = sorted(passages, key=_without_asked, reverse=True)[:DEPTH]
            by_questions = [p for p in passages if p.why.get("likeness", 0.0) > _ASKED_FROM]
            for passage in (*by_wording, *by_questions):
                scores.setdefault(passage.provision_id, _without_asked(passage))
                asked.setdefault(passage.provision_id, passage.why.get("likeness", 0.0))
        top = min(max(scores.values(), default=1.0), 2.0) or 1.0
        out = []
        for provision_id, score in scores.items():
            try:
                provision = self._library.provision(provision_id)
                document = self._library.document(provision.document_id)
            except NotFound:
                continue
            out.append((provision, document, min(score / top, 1.0), asked[provision_id]))
        return out

    @staticmethod
    def _stretches(shelf: Shelf, provision: Provision) -> list[Stretch]:
        held = shelf.cut.get(provision.id)
        if held is None:
            if len(shelf.cut) > 20_000:  # bounded
                shelf.cut.clear()
            held = shelf.cut[provision.id] = stretches_of(provision)
        return held

    def _below(self, shelf: Shelf, document_id: str) -> Mapping[str, Sequence[Provision]]:
        held = shelf.below.get(document_id)
        if held is None:
            if len(shelf.below) > 500:  # bounded
                shelf.below.clear()
            gathered: defaultdict[str, list[Provision]] = defaultdict(list)
            for provision in self._library.provisions(document_id):
                article = f"{document_id}/{provision.article}"
                if provision.parent:
                    gathered[provision.parent].append(provision)
                elif provision.article and article != provision.id:
                    gathered[article].append(provision)
            held = shelf.below[document_id] = dict(gathered)
        return held

    def _body(self, document_id: str) -> str:
        """All a document says, for asking whether it speaks of something at all."""
        bodies = self.shelf.bodies
        if document_id not in bodies:
            if len(bodies) > 200:  # bounded
                bodies.clear()
            texts = (p.text for p in self._library.provisions(document_id) if not p.parent)
            bodies[document_id] = plain(" ".join(texts)[:200_000])
        return bodies[document_id]

    def _cosines(self, query: str, texts: Sequence[str]) -> list[float]:
        if self._meaning is None:
            _, embedder = self._retriever().dense_parts()
            self._meaning = Meaning(embedder if isinstance(embedder, StaticVectors) else None)
        return self._meaning.cosines(query, texts)

    def _score(
        self, asked: _Asked, stretch: Stretch, document: Document, found: float, likeness: float, cosine: float
    ) -> Found:
        pool, want, clause = asked.pool, asked.want, asked.clause
        own = plain(stretch.full)
        inside = heard(asked.terms, own)
        title = asked.hear(document.id, lambda: f"{document.title} {' '.join(document.aliases)}")
        if stretch.provision.path:
            path = asked.hear("/".join(stretch.provision.path), lambda: " ".join(stretch.provision.path))
            title = {**title, **path}
        texts = (
            inside, asked.hear(stretch.provision.id, lambda: stretch.provision.text), title,
            asked.hear(f"{document.id} ", lambda: self._body(document.id)),
        )  # fmt: skip
        spoken = pool.terms if weight_of(pool.terms) >= _ENOUGH_WEIGHT else (*pool.terms, *pool.about)
        covered = weighted((*pool.terms, *pool.about), texts, _SHARES)
        clause_covered = weighted(clause, texts, _SHARES) if clause else covered
        # Inside a regulation on associations no article says “association” again: its title says it for all of them.
        alone = weighted(pool.terms or pool.about, (inside, title), _OWN_SHARES)
        clause_alone = weighted(clause, (inside, title), _OWN_SHARES) if clause else alone
        shaped = shape_fits(stretch, want, pool.question)
        defines = (
            _definition_share(stretch.full, want, document.title)
            if want.kind in ("definition", "list", "count")
            else 0.0
        )
        score = (
            _WORDS * covered + _CLAUSE * clause_covered + _OWN * (0.5 * alone + 0.5 * clause_alone)
            + _MEANING * max(cosine, 0.0) + _FOUND * found + _ASKED * min(max(likeness - _ASKED_FROM, 0.0), _ASKED_TOP)
        )  # fmt: skip
        if want.shape and shaped and alone >= _WORD_FOR_WORD:
            score += _REPEATED  # no likeness to another question says more
        if want.shape and shaped:
            score += _DEONTIC if want.kind == "allowed" else _SHAPE
        score += _DEFINES * defines
        if stretch.lead and not heard(pool.terms, plain(stretch.text)):
            score -= _EMPTY_ITEM  # what matched stands in the lead: the item adds nothing
        if want.kind in ("penalty", "fine", "offence", "allowed"):
            score -= _LIST_PENALTY * bool(stretch.items)
        if want.kind in ("list", "materials", "definition"):
            score += _WHOLE_LIST * bool(stretch.items) - _LIST_ITEM * bool(stretch.lead)
        if _UNLICENSED.search(stretch.full):
            score += _UNLICENSED_MATCH if _UNLICENSED_ASK.search(pool.question) else -_UNLICENSED_MISS
        if asked.amounts and want.kind in ("decider", "fine", "penalty", "allowed", ""):
            score += _QUANTITY if asked.amounts.keys() & quantities(stretch.text).keys() else 0.0
        is_named = document.id in pool.named.documents
        score += (_NAMED if pool.named.strict else _MENTIONED) if is_named else 0.0
        score -= _MODEL_PENALTY if document.text_status is TextStatus.MODEL else 0.0
        score -= _POINT_PENALTY if stretch.provision.label.startswith("要点") else 0.0
        score -= _LEVEL_PENALTY * (document.level is not Level.CENTRAL)
        score -= (
            _CLASS_PENALTY if not is_named and outside_class(document.title, f"{pool.question} {pool.before}") else 0.0
        )
        elsewhere = False
        if not is_named and _other_regime(f"{pool.question} {pool.before}", document.title, own):
            score -= _REGIME_PENALTY
            elsewhere = True
        score -= _ROW_PENALTY if stretch.provision.columns and not is_named else 0.0
        score -= _CAVEAT_PENALTY if _CAVEAT.search(f"{stretch.text} {stretch.note}") else 0.0
        whole = alone
        if pool.about:
            covered = max(covered, weighted(spoken, texts, _SHARES))
        if clause and weight_of(clause) >= max(_ENOUGH_WEIGHT, 0.5 * weight_of(pool.terms)):
            covered, alone = max(covered, clause_covered), max(alone, clause_alone)
        # ai, app, ppp: what is asked about is not spoken of
        unheard = any(t.word.isascii() and t.word not in inside for t in pool.terms)
        if elsewhere or unheard:
            covered, alone = covered / 2, alone / 2
        return Found(stretch, document, score, covered, alone, shaped, defines >= _SURE, whole, likeness)


def _without_asked(passage: Passage) -> float:
    return passage.score - passage.why.get("asked", 0.0)


def shape_fits(stretch: Stretch, want: Want, question: str) -> bool:
    """Whether the stretch holds what is wanted: a number with the unit asked for, a limit when a limit is asked for."""
    if not want.shape:
        return True
    if want.kind == "list" and stretch.items:
        return True
    if not re.search(want.shape, stretch.full):
        return False
    return not (want.kind == "prize" and wants_ceiling(question)) or bool(CEILING_SHAPE.search(stretch.text))


def _definition_share(text: str, want: Want, title: str) -> float:
    """How surely a sentence opens with the thing asked about and says what it is, or what kinds of it there are: 0 to 1."""
    opening, clause = plain(text)[:48], plain(want.clause)
    if opening.startswith("管的是"):
        opening = f"{_TITLE_DRESS.sub('', plain(title))}{opening}"  # a note on a document says “it governs …”
    best = 0.0
    named = _NAMED_SO.search(plain(text))
    if named and want.kind == "definition" and named[1] in clause:
        return 1.0
    for found in (_KINDS_OF if want.kind in ("list", "count") else _MEANS).finditer(opening):
        subject = _DRESS.sub("", _CALLED.sub("", opening[: found.start()]))
        if not 2 <= len(subject) <= 20:
            continue
        pairs = {subject[i : i + 2] for i in range(len(subject) - 1)}
        share = sum(pair in clause for pair in pairs) / len(pairs)
        if share < _SAME_SUBJECT and not (len(subject) >= 4 and clause.startswith(subject[:4])):
            continue
        best = max(best, min(1.0, share * len(subject) / 4))
    return best


def _other_regime(spoken: str, title: str, own: str) -> bool:
    """Creation and commendation are two regimes: what is said of one only does not answer for the other."""
    asked = [bool(cue.search(spoken)) for cue in REGIMES]
    if sum(asked) != 1:
        return False
    mine, other = REGIMES if asked[0] else REGIMES[::-1]
    about = own if other.search(own) or mine.search(own) else title
    return bool(other.search(about)) and not mine.search(about)


def _without(text: str, named: Named) -> str:
    if not named.strict:
        return text
    for words in named.words:
        text = text.replace(words, " ")
    return text


def _bodies(texts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(work, all it says), of at most so many works that building stays quick."""
    gathered: defaultdict[str, list[str]] = defaultdict(list)
    for work, text in texts:
        if work in gathered or len(gathered) < _WORKS_READ:
            gathered[work].append(text)
    return [(work, plain(" ".join(parts)[:100_000])) for work, parts in gathered.items()]


def _is_named(row: Provision, question: str) -> bool:
    """Whether a cell of this row stands in the question, long enough to mean the row."""
    return any(len(cell) >= _CELL and cell in question for cell in (folded(value) for _, value in row.columns))


_CELL = 5  # code points; shorter cells are kinds (创建示范) or words of the heading, not the matter


def visible(documents: Iterable[Document], region: str, on: date) -> list[Document]:
    """Documents in force on the day that somebody of this region is under."""
    return [d for d in documents if d.maybe_in_force(on) and sees(region, d.region)]
