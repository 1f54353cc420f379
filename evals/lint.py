"""The linter of cases: gold that cannot be right is refused with file and line before anything is measured by it.

Errors stop a run (unknown outcome, unknown work or provision, doubles, leaks between splits, a gold that contradicts
itself); warnings are for the author (near-doubles in one file, a source not in force, a fact nobody declares).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from assistant.text.fold import folded
from evals.cases import AskCase, BadCases, Case, Cite, ReviewCase, SearchCase, Where, parse_lines, suite_of
from evals.measures import is_false_permit
from evals.shelf import Shelf

LEAK_SIMILARITY = 0.8  # between splits: this alike means the blind case is no longer blind
NEAR_DOUBLE_SIMILARITY = 0.92  # inside a split: only a warning, because minimal pairs are wanted

_NOISE = re.compile(r"[^\u4e00-\u9fffa-z0-9]+")
_POLITE = re.compile(r"请问|你好|您好|麻烦问下|麻烦|想问下|想问一下|咨询一下|谢谢|[吗呢吧啊呀嘛哦]")


@dataclass(frozen=True, slots=True)
class Complaint:
    where: Where
    what: str
    error: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {'' if self.error else '(提醒)'}{self.what}"


class Say(Protocol):
    def __call__(self, what: str, *, error: bool = True) -> None: ...


def lint_files(paths: Sequence[Path], shelf: Shelf | None = None, *, facts: Mapping[str, Collection[str]] | None = None,
               kinds: Collection[str] = (), today: date) -> list[Complaint]:  # fmt: skip
    """Every complaint about these files, in file and line order.

    `shelf` None skips what only the library can tell; `facts` maps declared fact names to their values (empty: any);
    `kinds` are the finding kinds of `review`, empty when unknown.
    """
    complaints: list[Complaint] = []
    files: list[tuple[str, str, list[Case]]] = []
    for path in paths:
        suite, split = suite_of(path)
        cases: list[Case] = []
        for item in parse_lines(path.read_text(encoding="utf-8"), suite, path.name):
            if isinstance(item, tuple):
                complaints.append(Complaint(*item))
            else:
                cases.append(item)
        files.append((suite, split, cases))
        for case in cases:
            complaints += lint_case(case, shelf, facts=facts, kinds=kinds, today=today)
    complaints += _doubles([case for _, _, cases in files for case in cases])
    for suite in {suite for suite, _, _ in files}:
        splits = [(split, cases) for one, split, cases in files if one == suite]
        for index, (_, cases) in enumerate(splits):
            complaints += _near(cases, cases, NEAR_DOUBLE_SIMILARITY, leak=False)
            for _, others in splits[:index]:
                complaints += _near(others, cases, LEAK_SIMILARITY, leak=True)
    return sorted(complaints, key=lambda one: (one.where.file, one.where.line, one.what))


def refuse_bad(complaints: Iterable[Complaint]) -> None:
    """Raise BadCases with every error, one a line; warnings pass."""
    errors = [str(one) for one in complaints if one.error]
    if errors:
        raise BadCases("\n".join(errors), hint=f"{len(errors)} 处用例有误，按文件名和行号改正后再运行。")


def lint_case(case: Case, shelf: Shelf | None, *, facts: Mapping[str, Collection[str]] | None = None,
              kinds: Collection[str] = (), today: date) -> list[Complaint]:  # fmt: skip
    """What is wrong with one case by itself."""
    out: list[Complaint] = []

    def say(what: str, *, error: bool = True) -> None:
        out.append(Complaint(case.where, what, error))

    if not case.author:
        say("没有写 author", error=False)
    if isinstance(case, AskCase):
        _lint_ask(case, say, facts)
    if isinstance(case, ReviewCase):
        _lint_review(case, say, kinds)
    cites = (
        case.cites
        if isinstance(case, SearchCase)
        else (*case.gold.cites, *case.gold.may_cite)
        if isinstance(case, AskCase)
        else ()
    )
    if len(set(cites)) < len(cites):
        say(
            f"同一依据列了两次：{'、'.join(sorted({str(cite) for cite in cites if cites.count(cite) > 1}))}",
            error=False,
        )
    if shelf is not None:
        for cite in cites:
            _lint_cite(cite, shelf, case.as_of or today, say)
    return out


def _lint_ask(case: AskCase, say: Say, facts: Mapping[str, Collection[str]] | None) -> None:
    gold = case.gold
    if gold.abstained and gold.verdict is not None:
        say(f"abstained={gold.abstained} 时 verdict 必须是 null")
    if gold.verdict is not None and gold.verdict in gold.acceptable:
        say(f"acceptable 里重复了 verdict {gold.verdict}")
    for code in gold.acceptable:
        if is_false_permit(gold.verdict, code):
            say(f"acceptable 里的 {code} 对 {gold.verdict} 是误放行，不能列为可接受")
    if gold.verdict is not None and not gold.cites and gold.verdict != "needs_more_info":
        say("给了结论却没有列依据（cites）", error=False)
    for phrase in set(gold.must_say) & set(gold.must_not_say):
        say(f"“{phrase}”同时在 must_say 和 must_not_say 里")
    for phrase in gold.must_not_say:
        if any(phrase in required for required in gold.must_say):
            say(f"must_not_say 的“{phrase}”是 must_say 的一部分，两者不可能同时满足")
    for name, value in gold.facts.items():
        if facts is not None and name not in facts:
            say(f"facts 里的 {name} 没有在 facts.yaml 中声明", error=False)
        elif facts is not None and facts[name] and value not in facts[name]:
            say(f"facts 里的 {name}={value} 不在声明的取值里", error=False)
    if case.context and case.context[-1].role == "user":
        say("context 最后一轮应是 assistant（用户的最新一句写在 question）", error=False)


def _lint_review(case: ReviewCase, say: Say, kinds: Collection[str]) -> None:
    for code in case.gold.acceptable:
        if is_false_permit(case.gold.verdict, code):
            say(f"acceptable 里的 {code} 对 {case.gold.verdict} 是误放行，不能列为可接受")
    for finding in case.gold.findings:
        if finding.span not in case.text:
            say(f"通知稿里没有“{finding.span}”")
        if kinds and finding.kind not in kinds:
            say(f"没有“{finding.kind}”这种问题类别", error=False)


def _lint_cite(cite: Cite, shelf: Shelf, on: date, say: Say) -> None:
    versions = shelf.versions(cite.work)
    if not versions:
        say(f"库里没有文件 {cite.work}")
        return
    if cite.provision and not shelf.places_of(cite) and not _held_in_part(cite, shelf):
        say(f"{cite.work} 里没有“{cite.provision}”")
    if not any(document.maybe_in_force(on) for document in versions):
        say(f"{cite.work} 在 {on.isoformat()} 已不在效力期", error=False)


def _held_in_part(cite: Cite, shelf: Shelf) -> bool:
    """第四条 may be held only as its paragraphs; citing it is still right."""
    return any(
        shelf.hits(cite, document, place)
        for document in shelf.versions(cite.work)
        for place in shelf.places[document.id]
    )


def _doubles(cases: Sequence[Case]) -> list[Complaint]:
    out: list[Complaint] = []
    ids: dict[str, Case] = {}
    asked: dict[tuple[object, ...], Case] = {}
    for case in cases:
        if (first := ids.setdefault(case.id, case)) is not case:
            out.append(Complaint(case.where, f"id {case.id!r} 与 {first.where} 重复"))
        key = (type(case), skeleton(_text(case)), _context(case), case.as_of)
        if (same := asked.setdefault(key, case)) is not case:
            out.append(Complaint(case.where, f"与 {same.where}（{same.id}）是同一个问题"))
    return out


def _near(first: Sequence[Case], second: Sequence[Case], limit: float, *, leak: bool) -> list[Complaint]:
    """Pairs at least `limit` alike by character trigrams (Jaccard); the later line is complained about."""
    out: list[Complaint] = []
    grams = {id(case): _trigrams(skeleton(_text(case))) for case in (*first, *second)}
    for index, case in enumerate(second):
        mine = grams[id(case)]
        for other in first if leak else second[:index]:
            theirs = grams[id(other)]
            if min(len(mine), len(theirs)) < limit * max(len(mine), len(theirs)):
                continue  # too different in length to be that alike
            shared = len(mine & theirs)
            alike = shared / max(1, len(mine) + len(theirs) - shared)
            same_talk = _context(case) == _context(other) and case.as_of == other.as_of
            if alike < limit or (not leak and (alike == 1.0 or not same_talk)):
                continue  # an exact double inside a file is already complained about
            what = f"与 {other.where}（{other.id}）几乎相同（{alike:.0%}）"
            out.append(Complaint(case.where, what + ("，分组之间泄题" if leak else ""), error=leak))
    return out


def skeleton(text: str) -> str:
    """A question without punctuation, spaces, politeness and particles, folded: two spellings of one question are equal."""
    return _NOISE.sub("", _POLITE.sub("", folded(text)))


def _trigrams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 3] for i in range(len(text) - 2)) or frozenset([text])


def _text(case: Case) -> str:
    return case.text if isinstance(case, ReviewCase) else case.question


def _context(case: Case) -> tuple[str, ...]:
    return tuple(skeleton(turn.content) for turn in case.context) if isinstance(case, AskCase) else ()
