"""Verdict + facts + provisions → Answer. Every citation is looked up in the library as of the day; what is not there is
not cited, and a permit whose grounds cannot be cited is withdrawn. Decides nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant.answering.dialogue import Held, Situation
from assistant.domain import (
    Advice,
    Answer,
    Citation,
    Fact,
    Missing,
    Outcome,
    Provision,
    Reason,
    Source,
    Span,
    TextStatus,
)
from assistant.errors import NotFound
from assistant.library import Library
from assistant.render import label_of
from assistant.rules.engine import Branch, Verdict
from assistant.rules.model import Cite, FactClass, Rule, RuleBook

log = logging.getLogger(__name__)

LIMIT = 120  # code points of the answer before the citations
PERMITS = frozenset({Outcome.ALLOWED_NO_PROCEDURE, Outcome.OUT_OF_SCOPE, Outcome.FILING_REQUIRED})
_EVASION = "只换名称、换主办、不改做法的，仍按变相开展处理"
_MAX_ASKED = 3  # questions before the answer turns into “若…则…”


@dataclass(frozen=True, slots=True)
class Composer:
    """Holds what composing needs from outside: the library, the rules, and who governs what."""

    library: Library
    book: RuleBook
    authorities: Mapping[str, Mapping[str, Any]]

    def compose(self, question: str, situation: Situation, verdict: Verdict, *, on: date) -> Answer:
        """The answer to one activity; answer_id and fingerprint are left for the service."""
        grounds = _grounds(verdict)
        citations, indexes = self._cite(grounds, on)
        outcome = verdict.outcome
        notices: list[str] = []
        if outcome in PERMITS and verdict.decided and not any(indexes.get(rule.id) for rule in verdict.decided):
            outcome = Outcome.NOT_ANSWERABLE
            notices.append("所依据的条款在这一天查不到，先不作“可以办”的答复。")
        primary = verdict.decided[0] if verdict.decided else None
        if outcome is not verdict.outcome:
            text = "现在定不了，先不要办。所依据的条款在所问日期查不到，请先问协调小组办。"
        elif outcome is Outcome.NEEDS_MORE_INFO:
            text = self._open_text(situation, verdict, primary)
        elif primary is not None:
            text = self._settled_text(question, primary, outcome)
        else:
            text = "没有查到明文规定，不等于可以办。请先问协调小组办，答复前先不要发通知。"
        if verdict.uncertain_window:
            notices.append("所问日期前后规定有变动，具体施行日未核到日，已按较严的一种答复。")
        if any(c.text_status is TextStatus.MODEL for c in citations):
            notices.append("依据中含示范文本（虚构的XX省XX市XX区），本省明文待导入，请以本省规定为准。")
        return Answer(
            answer_id="", question=question, outcome=outcome, label=label_of(outcome), text=text,
            reasons=self._reasons(verdict, indexes), citations=citations, missing=_missing(verdict),
            conditions=_conditions(verdict), advice=_advice(verdict),
            route=primary.route if primary is not None and primary.route and outcome is verdict.outcome else None,
            facts=self._facts(situation, verdict), as_of=on, notices=tuple(notices),
        )  # fmt: skip

    # ── words ──

    def _settled_text(self, question: str, rule: Rule, outcome: Outcome) -> str:
        headline = rule.headline
        if outcome is Outcome.APPROVAL_REQUIRED and re.search(
            r"(?:市|区|县)里?[^，。？?]{0,6}(?:能|可以|自己)批", question
        ):
            headline = "不能，区里、市里都批不了。"
        owner = self.authorities.get(rule.owner)
        tail = (
            f"主管：{owner['office']}。" if owner and outcome in (Outcome.OUT_OF_SCOPE, Outcome.NOT_ANSWERABLE) else ""
        )
        return fit([headline, f"{rule.reason}。", tail, rule.todo], LIMIT)

    def _open_text(self, situation: Situation, verdict: Verdict, primary: Rule | None) -> str:
        if primary is not None and primary.outcome is not Outcome.NEEDS_MORE_INFO:  # nothing left to ask
            return fit(["情况没说清，先按最严的准备：", primary.headline, f"{primary.reason}。", primary.todo], LIMIT)
        if primary is not None:
            return fit([primary.headline, f"{primary.reason}。", primary.todo], LIMIT)
        question = verdict.question
        if question is None:
            worst = max(verdict.outcomes, key=lambda o: o.strictness, default=Outcome.NOT_ANSWERABLE)
            return fit(["情况不全，先不要办。", f"最严可能是“{label_of(worst)}”。", "请向主办单位核实后再问。"], LIMIT)
        if len(situation.asked) >= _MAX_ASKED:
            return fit(["情况还不全，分开说：", *_branch_texts(question.branches), "定下来之前先不要发通知。"], LIMIT)
        branches = "".join(_branch_texts(question.branches)) if len(question.branches) <= 2 else ""
        return fit([f"还差一项才能定：{question.text}", branches, "答复前先不要发通知。"], LIMIT)

    # ── grounds ──

    def _cite(self, rules: Sequence[Rule], on: date) -> tuple[tuple[Citation, ...], dict[str, tuple[int, ...]]]:
        """Citations of these rules, each provision once, and for every rule the indexes of its own."""
        found: dict[str, int] = {}
        citations: list[Citation] = []
        indexes: dict[str, tuple[int, ...]] = {}
        for rule in rules:
            own = []
            for cite in rule.cites:
                citation = self.citation(cite, on)
                if citation is None:
                    continue
                if citation.provision_id not in found:
                    found[citation.provision_id] = len(citations)
                    citations.append(citation)
                own.append(found[citation.provision_id])
            indexes[rule.id] = tuple(dict.fromkeys(own))
        return tuple(citations), indexes

    def citation(self, cite: Cite, on: date) -> Citation | None:
        """One citation as of the day; None (and a log line) when the library does not hold it then."""
        try:
            if not cite.provision and not cite.anchor:
                document = self.library.find_document(cite.work, on=on)
                if document is None or not document.maybe_in_force(on):
                    return None
                provision = next((p for p in self.library.provisions(document.id) if p.text and not p.parent), None)
                if provision is None:
                    return None
            else:
                document, provision = self.library.find_provision(
                    cite.work, provision=cite.provision, anchor=cite.anchor, on=on
                )
        except NotFound as error:
            log.warning("citation not held: %s %s%s (%s)", cite.work, cite.provision, cite.anchor, error)
            return None
        return citation_of(document, provision)

    def _reasons(self, verdict: Verdict, indexes: Mapping[str, tuple[int, ...]]) -> tuple[Reason, ...]:
        groups: Iterable[tuple[str, Sequence[Rule]]] = (
            ("decides", _telling(verdict)), ("warns", verdict.warned), ("lost", verdict.lost[:2]),
        )  # fmt: skip
        return tuple(
            Reason(f"{rule.reason}。", rule.id, effect, indexes.get(rule.id, ()))
            for effect, rules in groups
            for rule in rules
        )

    # ── facts ──

    def _facts(self, situation: Situation, verdict: Verdict) -> tuple[Fact, ...]:
        out = [_fact(name, held) for name, held in situation.facts.items() if len(held.fact.values) == 1]
        telling = {
            self.book.facts[i].name
            for rule in verdict.decided for condition in rule.when for i, _ in condition.parts
        }  # fmt: skip
        out += [
            Fact(name, value, source=Source.PRESUMED)
            for name, value in verdict.presumed.items()
            if name in telling and self.book.fact(name).fact_class is not FactClass.IRREGULARITY
        ]
        return tuple(out)


def citation_of(document: Any, provision: Provision, quote: str = "") -> Citation:
    """A citation of a whole provision, or of a contiguous part of its text."""
    return Citation(
        document_id=document.id, document=document.title, document_number=document.document_number,
        provision=provision.label, quote=quote or provision.text, text_status=document.text_status,
        provision_id=provision.id, locator=provision.locator, level=document.level,
    )  # fmt: skip


def _grounds(verdict: Verdict) -> tuple[Rule, ...]:
    return (*_telling(verdict), *verdict.warned)


def _telling(verdict: Verdict) -> tuple[Rule, ...]:
    """The deciding rules worth showing. Where unknown facts leave several that agree, two are enough."""
    return verdict.decided[:2]


def _fact(name: str, held: Held) -> Fact:
    folded = held.reading.folded
    if held.fact.end > len(folded.text) or held.fact.start >= held.fact.end:
        return Fact(name, held.fact.values[0], source=Source.SAID)
    start, end = folded.span(held.fact.start, held.fact.end)
    return Fact(name, held.fact.values[0], folded.source[start:end], Span(start, end, held.turn), Source.SAID)


def _missing(verdict: Verdict) -> tuple[Missing, ...]:
    if verdict.outcome is not Outcome.NEEDS_MORE_INFO or verdict.question is None:
        return ()
    question = verdict.question
    return (Missing(question.fact, question.text, tuple(branch.text for branch in question.branches)),)


def _branch_texts(branches: Sequence[Branch]) -> list[str]:
    """“若…：…；” for each option that settles it, computed by the engine."""
    out = []
    for branch in branches:
        if len(branch.outcomes) == 1:
            out.append(f"若{branch.text}：{_SHORT[next(iter(branch.outcomes))]}；")
        else:
            worst = max(branch.outcomes, key=lambda o: o.strictness)
            out.append(f"若{branch.text}：还要看其他情况，最严{_SHORT[worst]}；")
    if out:
        out[-1] = out[-1].rstrip("；") + "。"
    return out


_SHORT = {
    Outcome.PROHIBITED: "不得开展",
    Outcome.APPROVAL_REQUIRED: "须逐级报批",
    Outcome.FILING_REQUIRED: "须报送备案",
    Outcome.ALLOWED_NO_PROCEDURE: "不用另行报批",
    Outcome.OUT_OF_SCOPE: "不按本类办法管理",
    Outcome.NEEDS_MORE_INFO: "还要核批准依据",
    Outcome.NOT_ANSWERABLE: "未查到明文，不等于可以办",
}


def _conditions(verdict: Verdict) -> tuple[str, ...]:
    conditions = list(verdict.conditions)
    if verdict.outcome is Outcome.APPROVAL_REQUIRED and verdict.presumed.get("approval") == "none":
        conditions.insert(0, "以尚未获批为前提")
    return tuple(conditions[:3])


def _advice(verdict: Verdict) -> tuple[Advice, ...]:
    out = [Advice(cure.text, cure.outcome) for cure in verdict.cures]
    if out:
        out[-1] = replace(out[-1], text=f"{out[-1].text}。{_EVASION}")
    return tuple(out)


def fit(parts: Sequence[str], limit: int) -> str:
    """Join parts into at most `limit` code points, dropping whole sentences from the end, never cutting one."""
    text = ""
    for part in parts:
        for sentence in re.findall(r"[^。；？]*[。；？]|[^。；？]+$", part):
            if len(text) + len(sentence) > limit:
                return text
            text += sentence
    return text
