"""Reviewer: a draft notice → the verdict of the rules and findings with exact places. Stateless; safe to share between threads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.answering.compose import Composer
from assistant.answering.dialogue import Held, Situation
from assistant.answering.reading import Reader, Reading
from assistant.domain import Citation, Finding, Outcome, Review, Severity
from assistant.render import label_of
from assistant.review import signs as look
from assistant.review.facts import Organizer, Signs, gives_title, organizer_of, own_honors, read_facts, selects_of
from assistant.review.kinds import (
    ASSEMBLY_AWARD_GROUNDS,
    BURDEN_GROUNDS,
    FORUM_NAME_GROUNDS,
    GRAND_NAME_GROUNDS,
    TABLE,
)
from assistant.review.signs import Sign
from assistant.review.structure import Notice, parse
from assistant.rules.engine import Verdict, judge
from assistant.rules.model import Cite, Phase, RuleBook
from assistant.text.fold import fold
from assistant.text.numbers import parse_number

_MOST_OF_A_KIND = 10  # more of the same says nothing new
_LONGEST_SPAN = 160  # code points; a longer run is told at its first clause
_ACTS = frozenset({"creation", "commendation", "science_prize", "pilot", "festival", "forum", "recommendation"})
_OPEN = frozenset({Outcome.PROHIBITED, Outcome.APPROVAL_REQUIRED, Outcome.NEEDS_MORE_INFO})
_WORKDAYS = 5
_DOES = re.compile(r"决定|拟|将|定于|准备|研究|(?:评选|创建|评定|推选|表彰)[^,。]{0,20}(?:活动|工作)|发起|组织开展")
_NAMES = re.compile(r"街道|镇|局|委|会|集团|中心|学校|政府|办事处|我[局会院校]|本[会局院]")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finding before its citations are resolved; offsets in the folded notice."""

    kind: str
    start: int
    end: int
    severity: Severity | None = None
    message: str = ""
    advice: str = ""
    grounds: tuple[Cite, ...] | None = None
    extra: tuple[Cite, ...] = ()


class Reviewer:
    """Reviews whole draft notices with one reader, one rule book and one composer."""

    def __init__(self, reader: Reader, book: RuleBook, composer: Composer) -> None:
        self._reader = reader
        self._book = book
        self._composer = composer

    def review(self, text: str, *, organizer: str | None, on: date) -> Review:
        """The verdict on the activity of a draft and its findings, in order of the text, as of a day.

        `organizer` overrules what the paper says. Empty text and text that is no notice give outcome None and one piece
        of advice; nothing is raised. Spans are code points of `text`, and `span == text[start:end]`.
        """
        folded = fold(text)
        notice = parse(folded)
        if not notice.is_notice:
            return self._not_a_notice(text, notice, on)
        runs = organizer_of(notice, self._reader, organizer)
        found = _look(notice)
        facts = read_facts(notice, runs, found, self._reader)
        reading = Reading(folded=folded, clauses=(), organizations=(), organizer=None, facts=facts)
        situation = Situation({name: Held(fact, 0, reading) for name, fact in facts.items()}, reading)
        verdict = judge(situation.stated(), self._book, on=on)
        answer = self._composer.compose(notice.title_text or text[:60], situation, verdict, on=on)
        outcome = answer.outcome
        drafts = _drafts(notice, runs, found, verdict, outcome)
        creation = facts["nature"].values == ("creation",)
        social = runs is not None and runs.kind == "social_organization"
        findings = [self._finding(notice, draft, creation, social, on) for draft in drafts]
        findings.sort(key=lambda finding: (finding.start, finding.end, list(TABLE).index(finding.kind)))
        return Review(outcome, label_of(outcome), tuple(findings), replace(answer, as_of=on), on)

    def _not_a_notice(self, text: str, notice: Notice, on: date) -> Review:
        first = next((line for line in text.split("\n") if line.strip()), "")
        start = text.find(first) + len(first) - len(first.lstrip()) if first else 0
        end = min(start + 40, start + len(first.strip()))
        kind = TABLE["form"]
        message = kind.message if first else "没有内容，无法核对。"
        return Review(
            None, "", (Finding("form", kind.severity, text[start:end], start, end, message, (), kind.advice),), None, on
        )

    def _finding(self, notice: Notice, draft: _Draft, creation: bool, social: bool, on: date) -> Finding:
        kind = TABLE[draft.kind]
        start, end = notice.folded.span(draft.start, draft.end)
        grounds = kind.grounds(creation=creation, social=social) if draft.grounds is None else draft.grounds
        return Finding(
            kind=draft.kind, severity=draft.severity or kind.severity, span=notice.folded.source[start:end], start=start,
            end=end, message=draft.message or kind.message, citations=self._citations((*draft.extra, *grounds), on),
            advice=draft.advice or kind.advice,
        )  # fmt: skip

    def _citations(self, cites: Iterable[Cite], on: date) -> tuple[Citation, ...]:
        out: dict[str, Citation] = {}
        for cite in cites:
            citation = self._composer.citation(cite, on)
            if citation is not None:
                out.setdefault(citation.provision_id, citation)
        return tuple(out.values())


