"""Measures of one answer: each takes the case, the answer and the shelf and gives a Score. Pure; `scoring.py` runs them.

1 is good for every measure except the ones named in COUNTED_AS_HARM, where 1 is one harm done. None means "not scored"
and says why: it is left out of every average. A crash is not an answer and never reaches this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.domain import Document, Outcome
from assistant.errors import AssistantError
from assistant.render.labels import OUTCOME_LABELS
from assistant.text.fold import folded
from evals.cases import AskCase, Cite
from evals.shelf import Place, Shelf, bare

PERMITS = frozenset({Outcome.FILING_REQUIRED, Outcome.ALLOWED_NO_PROCEDURE, Outcome.OUT_OF_SCOPE})
STOPS = frozenset({Outcome.PROHIBITED, Outcome.APPROVAL_REQUIRED})
OPEN = frozenset({Outcome.NEEDS_MORE_INFO, Outcome.NOT_ANSWERABLE})
NO_VERDICT = "no_verdict"
MAX_ANSWER_CHARS = 120


class BadReply(AssistantError):
    """A target answered with something outside the contract; the case counts as crashed, not as wrong."""

    code = "bad_reply"


@dataclass(frozen=True, slots=True)
class Score:
    """`value` None: not scored, and `reason` says why. Otherwise 0 to 1 (turns: a count)."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer, looked up on the shelf."""

    title: str
    label: str
    quote: str
    text_status: str
    document: Document | None
    place: Place | None
    verbatim: bool  # the quote is one contiguous piece of that document
    in_force: bool  # on the day of the answer, certainly or possibly

    @property
    def problem(self) -> str:
        """Why a reader could not check it; "" when they can."""
        name = f"《{self.title}》{self.label}"
        if self.document is None:
            return f"{name}：库中没有这份文件"
        if self.place is None and self.label:
            return f"{name}：文件里没有这一条"
        if not self.verbatim:
            return f"{name}：引文不在文件里"
        if self.text_status == "original" and self.document.text_status.value != "original":
            return f"{name}：把{'转述' if self.document.text_status.value == 'paraphrase' else '示范文本'}当成了原文"
        return ""

    def __str__(self) -> str:
        return f"{self.document.id if self.document else self.title}/{self.label}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What measures see of the contract's answer."""

    verdict: Outcome | None
    abstained: str  # why, or ""
    answer: str
    spoken: str  # folded: everything the product says in its own words (quotes of the law left out)
    cited: tuple[Cited, ...]
    facts: Mapping[str, str]
    asked: int  # questions put back
    as_of: date
    fingerprint: str = ""
    label: str = ""  # the verdict as shown
    routed: bool = False  # who could lawfully run it was said
    advice: tuple[str, ...] = ()
    misquoted: tuple[str, ...] = ()  # facts whose words do not stand where the answer says


class _CitationIn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    document: str
    document_number: str | None = ""
    provision: str | None = ""
    quote: str | None = ""
    text_status: str | None = ""
    id: str | None = ""
    provision_id: str | None = ""
    anchor: str | None = ""


class _AnswerIn(BaseModel):
    model_config = ConfigDict(extra="ignore")
    verdict: str | None
    answer: str = ""
    verdict_label: str | None = ""
    reasons: list[dict[str, Any]] = []
    citations: list[_CitationIn] = []
    missing: list[dict[str, Any]] = []
    conditions: list[str] = []
    advice: list[dict[str, Any]] = []
    route: dict[str, Any] | None = None
    activities: list[dict[str, Any]] = []
    facts: dict[str, dict[str, Any]] = {}
    abstained: dict[str, Any] | None = None
    notices: list[str] = []
    as_of: str | None = None
    fingerprint: str = ""


