"""The gate: may this run ship? Compares it with the accepted numbers by rules that are written down here, and says which failed.

The rules (all must hold)
1. Nothing crashed, every case was answered, and one product answered them all.
2. Zero tolerance: no false permit, no citation that cannot be checked, nothing said that must not be said.
3. Wrong routes (approval_required where the gold is prohibited) ≤ 1 % of the cases where it could happen.
4. No accepted case disappeared: taking a case out of the file takes a new acceptance by a person.
5. Verdicts, over the cases scored in both runs with the same input and gold. The product in this process answers the
   same way every time, so what fell, fell: more cases may not go wrong than go right. A server may be unsteady (a language
   model behind it): its share right must not fall by more than 1 point, nor significantly (one-sided exact McNemar,
   p < 0.05).
6. Every other compared measure over the same cases: in this process the mean must not fall; of a server it must not fall
   by more than 1 point with the whole 95 % paired bootstrap interval below zero.
A case whose input or gold changed since is left out of 5 and 6 and counted in the report. Why: docs/decisions/0006.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evals.accepted_runs import Accepted
from evals.intervals import mcnemar_worse, paired_difference
from evals.measures import COUNTED_AS_HARM
from evals.records import Record, Run
from evals.summary import TITLES, Summary, summarise

ZERO_TOLERANCE = ("false_permit", "laundering", "broken_citation", "must_not_say")
MAX_WRONG_ROUTE = 0.01
MAX_DROP = 0.01
SIGNIFICANCE = 0.05
_ROUNDING = 1e-9
STEADY = frozenset({"in-process"})  # targets that answer the same way every time
COMPARED = {
    "ask": ("citation_precision", "citation_recall", "verbatim", "in_force", "must_say", "abstention", "facts_read",
            "false_alarm", "needless_question", "brief", "sound"),
    "retrieval": ("R@5", "R@10", "nDCG@10", "MRR"),
    "review": ("finding_recall", "finding_precision", "false_finding", "span_exact"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One rule applied: `detail` says what was seen, `cases` which ids are to blame."""

    name: str
    passed: bool
    detail: str
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateResult:
    suite: str
    split: str
    checks: tuple[Check, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def exit_code(self) -> int:
        """0 may ship, 1 may not."""
        return 0 if self.passed else 1

    @property
    def line(self) -> str:
        """One line for a log."""
        failed = [check for check in self.checks if not check.passed]
        head = f"{self.suite}-{self.split}："
        if not failed:
            return f"{head}通过（{len(self.checks)} 项）"
        return f"{head}不通过，{len(failed)}/{len(self.checks)} 项：" + "；".join(
            f"{one.name}（{one.detail}）" for one in failed
        )


def check_run(run: Run, accepted: Accepted) -> GateResult:
    """Apply every rule. Pure."""
    summary = summarise(run)
    checks = [_whole(run, summary), *_zero_tolerance(run)]
    if run.meta.suite == "ask":
        checks.append(_wrong_route(run, summary))
    here = {record.id: record for record in run.records}
    gone = tuple(case_id for case_id in accepted.cases if case_id not in here)
    checks.append(Check("用例没有减少", not gone, f"少了 {len(gone)} 条" if gone else f"{len(here)} 条", gone))
    shared = [record for record in run.records if not record.crashed
              and (old := accepted.cases.get(record.id)) is not None and old.digest == record.digest]  # fmt: skip
    steady = run.meta.target in STEADY
    if run.meta.suite in ("ask", "review"):
        checks.append(_verdicts(shared, accepted, steady))
    found = (_not_worse(name, shared, accepted, steady) for name in COMPARED[run.meta.suite])
    checks += [check for check in found if check is not None]
    notes = [
        f"与 {accepted.at[:10]} {accepted.who} 认可的结果比较，可比用例 {len(shared)} 条，新增或改动 {len(here) - len(shared)} 条。"
    ]
    flips = _flips(shared, accepted, "verdict")
    if flips:
        notes.append(f"由对变错 {len(flips)} 条：{'、'.join(flips)}")
    return GateResult(run.meta.suite, run.meta.split, tuple(checks), tuple(notes))


def _whole(run: Run, summary: Summary) -> Check:
    crashed = tuple(record.id for record in run.crashed)
    problems = [f"崩溃 {len(crashed)} 条"] if crashed else []
    if not run.complete:
        problems.append(f"只跑了 {len(run.records)}/{run.meta.cases} 条")
    if len(summary.fingerprints) > 1:
        problems.append(f"答题的产品不止一个：{'、'.join(summary.fingerprints)}")
    return Check("全部答完", not problems, "；".join(problems) or f"{summary.answered} 条", crashed)


def _zero_tolerance(run: Run) -> Iterable[Check]:
    for name in ZERO_TOLERANCE:
        scored = [
            record
            for record in run.records
            if (score := record.scores.get(name)) is not None and score.value is not None
        ]
        if not scored and run.meta.suite != "ask":
            continue
        blamed = tuple(record.id for record in scored if record.scores[name].value)
        yield Check(f"零容忍：{TITLES[name]}", not blamed, f"{len(blamed)}/{len(scored)}", blamed)


def _wrong_route(run: Run, summary: Summary) -> Check:
    seen = summary.totals.get("wrong_route")
    rate = (seen.mean or 0.0) if seen else 0.0
    blamed = tuple(case_id for case_id, value in run.values("wrong_route").items() if value)
    return Check(
        "指错路不超过 1%", rate <= MAX_WRONG_ROUTE, f"{len(blamed)}/{seen.n if seen else 0},{rate:.1%}", blamed
    )


def _pairs(name: str, shared: Iterable[Record], accepted: Accepted) -> list[tuple[str, float, float]]:
    """(case, before, after), scored in both; harms are turned so that more is better."""
    out = []
    for record in shared:
        score, before = record.scores.get(name), accepted.cases[record.id].scores.get(name)
        if score is not None and score.value is not None and before is not None:
            harm = name in COUNTED_AS_HARM
            out.append((record.id, 1 - before if harm else before, 1 - score.value if harm else score.value))
    return out


def _flips(shared: Iterable[Record], accepted: Accepted, name: str) -> tuple[str, ...]:
    return tuple(case_id for case_id, before, after in _pairs(name, shared, accepted) if after < before)


def _verdicts(shared: list[Record], accepted: Accepted, steady: bool) -> Check:
    pairs = _pairs("verdict", shared, accepted)
    broke = tuple(case_id for case_id, before, after in pairs if after < before)
    mended = sum(after > before for _, before, after in pairs)
    drop = (len(broke) - mended) / len(pairs) if pairs else 0.0
    p = mcnemar_worse(len(broke), mended)
    bad = drop > 0 if steady else drop > MAX_DROP or (drop > 0 and p < SIGNIFICANCE)
    return Check(
        "结论没有退步",
        not bad,
        f"{len(pairs)} 条中变错 {len(broke)}、变对 {mended}，净降 {drop:+.1%}，p={p:.3f}",
        broke,
    )


def _not_worse(name: str, shared: list[Record], accepted: Accepted, steady: bool) -> Check | None:
    pairs = _pairs(name, shared, accepted)
    if not pairs:
        return None
    before, after = [one[1] for one in pairs], [one[2] for one in pairs]
    change = sum(after) / len(after) - sum(before) / len(before)
    low, high = paired_difference(before, after)
    worse = tuple(case_id for case_id, early, late in pairs if late < early)
    bad = change < -_ROUNDING if steady else change < -MAX_DROP and high < 0
    return Check(
        f"{TITLES[name]}没有退步",
        not bad,
        f"{len(pairs)} 条，变化 {change:+.3f}（95% {low:+.3f} 至 {high:+.3f}）",
        worse,
    )


def write_junit(results: Iterable[GateResult], path: Path) -> None:
    """JUnit XML: a suite per run, a test case per rule; a failure lists the ids to blame."""
    root = ET.Element("testsuites", name="minggui-eval")
    for result in results:
        failures = sum(not check.passed for check in result.checks)
        suite = ET.SubElement(root, "testsuite", name=f"{result.suite}-{result.split}",
                              tests=str(len(result.checks)), failures=str(failures), errors="0")  # fmt: skip
        for check in result.checks:
            case = ET.SubElement(suite, "testcase", classname=f"evals.{result.suite}.{result.split}", name=check.name)
            if not check.passed:
                failure = ET.SubElement(case, "failure", message=check.detail)
                failure.text = "\n".join(check.cases)
            else:
                ET.SubElement(case, "system-out").text = check.detail
        if result.notes:
            ET.SubElement(suite, "system-out").text = "\n".join(result.notes)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
