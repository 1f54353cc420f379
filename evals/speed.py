"""How fast and how large: a cold command against a baseline, a running service, engine and reading. `python -m evals.speed`.

Machines differ and are shared, so every time stands beside a baseline of the same run: a Python process that imports
chromadb and opens the same index. Prints JSON on stdout and a table on stderr.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.config import Settings

QUESTION = "我们镇想选一批示范农家乐，打分够了就发牌子，跟区里备个案行吧？"
_BASELINE = """
import sys, chromadb, numpy
from chromadb.config import Settings
client = chromadb.PersistentClient(sys.argv[1], settings=Settings(anonymized_telemetry=False))
held = client.get_collection(client.list_collections()[0].name)
held.query(query_embeddings=held.get(limit=1, include=["embeddings"])["embeddings"], n_results=10)
"""


def _wall(command: Sequence[str], rounds: int) -> tuple[float, float]:
    """(median wall seconds, peak MiB of the last run)."""
    times, peak = [], 0.0
    for _ in range(rounds):
        before = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        times.append(time.perf_counter() - before)
        peak = usage.ru_maxrss / 1024
        if process.returncode:
            raise SystemExit(f"{command[:3]} failed with {process.returncode}")
    return statistics.median(times), peak


def _repeat(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """(median, p95) in milliseconds."""
    times = []
    for _ in range(rounds):
        before = time.perf_counter()
        work()
        times.append((time.perf_counter() - before) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.95)]


def measure(settings: Settings, rounds: int = 7) -> dict[str, Any]:
    """All figures; needs a home (one is made when there is none)."""
    # commands first, while this process is small: a child's peak starts at what its parent held when it forked
    ask = [sys.executable, "-m", "assistant", "ask", QUESTION, "--explain"]
    _wall(ask, 1)
    generation = (settings.index_dir / "CURRENT").read_text().strip()
    dense = next(path.parent for path in (settings.index_dir / generation).rglob("chroma.sqlite3"))
    cold, cold_mib = _wall(ask, rounds)
    base, base_mib = _wall([sys.executable, "-c", _BASELINE, str(dense)], rounds)
    lines = (Path(__file__).parent / "cases" / "ask-open.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["question"] for line in lines][:50]
    from assistant.domain import Question
    from assistant.service import Assistant

    assistant = Assistant.open(settings)
    assistant.retriever.warm()
    asked = iter(texts * 2)
    service, service_p95 = _repeat(lambda: assistant.ask(Question(next(asked), as_of=date(2026, 11, 23))), 50)
    searched = iter(texts * 2)
    search, search_p95 = _repeat(lambda: assistant.search(next(searched), 10), 50)
    return {
        "cold_ask_s": round(cold, 3), "cold_baseline_s": round(base, 3), "cold_ratio": round(cold / base, 2),
        "cold_ask_peak_mib": round(cold_mib), "baseline_peak_mib": round(base_mib),
        "service_ask_ms": round(service, 1), "service_ask_p95_ms": round(service_p95, 1),
        "search_ms": round(search, 1), "search_p95_ms": round(search_p95, 1),
        "service_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


if __name__ == "__main__":
    figures = measure(Settings())
    for name, value in figures.items():
        print(f"{name:22} {value}", file=sys.stderr)
    print(json.dumps(figures))