# ── what there is ──


def _look(notice: Notice) -> Signs:
    faults = {
        "fee": look.fees(notice),
        "sponsorship": look.find(notice, "sponsorship", look.SPONSORSHIP),
        "burden": look.find(notice, "burden", look.BURDEN),
        "assessment_tie": look.ties(notice),
        "coercion": look.find(notice, "coercion", look.COERCION),
        "matching": look.find(notice, "matching", look.MATCHING),
        "sub_project": look.find(notice, "sub_project", look.SUB_PROJECT),
        "medals": look.medals(notice),
        "event_award": look.event_awards(notice),
        "profit_partner": look.find(notice, "profit_partner", look.PROFIT),
        "foreign_partner": look.foreign_partners(notice),
        "science_prize": look.science_prizes(notice),
        "wording": [s for s in look.wording(notice) if not _grand_only(notice, s)],
        "key_date": look.find(notice, "key_date", look.KEY_DATE),
        "commercial": look.find(notice, "commercial", look.COMMERCIAL),
    }
    return Signs(look.honors(notice), selects_of(notice), look.find(notice, "scoring", look.SCORING), faults)


def _grand_only(notice: Notice, sign: Sign) -> bool:
    """“人民××” and “功勋××” may be mistaken for a state honour, and are not on the hard list."""
    return not look.WORDING.search(notice.folded.text[sign.start : sign.end])


# ── findings ──


@dataclass(frozen=True, slots=True)
class _Matter:
    """All that findings are drawn from. `honors` and `selects` are those of this notice itself; `nature` "" when open."""

    notice: Notice
    runs: Organizer | None
    found: Signs
    verdict: Verdict
    outcome: Outcome | None
    nature: str
    honors: Sequence[Sign]
    selects: Sequence[Sign]

    def words(self, sign: Sign) -> str:
        """The clause that carries a sign, folded."""
        return self.notice.folded.text[sign.start : sign.end]


def _drafts(
    notice: Notice, runs: Organizer | None, found: Signs, verdict: Verdict, outcome: Outcome | None
) -> list[_Draft]:
    """Every finding, once. What only matters in an activity of this field is left out when the rules say it is none."""
    natures = verdict.values.get("nature", ())
    nature = natures[0] if len(natures) == 1 else ""
    selects = [s for s in found.selects if s.core and not s.denied]
    it = _Matter(notice, runs, found, verdict, outcome, nature, own_honors(notice, found), selects)
    out: list[_Draft] = []
    live = outcome in _OPEN or (outcome is Outcome.ALLOWED_NO_PROCEDURE and nature != "business")
    if live and (it.honors or nature in _ACTS):
        out += _organizer(it)
        out += _conduct(it)
        if nature not in ("recommendation", "task_breakdown", "grading"):
            out += _recognition(it, out)
            out += _disguised(it, out)
            out += _scoring(it, out)
        out += _approval(it)
    elif nature not in ("party_commendation", "institution_award", "civil_servant_award"):
        out += _everyday(it)
    out += _publicity(notice)
    return _thinned(notice, out)


