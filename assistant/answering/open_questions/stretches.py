"""A provision cut into the stretches that can answer: sentences, list items, lists with their lead, table rows. Pure.

Every stretch is a contiguous part of its provision's text, so that it can be quoted. What we wrote about a source
(“读自：…”, “待核”) is not the law's and is kept apart as the stretch's note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain import Provision

_ITEM = re.compile(r"^\s*(?:[（(][一二三四五六七八九十]+[）)]|\d+[.．、])\s*")
_SENTENCE = re.compile(r"[^。！？!?]*(?:[。！？!?]|$)")
_NOTE = re.compile(
    r"[（(](?:读自|二手|前半|后半|地方文件|见于|仅见|会议报道|按|待核|2025年中央|其余|其后|后续|本条其余|种类见|见|“业务性质”)[^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]"
)
_DANGLING = re.compile(r"，(?:并|还|要|应当|可以)?(?:交|有|是|为|报)$")
_CLAUSE = re.compile(r"[^；;，,：:、]*(?:[；;，,：:、]|$)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text` stands in the provision as it is; `lead` is what a list item completes; `items` are those of a whole list."""

    provision: Provision
    text: str
    lead: str = ""
    items: tuple[str, ...] = ()
    note: str = ""
    order: int = 0

    @property
    def full(self) -> str:
        """For matching: the lead and the text."""
        return self.lead + self.text


def stretches_of(provision: Provision) -> list[Stretch]:
    """All stretches of one provision, in order; a table row is one."""
    if provision.columns:
        return [Stretch(provision, provision.text)]
    notes = " ".join(_NOTE.findall(provision.text))
    found = list(_cut(provision, notes))
    return [Stretch(s.provision, s.text, s.lead, s.items, s.note, order) for order, s in enumerate(found)]


def _cut(provision: Provision, notes: str) -> Iterator[Stretch]:
    text = provision.text
    lines = _lines(text)
    at = 0
    while at < len(lines):
        start, line = lines[at]
        items: list[tuple[int, str]] = []
        while at + 1 + len(items) < len(lines) and _ITEM.match(lines[at + 1 + len(items)][1]):
            items.append(lines[at + 1 + len(items)])
        if items and not _ITEM.match(line):
            end = items[-1][0] + len(items[-1][1])
            sentences = [s for s in _sentences(line) if s]
            lead = sentences[-1] if sentences else line
            lead_start = start + line.rfind(lead)
            for sentence in sentences[:-1]:
                yield Stretch(provision, sentence, note=notes)
            yield Stretch(
                provision, text[lead_start:end], items=tuple(bare_item(words) for _, words in items), note=notes
            )
            for _, words in items:
                yield Stretch(provision, _strip_note(words.strip()), lead=lead, note=notes)
            at += len(items) + 1
            continue
        for sentence in _sentences(line):
            kept = _strip_note(sentence)
            if kept:
                yield Stretch(provision, kept, note=notes)
        at += 1


def _lines(text: str) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            out.append((at, line))
        at += len(line) + 1
    return out


def _sentences(line: str) -> list[str]:
    """Sentences; a bracketed note of ours keeps its own full stops out of the cutting."""
    masked = _NOTE.sub(lambda m: "\0" * len(m[0]), line)
    out = []
    for found in _SENTENCE.finditer(masked):
        words = line[found.start() : found.end()]
        if found[0].strip("\0 　"):
            out.append(words.strip())
    return out


def _strip_note(sentence: str) -> str:
    """The longest part of a sentence before or after notes of ours; contiguous."""
    pieces = [piece.strip() for piece in _NOTE.split(sentence)]
    return max(pieces, key=len, default="")


def bare_item(words: str) -> str:
    """（一）年度方案； → 年度方案"""
    return _strip_note(_ITEM.sub("", words)).strip(" ；;。，,、")


def bare_of(text: str) -> str:
    """A provision's text without notes of ours."""
    return _NOTE.sub("", text)


def shown(stretch: Stretch, limit: int, focus: re.Pattern[str] | None = None, *, lead_alone: bool = False) -> str:
    """The stretch as one line of at most `limit` characters, ending without a full stop.

    `lead_alone`: when the focus stands in the lead of a list, the items are left out.
    """
    if lead_alone and focus is not None and (stretch.items or stretch.lead):
        lead = stretch.lead or stretch.text.split("\n", 1)[0]
        if focus.search(lead) and (stretch.items or not focus.search(stretch.text)):
            return _window(_DANGLING.sub("", lead.rstrip("：:。， ")), limit, focus)
    if stretch.items:
        return _shown_list(stretch, limit, focus)
    words = " ".join(stretch.text.split())
    if stretch.provision.columns:
        words = row_words(stretch.provision)
    elif stretch.lead:
        lead, item = stretch.lead.rstrip("：:， "), bare_item(words)
        if len(lead) + len(item) >= limit and len(item) < limit // 2:
            lead = _window(lead, limit - len(item) - 2, focus)
        words = f"{lead}：{item}" if len(lead) + len(item) < limit else item
    words = words.rstrip("。；;，, ")
    return words if len(words) <= limit else _window(words, limit, focus)


def row_words(provision: Provision) -> str:
    """A row as people read it: without boxes to tick and running numbers."""
    return "；".join(
        f"{head}：{cell}" for head, cell in provision.columns if cell.strip(" □☐_") and head not in ("序号", "编号")
    )


def _shown_list(stretch: Stretch, limit: int, focus: re.Pattern[str] | None) -> str:
    lead = stretch.text.split("\n", 1)[0].rstrip("：:。 ")
    joined = "、".join(stretch.items)
    whole = f"{lead}：{joined}"
    if len(whole) <= limit:
        return whole
    if len(lead) > limit // 2:
        lead = _window(lead, limit // 2, focus)
    kept: list[str] = []
    tail = f"等{len(stretch.items)}项"
    for item in (re.split("[，；]", item)[0] for item in stretch.items):
        if len(lead) + 1 + sum(map(len, kept)) + len(kept) + len(item) + len(tail) > limit:
            break
        kept.append(item)
    return f"{lead}：{'、'.join(kept)}{tail}" if kept else lead[:limit]


def _window(words: str, limit: int, focus: re.Pattern[str] | None) -> str:
    """Whole clauses around the focus, as many as fit; cut ends are marked."""
    clauses = [m[0] for m in _CLAUSE.finditer(words) if m[0]]
    centre = next((i for i, clause in enumerate(clauses) if focus and focus.search(clause)), 0)
    first = last = centre
    size = len(clauses[centre])
    room = limit - 4
    if size > room:
        return clauses[centre][: limit - 2] + "……"
    grown = True
    while grown:
        grown = False
        if first > 0 and size + len(clauses[first - 1]) <= room:
            first -= 1
            size += len(clauses[first])
            grown = True
        if last + 1 < len(clauses) and size + len(clauses[last + 1]) <= room:
            last += 1
            size += len(clauses[last])
            grown = True
    text = "".join(clauses[first : last + 1]).rstrip("，,；;：:、")
    return f"{'……' if first else ''}{text}{'……' if last + 1 < len(clauses) else ''}"
