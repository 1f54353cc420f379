"""Measures of one search: recall at k, nDCG and reciprocal rank, computed by ir_measures. Pure apart from that library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from evals.cases import SearchCase
from evals.measures import BadReply, Score
from evals.shelf import Shelf

NAMES = ("R@1", "R@5", "R@10", "R@100", "nDCG@10", "MRR")


def ranked_golds(case: SearchCase, results: Sequence[Mapping[str, Any]], shelf: Shelf, *, as_of: date) -> list[str]:
    """Each result as the gold it hits, or as a name of its own; a second hit on the same gold earns nothing.

    A duplicate keeps its place in the ranking, so that returning one article in five pieces does not look better than
    returning five articles.
    """
    taken: set[str] = set()
    out: list[str] = []
    for rank, result in enumerate(results):
        if "document" not in result:
            raise BadReply("检索结果缺少 document 字段", hint="对照设计文档第 7 节的 search 输出字段检查被测目标。")
        document, place = shelf.locate(
            str(result["document"]), str(result.get("provision") or result.get("anchor") or ""),
            number=str(result.get("document_number") or ""), quote=str(result.get("text") or result.get("quote") or ""),
            provision_id=str(result.get("provision_id") or result.get("id") or ""), on=as_of,
        )  # fmt: skip
        hit = next((str(cite) for cite in case.cites
                    if document is not None and str(cite) not in taken and shelf.hits(cite, document, place)), None)  # fmt: skip
        if hit is not None:
            taken.add(hit)
        out.append(hit if hit is not None else f"~{rank}")
    return out


def score_ranking(case: SearchCase, ranking: Sequence[str]) -> dict[str, Score]:
    """R@1, R@5, R@10, R@100, nDCG@10 and MRR of one ranking, best first. Binary relevance; an empty ranking scores 0."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    wanted = {"R@1": R @ 1, "R@5": R @ 5, "R@10": R @ 10, "R@100": R @ 100, "nDCG@10": nDCG @ 10, "MRR": RR}
    missed = [str(cite) for cite in case.cites if str(cite) not in ranking[:10]]
    reason = f"前 10 条没有：{'、'.join(missed)}" if missed else ""
    if not ranking:
        return {name: Score(0.0, "没有结果") for name in wanted}
    qrels = [ir_measures.Qrel("q", str(cite), 1) for cite in case.cites]
    run = [ir_measures.ScoredDoc("q", name, float(len(ranking) - rank)) for rank, name in enumerate(ranking)]
    values = {
        str(metric.measure): float(metric.value) for metric in ir_measures.iter_calc(list(wanted.values()), qrels, run)
    }
    return {name: Score(values[str(measure)], reason) for name, measure in wanted.items()}