def _body_first(signs: Sequence[Sign]) -> list[Sign]:
    """Signs that hold, without the title's where the body says the same."""
    yes = [s for s in signs if not s.denied]
    body = [s for s in yes if not s.in_title]
    return body or yes


def _clauses(kind: str, signs: Iterable[Sign], severity: Severity | None = None) -> list[_Draft]:
    """One draft a clause; neighbours of one sentence are told once."""
    out: list[_Draft] = []
    last = -1
    for sign in sorted(signs, key=lambda s: (s.start, s.end)):
        near = (
            out
            and sign.sentence == last
            and sign.start <= out[-1].end + 2
            and sign.end - out[-1].start <= _LONGEST_SPAN
        )
        if near:
            out[-1] = replace(out[-1], end=max(out[-1].end, sign.end))
        else:
            out.append(_Draft(kind, sign.start, sign.end, severity))
        last = sign.sentence
    return out


def _organizer(it: _Matter) -> list[_Draft]:
    """The organizer may not run it at all: told where the paper decides on it, else in the title."""
    notice, runs = it.notice, it.runs
    barring = [
        rule for rule in it.verdict.decided if rule.phase is Phase.ORGANIZER and rule.outcome is Outcome.PROHIBITED
    ]
    if not barring or it.nature in ("recommendation", "science_prize"):
        return []
    rule = barring[0]
    place = notice.title
    for part in notice.parts:
        if not part.core or len(part.text) > 90:
            continue
        if re.search(r"命名|授予|颁", part.text) and not re.search(r"评选|创建|开展", part.text):
            continue
        does = _DOES.search(part.text)
        names = runs is not None and _NAMES.search(part.text[:16])
        if not (does and (names or re.search(r"决定|拟", part.text))):
            continue
        inside = [
            s for s in it.selects if s.sentence == part.sentence and s.at[0] >= part.start and s.end - part.start <= 90
        ]
        if inside:
            last = part.end if any(s.at[0] < part.end for s in inside) else min(s.end for s in inside)
            place = (part.start, last)
            break
    if place[0] == place[1]:
        first = next(iter((*it.selects, *it.honors)), None)
        if first is None:
            return []
        place = (first.start, first.end)
    printed = "" if runs is None else notice.folded.said(runs.start, runs.end) if runs.end > runs.start else runs.name
    name = f"（{printed}）" if printed else ""
    message = f"{rule.reason}。请核对主办单位{name}。"
    return [_Draft("organizer", *place, message=message, grounds=rule.cites, advice=rule.todo)]


def _recognition(it: _Matter, before: Sequence[_Draft]) -> list[_Draft]:
    """One finding a sentence, over the clauses that give honours. Places in a contest are none beside its titles."""
    severity = Severity.MUST_NOT if it.outcome is Outcome.PROHIBITED else Severity.MUST_FIX
    if it.outcome is Outcome.ALLOWED_NO_PROCEDURE:
        severity = Severity.ADVISE
    taken = [(d.start, d.end) for d in before if d.kind in ("sub_project", "medals", "event_award")]
    out: list[_Draft] = []
    groups: dict[int, list[Sign]] = {}
    for sign in it.honors:
        if it.nature == "competition" and not gives_title(it.notice, sign):
            continue
        if not any(a <= sign.start and sign.end <= b for a, b in taken):
            groups.setdefault(sign.sentence, []).append(sign)
    for group in groups.values():
        start, end = group[0].start, max(sign.end for sign in group)
        if end - start > _LONGEST_SPAN or "\n" in it.notice.folded.text[start:end]:
            end = group[0].end
        out.append(_Draft("recognition", start, end, severity))
    return out


_CARRIERS = {"会议": "会议交流", "征集": "征集", "试点": "试点", "排行": "排行、指数", "星级": "星级评定", "推介": "推介", "大赛": "比赛",
             "培育": "培育"}  # fmt: skip
