"""Accepted numbers: what a later run is held against. Written only by `accept`, by a named person, for a stated reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import BadInput, NotFound
from evals.records import Run
from evals.summary import summarise

ACCEPTED_DIR = Path(__file__).resolve().parent / "accepted"
HISTORY = "history.jsonl"


@dataclass(frozen=True, slots=True)
class AcceptedCase:
    digest: str
    scores: Mapping[str, float]  # scored measures only


@dataclass(frozen=True, slots=True)
class Accepted:
    suite: str
    split: str
    who: str
    why: str
    at: str
    fingerprint: str
    cases_sha256: str
    cases: Mapping[str, AcceptedCase]
    totals: Mapping[str, float | None]


def accept(run: Run, who: str, why: str, *, directory: Path = ACCEPTED_DIR) -> Path:
    """Make this run the one to compare with and return the file written.

    Raises BadInput for a run that is unfinished, has crashed cases or no fingerprint, or without a name and a reason.
    """
    if not who.strip() or not why.strip():
        raise BadInput("认可评测结果要写明谁认可、为什么。", hint="加 --who 姓名 --why 理由。")
    if not run.complete or run.crashed:
        raise BadInput(
            f"这次评测没有跑完整：{len(run.records)}/{run.meta.cases} 条，崩溃 {len(run.crashed)} 条。",
            hint="接着跑完、没有崩溃后再认可。",
        )
    if not run.meta.fingerprint:
        raise BadInput("这次评测没有记下产品指纹，以后无从比较。", hint="被测目标的答复应带 fingerprint。")
    summary = summarise(run)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    totals = {name: one.mean for name, one in summary.totals.items()}
    head = {
        "suite": run.meta.suite, "split": run.meta.split, "who": who.strip(), "why": why.strip(), "at": at,
        "fingerprint": run.meta.fingerprint, "target": run.meta.target, "cases_sha256": run.meta.cases_sha256,
        "totals": totals, "macro_f1": summary.macro_f1.value,
    }  # fmt: skip
    lines = [json.dumps(record.id, ensure_ascii=False) + ": " + json.dumps(
        {"digest": record.digest, "scores": {name: score.value for name, score in record.scores.items() if score.value is not None}},
        ensure_ascii=False) for record in run.records]  # fmt: skip
    path = directory / f"{run.meta.suite}-{run.meta.split}.json"
    directory.mkdir(parents=True, exist_ok=True)
    # One case a line, so that what an acceptance changes can be read in a diff.
    body = (
        json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "cases": {\n  ' + ",\n  ".join(lines) + "\n }\n}\n"
    )
    path.write_text(body, encoding="utf-8")
    with (directory / HISTORY).open("a", encoding="utf-8") as history:
        history.write(json.dumps(head, ensure_ascii=False) + "\n")
    return path


def read_accepted(suite: str, split: str, directory: Path = ACCEPTED_DIR) -> Accepted:
    """Raises NotFound when nothing was accepted yet."""
    path = directory / f"{suite}-{split}.json"
    if not path.is_file():
        raise NotFound(
            f"{suite}-{split} 还没有认可过的结果，无从比较。",
            hint="看过报告后，运行 minggui eval accept --who … --why …。",
        )
    row = json.loads(path.read_text(encoding="utf-8"))
    cases = {case_id: AcceptedCase(one["digest"], one["scores"]) for case_id, one in row["cases"].items()}
    return Accepted(
        row["suite"],
        row["split"],
        row["who"],
        row["why"],
        row["at"],
        row["fingerprint"],
        row["cases_sha256"],
        cases,
        row["totals"],
    )
