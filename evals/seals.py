"""The blind split: sealed by its sha256, run only on an explicit word, every run written down before it starts."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.cases import BadCases, suite_of

SEALS = "SEALS.json"
LEDGER = "blind-runs.jsonl"


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_blind(path: Path) -> bool:
    return suite_of(path)[1].startswith("blind")


def read_seals(cases_dir: Path) -> dict[str, dict[str, Any]]:
    path = cases_dir / SEALS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def seal(path: Path, *, by: str, why: str = "") -> str:
    """Seal a case file as it is now and return its sha256. Breaking an earlier seal needs a reason and is kept in the history."""
    if not by.strip():
        raise BadCases("封存要写明是谁封的。", hint="加 --by 姓名。")
    seals = read_seals(path.parent)
    digest, old = sha256_of(path), seals.get(path.name)
    if old and old["sha256"] == digest:
        return digest
    if old and not why.strip():
        raise BadCases(f"{path.name} 已封存，内容又变了。", hint="确需重封的，用 --why 写明原因；否则恢复原文件。")
    history = [*old.get("history", []), {key: old[key] for key in ("sha256", "sealed_at", "by", "why")}] if old else []
    seals[path.name] = {"sha256": digest, "sealed_at": _now(), "by": by.strip(), "why": why.strip(), "history": history}
    (path.parent / SEALS).write_text(
        json.dumps(seals, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return digest


def check_seal(path: Path) -> str:
    """The sha256 of a sealed file. Raises BadCases when it has no seal or is not what was sealed."""
    sealed = read_seals(path.parent).get(path.name)
    if sealed is None:
        raise BadCases(f"{path.name} 是盲测集，还没有封存。", hint="先运行 minggui eval seal。")
    digest = sha256_of(path)
    if sealed["sha256"] != digest:
        raise BadCases(f"{path.name} 与封存时不一致（现 {digest[:12]}，封存 {sealed['sha256'][:12]}）。",
                       hint="恢复封存时的文件；确需改动的，重新封存并写明原因。")  # fmt: skip
    return digest


def blind_runs(accepted_dir: Path, name: str = "") -> list[dict[str, Any]]:
    """Every blind run so far, oldest first; of one case file when named."""
    path = accepted_dir / LEDGER
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if name in ("", row["file"])]


def enter_blind_run(accepted_dir: Path, path: Path, *, target: str, fingerprint: str) -> int:
    """Write a blind run down and return how many there have been of this file, this one included."""
    count = len(blind_runs(accepted_dir, path.name)) + 1
    row = {
        "count": count,
        "at": _now(),
        "file": path.name,
        "sha256": sha256_of(path),
        "target": target,
        "fingerprint": fingerprint,
    }
    accepted_dir.mkdir(parents=True, exist_ok=True)
    with (accepted_dir / LEDGER).open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