_OWN_NAME = re.compile(r"十佳|优秀|示范|最美|十强|百强|先进|之星|标杆|金牌")
_MEETING = re.compile(r"研讨|交流|观摩|现场会|座谈|沙龙|推介|分享")


def _disguised(it: _Matter, before: Sequence[_Draft]) -> list[_Draft]:
    """An activity under another name that ends in recognition; at most one finding. In a meeting, the clause that selects is shown."""
    if not it.honors or any(d.kind == "sub_project" for d in before):
        return []
    held = it.nature in ("festival", "forum", "expo") and any(
        d.kind in ("event_award", "science_prize") for d in before
    )
    told = {(d.start, d.end) for d in before if d.kind in ("matching", "sub_project", "burden")}
    title = it.notice.title_text
    every = list(look.disguises(it.notice))
    for name, sign in every:
        if (sign.start, sign.end) in told or not _carries(it, name, sign, held):
            continue
        place = sign
        if name == "会议":
            scored = (s for s in it.found.scoring if not s.denied and not s.in_title)
            chosen = (s for s in it.selects if not s.in_title)
            place = next(scored, None) or next(chosen, None) or sign
        elif _OWN_NAME.search(title) and look.DISGUISE[name].search(title):
            place = next((s for n, s in every if n == name and s.in_title), sign)
        table, words = TABLE["disguised"], _CARRIERS[name]
        return [
            _Draft(
                "disguised",
                place.start,
                place.end,
                None,
                table.message.format(name=words),
                table.advice.format(name=words),
            )
        ]
    return []


def _carries(it: _Matter, name: str, sign: Sign, held: bool) -> bool:
    """Does this word really stand for the activity here, and not for a thing beside it?"""
    title = it.notice.title_text
    if name == "会议":
        return not held and bool(_MEETING.search(title))
    if name == "大赛":
        return any(gives_title(it.notice, s) for s in it.honors)
    if name == "星级":
        return not re.search(r"酒店|饭店|景区|5a|4a", it.words(sign))
    if name in ("排行", "培育", "推介"):
        return bool(re.search(r"排行|指数|榜|培育|推介|排名", title + it.words(sign)))
    return True


def _scoring(it: _Matter, before: Sequence[_Draft]) -> list[_Draft]:
    taken = [(d.start, d.end) for d in before]
    signs = [
        s
        for s in it.found.scoring
        if not s.denied and not s.in_title and not any(a < s.end and s.start < b for a, b in taken)
    ]
    return _clauses("scoring", signs[:3])


def _conduct(it: _Matter) -> list[_Draft]:
    """How it is done: money, pressure, burden, names, partners, additions."""
    out: list[_Draft] = []
    notice, faults = it.notice, it.found.faults
    for kind in ("fee", "sponsorship", "matching", "assessment_tie", "coercion", "medals", "foreign_partner"):
        signs = _body_first(faults[kind])
        if kind == "fee":  # money asked as sponsorship is told once
            signs = [s for s in signs if not re.search(r"赞助|冠名", notice.folded.text[s.at[0] : s.at[1]])]
        out += _clauses(kind, signs)
    out += _burden(it, _body_first(faults["burden"]), None)
    out += _clauses("sub_project", [s for s in _body_first(faults["sub_project"]) if s.core])
    if it.nature not in ("recommendation", "task_breakdown"):  # there the name is the superior's
        out += _wording(notice)
    if it.nature == "science_prize":
        out += _clauses("science_prize", _body_first(faults["science_prize"])[:1])
    else:
        out += _event_awards(it)
    social = it.runs is not None and it.runs.kind == "social_organization"
    out += _clauses(
        "profit_partner", _body_first(faults["profit_partner"]), Severity.MUST_NOT if social else Severity.ADVISE
    )
    out += _clauses(
        "temporary", [s for s in look.find(notice, "temporary", look.TEMPORARY) if not s.in_title and not s.denied]
    )
    filings = [s for s in look.filings(notice) if not s.denied]
    if it.nature not in ("recommendation", "grading") or any(re.search(r"即可|后", it.words(s)) for s in filings):
        out += _filing(notice, filings)
    return out


