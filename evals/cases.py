"""Cases: one JSON object a line, checked once by pydantic here, frozen after that. `lint.py` judges what they say.

Three suites, told by the file's name: `ask-*.jsonl` (questions → verdict, citations), `retrieval-*.jsonl` (questions →
provisions) and `review-*.jsonl` (draft notices → findings). The part after the dash is the split: open, blind, …
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.domain import Outcome, Turn
from assistant.errors import BadInput

CASES_DIR = Path(__file__).resolve().parent / "cases"
SUITES = ("ask", "retrieval", "review")
ABSTENTIONS = ("no_basis", "off_topic", "harmful")


class BadCases(BadInput):
    """Case files that cannot be trusted: every complaint as `file:line: what`."""

    code = "bad_cases"


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a case file; prints as file:line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Cite:
    """A place the answer should rest on: a work (or `work/version`) and a label or anchor; "" means the whole document."""

    work: str
    provision: str = ""

    def __str__(self) -> str:
        return f"{self.work}/{self.provision}" if self.provision else self.work


@dataclass(frozen=True, slots=True)
class AskGold:
    verdict: Outcome | None  # None: an open question, or an abstention
    acceptable: tuple[Outcome, ...] = ()  # counted apart from right, never as right
    abstained: str = ""  # no_basis | off_topic | harmful | ""
    cites: tuple[Cite, ...] = ()
    may_cite: tuple[Cite, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    must_say: tuple[str, ...] = ()  # "a|b": one of them is enough
    must_not_say: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingGold:
    kind: str
    span: str  # a substring of the notice


@dataclass(frozen=True, slots=True)
class ReviewGold:
    verdict: Outcome | None
    acceptable: tuple[Outcome, ...] = ()
    findings: tuple[FindingGold, ...] = ()
    may_find: tuple[str, ...] = ()  # kinds that are neither expected nor wrong


@dataclass(frozen=True, slots=True)
class AskCase:
    id: str
    question: str
    gold: AskGold
    context: tuple[Turn, ...] = ()  # oldest first
    as_of: date | None = None
    region: str | None = None
    why: str = ""
    strata: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    where: Where = Where("", 0)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class SearchCase:
    id: str
    question: str
    cites: tuple[Cite, ...]
    as_of: date | None = None
    why: str = ""
    strata: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    where: Where = Where("", 0)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ReviewCase:
    id: str
    text: str
    gold: ReviewGold
    organizer: str = ""
    as_of: date | None = None
    why: str = ""
    strata: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    where: Where = Where("", 0)
    digest: str = ""


Case = AskCase | SearchCase | ReviewCase


# --- the rim: what a line may look like -------------------------------------------------------------------------------

_Text = Annotated[str, Field(min_length=1)]


def _as_text(value: Any) -> Any:
    """Facts compare as text, so 3, true and "yes" may all be written in a case."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int | float) else value


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _CiteIn(_Line):
    work: _Text
    provision: str = ""
    anchor: str = ""


class _TurnIn(_Line):
    role: Literal["user", "assistant"]
    content: _Text


class _AskGoldIn(_Line):
    verdict: Outcome | None
    acceptable: list[Outcome] = []
    abstained: Literal["no_basis", "off_topic", "harmful"] | None = None
    cites: list[_CiteIn] = []
    may_cite: list[_CiteIn] = []
    facts: dict[str, Annotated[str, BeforeValidator(_as_text)]] = {}
    must_say: list[_Text] = []
    must_not_say: list[_Text] = []


class _CaseIn(_Line):
    id: _Text
    as_of: date | None = None
    why: str = ""
    strata: dict[str, str] = {}
    author: str = ""


class _AskIn(_CaseIn):
    question: _Text
    context: list[_TurnIn] = []
    region: str | None = None
    gold: _AskGoldIn


class _SearchGoldIn(_Line):
    cites: Annotated[list[_CiteIn], Field(min_length=1)]


class _SearchIn(_CaseIn):
    question: _Text
    gold: _SearchGoldIn


class _FindingIn(_Line):
    kind: _Text
    span: _Text


class _ReviewGoldIn(_Line):
    verdict: Outcome | None
    acceptable: list[Outcome] = []
    findings: list[_FindingIn] = []
    may_find: list[_Text] = []


class _ReviewIn(_CaseIn):
    text: _Text
    organizer: str = ""
    gold: _ReviewGoldIn


_RIMS: dict[str, type[_CaseIn]] = {"ask": _AskIn, "retrieval": _SearchIn, "review": _ReviewIn}


