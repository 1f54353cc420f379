"""Simulated users: they ask, are asked back, answer from what they know, and count how long it takes to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Answer, Outcome, Question, Turn
from assistant.rules.engine import Verdict
from assistant.rules.model import RuleBook
from evals.relations.operators import Phrasing

MAX_QUESTIONS = 5
USEFUL_BY = 3  # questions after which the answer says what follows from each option


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: questions put back, how many of them could not have changed the verdict, and how it ended."""

    id: str
    questions: int
    idle: int
    final: bool
    outcome: Outcome | None
    asked: tuple[str, ...]
    told_branches: bool = False  # no verdict, but after at most three questions “若…则…” for what is still open


def converse(
    one: Phrasing, ask: Callable[[Question], Answer], judged: Callable[[Question], Verdict], book: RuleBook
) -> Talk:
    """The user answers with the option that fits the labels, or “说不清楚” when the labels do not say.

    `judged`: the verdict behind an answer, with the branches of the question it puts.
    """
    turns: list[Turn] = []
    said = one.text
    asked: list[str] = []
    idle = 0
    told_branches = False
    while True:
        question = Question(said, tuple(turns), one.on)
        answer = ask(question)
        missing = answer.missing[0] if answer.missing else None
        if answer.outcome is not Outcome.NEEDS_MORE_INFO or missing is None or len(asked) == MAX_QUESTIONS:
            final = answer.outcome is not Outcome.NEEDS_MORE_INFO
            return Talk(one.id, len(asked), idle, final, answer.outcome, tuple(asked), told_branches)
        told_branches = told_branches or (len(asked) <= USEFUL_BY and _tells_branches(answer))
        asked.append(missing.fact)
        behind = judged(question)
        if behind.question is not None and len(behind.outcomes) > 1:
            idle += all(branch.outcomes == behind.outcomes for branch in behind.question.branches)
        turns += [Turn("user", said), Turn("assistant", answer.text)]
        said = _reply(one, missing.fact, book)


def _tells_branches(answer: Answer) -> bool:
    """Every option of what is missing comes with what would follow from it."""
    return bool(answer.missing) and all(f"若{option}：" in answer.text for option in answer.missing[0].options)


def _reply(one: Phrasing, fact: str, book: RuleBook) -> str:
    value = one.facts.get(fact)
    values = set(value if isinstance(value, list) else [value]) if value is not None else set()
    for option in book.fact(fact).options:
        if values and values <= set(option.values):
            return option.text
    return "说不清楚"


def median(values: Sequence[int]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return float(ordered[middle]) if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