def _event_awards(it: _Matter) -> list[_Draft]:
    assembly = re.search(r"论坛|峰会|年会", it.notice.folded.text[: it.notice.title[1] + 400])
    groups: dict[int, list[Sign]] = {}
    for sign in _body_first(it.found.faults["event_award"]):
        groups.setdefault(sign.sentence, []).append(sign)
    out = []
    for group in groups.values():
        start, end = group[0].start, max(s.end for s in group)
        end = end if end - start <= _LONGEST_SPAN else group[0].end
        out.append(_Draft("event_award", start, end, extra=ASSEMBLY_AWARD_GROUNDS if assembly else ()))
    return out


def _filing(notice: Notice, signs: Sequence[Sign]) -> list[_Draft]:
    """With the clause after it, when that goes on to say that nothing else is needed."""
    out = []
    for sign in signs:
        end = sign.end
        after = next((p for p in notice.parts if p.start >= sign.end), None)
        if (
            after is not None
            and after.sentence == sign.sentence
            and re.match(r"(?:无需|不用|不再|即可|不需)", after.text)
        ):
            end = after.end
        out.append(_Draft("filing_as_approval", sign.start, end))
    return out


def _burden(it: _Matter, signs: Sequence[Sign], severity: Severity | None) -> list[_Draft]:
    out = []
    for draft in _clauses("burden", signs, severity=severity):
        clause = it.notice.folded.text[draft.start : draft.end]
        extra = next((cite for pattern, cite in BURDEN_GROUNDS if re.search(pattern, clause)), None)
        out.append(replace(draft, extra=(extra,) if extra else ()))
    return out


def _wording(notice: Notice) -> list[_Draft]:
    out = []
    for sign in look.wording(notice):
        words = notice.folded.text[sign.start : sign.end]
        if not look.WORDING.search(words):
            out.append(_Draft("wording", sign.start, sign.end, Severity.MUST_FIX,
                              "名称疑似与国家荣誉称号、功勋名称相近，有混同风险。", grounds=GRAND_NAME_GROUNDS))  # fmt: skip
        else:
            extra = FORUM_NAME_GROUNDS if re.search(r"论坛|峰会|年会", words) else ()
            out.append(_Draft("wording", sign.start, sign.end, extra=extra))
    return out


def _approval(it: _Matter) -> list[_Draft]:
    """An approval claimed that is none; or none named where one is needed."""
    notice, verdict, outcome = it.notice, it.verdict, it.outcome
    if it.nature == "recommendation" and re.search(r"公示", notice.title_text):
        if look.APPROVED_HIGH.search(notice.masked, notice.title[1]) and verdict.values.get("approval_number") == (
            "given",
        ):
            return _unchecked_number(notice)
        return [
            _Draft("approval", *notice.title, None, "公示没有写明表彰项目的批准机关和文号，看不出是哪一级批准的项目。")
        ]
    if it.nature in ("recommendation", "task_breakdown", "grading", "business"):
        return []
    table = TABLE["approval"]
    claims = look.local_approvals(notice)
    out = []
    for sign in claims[:3]:
        said = notice.folded.said(*sign.at)
        said = f"“{said}”" if len(said) <= 24 else "区、市研究同意，领导批示，列入要点、预算，"
        out.append(_Draft("approval", sign.start, sign.end, None, table.message.format(said=said)))
    if out or outcome not in (Outcome.APPROVAL_REQUIRED, Outcome.NEEDS_MORE_INFO):
        return out
    approval = verdict.values.get("approval", ())
    number = verdict.values.get("approval_number", ())
    if approval == ("central_province",) and number == ("given",):
        return _unchecked_number(notice)
    span = notice.title if notice.title != (0, 0) else (0, min(30, len(notice.folded.text)))
    claim = look.APPROVED_CLAIM.search(notice.masked, notice.title[1])
    if claim and approval == ("claimed",):
        part = notice.part_at(claim.start())
        if part is not None:
            return [_Draft("approval", part.start, part.end, None, "只写“已批准”，没有写批准机关和文号。")]
    if outcome is Outcome.NEEDS_MORE_INFO and it.runs is not None and it.runs.kind in ("zone", "task_force"):
        return []
    return [_Draft("approval", *span, None, "通篇没有写批准机关和批准文号。")]


