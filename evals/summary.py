"""A run as numbers: totals with intervals, strata, confusion, times. Pure; report and gate read the same summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.intervals import bootstrap_mean, interval_of
from evals.measures import COUNTED_AS_HARM, Score, confusion, macro_f1
from evals.records import Record, Run

TITLES = {
    "verdict": "结论正确", "verdict_or_acceptable": "结论正确或可接受", "false_permit": "误放行", "wrong_route": "指错路（该禁说报批）",
    "false_alarm": "误拦", "needless_question": "多余追问", "abstention": "该答才答", "turns": "几轮得到结论",
    "citation_precision": "引用准确率", "citation_recall": "引用查全率", "verbatim": "引文与库一致", "in_force": "引用当日有效",
    "broken_citation": "查不到的引用", "must_say": "必说的说了", "must_not_say": "说了禁说的", "facts_read": "事实读对", "brief": "不超过120字",
    "sound": "答复自相一致", "laundering": "教人换名换主办",
    "R@1": "首条命中", "R@5": "前5条查全", "R@10": "前10条查全", "R@100": "前100条查全", "nDCG@10": "nDCG@10", "MRR": "首个命中位次倒数",
    "finding_recall": "问题查全率", "finding_precision": "问题准确率", "kind_agreement": "问题类别一致", "false_finding": "好通知被误报",
    "span_exact": "定位准确",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """A measure over some cases: mean of the scored ones with a 95 % interval; `n` scored, `unscored` not."""

    measure: str
    mean: float | None
    low: float
    high: float
    n: int
    unscored: int

    @property
    def harm(self) -> bool:
        return self.measure in COUNTED_AS_HARM

    @property
    def count(self) -> int:
        """Cases with a harm done (meaningful for harms only)."""
        return round((self.mean or 0.0) * self.n)

    @property
    def title(self) -> str:
        return TITLES.get(self.measure, self.measure)


def total(measure: str, scores: Iterable[Score | None]) -> Total:
    scored = list(scores)
    values = [score.value for score in scored if score is not None and score.value is not None]
    low, high = bootstrap_mean(values) if measure == "turns" else interval_of(values)  # a count is no share
    mean = sum(values) / len(values) if values else None
    return Total(measure, mean, low, high, len(values), len(scored) - len(values))


@dataclass(frozen=True, slots=True)
class Summary:
    totals: dict[str, Total]
    strata: dict[str, dict[str, dict[str, Total]]]  # dimension → value → measure
    confusion: dict[str, dict[str, int]]  # gold code → given code → cases
    macro_f1: Score
    crashed: int
    answered: int
    p50_ms: float
    p95_ms: float
    fingerprints: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        def plain(one: Total) -> dict[str, Any]:
            return {"mean": one.mean, "low": one.low, "high": one.high, "n": one.n, "unscored": one.unscored}

        return {
            "totals": {name: plain(one) for name, one in self.totals.items()},
            "macro_f1": self.macro_f1.value,
            "confusion": self.confusion,
            "strata": {dimension: {value: {name: plain(one) for name, one in totals.items()} for value, totals in rows.items()}
                       for dimension, rows in self.strata.items()},
            "crashed": self.crashed, "answered": self.answered, "p50_ms": self.p50_ms, "p95_ms": self.p95_ms,
            "fingerprints": list(self.fingerprints),
        }  # fmt: skip


STRATUM_MEASURES = {"ask": ("verdict", "false_permit", "citation_recall", "must_say"),
                    "retrieval": ("R@10", "nDCG@10", "MRR"),
                    "review": ("verdict", "finding_recall", "false_finding")}  # fmt: skip


def summarise(run: Run) -> Summary:
    """Crashed cases are counted and left out of every average."""
    answered = [record for record in run.records if not record.crashed]
    names = list(dict.fromkeys(name for record in answered for name in record.scores))
    dimensions = list(dict.fromkeys(name for record in answered for name in record.strata))
    table = confusion((record.gold, record.given) for record in answered if record.gold)
    times = sorted(record.wall_ms for record in answered)
    return Summary(
        totals={name: total(name, (record.scores.get(name) for record in answered)) for name in names},
        strata={dimension: _stratum(answered, dimension, STRATUM_MEASURES[run.meta.suite]) for dimension in dimensions},
        confusion=table,
        macro_f1=macro_f1(table),
        crashed=len(run.crashed),
        answered=len(answered),
        p50_ms=_quantile(times, 0.5),
        p95_ms=_quantile(times, 0.95),
        fingerprints=tuple(sorted({record.fingerprint for record in answered if record.fingerprint})),
    )


def _stratum(records: Sequence[Record], dimension: str, measures: Sequence[str]) -> dict[str, dict[str, Total]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.strata.get(dimension, "（未注）"), []).append(record)
    return {value: {name: total(name, (record.scores.get(name) for record in group)) for name in measures}
            for value, group in sorted(groups.items())}  # fmt: skip


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
