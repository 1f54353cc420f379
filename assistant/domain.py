"""The nouns of the house, all frozen. No I/O, no framework; everything above imports this and this imports nothing of ours.

Documents and provisions come from `ingest` through `library`; facts from `answering`; rules and verdicts from `rules`;
passages from `retrieval`; answers go out through `render`. Words are settled in corpus/glossary.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """Who issued a document, or who runs an activity, highest first."""

    CENTRAL = "central"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def rank(self) -> int:
        """0 is the highest."""
        return list(Level).index(self)


class TextStatus(StrEnum):
    """How far the words in the library are the words of the source. Only an original is shown in quotation marks."""

    ORIGINAL = "original"
    PARAPHRASE = "paraphrase"  # written by us from checked facts; numbers and article labels carry over
    MODEL = "model"  # the fictional XX省XX市XX区 documents: may forbid or require, never permit


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year; or not at all (`value` None)."""

    value: date | None = None
    precision: Precision = Precision.UNKNOWN

    @classmethod
    def parse(cls, text: str | None) -> PartialDate:
        """Read '2022', '2022-04' or '2022-04-20'; None or '' is unknown. Raises ValueError on anything else."""
        if not text:
            return cls()
        parts = [int(part) for part in text.split("-")]
        precision = {1: Precision.YEAR, 2: Precision.MONTH, 3: Precision.DAY}.get(len(parts))
        if precision is None:
            raise ValueError(text)
        year, month, day = ([*parts, 1, 1])[:3]
        return cls(date(year, month, day), precision)

    def __str__(self) -> str:
        if self.value is None:
            return ""
        return self.value.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(self.precision, 10)]

    @property
    def earliest(self) -> date:
        """First day it could mean; unknown gives date.min."""
        return self.value or date.min

    @property
    def latest(self) -> date:
        """Last day it could mean; unknown gives date.max."""
        if self.value is None:
            return date.max
        if self.precision is Precision.YEAR:
            return date(self.value.year, 12, 31)
        if self.precision is Precision.MONTH:
            following = date(self.value.year + self.value.month // 12, self.value.month % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1)
        return self.value


class DocumentStatus(StrEnum):
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"  # replaced by a later version or another work
    REPEALED = "repealed"
    RETIRED = "retired"  # taken out of use by the policy office; may be restored


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one work, e.g. id `chuangjian-shifan/2022` = work `chuangjian-shifan`, version `2022`."""

    work: str
    version: str
    title: str  # without 《》
    level: Level
    document_number: str = ""  # 发文字号, brackets unified to 〔〕
    issuer: str = ""
    region: str = "全国"  # 全国, or e.g. XX省 / XX省XX市 / XX省XX市XX区
    issued_on: PartialDate = PartialDate()
    effective_on: PartialDate = PartialDate()
    repealed_on: PartialDate = PartialDate()  # first day it is no longer in force
    status: DocumentStatus = DocumentStatus.IN_FORCE
    supersedes: tuple[str, ...] = ()  # document ids
    text_status: TextStatus = TextStatus.ORIGINAL
    complete: bool = True  # are all articles held?
    known_articles: int | None = None  # how many articles the work has, when that is known though not all are held
    aliases: tuple[str, ...] = ()  # other names people use for it
    note: str = ""  # shown to readers: where it was checked, what is missing
    content_hash: str = ""  # sha256 of the original bytes; "" for a document made in memory

    @property
    def id(self) -> str:
        return f"{self.work}/{self.version}"

    def in_force(self, on: date) -> bool:
        """Certainly in force on that day: after the latest possible start and before the earliest possible end.

        A document without an effective date counts from its date of issue; without either it counts as in force
        unless its status says otherwise.
        """
        if self.status is DocumentStatus.RETIRED:
            return False
        start = self.effective_on if self.effective_on.value else self.issued_on
        if start.value and start.latest > on:
            return False
        if self.repealed_on.value:
            return on < self.repealed_on.earliest
        return self.status is DocumentStatus.IN_FORCE

    def maybe_in_force(self, on: date) -> bool:
        """Certainly or possibly in force on that day (an uncertain window of a month- or year-precision date)."""
        if self.status is DocumentStatus.RETIRED:
            return False
        start = self.effective_on if self.effective_on.value else self.issued_on
        if start.value and start.earliest > on:
            return False
        if self.repealed_on.value:
            return on < self.repealed_on.latest
        return self.status is DocumentStatus.IN_FORCE


@dataclass(frozen=True, slots=True)
class Provision:
    """The smallest unit that can be cited: an article, paragraph, item, table row or a numbered point."""

    document_id: str
    label: str  # as printed: 第四条第一款, 附表1 第12行, 要点三; "" when the number is not known (see locator)
    text: str
    ordinal: int  # position in the document, from 0
    locator: str = ""  # what is shown when label is "": 条号未核
    anchor: str = ""  # a stable name that rules may cite when there is no label
    path: tuple[str, ...] = ()  # headings above it, outermost first: ("第二章 主体", …)
    article: str = ""  # the 条 (or top-level unit) it belongs to, as printed; equals label for an article
    number: tuple[int, ...] = ()  # (article, paragraph, item …) as integers, 0 where a step is absent; () when none
    parent: str = ""  # id of the provision that contains it; "" at the top
    columns: tuple[tuple[str, str], ...] = ()  # for a table row: (header, cell) in order

    @property
    def id(self) -> str:
        return f"{self.document_id}/{self.label or self.anchor or f'~{self.ordinal}'}"

    @property
    def shown_label(self) -> str:
        return self.label or self.locator


@dataclass(frozen=True, slots=True)
class Passage:
    """A provision that retrieval found, with why. Higher score is better; scores of one search are comparable."""

    provision_id: str
    document_id: str
    score: float
    why: Mapping[str, float] = field(default_factory=dict)  # e.g. {"lexical": 1.0, "dense": .41, "prior": .1}


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in one document, exact enough for a reader to check."""

    document_id: str
    document: str  # full title
    document_number: str
    provision: str  # label as printed, or "" with locator
    quote: str  # from the library, whole or a contiguous part
    text_status: TextStatus
    provision_id: str = ""
    locator: str = ""
    level: Level = Level.CENTRAL


class Outcome(StrEnum):
    PROHIBITED = "prohibited"
    APPROVAL_REQUIRED = "approval_required"
    FILING_REQUIRED = "filing_required"
    ALLOWED_NO_PROCEDURE = "allowed_no_procedure"
    OUT_OF_SCOPE = "out_of_scope_of_measures"
    NEEDS_MORE_INFO = "needs_more_info"
    NOT_ANSWERABLE = "not_answerable"

    @property
    def strictness(self) -> int:
        """5 is the strictest; needs_more_info and not_answerable stand outside the order (0)."""
        order = [Outcome.OUT_OF_SCOPE, Outcome.ALLOWED_NO_PROCEDURE, Outcome.FILING_REQUIRED,
                 Outcome.APPROVAL_REQUIRED, Outcome.PROHIBITED]  # fmt: skip
        return order.index(self) + 1 if self in order else 0


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points in one turn of the conversation (turn 0 is the oldest)."""

    start: int
    end: int
    turn: int = 0


class Source(StrEnum):
    SAID = "said"
    PRESUMED = "presumed"
    MODEL = "model"  # read by a language model, when one is plugged in


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of a declared fact and the words it was read from (`said` empty for a presumption)."""

    name: str
    value: str
    said: str = ""
    span: Span | None = None
    source: Source = Source.SAID


@dataclass(frozen=True, slots=True)
class Reason:
    text: str
    rule: str
    effect: str  # decides | warns | lost
    citations: tuple[int, ...] = ()  # indexes into Answer.citations


@dataclass(frozen=True, slots=True)
class Missing:
    """One question that can still change the verdict."""

    fact: str
    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    text: str
    outcome: Outcome | None  # the outcome after following it; None when it changes nothing


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why there is no verdict and no answer: no_basis | off_topic | harmful."""

    why: str
    text: str


@dataclass(frozen=True, slots=True)
class ActivityAnswer:
    """One of several activities in a question."""

    text: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What every door renders. `outcome` is None for an open question and for an abstention."""

    answer_id: str
    question: str
    outcome: Outcome | None
    label: str  # the outcome as shown to people; "" when there is none
    text: str  # the answer itself, ≤ 120 characters of plain official Chinese
    reasons: tuple[Reason, ...] = ()
    citations: tuple[Citation, ...] = ()
    missing: tuple[Missing, ...] = ()
    conditions: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    route: str | None = None
    activities: tuple[ActivityAnswer, ...] = ()
    facts: tuple[Fact, ...] = ()
    abstained: Abstention | None = None
    as_of: date = date.min
    fingerprint: str = ""
    notices: tuple[str, ...] = ()  # banners: model data, uncertain window, stale rule


@dataclass(frozen=True, slots=True)
class Turn:
    role: str  # user | assistant
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    context: tuple[Turn, ...] = ()  # oldest first
    as_of: date | None = None  # None: today
    region: str | None = None


class Severity(StrEnum):
    MUST_NOT = "must_not"
    MUST_FIX = "must_fix"
    ADVISE = "advise"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in a draft notice; start and end are code points in the notice's text."""

    kind: str
    severity: Severity
    span: str
    start: int
    end: int
    message: str
    citations: tuple[Citation, ...] = ()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    outcome: Outcome | None
    label: str
    findings: tuple[Finding, ...]
    answer: Answer | None
    as_of: date = date.min