def _unchecked_number(notice: Notice) -> list[_Draft]:
    found = look.APPROVED_HIGH.search(notice.masked, notice.title[1])
    part = notice.part_at(found.start()) if found else None
    span = (part.start, part.end) if part else notice.title
    return [_Draft("approval", *span, Severity.ADVISE, "写了批准文号，但在已导入的目录中还没有核到（目录不含不宜公开的项目，查不到不等于没有批准）。",
                   "建议印发前请协调小组办核对批准文件和名称、周期、范围、名额。")]  # fmt: skip


def _everyday(it: _Matter) -> list[_Draft]:
    """Outside this field: only what burdens the grassroots by form, as advice."""
    signs = [s for s in _body_first(it.found.faults["burden"])
             if re.search(r"打卡|留痕|点赞|转发|拍照|每[日天周]|网络投票|检讨", it.notice.folded.text[s.at[0] : s.at[1]])]  # fmt: skip
    return _burden(it, signs[:3], Severity.ADVISE)


# ── publicity ──


def _publicity(notice: Notice) -> list[_Draft]:
    out = [_Draft("privacy", sign.start, sign.end) for sign in look.privacy(notice)]
    text = notice.folded.text
    for found in look.PUBLICITY_DAYS.finditer(text):
        try:
            days = parse_number(found["n"])
        except ValueError:
            continue
        if days < _WORKDAYS:
            out.append(_Draft("publicity_days", *found.span()))
        elif found["unit"] != "工作日" and days < _WORKDAYS + 2:
            out.append(_Draft("publicity_days", *found.span(), Severity.ADVISE,
                              "公示期一般按工作日计算，请核对是否满5个工作日。"))  # fmt: skip
    if not any(draft.kind == "publicity_days" for draft in out):
        for found in look.PUBLICITY_RANGE.finditer(text):
            days_between = _workdays(found)
            if days_between is not None and 0 < days_between < _WORKDAYS:
                out.append(
                    _Draft(
                        "publicity_days",
                        *found.span(),
                        None,
                        f"所写起止日期约为{days_between}个工作日，公示期一般为5个工作日。",
                    )
                )
    return out


def _workdays(found: re.Match[str]) -> int | None:
    """Mondays to Fridays between two printed days, both counted; None when they cannot be read. Holidays are not known."""
    try:
        year = int(found["y"] or 2000 + date.today().year % 100)
        first = date(year, int(found["m1"]), int(found["d1"]))
        last = date(year, int(found["m2"] or found["m1"]), int(found["d2"]))
    except ValueError:
        return None
    if last < first or (last - first).days > 60:
        return None
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((last - first).days + 1))


# ── tidying ──


def _thinned(notice: Notice, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Trim spans, drop doubles, and keep the first few of a kind."""
    out: list[_Draft] = []
    seen: set[tuple[str, str]] = set()
    count: dict[str, int] = {}
    text = notice.folded.text
    for draft in sorted(drafts, key=lambda d: (d.start, d.end)):
        start, end = draft.start, draft.end
        while start < end and text[start] in " ,、。;:\n":
            start += 1
        while end > start and text[end - 1] in " ,、。;:\n":
            end -= 1
        if start >= end:
            continue
        mark = (draft.kind, text[start:end])
        if mark in seen:
            continue
        seen.add(mark)
        count[draft.kind] = count.get(draft.kind, 0) + 1
        if count[draft.kind] <= _MOST_OF_A_KIND:
            out.append(replace(draft, start=start, end=end))
    return out
