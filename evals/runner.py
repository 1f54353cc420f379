"""Run cases against a target and write what came back, line by line, so that a killed run goes on where it stopped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.errors import AssistantError, BadInput
from evals.cases import Case, ReviewCase, inputs_of
from evals.records import Meta, Record, Run, drop_half_line, in_order, read_meta, read_records, write_meta
from evals.scoring import given_code, gold_code, score
from evals.shelf import Shelf
from evals.targets import Target

log = logging.getLogger(__name__)
Progress = Callable[[int, int, Record], None]


def new_meta(suite: str, split: str, target: Target, cases: Sequence[Case], *, cases_sha256: str, today: date,
             blind_count: int = 0) -> Meta:  # fmt: skip
    return Meta(suite, split, target.name, target.fingerprint(), today.isoformat(), cases_sha256, len(cases),
                datetime.now(UTC).isoformat(timespec="seconds"), blind_count=blind_count)  # fmt: skip


def run_cases(cases: Sequence[Case], target: Target, shelf: Shelf, directory: Path, meta: Meta, *, workers: int = 1,
              progress: Progress | None = None) -> Run:  # fmt: skip
    """Answer and score every case that `directory` has no good record of yet; crashed ones are tried again.

    Resuming refuses (BadInput) when the case file or the target is not the one the run began with: numbers of two
    products must not be mixed. Order of the result: the case file's.
    """
    directory.mkdir(parents=True, exist_ok=True)
    results = directory / "results.jsonl"
    if (directory / "run.json").is_file():
        meta = _same_run(read_meta(directory), meta)
    write_meta(directory, meta)
    drop_half_line(results)
    digests = {case.id: case.digest for case in cases}
    done = {record.id: record for record in read_records(directory)
            if not record.crashed and digests.get(record.id) == record.digest}  # fmt: skip
    waiting = [case for case in cases if case.id not in done]
    lock = threading.Lock()

    def settle(case: Case) -> Record:
        record = run_case(case, meta.suite, target, shelf, today=date.fromisoformat(meta.today))
        return record.without_texts() if meta.sealed else record

    with results.open("a", encoding="utf-8") as out, ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        futures = [pool.submit(settle, case) for case in waiting]
        try:
            for future in as_completed(futures):
                record = future.result()
                with lock:
                    out.write(record.to_json() + "\n")
                    out.flush()
                    done[record.id] = record
                if progress is not None:
                    progress(len(done), len(cases), record)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    marks = {record.fingerprint for record in done.values() if record.fingerprint}
    meta = replace(meta, finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
                   fingerprint=meta.fingerprint or "+".join(sorted(marks)))  # fmt: skip
    write_meta(directory, meta)
    return Run(meta, in_order(done.values()), directory)


def run_case(case: Case, suite: str, target: Target, shelf: Shelf, *, today: date) -> Record:
    """Ask and score one case. Whatever goes wrong becomes a crashed record: a target's fault must not stop the run."""
    record = Record(case.id, case.digest, str(case.where), gold=gold_code(case), strata=dict(case.strata), why=case.why,
                    asked=_asked(case))  # fmt: skip
    started = time.perf_counter()
    try:
        answer = target.answer(suite, inputs_of(case, today))
        wall_ms = round((time.perf_counter() - started) * 1000, 1)
        scores = score(case, answer, shelf, as_of=case.as_of or today)
    except Exception as error:
        log.warning("case %s crashed: %s", case.id, type(error).__name__)
        what = str(error) if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
        return replace(
            record, crashed=what or type(error).__name__, wall_ms=round((time.perf_counter() - started) * 1000, 1)
        )
    return replace(record, wall_ms=wall_ms, given=given_code(case, answer), scores=scores, answer=answer,
                   fingerprint=str(answer.get("fingerprint") or ""))  # fmt: skip


def _asked(case: Case) -> str:
    if isinstance(case, ReviewCase):
        return case.text
    turns = [f"{'问' if turn.role == 'user' else '答'}：{turn.content}" for turn in getattr(case, "context", ())]
    return "\n".join([*turns, f"问：{case.question}"] if turns else [case.question])


def _same_run(old: Meta, new: Meta) -> Meta:
    """The meta to go on with: the old start and day. Raises BadInput when it is not the same thing that is measured."""
    for name, what in (
        ("suite", "套件"),
        ("split", "分组"),
        ("target", "被测目标"),
        ("fingerprint", "产品指纹"),
        ("cases_sha256", "用例文件"),
    ):
        before, after = getattr(old, name), getattr(new, name)
        # A server's fingerprint is only known from its answers, so a blank one cannot be compared beforehand.
        if before != after and not (name == "fingerprint" and "" in (before, after)):
            raise BadInput(
                f"这次评测的{what}变了（{before} → {after}），不能接着上次的结果。", hint="换一个结果目录重新运行。"
            )
    return replace(old, cases=new.cases, finished_at="")
