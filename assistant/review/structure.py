"""What a draft notice is made of: title, addressee, sections, clauses, signers. Pure, over folded text.

Offsets are into the folded text; the reviewer maps them back. Nothing here judges what a clause means.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from assistant.answering.clauses import split
from assistant.text.fold import Folded

_GENRE = r"(?:通知|通报|决定|公告|公示|通告|意见|方案|办法|细则|规则|规程|函|请示|报告|批复|倡议书?|启事|计划|要点|海报|令|制度|安排)"
_TITLE = re.compile(rf"^[^。;!?]{{2,90}}{_GENRE}\"?(?:\((?:[^()]{{1,20}})\))?$")
_TITLE_START = re.compile(r"关于|^(?:[\u4e00-\u9fff]{2,30})?(?:印发|转发)")
_RUN_IN_TITLE = re.compile(rf"^[^。;!?\n:]{{0,60}}?关于[^。;!?\n:]{{2,60}}?的{_GENRE}(?=[ :])")
_RED_HEAD = re.compile(r"文件$|^签发人|^\(?内部|^特急|^加急|^示范文本|^#*$|^-{3,}|^主动公开|^抄送|^[^,。]{0,20}印发$")
_NUMBER_LINE = re.compile(r"^[\u4e00-\u9fffa-z]{1,12} *[〔\[(](?:19|20)?[0-9x]{2,4}[〕\])] *(?:第)?[0-9x]{1,4} *号$")
_DATE_LINE = re.compile(
    r"^\(?(?:(?:19|20)[0-9x]{2}|[二〇○零一二三四五六七八九十]{4}) *年[^,。]{1,4}月[^,。]{1,4}日?\)?$"
)
_HEADING = re.compile(
    r"^ *(?P<mark>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章条部]|\([一二三四五六七八九十]{1,3}\)|[0-9]{1,2}[.、](?![0-9]))"
)
_MARK = re.compile(
    r"^[ #*]*(?:(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十0-9]{1,3}\)|[0-9]{1,2}[.、](?![0-9])|第[一二三四五六七八九十]{1,3}条|[一二三四五六七八九十]是)[ ]*)+"
)
_BACKGROUND_SECTION = re.compile(
    r"指导思想|目的意义|重要意义|工作背景|基本原则|组织领导|组织机构|提高(?:思想)?认识|加强领导"
)
_BACKGROUND_CLAUSE = re.compile(
    r"^(?:为(?!【|主|单位|[0-9一二三四五六七八九十])|为了|根据|按照|按(?!得分|[0-9月季年名标指])|依据|依照|贯彻|深入贯彻|全面贯彻|坚持|以习近平|结合|学习|近年来|[0-9]{4}年以来|近期|鉴于|随着|希望|望[各受])"
)
# What has been done or is hoped for: a whole sentence that opens so tells nothing of what will be done.
_NARRATIVE = re.compile(
    r"^(?:近年来|多年来|长期以来|[一两二三几]年来|[0-9]{4}年(?:[0-9]{1,2}月)?以来|[^,。]{0,10}以来|日前|去年|希望|望|受(?:到)?(?:表彰|命名|表扬)|(?:全[区镇市县]|各)[^,。]{0,12}(?:要)?(?:以|向)[^,。]{0,10}(?:为榜样|学习))"
)
_DECIDES = re.compile(r"决定|拟(?!定)|现(?:将|予|就)|予以表彰|特(?:此)?(?:授予|表彰|命名)")
_SET_UP = re.compile(
    r"成立[^,。]{0,20}(?:领导小组|工作组|专班|评审(?:组|委员会)|指挥部)|(?:任|担任)(?:副?组长|成员)|^(?:副?组长|成员)|领导小组办公室设在|联系人|联系电话"
)
_ORG_LINE = re.compile(r"^[\u4e00-\u9fffa-z()\" 、-]{3,90}$")
_ORG_END = re.compile(
    r"(?:委|政府|局|委员会|办公室|办事处|党工委|工委|党组|党委|工会|妇联|团委|协会|商会|学会|联合会|促进会|基金会|联盟|中心|学校|小学|中学|幼儿园|学院|医院|公司|集团|指挥部|领导小组|专班|院|馆|站|所|办|部|厅|会|社|队|社区|村|街道|镇|乡|管委会)$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A clause of the body. `core`: it tells what will be done; background, purpose and set-up are not core."""

    start: int
    end: int
    text: str
    sentence: int
    core: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A parsed notice. Ranges are half-open, in the folded text; an absent part is an empty range."""

    folded: Folded
    masked: str  # folded text with 《…》 blanked out, same length: names of other documents are no activity
    title: tuple[int, int]
    addressee: str
    parts: tuple[Part, ...]
    starts: tuple[int, ...]  # of the parts, for bisecting
    signers: tuple[str, ...]
    is_notice: bool

    @property
    def title_text(self) -> str:
        return self.folded.text[self.title[0] : self.title[1]]

    def part_at(self, position: int) -> Part | None:
        index = bisect_right(self.starts, position) - 1
        if index < 0 or position >= self.parts[index].end:
            return None
        return self.parts[index]

    def sentence(self, number: int) -> tuple[Part, ...]:
        """The parts of one sentence, in order."""
        return tuple(part for part in self.parts if part.sentence == number)


def _lines(text: str) -> list[tuple[int, int, str]]:
    """(start, end, words) of every line that is not blank, without its own leading and trailing blanks."""
    out = []
    at = 0
    for line in text.split("\n"):
        words = line.strip(" #*")
        if words:
            start = at + line.find(words)
            out.append((start, start + len(words), words))
        at += len(line) + 1
    return out


def _title(lines: list[tuple[int, int, str]], text: str) -> tuple[tuple[int, int], int]:
    """The range of the title, and how many lines it and what stands above it take."""
    for index, (start, end, words) in enumerate(lines[:12]):
        if _RED_HEAD.search(words) or _NUMBER_LINE.match(words):
            continue
        if _TITLE.match(words) and not words.endswith(":"):
            first = start
            above = lines[index - 1] if index else None
            if above and words.startswith(("关于", "印发", "转发")) and _is_org_line(above[2]):
                first = above[0]
            return (first, end), index + 1
        if _TITLE_START.search(words) and len(words) < 60:  # a title broken over lines
            joined = words
            for more in range(1, 3):
                if index + more >= len(lines):
                    break
                joined += lines[index + more][2]
                if _TITLE.match(joined):
                    return (start, lines[index + more][1]), index + more + 1
    if lines:
        start = lines[0][0]
        found = _RUN_IN_TITLE.match(text[start : start + 150])
        if found:
            return (start, start + found.end()), 0
    return (0, 0), 0


def _is_org_line(words: str) -> bool:
    if len(words) > 90 or not _ORG_LINE.match(words) or _RED_HEAD.search(words):
        return False
    return all(_ORG_END.search(piece) for piece in re.split(r"[ 、]+", words) if piece)


def _signers(lines: list[tuple[int, int, str]], after: int) -> tuple[tuple[str, ...], int]:
    """Who signs, and the index of the first line of the signature (len(lines) when nobody does).

    The last run of organization lines counts; attachments may follow it.
    """
    found: list[int] = []
    for index in range(len(lines) - 1, after - 1, -1):
        words = lines[index][2]
        if _is_org_line(words):
            found.append(index)
        elif found or len(lines) - index > 400:
            break
    names: list[str] = []
    for index in sorted(found):
        names += [piece for piece in re.split(r"[ 、]+", lines[index][2]) if piece]
    return tuple(names), min(found, default=len(lines))


def parse(folded: Folded) -> Notice:
    """Parse a draft. Text that has neither a title with a genre nor an addressee is not a notice; nothing is raised."""
    text = folded.text
    masked = re.sub(r"《[^》\n]{1,60}》", lambda found: "《" + "□" * (len(found[0]) - 2) + "》", text)
    lines = _lines(text)
    title, used = _title(lines, text)
    addressee = ""
    body_from = title[1]
    if used and used < len(lines) and lines[used][2].endswith(":") and len(lines[used][2]) <= 120:
        addressee = lines[used][2][:-1]
        body_from = lines[used][1]
        used += 1
    elif not used and title == (0, 0):
        for index, (_, end, words) in enumerate(lines[:6]):
            if (
                words.endswith(":")
                and re.search(r"各|全体|有关|区直|镇属|县直|市直|局属", words)
                and not re.search(r"[。;0-9]|如下:$|通知:$", words)
                and len(words) <= 120
            ):
                addressee, body_from, used = words[:-1], end, index + 1
                break
    signers, signed_at = _signers(lines, used)
    skip = {
        index
        for index, (_, _, words) in enumerate(lines)
        if index < used or _DATE_LINE.match(words) or _RED_HEAD.search(words)
    }
    skip |= {index for index in range(signed_at, len(lines)) if _is_org_line(lines[index][2])}
    quiet = _quiet_ranges(lines, used)
    skipped = [(lines[index][0], lines[index][1]) for index in sorted(skip)]
    parts = _parts(masked, body_from, skipped, quiet)
    is_notice = title != (0, 0) or bool(addressee)
    return Notice(
        folded, masked, title, addressee, tuple(parts), tuple(part.start for part in parts), signers, is_notice
    )


def _quiet_ranges(lines: list[tuple[int, int, str]], used: int) -> list[tuple[int, int]]:
    """Ranges of sections that only give background: under 指导思想, 组织领导 … up to the next heading of that rank."""
    out: list[tuple[int, int]] = []
    opened: tuple[int, int] | None = None
    for start, _, words in lines[used:]:
        heading = _HEADING.match(words)
        if not heading:
            continue
        rank = _rank(heading["mark"])
        if opened and rank <= opened[1]:
            out.append((opened[0], start))
            opened = None
        name = words[heading.end() : heading.end() + 12]
        if opened is None and _BACKGROUND_SECTION.search(name):
            opened = (start, rank)
    if opened:
        out.append((opened[0], lines[-1][1]))
    return out


def _rank(mark: str) -> int:
    """0 for 一、, 1 for （一）, 2 for 1."""
    if mark.startswith("("):
        return 1
    return 2 if mark[0].isdigit() else 0


def _inside(position: int, ranges: list[tuple[int, int]], starts: list[int]) -> bool:
    index = bisect_right(starts, position) - 1
    return index >= 0 and position < ranges[index][1]


def _parts(text: str, body_from: int, skipped: list[tuple[int, int]], quiet: list[tuple[int, int]]) -> list[Part]:
    parts: list[Part] = []
    skip_starts = [start for start, _ in skipped]
    quiet_starts = [start for start, _ in quiet]
    told: dict[int, bool] = {}  # sentence → only narrative
    clauses = split(text)
    words_of: dict[int, list[str]] = {}
    for clause in clauses:
        words_of.setdefault(clause.sentence, []).append(clause.text)
    for number, pieces in words_of.items():
        opening = _MARK.sub("", pieces[0].strip())
        told[number] = bool(_NARRATIVE.match(opening)) and not any(_DECIDES.search(piece) for piece in pieces)
    for clause in clauses:
        start, end = clause.start, clause.end
        if end <= body_from or _inside(start, skipped, skip_starts):
            continue
        start = max(start, body_from)
        words = text[start:end]
        start += len(words) - len(words.lstrip())
        mark = _MARK.match(text[start:end])
        if mark and mark.end() < end - start:
            start += mark.end()
        end = start + len(text[start:end].rstrip())
        words = text[start:end]
        heading = mark is not None and end - start <= 10 and text[end : end + 1] in ("。", "\n", "")
        background = (
            heading
            or told[clause.sentence]
            or _BACKGROUND_CLAUSE.match(words)
            or _SET_UP.search(words)
            or _inside(start, quiet, quiet_starts)
        )
        parts.append(Part(start, end, words, clause.sentence, not background))
    return parts
