"""Triage: which room of the product to look in for each failed case, most harmful first. Pure.

A wrong verdict is put down to the first thing that went wrong: the facts it was read from, the question asked back or
not, or the rules. Where the gold names no facts the two cannot be told apart, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evals.measures import NO_VERDICT
from evals.records import Record, Run

CAUSES = {
    "crash": "崩溃：先修程序或接口",
    "false_permit": "误放行：不修不能发布",
    "must_not_say": "说了禁说的话：看措辞模板（answering、render）",
    "broken_citation": "引用查不到：看引用核对（answering、library）",
    "wrong_route": "该禁说成报批：看主体规则（rules）",
    "abstention": "该不该答判断错：看问题分类（answering）",
    "facts": "事实读错：看词典和读事实（lexicon、answering）",
    "question": "追问不当：看默认假定和完成集（facts.yaml、rules）",
    "rules": "事实读对而结论错：看规则（rules）",
    "verdict": "结论错（金标未列事实，分不出读错还是判错）",
    "citation": "依据引漏或引错：看规则依据和检索（rules、retrieval）",
    "must_say": "该说的没说：看措辞和建议（answering、render）",
    "search": "检索没找到：看别名、切分、排序（lexicon、retrieval）",
    "finding_missed": "通知里的问题没找到：看审稿（review）",
    "finding_false": "好句子被误报：看审稿（review）",
}


@dataclass(frozen=True, slots=True)
class Failure:
    cause: str
    record: Record
    reason: str


def causes(record: Record) -> list[tuple[str, str]]:
    """(cause, reason) of one case, the first being where to begin; [] when nothing failed."""
    if record.crashed:
        return [("crash", record.crashed)]

    def value(name: str) -> float | None:
        score = record.scores.get(name)
        return score.value if score is not None else None

    def reason(name: str) -> str:
        return record.scores[name].reason

    out = [
        (name, reason(name))
        for name in ("false_permit", "must_not_say", "broken_citation", "wrong_route")
        if value(name)
    ]
    if value("abstention") == 0:
        out.append(("abstention", reason("abstention")))
    elif value("verdict_or_acceptable") == 0:
        out.append((_verdict_cause(record, value("facts_read")), reason("verdict") + _after(record, "facts_read")))
    missed = [
        reason(name)
        for name in ("citation_recall", "citation_precision")
        if (share := value(name)) is not None and share < 1
    ]
    if missed:
        out.append(("citation", "；".join(missed)))
    if (share := value("must_say")) is not None and share < 1:
        out.append(("must_say", reason("must_say")))
    if (share := value("R@10")) is not None and share < 1:
        out.append(("search", reason("R@10")))
    if (share := value("finding_recall")) is not None and share < 1:
        out.append(("finding_missed", reason("finding_recall")))
    if (share := value("finding_precision")) is not None and share < 1:
        out.append(("finding_false", reason("finding_precision")))
    return out


def _verdict_cause(record: Record, facts_read: float | None) -> str:
    if facts_read is not None and facts_read < 1:
        return "facts"
    if "needs_more_info" in (record.gold, record.given):
        return "question"
    if facts_read == 1 and NO_VERDICT not in (record.gold, record.given):
        return "rules"
    return "verdict"


def _after(record: Record, name: str) -> str:
    score = record.scores.get(name)
    return f"；{score.reason}" if score is not None and score.reason else ""


def failures(run: Run) -> dict[str, list[Failure]]:
    """Failed cases by cause, worst cause first; a case stands under each of its causes."""
    found: dict[str, list[Failure]] = {cause: [] for cause in CAUSES}
    for record in run.records:
        for cause, reason in causes(record):
            found[cause].append(Failure(cause, record, reason))
    return {cause: ones for cause, ones in found.items() if ones}


def worst(run: Run, limit: int = 20) -> list[Record]:
    """Cases to read first: by their most harmful cause, then by how many causes they have."""
    order = {cause: rank for rank, cause in enumerate(CAUSES)}

    def key(record: Record) -> tuple[int, int]:
        names = [cause for cause, _ in causes(record)]
        return min(order[name] for name in names), -len(names)

    return sorted((record for record in run.records if causes(record)), key=key)[:limit]


def to_dict(found: dict[str, list[Failure]]) -> dict[str, Any]:
    return {cause: [{"id": one.record.id, "where": one.record.where, "gold": one.record.gold, "given": one.record.given,
                     "reason": one.reason} for one in ones] for cause, ones in found.items()}  # fmt: skip


def to_text(found: dict[str, list[Failure]], *, limit: int = 0) -> str:
    """For a terminal: causes with their cases, `limit` each (0: all)."""
    if not found:
        return "没有失败的用例。"
    lines: list[str] = []
    for cause, ones in found.items():
        lines.append(f"{CAUSES[cause]} —— {len(ones)} 条")
        lines += _lines(ones[:limit] if limit else ones)
        if limit and len(ones) > limit:
            lines.append(f"  ……另 {len(ones) - limit} 条")
    return "\n".join(lines)


def _lines(ones: Iterable[Failure]) -> list[str]:
    return [f"  {one.record.where} {one.record.id}  {one.reason}".rstrip() for one in ones]
