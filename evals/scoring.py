"""From a target's JSON to scores by name: one entry per suite, so that the runner need not know what it measures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from evals import notices, ranking
from evals.cases import AskCase, Case, ReviewCase
from evals.measures import MEASURES, NO_VERDICT, Score, read_reply
from evals.shelf import Shelf


def score(case: Case, answer: Mapping[str, Any], shelf: Shelf, *, as_of: date) -> dict[str, Score]:
    """Every measure of the case's suite, by name. Raises BadReply when the answer is outside the contract."""
    if isinstance(case, AskCase):
        said = [*(turn.content for turn in case.context), case.question]
        reply = read_reply(answer, shelf, as_of=as_of, said=said)
        return {name: measure(case, reply, shelf) for name, measure in MEASURES.items()}
    if isinstance(case, ReviewCase):
        return notices.score_review(case, notices.read_review(answer))
    ranked = ranking.ranked_golds(case, list(answer.get("results") or ()), shelf, as_of=as_of)
    return ranking.score_ranking(case, ranked)


def gold_code(case: Case) -> str:
    """The gold's verdict code, NO_VERDICT for none; "" for a search."""
    if isinstance(case, AskCase | ReviewCase):
        return str(case.gold.verdict) if case.gold.verdict else NO_VERDICT
    return ""


def given_code(case: Case, answer: Mapping[str, Any]) -> str:
    """The answer's verdict code, NO_VERDICT for none; "" for a search."""
    return str(answer.get("verdict") or NO_VERDICT) if isinstance(case, AskCase | ReviewCase) else ""
