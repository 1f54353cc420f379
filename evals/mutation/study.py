"""Draw mutants, run the gate on each, say which it caught. Every draw is told by its seed and can be repeated."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from assistant.answering.learned.model import Prediction, ReadingModel
from assistant.config import Settings
from assistant.rules.engine import Stated, judge
from assistant.rules.model import RuleBook
from assistant.service import Assistant
from evals.accepted_runs import Accepted, AcceptedCase
from evals.cases import CASES_DIR, Case, read_cases
from evals.gate import check_run
from evals.measures import is_false_permit
from evals.mutation.corpus import corpus_mutants
from evals.mutation.finding import finding_mutants
from evals.mutation.mutants import Altered, Mutant
from evals.mutation.reading import reading_mutants
from evals.mutation.rules import rule_mutants
from evals.mutation.saying import saying_mutants
from evals.records import Meta, Record, Run
from evals.runner import run_case
from evals.shelf import Shelf

_DRAWS = 2_000  # of facts, to tell whether a changed rule book ever judges otherwise
_PASSING = ("answer_id", "fingerprint", "latency_ms")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant."""

    mutant: str
    room: str
    caught_by: tuple[str, ...]  # rules of the gate
    changed: int  # answers that differ from the sound product's
    false_permits: int  # among the cases
    equivalent: bool  # judges every draw alike, with the same grounds (rules only)
    permits_falsely: bool  # lets something pass on some draw of facts, or on some case

    @property
    def caught(self) -> bool:
        return bool(self.caught_by)


class Study:
    """The sound product's answers, and what it takes to hold a broken one against them."""

    def __init__(self, assistant: Assistant, shelf: Shelf, suites: Mapping[str, Sequence[Case]], today: date) -> None:
        self._shelf, self._suites, self._today = shelf, suites, today
        self._plain = assistant.variant()
        reader = assistant.reader
        assert reader.model is not None
        self._quick = assistant.variant(reader=reader.variant(model=_Remembering(reader.model)))
        self._quick.__dict__["_open_questions"] = _RememberingAnswers(assistant._open_questions)
        self._sound = {suite: self._run(suite, Altered(self._quick, None)) for suite in suites}
        self._marks = {suite: {r.id: _mark(r) for r in run.records} for suite, run in self._sound.items()}
        self._accepted = {suite: _accepted(run) for suite, run in self._sound.items()}

    @classmethod
    def open(cls, settings: Settings, today: date) -> Study:
        """Over every open suite of this checkout."""
        from evals.cli import open_shelf

        assistant = Assistant.open(settings)
        suites = {suite: read_cases(CASES_DIR / f"{suite}-open.jsonl") for suite in ("ask", "retrieval", "review")}
        return cls(assistant, open_shelf(assistant.library), suites, today)

    @cached_property
    def by_name(self) -> dict[str, Mutant]:
        return {mutant.name: mutant for mutant in every_mutant(self._plain)}

    def fate(self, mutant: Mutant) -> Fate:
        """Run the gate on one mutant."""
        base = self._quick if mutant.room in ("rules", "saying") else self._plain
        if mutant.room in ("corpus", "finding"):  # these read as ever; what open questions find may change
            base = self._quick.variant(retriever=self._plain.retriever)
        caught: list[str] = []
        changed = permits = 0
        with mutant.patched():
            broken = mutant.make(base)
            target = Altered(broken, mutant.says)
            for suite in self._suites:
                if suite not in mutant.suites:
                    continue
                run = self._run(suite, target)
                changed += sum(self._marks[suite][r.id] != _mark(r) for r in run.records)
                permits += sum(bool(v) for v in run.values("false_permit").values())
                caught += [
                    f"{suite}：{check.name}"
                    for check in check_run(run, self._accepted[suite]).checks
                    if not check.passed
                ]
        same, loose = (
            judged_alike(self._plain.book, broken.book, self._today) if mutant.room == "rules" else (False, False)
        )
        return Fate(
            mutant.name, mutant.room, tuple(caught), changed, permits, same and not changed, loose or permits > 0
        )

    def _run(self, suite: str, target: Altered) -> Run:
        cases = self._suites[suite]
        records = tuple(run_case(case, suite, target, self._shelf, today=self._today) for case in cases)
        meta = Meta(suite, "open", "in-process", "one", self._today.isoformat(), "", len(cases), "")
        return Run(meta, tuple(replace(r, fingerprint="one" if r.fingerprint else "") for r in records))