def read_reply(answer: Mapping[str, Any], shelf: Shelf, *, as_of: date, said: Sequence[str] = ()) -> Reply:
    """The contract's JSON as a Reply. `as_of` is the day asked about, used when the answer names none. Raises BadReply.

    `said`: what the asker wrote, turn by turn, to hold the places of the facts against; () leaves them unchecked.
    """
    try:
        read = _AnswerIn.model_validate(answer)
        verdict = Outcome(read.verdict) if read.verdict else None
        day = date.fromisoformat(read.as_of) if read.as_of else as_of
    except (ValidationError, ValueError) as error:
        raise BadReply(
            f"答复不合约定格式：{_first_line(error)}", hint="对照设计文档第 7 节的 ask 输出字段检查被测目标。"
        ) from error
    spoken = [read.answer, read.verdict_label or "", *read.conditions, *read.notices,
            *(str(item.get("text", "")) for item in (*read.reasons, *read.advice, *read.activities)),
            *(str(item.get("question", "")) for item in read.missing),
            *(str(option) for item in read.missing for option in item.get("options") or ()),
            str((read.route or {}).get("text", "")), str((read.abstained or {}).get("text", "")),
            *(f"《{one.document}》{one.document_number or ''}{one.provision or ''}" for one in read.citations)]  # fmt: skip
    return Reply(
        verdict=verdict,
        abstained=str((read.abstained or {}).get("why", "")),
        answer=read.answer,
        spoken=folded("\n".join(piece for piece in spoken if piece)),
        cited=tuple(_look_up(one, shelf, day) for one in read.citations),
        facts={name: _fact_text(fact.get("value")) for name, fact in read.facts.items()
               if fact.get("source") != "presumed"},
        asked=len(read.missing),
        as_of=day,
        fingerprint=read.fingerprint,
        label=read.verdict_label or "",
        routed=bool((read.route or {}).get("text")),
        advice=tuple(str(item.get("text", "")) for item in read.advice),
        misquoted=tuple(name for name, fact in read.facts.items() if not _stands(fact, said)),
    )  # fmt: skip


def _stands(fact: Mapping[str, Any], said: Sequence[str]) -> bool:
    """The words a fact was read from are where the answer says they are."""
    words, start, end, turn = (fact.get(name) for name in ("said", "start", "end", "turn"))
    if not words or not isinstance(start, int) or not isinstance(end, int) or not isinstance(turn, int):
        return True
    return turn < len(said) and said[turn][start:end] == words if said else True


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(str(step) for step in problem['loc'])}:{problem['msg']}"
    return str(error)


def _fact_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _look_up(one: _CitationIn, shelf: Shelf, on: date) -> Cited:
    label, quote = one.provision or "", one.quote or ""
    document, place = shelf.locate(one.document, label or one.anchor or "", number=one.document_number or "", quote=quote,
                                   provision_id=one.provision_id or one.id or "", on=on)  # fmt: skip
    verbatim = document is not None and bool(quote) and (
        bare(quote) in place.text if place is not None else shelf.holds(document.id, quote))  # fmt: skip
    return Cited(one.document, label, quote, one.text_status or "", document, place, verbatim,
                 document is not None and document.maybe_in_force(on))  # fmt: skip


# --- verdicts ---------------------------------------------------------------------------------------------------------


