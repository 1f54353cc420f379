"""Measures of one reviewed notice: are the faults found, at the right words, and is a clean notice left alone? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain import Outcome, Severity
from evals.cases import ReviewCase
from evals.measures import BadReply, Score, is_false_permit

NAMES = ("verdict", "verdict_or_acceptable", "false_permit", "finding_recall", "finding_precision", "kind_agreement",
         "false_finding", "span_exact")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    severity: str
    span: str
    start: int
    end: int  # half-open, code points


@dataclass(frozen=True, slots=True)
class Reviewed:
    verdict: Outcome | None
    findings: tuple[Found, ...]

    @property
    def pressed(self) -> tuple[Found, ...]:
        """Those that stop the notice or must be mended; advice is free."""
        return tuple(one for one in self.findings if one.severity != Severity.ADVISE)


class _FoundIn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    kind: str
    severity: Severity
    span: str
    start: int
    end: int


class _ReviewedIn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    verdict: str | None
    findings: list[_FoundIn]


def read_review(answer: Mapping[str, Any]) -> Reviewed:
    """The contract's review JSON. Raises BadReply."""
    try:
        read = _ReviewedIn.model_validate(answer)
        verdict = Outcome(read.verdict) if read.verdict else None
    except (ValidationError, ValueError) as error:
        raise BadReply(
            f"审稿结果不合约定格式：{str(error).splitlines()[0]}",
            hint="对照设计文档第 7 节的 review 输出字段检查被测目标。",
        ) from error
    return Reviewed(
        verdict, tuple(Found(one.kind, one.severity.value, one.span, one.start, one.end) for one in read.findings)
    )


def _places(text: str, span: str) -> list[tuple[int, int]]:
    """Every occurrence of a substring, as half-open ranges."""
    out, at = [], text.find(span)
    while at >= 0:
        out.append((at, at + len(span)))
        at = text.find(span, at + 1)
    return out


def _overlaps(found: Found, places: Sequence[tuple[int, int]]) -> bool:
    return any(found.start < end and start < found.end for start, end in places)


def score_review(case: ReviewCase, reviewed: Reviewed) -> dict[str, Score]:
    """All measures of one notice.

    A gold finding counts as found when any finding overlaps any occurrence of its words; `kind_agreement` is the share of
    those found under the gold's kind. A pressed finding is wrong when it overlaps no gold words and its kind is not in
    `may_find`; `false_finding` is 1 when a notice without faults gets a pressed finding.
    """
    gold = case.gold
    right = reviewed.verdict == gold.verdict
    said = f"应为 {gold.verdict or 'no_verdict'}，答 {reviewed.verdict or 'no_verdict'}"
    scores = {
        "verdict": Score(float(right), said),
        "verdict_or_acceptable": Score(float(right or reviewed.verdict in gold.acceptable), said),
        "false_permit": Score(None, "金标没有判定结论，或已是最宽") if gold.verdict in (None, Outcome.OUT_OF_SCOPE)
        else Score(float(is_false_permit(gold.verdict, reviewed.verdict)), said),
    }  # fmt: skip
    places = {finding: _places(case.text, finding.span) for finding in gold.findings}
    found = {
        finding: [one for one in reviewed.findings if _overlaps(one, places[finding])] for finding in gold.findings
    }
    hit = [finding for finding, ones in found.items() if ones]
    missed = "、".join(finding.span for finding, ones in found.items() if not ones)
    every_place = [place for some in places.values() for place in some]
    wrong = [one for one in reviewed.pressed if one.kind not in gold.may_find and not _overlaps(one, every_place)]
    blamed = "、".join(f"{one.kind}“{one.span}”" for one in wrong)
    scores["finding_recall"] = (Score(len(hit) / len(gold.findings), f"没找到：{missed or '无'}") if gold.findings
                                else Score(None, "这份通知没有毛病"))  # fmt: skip
    scores["finding_precision"] = (Score(1 - len(wrong) / len(reviewed.pressed), f"误报：{blamed or '无'}") if reviewed.pressed
                                   else Score(None, "没有提出须改的问题"))  # fmt: skip
    agreed = [finding for finding in hit if any(one.kind == finding.kind for one in found[finding])]
    other = "、".join(
        f"{one.span}:{one.kind}≠{'/'.join(sorted({f.kind for f in found[one]}))}" for one in hit if one not in agreed
    )
    scores["kind_agreement"] = Score(len(agreed) / len(hit), other) if hit else Score(None, "没有找到可比的问题")
    scores["false_finding"] = (
        Score(None, "这份通知有毛病") if gold.findings else Score(float(bool(wrong)), f"误报：{blamed or '无'}")
    )
    crooked = [one for one in reviewed.findings if case.text[one.start : one.end] != one.span]
    scores["span_exact"] = (Score(1 - len(crooked) / len(reviewed.findings), "、".join(one.span for one in crooked))
                            if reviewed.findings else Score(None, "没有提出问题"))  # fmt: skip
    return scores