def judged_alike(old: RuleBook, new: RuleBook, on: date, *, draws: int = _DRAWS, seed: int = 0) -> tuple[bool, bool]:
    """(the same outcome from the same grounds on every draw of facts, a looser one on some)."""
    rng = random.Random(seed)
    same, looser = True, False
    conditions = [c for rule in (*old.rules, *new.rules) for c in rule.when]
    for _ in range(draws):
        stated: dict[str, Stated] = {}
        for fact in old.facts:
            if rng.random() < 0.25:
                stated[fact.name] = Stated(frozenset({rng.choice(fact.values)}))
        for index, allowed in rng.choice(conditions).parts:
            fact = old.facts[index]
            if allowed & fact.everything:
                stated[fact.name] = Stated(frozenset({rng.choice(fact.names(allowed))}))
        before, after = judge(stated, old, on=on), judge(stated, new, on=on)
        same = same and before.outcome is after.outcome and _grounds(before) == _grounds(after)
        looser = looser or is_false_permit(before.outcome, after.outcome)
        if not same and looser:
            break
    return same, looser


def _grounds(verdict: Any) -> list[Any]:
    return [(rule.id, rule.cites, rule.headline) for rule in (*verdict.decided[:2], *verdict.warned)]


def every_mutant(assistant: Assistant) -> list[Mutant]:
    """All there are, in a fixed order."""
    return [
        *rule_mutants(assistant.book), *corpus_mutants(assistant), *reading_mutants(assistant), *finding_mutants(),
        *saying_mutants(),
    ]  # fmt: skip


def draw(mutants: Sequence[Mutant], count: int, seed: int) -> list[Mutant]:
    """Without replacement; the same for the same seed."""
    return random.Random(seed).sample(list(mutants), min(count, len(mutants)))


_study: Study | None = None


def fates(
    settings: Settings, mutants: Sequence[Mutant], *, today: date, workers: int,
    progress: Callable[[int, int, Fate], None] | None = None,
) -> list[Fate]:  # fmt: skip
    """In the order of the mutants. Every worker is a fresh process with a sound product of its own: Chroma does not
    survive a fork."""
    names = {mutant.name: i for i, mutant in enumerate(mutants)}
    found: dict[int, Fate] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(settings, today)) as pool:
        futures = [pool.submit(_fate, mutant.name) for mutant in mutants]
        for future in as_completed(futures):
            fate = future.result()
            found[names[fate.mutant]] = fate
            if progress is not None:
                progress(len(found), len(mutants), fate)
    return [found[i] for i in range(len(mutants))]


def _begin(settings: Settings, today: date) -> None:
    global _study  # noqa: PLW0603 - a worker holds one product
    _study = Study.open(settings, today)


def _fate(name: str) -> Fate:
    assert _study is not None
    return _study.fate(_study.by_name[name])


def _mark(record: Record) -> str:
    kept = {name: value for name, value in record.answer.items() if name not in _PASSING}
    return hashlib.sha256(json.dumps([kept, record.crashed], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _accepted(run: Run) -> Accepted:
    cases = {
        record.id: AcceptedCase(record.digest, {n: s.value for n, s in record.scores.items() if s.value is not None})
        for record in run.records
    }
    return Accepted(run.meta.suite, "open", "", "", run.meta.today, "one", "", cases, {})


class _Remembering(ReadingModel):
    """Predicts each utterance once: what is broken elsewhere does not change what is read."""

    def __init__(self, model: ReadingModel) -> None:
        self.__dict__ |= model.__dict__
        self._model = model
        self._held: dict[Any, Prediction] = {}

    def predict(
        self, text: Any, clauses: Any, organizations: Any, lexicon: Any, cues_read: Any, asked: Any = ()
    ) -> Prediction:
        key = (text, tuple(asked), tuple(sorted((n, f.values, f.open) for n, f in cues_read.items())))
        if key not in self._held:
            self._held[key] = self._model.predict(text, clauses, organizations, lexicon, cues_read, asked)
        return self._held[key]


class _RememberingAnswers:
    """Answers each open question once."""

    def __init__(self, answering: Any) -> None:
        self._answering = answering
        self._held: dict[Any, Any] = {}

    def answer(self, question: str, topic: str, *, on: date, situation_text: str = "") -> Any:
        key = (question, topic, on, situation_text)
        if key not in self._held:
            self._held[key] = self._answering.answer(question, topic, on=on, situation_text=situation_text)
        return self._held[key]