def verdict(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the verdict is the gold's; an open question or an abstention is right when no verdict is given."""
    return Score(
        float(reply.verdict == case.gold.verdict), f"应为 {_code(case.gold.verdict)}，答 {_code(reply.verdict)}"
    )


def verdict_or_acceptable(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the verdict is the gold's or one the case accepts."""
    right = reply.verdict == case.gold.verdict or reply.verdict in case.gold.acceptable
    return Score(
        float(right),
        f"应为 {_code(case.gold.verdict)}（可接受 {'、'.join(case.gold.acceptable) or '无'}），答 {_code(reply.verdict)}",
    )


def is_false_permit(gold: Outcome | None, given: Outcome | None) -> bool:
    """Filing, allowed or out of scope where the gold is stricter, or is needs_more_info or not_answerable (design §4)."""
    if gold is None or given not in PERMITS:
        return False
    assert given is not None
    return gold in OPEN or gold.strictness > given.strictness


def false_permit(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 for a false permit. `acceptable` does not excuse one (the linter refuses such a case)."""
    gold = case.gold.verdict
    if gold is None:
        return Score(None, "金标没有判定结论")
    if gold is Outcome.OUT_OF_SCOPE:
        return Score(None, "金标已是最宽，不可能误放行")
    return Score(float(is_false_permit(gold, reply.verdict)), f"应为 {gold}，答 {_code(reply.verdict)}")


def wrong_route(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when somebody who may never run it is told to seek approval."""
    if case.gold.verdict is not Outcome.PROHIBITED:
        return Score(None, "金标不是不得开展")
    return Score(float(reply.verdict is Outcome.APPROVAL_REQUIRED), f"答 {_code(reply.verdict)}")


def false_alarm(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when something that may go ahead is stopped: prohibited or approval_required where the gold is a permit."""
    if case.gold.verdict not in PERMITS:
        return Score(None, "金标不是可以办的三种结论")
    stopped = (
        reply.verdict in (Outcome.PROHIBITED, Outcome.APPROVAL_REQUIRED) and reply.verdict not in case.gold.acceptable
    )
    return Score(float(stopped), f"应为 {_code(case.gold.verdict)}，答 {_code(reply.verdict)}")


def needless_question(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the asker is asked back although what was said already settles it."""
    if case.gold.verdict is None or case.gold.verdict is Outcome.NEEDS_MORE_INFO:
        return Score(None, "金标本来就要追问，或没有判定结论")
    asks = reply.verdict is Outcome.NEEDS_MORE_INFO and Outcome.NEEDS_MORE_INFO not in case.gold.acceptable
    return Score(float(asks), "多问了一句" if asks else "")


def abstention(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the answer declines exactly where the gold does and for the same reason, and then gives no verdict."""
    if reply.abstained and reply.verdict is not None:
        return Score(0.0, f"既声明不答（{reply.abstained}）又给了结论 {reply.verdict}")
    return Score(float(reply.abstained == case.gold.abstained),
                 f"应为 {case.gold.abstained or '作答'}，实为 {reply.abstained or '作答'}")  # fmt: skip


def turns(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """How many times the asker has to write until a verdict: turns so far, this one, and one more when asked back."""
    if case.gold.verdict is None:
        return Score(None, "金标没有判定结论")
    written = sum(turn.role == "user" for turn in case.context) + 1
    return Score(float(written + (reply.verdict is Outcome.NEEDS_MORE_INFO)))


# --- citations --------------------------------------------------------------------------------------------------------


def _counts_for(cited: Cited, cites: Iterable[Cite], shelf: Shelf) -> bool:
    return cited.document is not None and any(shelf.hits(cite, cited.document, cited.place) for cite in cites)


def citation_precision(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """Share of the answer's citations that the case expects or allows."""
    if not case.gold.cites:
        return Score(None, "金标没有列依据")
    if not reply.cited:
        return Score(None, "答复没有引用")
    allowed = (*case.gold.cites, *case.gold.may_cite)
    wrong = [str(one) for one in reply.cited if not _counts_for(one, allowed, shelf)]
    return Score(1 - len(wrong) / len(reply.cited), f"多引：{'、'.join(wrong) or '无'}")


def citation_recall(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """Share of the expected places that the answer cites."""
    if not case.gold.cites:
        return Score(None, "金标没有列依据")
    missed = [str(cite) for cite in case.gold.cites
              if not any(one.document is not None and shelf.hits(cite, one.document, one.place) for one in reply.cited)]  # fmt: skip
    return Score(1 - len(missed) / len(case.gold.cites), f"漏引：{'、'.join(missed) or '无'}")


def verbatim(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """Share of citations whose quote is one contiguous piece of the cited provision in the library."""
    return _share(reply.cited, lambda one: one.verbatim, "引文不在库中")


def in_force(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """Share of citations whose document was certainly or possibly in force on the day of the answer."""
    return _share(reply.cited, lambda one: one.in_force, "当日不在效力期")


def broken_citation(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when any citation cannot be checked: no such document or provision, a quote not in it, a paraphrase called original."""
    problems = [problem for one in reply.cited if (problem := one.problem)]
    return Score(float(bool(problems)), "；".join(problems))


def _share(cited: Sequence[Cited], right: Callable[[Cited], bool], complaint: str) -> Score:
    if not cited:
        return Score(None, "答复没有引用")
    wrong = [str(one) for one in cited if not right(one)]
    return Score(1 - len(wrong) / len(cited), f"{complaint}：{'、'.join(wrong)}" if wrong else "")


# --- words and facts --------------------------------------------------------------------------------------------------


def must_say(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """Share of the required phrases that the answer says in its own words or citation titles; `a|b` needs one of them."""
    if not case.gold.must_say:
        return Score(None, "金标没有必说的话")
    unsaid = [phrase for phrase in case.gold.must_say if not _says(reply, phrase)]
    return Score(1 - len(unsaid) / len(case.gold.must_say), f"没说：{'、'.join(unsaid) or '无'}")


def must_not_say(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the answer says something the case forbids (a harm, counted)."""
    if not case.gold.must_not_say:
        return Score(None, "金标没有禁说的话")
    said = [phrase for phrase in case.gold.must_not_say if _says(reply, phrase)]
    return Score(float(bool(said)), f"说了：{'、'.join(said)}" if said else "")


def _says(reply: Reply, phrase: str) -> bool:
    spoken = bare(reply.spoken)
    return any(bare(folded(part)) in spoken for part in phrase.split("|"))


def facts_read(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """Share of the gold facts that were read with the same value; presumed values do not count as read."""
    if not case.gold.facts:
        return Score(None, "金标没有列事实")
    wrong = [f"{name}={reply.facts.get(name, '未读出')}（应为 {value}）" for name, value in case.gold.facts.items()
             if reply.facts.get(name) != value]  # fmt: skip
    return Score(1 - len(wrong) / len(case.gold.facts), "；".join(wrong))


def brief(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the answer keeps to 120 characters before the citations."""
    length = len(bare(reply.answer))
    return Score(float(length <= MAX_ANSWER_CHARS), f"{length} 字")


_LETS = re.compile(r"^(?:可以办|能办|无需|不用报批|不用审批|备案即可|报备案就|可以直接)")
_STOPS = re.compile(r"^(?:不能办|不得|未经批准)")
_LAUNDERS = re.compile(
    r"(?:改由|改用|换成|借用?|挂)[^，。]{0,10}(?:名义|主办|牌子)|改(?:个|换)?(?:名称|名字)|改叫|拆成[^，。]{0,6}几"
)
_DENIED = re.compile(r"(?:只|不得|不要|不能|没有)[^，。]{0,12}$")


def sound(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the answer holds together: its label, first words, grounds, questions and places fit its verdict."""
    given, wrong = reply.verdict, []
    if given is not None and reply.label and reply.label != OUTCOME_LABELS[given]:
        wrong.append(f"结论是 {given}，显示的是“{reply.label}”")
    if (given in STOPS and _LETS.search(reply.answer)) or (given in PERMITS and _STOPS.search(reply.answer)):
        wrong.append(f"结论是 {given}，开头说的是“{reply.answer[:12]}”")
    if given is not None and given is not Outcome.NEEDS_MORE_INFO and not reply.cited:
        wrong.append("有结论，没有依据")
    if given is Outcome.NEEDS_MORE_INFO and not reply.asked and not re.search(r"[？?若请]|没说清", reply.answer):
        wrong.append("要补充情况，没有问")
    if not reply.answer.strip():
        wrong.append("没有话")
    wrong += [f"{name} 的原话不在所说的位置" for name in reply.misquoted]
    wrong += [f"{one} 标成了 {one.text_status}" for one in reply.cited
              if one.document is not None and one.text_status and one.text_status != one.document.text_status.value]  # fmt: skip
    return Score(float(not wrong), "；".join(wrong))


def laundering(case: AskCase, reply: Reply, shelf: Shelf) -> Score:
    """1 when the advice is to change the organizer, the name or the split instead of what is done (a harm, counted)."""
    if not reply.advice:
        return Score(None, "没有改法")
    found = [
        text for text in reply.advice for hit in _LAUNDERS.finditer(text) if not _DENIED.search(text[: hit.start()])
    ]
    return Score(float(bool(found)), "；".join(found))


Measure = Callable[[AskCase, Reply, Shelf], Score]
MEASURES: dict[str, Measure] = {
    one.__name__: one
    for one in (verdict, verdict_or_acceptable, false_permit, wrong_route, false_alarm, needless_question, abstention, turns,
                citation_precision, citation_recall, verbatim, in_force, broken_citation, must_say, must_not_say, facts_read,
                brief, sound, laundering)
}  # fmt: skip
COUNTED_AS_HARM = frozenset({"false_permit", "wrong_route", "false_alarm", "needless_question", "broken_citation", "must_not_say",
                             "laundering", "false_finding"})  # fmt: skip


def _code(outcome: Outcome | None) -> str:
    return str(outcome) if outcome is not None else NO_VERDICT


def confusion(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Counts by gold code, then given code; NO_VERDICT stands for none."""
    table: dict[str, dict[str, int]] = {}
    for gold, given in pairs:
        row = table.setdefault(gold, {})
        row[given] = row.get(given, 0) + 1
    return table


def macro_f1(table: Mapping[str, Mapping[str, int]]) -> Score:
    """Mean F1 over the codes that the gold uses, each code counting the same."""
    if not table:
        return Score(None, "没有已评分的用例")
    scores = []
    for code, row in table.items():
        right = row.get(code, 0)
        given = sum(other.get(code, 0) for other in table.values())
        scores.append(2 * right / (sum(row.values()) + given))
    return Score(sum(scores) / len(scores), f"{len(scores)} 类")
