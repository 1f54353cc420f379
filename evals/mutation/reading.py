"""Mutants of understanding: a word list lost, scope ignored, the model deaf to a fact, earlier turns forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial
from typing import Any
from unittest.mock import patch

from assistant import service
from assistant.answering import dialogue, organizations
from assistant.answering.clauses import Clause, split
from assistant.answering.learned import features, weighing
from assistant.answering.learned.model import UNSAID, Prediction, ReadingModel
from assistant.answering.lexicon import Lexicon
from assistant.answering.reading import cues
from assistant.service import Assistant
from evals.mutation.mutants import Mutant

_NEVER = re.compile(r"(?!)")
_TAKEN_FOR = {"township": "party_government", "department": "party_government", "village": "township", "soe": "company"}


def reading_mutants(assistant: Assistant) -> Iterator[Mutant]:
    lexicon, model = assistant.reader.lexicon, assistant.reader.model
    for group, patterns in lexicon.groups.items():
        for name in patterns:
            lost = {**lexicon.groups, group: {**patterns, name: _NEVER}}
            yield _lexicon("lose word list", f"{group}.{name}", replace(lexicon, groups=lost))
    for name in lexicon.single:
        yield _lexicon("lose word list", name, replace(lexicon, single={**lexicon.single, name: _NEVER}))
    for number, one in enumerate(lexicon.organizations):
        rest = lexicon.organizations[:number], lexicon.organizations[number + 1 :]
        taken = replace(one, kind=_TAKEN_FOR.get(one.kind, "township"))
        yield _lexicon("lose names", f"{number}.{one.kind}", replace(lexicon, organizations=(*rest[0], *rest[1])))
        yield _lexicon(
            "mistake names", f"{number}.{one.kind}", replace(lexicon, organizations=(*rest[0], taken, *rest[1]))
        )
    for name in sorted(set(lexicon.words.values())):
        kept = {word: kind for word, kind in lexicon.words.items() if kind != name}
        yield _lexicon("lose word class", name, replace(lexicon, words=kept))
    if model is not None:
        for fact in model.facts:
            yield Mutant("reading", "deaf to", fact, partial(_hearing, _Deaf, fact))
            yield Mutant("reading", "mix up", fact, partial(_hearing, _Mixed, fact))
    yield _patched(
        "ignore", "denial", [(cues, "negated", _no), (features, "negated", _no), (organizations, "negated", _no)]
    )
    yield _patched("ignore", "hearsay", [(cues, "split", _own)])
    yield _patched("ignore", "earlier turns", [(service, "understand", _last_turn_only)])
    yield _patched("ignore", "what was asked", [(dialogue, "asked_in", lambda text: ())])
    yield _patched("ignore", "letters of options", [(dialogue, "_choice", lambda plain: ("", 0))])
    yield _patched("ignore", "several activities", [(service, "split_activities", lambda q: [dialogue.Part(q, 0, 0)])])
    for name, value in (("SAID", 0.2), ("SAID", 0.9), ("MASS", 0.1), ("LOOSE_MASS", 0.2), ("DESPITE_CUES", 0.3), ("NAMED", 0.2),
                        ("HINTED", 0.99), ("BARELY", 0.99)):  # fmt: skip
        yield _patched("move threshold", f"{name} = {value}", [(weighing, name, value)])


def _lexicon(operator: str, target: str, lexicon: Lexicon) -> Mutant:
    def make(assistant: Assistant) -> Assistant:
        return assistant.variant(reader=assistant.reader.variant(lexicon=lexicon))

    return Mutant("reading", operator, target, make)


def _patched(operator: str, target: str, places: Sequence[tuple[Any, str, Any]]) -> Mutant:
    def held() -> AbstractContextManager[Any]:
        stack = ExitStack()
        for module, name, value in places:
            stack.enter_context(patch.object(module, name, value))
        return stack

    return Mutant("reading", operator, target, patched=held)


class _Deaf(ReadingModel):
    """Takes one fact for unsaid, whatever is said."""

    def __init__(self, assistant: Assistant, fact: str) -> None:
        model = assistant.reader.model
        assert model is not None
        self.__dict__ |= model.__dict__
        self._model, self._fact = model, fact

    def predict(self, *given: Any, **more: Any) -> Prediction:
        said = self._model.predict(*given, **more)
        chances = said.facts.get(self._fact)
        return said if chances is None else replace(said, facts={**said.facts, self._fact: self._heard(chances)})

    def _heard(self, chances: Mapping[str, float]) -> Mapping[str, float]:
        return {value: float(value == UNSAID) for value in chances}


class _Mixed(_Deaf):
    """Takes each value of one fact for the next one."""

    def _heard(self, chances: Mapping[str, float]) -> Mapping[str, float]:
        values = [value for value in chances if value != UNSAID]
        return {**chances, **{a: chances[b] for a, b in zip(values, values[1:] + values[:1], strict=True)}}


def _hearing(how: type[_Deaf], fact: str, assistant: Assistant) -> Assistant:
    return assistant.variant(reader=assistant.reader.variant(model=how(assistant, fact)))


def _no(*_: Any) -> bool:
    return False


def _own(text: str) -> list[Clause]:
    return [replace(clause, reported=False, hearsay=False) for clause in split(text)]


def _last_turn_only(question: str, context: Any, reader: Any, book: Any) -> dialogue.Situation:
    return dialogue.understand(question, (), reader, book)