def suite_of(path: Path) -> tuple[str, str]:
    """`ask-open.jsonl` → ("ask", "open"). Raises BadCases for a name outside the convention."""
    suite, _, split = path.stem.partition("-")
    if suite not in SUITES or not split:
        raise BadCases(f"评测用例文件名不合规矩：{path.name}",
                       hint="文件名应为 ask-…、retrieval-… 或 review-… 加 .jsonl，例如 ask-open.jsonl。")  # fmt: skip
    return suite, split


def case_files(directory: Path = CASES_DIR) -> list[Path]:
    """Every case file, in name order."""
    return sorted(path for path in directory.glob("*.jsonl") if path.stem.partition("-")[0] in SUITES)


def digest_of(raw: Mapping[str, Any]) -> str:
    """What a score was given for: the input and the gold, without `why`, `strata` and `author`. 12 hex digits."""
    kept = {key: value for key, value in raw.items() if key not in {"why", "strata", "author"}}
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def parse_lines(text: str, suite: str, name: str) -> Iterator[Case | tuple[Where, str]]:
    """Cases in file order; a line that cannot be read gives (where, complaint) in its place. Empty lines are skipped."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = Where(name, number)
        try:
            raw = json.loads(line)
            read = _RIMS[suite].model_validate(raw)
        except json.JSONDecodeError as error:
            yield where, f"不是一行完整的 JSON（{error.msg}，第 {error.colno} 列）"
        except ValidationError as error:
            for problem in error.errors():
                path = ".".join(str(step) for step in problem["loc"]) or "（整行）"
                given = f"，写的是 {problem['input']!r}" if isinstance(problem["input"], str) else ""
                yield where, f"{path}:{problem['msg']}{given}"
        else:
            yield _to_case(read, where, digest_of(raw))


def read_cases(path: Path) -> list[Case]:
    """All cases of one file. Raises BadCases naming every bad line."""
    suite, _ = suite_of(path)
    if not path.is_file():
        raise BadCases(
            f"没有评测用例文件 {path.name}",
            hint=f"现有：{'、'.join(p.name for p in case_files(path.parent)) or '无'}。",
        )
    cases: list[Case] = []
    complaints: list[str] = []
    for item in parse_lines(path.read_text(encoding="utf-8"), suite, path.name):
        if isinstance(item, tuple):
            complaints.append(f"{item[0]}: {item[1]}")
        else:
            cases.append(item)
    if complaints:
        raise BadCases("\n".join(complaints), hint="按行改正后再运行；每行一个 JSON 对象，字段见 evals/README.md。")
    return cases


def inputs_of(case: Case, today: date) -> dict[str, Any]:
    """What a target is given: the batch line of the contract, always dated so that a run can be repeated."""
    as_of = (case.as_of or today).isoformat()
    if isinstance(case, ReviewCase):
        given: dict[str, Any] = {"id": case.id, "text": case.text, "as_of": as_of}
        return given | ({"organizer": case.organizer} if case.organizer else {})
    given = {"id": case.id, "question": case.question, "as_of": as_of}
    if isinstance(case, AskCase):
        given["context"] = [{"role": turn.role, "content": turn.content} for turn in case.context]
        if case.region:
            given["region"] = case.region
    return given


def _cites(lines: list[_CiteIn]) -> tuple[Cite, ...]:
    return tuple(Cite(line.work, line.provision or line.anchor) for line in lines)


def _to_case(read: _CaseIn, where: Where, digest: str) -> Case:
    common: dict[str, Any] = {"id": read.id, "as_of": read.as_of, "why": read.why, "strata": dict(read.strata),
                              "author": read.author, "where": where, "digest": digest}  # fmt: skip
    if isinstance(read, _AskIn):
        gold = read.gold
        return AskCase(
            question=read.question,
            context=tuple(Turn(turn.role, turn.content) for turn in read.context),
            region=read.region,
            gold=AskGold(
                verdict=gold.verdict,
                acceptable=tuple(gold.acceptable),
                abstained=gold.abstained or "",
                cites=_cites(gold.cites), may_cite=_cites(gold.may_cite), facts=dict(gold.facts),
                must_say=tuple(gold.must_say), must_not_say=tuple(gold.must_not_say),
            ),
            **common,
        )  # fmt: skip
    if isinstance(read, _SearchIn):
        return SearchCase(question=read.question, cites=_cites(read.gold.cites), **common)
    assert isinstance(read, _ReviewIn)
    return ReviewCase(
        text=read.text,
        organizer=read.organizer,
        gold=ReviewGold(
            verdict=read.gold.verdict,
            acceptable=tuple(read.gold.acceptable),
            findings=tuple(FindingGold(item.kind, item.span) for item in read.gold.findings),
            may_find=tuple(read.gold.may_find),
        ),
        **common,
    )
