"""A run on disk: `run.json` says what was run, `results.jsonl` has one line per case, in the order they finished.

A line is written whole and at once, so a killed run keeps what it had; the half line a kill may leave is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.errors import NotFound
from evals.measures import Score


@dataclass(frozen=True, slots=True)
class Meta:
    suite: str
    split: str
    target: str
    fingerprint: str  # of what answered; "" until the first answer says so
    today: str  # the day cases without `as_of` were asked on; a resumed run keeps it
    cases_sha256: str
    cases: int
    started_at: str
    finished_at: str = ""
    blind_count: int = 0  # how many times this blind file had been run, this one included; 0: not blind

    @property
    def sealed(self) -> bool:
        """Texts of a blind run are not kept: nobody tunes on what nobody can read."""
        return self.blind_count > 0


@dataclass(frozen=True, slots=True)
class Record:
    """One case of a run. `crashed` with an error and no scores is not a wrong answer."""

    id: str
    digest: str  # of the case's input and gold
    where: str
    crashed: str = ""  # the error, or "" for an answer
    wall_ms: float = 0.0
    gold: str = ""
    given: str = ""
    scores: Mapping[str, Score] = field(default_factory=dict)
    strata: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""  # the question or notice, for the report; "" in a blind run
    why: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)  # {} in a blind run
    fingerprint: str = ""

    def to_json(self) -> str:
        row = asdict(self)
        row["scores"] = {name: [score.value, score.reason] for name, score in self.scores.items()}
        return json.dumps(row, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Record:
        row = json.loads(line)
        row["scores"] = {name: Score(value, reason) for name, (value, reason) in row["scores"].items()}
        return cls(**row)

    def without_texts(self) -> Record:
        scores = {name: Score(score.value) for name, score in self.scores.items()}
        return replace(self, asked="", why="", answer={}, scores=scores, crashed=self.crashed and "crashed")


@dataclass(frozen=True, slots=True)
class Run:
    meta: Meta
    records: tuple[Record, ...]  # in order of the case file
    path: Path | None = None

    @property
    def crashed(self) -> list[Record]:
        return [record for record in self.records if record.crashed]

    @property
    def complete(self) -> bool:
        return len(self.records) == self.meta.cases

    def values(self, measure: str) -> dict[str, float]:
        """Scored values by case id."""
        return {record.id: score.value for record in self.records
                if (score := record.scores.get(measure)) is not None and score.value is not None}  # fmt: skip


def write_meta(directory: Path, meta: Meta) -> None:
    path = directory / "run.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(meta), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def read_meta(directory: Path) -> Meta:
    """Raises NotFound when the folder holds no run."""
    path = directory / "run.json"
    if not path.is_file():
        raise NotFound(f"{directory.name} 里没有评测结果。", hint="先运行 minggui eval run。")
    return Meta(**json.loads(path.read_text(encoding="utf-8")))


def read_records(directory: Path) -> list[Record]:
    """Whole lines only; of several lines about one case the last counts (a crash that was tried again)."""
    path = directory / "results.jsonl"
    if not path.is_file():
        return []
    by_id: dict[str, Record] = {}
    for line in path.read_bytes().split(b"\n")[:-1]:  # what follows the last newline is half a line
        record = Record.from_json(line.decode())
        by_id[record.id] = record
    return list(by_id.values())


def drop_half_line(path: Path) -> None:
    """Cut what follows the last newline, so that the next line starts on its own."""
    if path.is_file():
        whole = path.read_bytes()
        if not whole.endswith(b"\n"):
            path.write_bytes(whole[: whole.rfind(b"\n") + 1])


def in_order(records: Iterable[Record]) -> tuple[Record, ...]:
    """By file and line of the case."""

    def key(record: Record) -> tuple[str, int]:
        name, _, line = record.where.rpartition(":")
        return name, int(line or 0)

    return tuple(sorted(records, key=key))


def read_run(directory: Path) -> Run:
    """A finished or unfinished run. Raises NotFound."""
    return Run(read_meta(directory), in_order(read_records(directory)), directory)


def latest_run(runs_dir: Path, suite: str = "", split: str = "") -> Run:
    """The newest run (by start), of a suite and split when named. Raises NotFound when there is none."""
    metas = [(read_meta(path.parent), path.parent) for path in runs_dir.glob("*/run.json")]
    fitting = [(meta.started_at, path.name, path) for meta, path in metas
               if suite in ("", meta.suite) and split in ("", meta.split)]  # fmt: skip
    if not fitting:
        raise NotFound("还没有评测结果。", hint="先运行 minggui eval run。")
    return read_run(max(fitting)[2])
