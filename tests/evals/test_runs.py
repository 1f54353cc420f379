"""Running, killing, resuming; accepting; the gate; the report; triage; the blind split."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadInput, NotFound
from evals import seals
from evals.accepted_runs import accept, read_accepted
from evals.cases import BadCases, Case, read_cases
from evals.gate import check_run, write_junit
from evals.measures import Score
from evals.records import Record, Run, latest_run, read_run
from evals.report import report_html, report_json, report_markdown, report_text
from evals.runner import new_meta, run_cases
from evals.shelf import Shelf
from evals.summary import summarise
from evals.triage import failures, to_text, worst
from tests.evals.conftest import Scripted, answer, ask_line, citation

N = 40


@pytest.fixture
def cases(write_lines: Callable[..., Path]) -> list[Case]:
    """Forty cases, alternately forbidden and in need of approval."""
    lines = [ask_line(f"c{i:02}", f"第{i}号街道能评示范小区吗", "prohibited" if i % 2 == 0 else "approval_required",
                      must_not_say=["备案即可"]) for i in range(N)]  # fmt: skip
    return read_cases(write_lines("ask-open.jsonl", *lines))


def right_answers() -> dict[str, Any]:
    return {f"c{i:02}": answer("prohibited" if i % 2 == 0 else "approval_required") for i in range(N)}


@pytest.fixture
def run_it(cases: list[Case], shelf: Shelf, tmp_path: Path, day: date) -> Callable[..., Run]:
    def run(
        answers: dict[str, Any] | None = None,
        name: str = "one",
        *,
        mark: str = "f1",
        workers: int = 1,
        blind: int = 0,
        **more: Any,
    ) -> Run:
        target = more.pop("target", None) or Scripted(right_answers() | (answers or {}), mark)
        meta = new_meta("ask", "open", target, cases, cases_sha256="0" * 64, today=day, blind_count=blind)
        return run_cases(cases, target, shelf, tmp_path / "runs" / name, meta, workers=workers, **more)

    return run


# --- running ----------------------------------------------------------------------------------------------------------


def test_a_run_scores_every_case_and_comes_back_from_disk_the_same(run_it: Callable[..., Run]) -> None:
    done = run_it()
    assert (done.complete, summarise(done).totals["verdict"].mean) == (True, 1.0)
    again = read_run(done.path)  # type: ignore[arg-type]
    assert summarise(again).to_dict() == summarise(done).to_dict()
    assert [record.id for record in again.records] == [f"c{i:02}" for i in range(N)]


def test_a_crash_is_counted_and_is_not_a_wrong_answer(run_it: Callable[..., Run]) -> None:
    done = run_it({"c03": RuntimeError("no route"), "c04": {"answer": "没有结论字段"}})
    summary = summarise(done)
    assert (summary.crashed, summary.answered, summary.totals["verdict"].mean) == (2, N - 2, 1.0)
    assert [record.id for record in done.crashed] == ["c03", "c04"]
    assert "no route" in done.crashed[0].crashed


def test_threads_change_nothing_but_the_time(run_it: Callable[..., Run]) -> None:
    alone, together = run_it(name="alone"), run_it(name="together", workers=8)

    def scores(run: Run) -> list[Any]:
        return [(record.id, record.scores) for record in run.records]

    assert scores(alone) == scores(together)


class Killed(BaseException):
    """Stands for a kill: not an Exception, so nothing may swallow it."""


def test_a_killed_run_goes_on_and_gives_the_same_numbers(run_it: Callable[..., Run], tmp_path: Path) -> None:
    whole = run_it({"c06": answer("approval_required")}, "whole")
    target = Scripted(right_answers() | {"c06": answer("approval_required")})

    def kill_at_ten(done: int, total: int, record: Record) -> None:
        if done == 10:
            raise Killed

    with pytest.raises(Killed):
        run_it(name="killed", target=target, progress=kill_at_ten)
    halfway = read_run(tmp_path / "runs" / "killed")
    assert 10 <= len(halfway.records) < N
    with (halfway.path / "results.jsonl").open("a") as results:  # type: ignore[operator]
        results.write('{"id": "c39", "half a li')  # what a kill in the middle of a write leaves
    target.asked.clear()
    resumed = run_it(name="killed", target=target)
    assert len(target.asked) == N - len(halfway.records)
    before, after = summarise(whole).to_dict(), summarise(resumed).to_dict()
    assert {**before, "p50_ms": 0, "p95_ms": 0} == {**after, "p50_ms": 0, "p95_ms": 0}
    assert resumed.complete


def test_a_crashed_case_is_tried_again_on_resume(run_it: Callable[..., Run]) -> None:
    assert len(run_it({"c03": RuntimeError("busy")}).crashed) == 1
    mended = run_it()
    assert (mended.crashed, len(mended.records)) == ([], N)


def test_a_run_is_not_resumed_with_another_product(run_it: Callable[..., Run]) -> None:
    run_it(mark="f1")
    with pytest.raises(BadInput, match="产品指纹"):
        run_it(mark="f2")


def test_a_resumed_run_keeps_the_day_it_began(run_it: Callable[..., Run], cases: list[Case], shelf: Shelf) -> None:
    first = run_it()
    target = Scripted(right_answers())
    meta = new_meta("ask", "open", target, cases, cases_sha256="0" * 64, today=date(2027, 1, 1))
    assert run_cases(cases, target, shelf, first.path, meta).meta.today == "2026-11-23"  # type: ignore[arg-type]


def test_progress_is_told_after_every_case(run_it: Callable[..., Run]) -> None:
    seen: list[tuple[int, int]] = []
    run_it(progress=lambda done, total, record: seen.append((done, total)))
    assert seen == [(i, N) for i in range(1, N + 1)]


def test_the_newest_run_is_found_by_suite(run_it: Callable[..., Run], tmp_path: Path) -> None:
    run_it(name="one")
    assert latest_run(tmp_path / "runs", "ask").path.name == "one"  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        latest_run(tmp_path / "runs", "review")


# --- accepting and the gate -------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(run_it: Callable[..., Run], tmp_path: Path) -> Any:
    accept(run_it(name="accepted"), "王五", "首次发布", directory=tmp_path / "accepted")
    return read_accepted("ask", "open", tmp_path / "accepted")


def failed(run: Run, accepted: Any) -> list[str]:
    return [check.name for check in check_run(run, accepted).checks if not check.passed]


def test_accepting_takes_a_name_and_a_reason_and_keeps_the_fingerprint(
    run_it: Callable[..., Run], tmp_path: Path
) -> None:
    done = run_it()
    for who, why in (("", "理由"), ("王五", " ")):
        with pytest.raises(BadInput):
            accept(done, who, why, directory=tmp_path / "accepted")
    path = accept(done, "王五", "首次发布", directory=tmp_path / "accepted")
    row = json.loads(path.read_text())
    assert (row["who"], row["why"], row["fingerprint"], len(row["cases"])) == ("王五", "首次发布", "f1", N)
    accept(run_it(name="two", mark="f2"), "赵六", "规则更新", directory=tmp_path / "accepted")
    history = (tmp_path / "accepted" / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["who"] for line in history] == ["王五", "赵六"]


def test_a_run_with_crashes_is_not_accepted(run_it: Callable[..., Run], tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="崩溃 1 条"):
        accept(run_it({"c03": RuntimeError("x")}), "王五", "试", directory=tmp_path / "accepted")


def test_an_identical_run_passes_the_gate(run_it: Callable[..., Run], accepted: Any) -> None:
    result = check_run(run_it(name="same"), accepted)
    assert (result.exit_code, [check for check in result.checks if not check.passed]) == (0, [])
    assert "通过" in result.line


@pytest.mark.parametrize(
    ("seeded", "rule"),
    [({"c01": answer("filing_required")}, "零容忍：误放行"),
     ({"c01": answer("approval_required", citations=[citation(quote="编出来的引文")])}, "零容忍：查不到的引用"),
     ({"c01": answer("approval_required", answer="备案即可。")}, "零容忍：说了禁说的"),
     ({"c02": answer("approval_required")}, "指错路不超过 1%"),
     ({"c02": RuntimeError("boom")}, "全部答完"),
     ({f"c{i:02}": answer("needs_more_info") for i in range(2)}, "结论没有退步"),
     ({f"c{i:02}": answer("prohibited" if i % 2 == 0 else "approval_required", citations=[]) for i in range(12)}, "引用查全率没有退步")],
)  # fmt: skip
def test_a_seeded_regression_is_caught_by_its_rule(
    seeded: dict[str, Any], rule: str, run_it: Callable[..., Run], accepted: Any
) -> None:
    result = check_run(run_it(seeded, "seeded"), accepted)
    broken = {check.name: check for check in result.checks if not check.passed}
    assert result.exit_code == 1
    assert rule in broken
    assert set(broken[rule].cases) == set(seeded)
    assert rule in result.line


def test_an_old_fault_that_was_accepted_does_not_fire_as_a_regression(
    run_it: Callable[..., Run], tmp_path: Path
) -> None:
    weak = {f"c{i:02}": answer("needs_more_info") for i in range(5)}
    accept(run_it(weak, "weak"), "王五", "已知不足", directory=tmp_path / "accepted")
    reference = read_accepted("ask", "open", tmp_path / "accepted")
    assert failed(run_it(weak, "again"), reference) == []
    assert failed(run_it({}, "better"), reference) == []


def test_zero_tolerance_holds_even_if_a_false_permit_had_been_accepted(
    run_it: Callable[..., Run], tmp_path: Path
) -> None:
    bad = {"c01": answer("allowed_no_procedure")}
    accept(run_it(bad, "bad"), "王五", "误认", directory=tmp_path / "accepted")
    assert failed(run_it(bad, "again"), read_accepted("ask", "open", tmp_path / "accepted")) == ["零容忍：误放行"]


def test_a_case_whose_gold_changed_is_not_compared(run_it: Callable[..., Run], accepted: Any) -> None:
    done = run_it({f"c{i:02}": answer("needs_more_info") for i in range(2)}, "changed")
    relabelled = replace(
        done, records=tuple(replace(one, digest="new") if one.id in ("c00", "c01") else one for one in done.records)
    )
    assert failed(relabelled, accepted) == []


def test_cases_cannot_quietly_disappear(run_it: Callable[..., Run], accepted: Any) -> None:
    done = run_it(name="fewer")
    fewer = replace(done, meta=replace(done.meta, cases=N - 1), records=done.records[:-1])
    assert failed(fewer, accepted) == ["用例没有减少"]


def test_answers_of_two_products_do_not_make_one_run(run_it: Callable[..., Run], accepted: Any) -> None:
    mixed = run_it({"c00": answer("prohibited", fingerprint="f2")}, "mixed")
    assert failed(mixed, accepted) == ["全部答完"]


def test_the_gate_writes_junit_that_a_ci_can_read(run_it: Callable[..., Run], accepted: Any, tmp_path: Path) -> None:
    result = check_run(run_it({"c01": answer("filing_required")}, "seeded"), accepted)
    write_junit([result], tmp_path / "out" / "gate.xml")
    suite = ET.parse(tmp_path / "out" / "gate.xml").getroot().find("testsuite")
    assert suite is not None
    assert int(suite.get("failures", 0)) == sum(not check.passed for check in result.checks) > 0
    blamed = {case.get("name"): failure.text for case in suite if (failure := case.find("failure")) is not None}
    assert blamed["零容忍：误放行"] == "c01"


# --- report and triage ------------------------------------------------------------------------------------------------

SEEDED = {
    "c00": answer("approval_required", answer="<script>alert(1)</script>可以申报"), "c01": answer("filing_required"),
    "c02": RuntimeError("boom"), "c05": answer("approval_required", citations=[]),
}  # fmt: skip


def test_the_report_is_one_self_contained_page(run_it: Callable[..., Run]) -> None:
    page = report_html(run_it(SEEDED))
    assert re.findall(r"(?:https?:)?//|<script|<link|<img|@import|url\(", page) == []
    assert 'name="viewport"' in page
    assert "@media print" in page
    assert "&lt;script&gt;" in page


def test_the_worst_cases_come_first_with_both_texts(run_it: Callable[..., Run]) -> None:
    done = run_it(SEEDED)
    assert [record.id for record in worst(done)][:3] == ["c02", "c01", "c00"]
    text = report_markdown(done)
    assert all(piece in text for piece in ("第1号街道能评示范小区吗", answer()["answer"], "误放行", "boom"))
    assert text.index("### c02") < text.index("### c01") < text.index("### c05")


def test_the_json_report_has_intervals_strata_and_confusion(run_it: Callable[..., Run]) -> None:
    body = json.loads(report_json(run_it(SEEDED)))
    verdict = body["totals"]["verdict"]
    assert verdict["low"] < verdict["mean"] < verdict["high"]
    assert body["crashed"] == 1
    assert body["confusion"]["approval_required"] == {"filing_required": 1, "approval_required": N // 2 - 1}
    assert body["strata"]["organizer"]["street"]["verdict"]["n"] == N - 1


def test_the_terminal_gets_a_line_per_measure_with_the_harms_first(run_it: Callable[..., Run]) -> None:
    lines = report_text(run_it(SEEDED)).splitlines()
    assert lines[0] == "ask-open：39/40 条，崩溃 1 条"
    assert "越少越好" in lines[1]
    assert any("误放行" in line and "1/39" in line for line in lines)


def test_triage_tells_misread_facts_from_wrong_rules() -> None:
    def record(facts_read: float | None, given: str = "approval_required") -> Record:
        scores = {
            "verdict": Score(0.0),
            "verdict_or_acceptable": Score(0.0),
            "abstention": Score(1.0),
            "facts_read": Score(facts_read),
        }
        return Record("x", "d", "ask-open.jsonl:1", gold="prohibited", given=given, scores=scores)

    from evals.triage import causes

    assert [causes(record(*args))[0][0] for args in [(0.5,), (1.0,), (1.0, "needs_more_info"), (None,)]] == [
        "facts", "rules", "question", "verdict"]  # fmt: skip


def test_triage_lists_every_failure_under_its_cause(run_it: Callable[..., Run]) -> None:
    found = failures(run_it(SEEDED))
    assert {cause: [one.record.id for one in ones] for cause, ones in found.items()} == {
        "crash": ["c02"], "false_permit": ["c01"], "wrong_route": ["c00"], "verdict": ["c00", "c01"], "citation": ["c05"]}  # fmt: skip
    assert "ask-open.jsonl:2" in to_text(found)


# --- the blind split --------------------------------------------------------------------------------------------------


def test_a_seal_breaks_when_the_file_changes_and_is_renewed_only_for_a_reason(write_lines: Callable[..., Path]) -> None:
    path = write_lines("ask-blind.jsonl", ask_line("b-1", "盲测问题"))
    with pytest.raises(BadCases, match="还没有封存"):
        seals.check_seal(path)
    digest = seals.seal(path, by="王五")
    assert seals.check_seal(path) == digest
    write_lines("ask-blind.jsonl", ask_line("b-1", "改过的盲测问题"))
    with pytest.raises(BadCases, match="不一致"):
        seals.check_seal(path)
    with pytest.raises(BadCases):
        seals.seal(path, by="王五")
    seals.seal(path, by="王五", why="金标有误")
    assert seals.check_seal(path) != digest
    assert seals.read_seals(path.parent)["ask-blind.jsonl"]["history"][0]["sha256"] == digest


def test_every_blind_run_is_counted_before_it_starts(write_lines: Callable[..., Path], tmp_path: Path) -> None:
    path = write_lines("ask-blind.jsonl", ask_line("b-1", "盲测问题"))
    counts = [seals.enter_blind_run(tmp_path / "accepted", path, target="t", fingerprint="f") for _ in range(3)]
    assert counts == [1, 2, 3]
    assert [row["fingerprint"] for row in seals.blind_runs(tmp_path / "accepted", "ask-blind.jsonl")] == ["f"] * 3


def test_a_blind_run_keeps_numbers_and_no_texts(run_it: Callable[..., Run]) -> None:
    done = run_it(SEEDED, "blind", blind=1)
    kept = (done.path / "results.jsonl").read_text()  # type: ignore[operator]
    shown = kept + report_html(done) + report_markdown(done) + report_json(done)
    assert not any(secret in shown for secret in ("号街道能评", "备案也不行", "漏引", "boom"))
    assert summarise(done).totals["verdict"].n == N - 1
