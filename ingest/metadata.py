"""What a document says about itself: title, 发文字号, issuer, level, region, dates, what it repeals. Pure; `reading` calls it.

Front matter or a sidecar goes before everything; what they leave out is read from the text. What had to be guessed is told in
a problem, so that somebody looks at it before publishing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.domain import DocumentStatus, Level, PartialDate, Precision, TextStatus
from assistant.errors import IncompleteDocument
from assistant.text.labels import DOCUMENT_NUMBER, unify_document_number
from assistant.text.numbers import NUMERAL, parse_number
from ingest.dates import DATE, day_after, read_date, years_later
from ingest.markers import Kind, read_marker
from ingest.readers.blocks import Block

_HEAD = 25  # blocks in which a document introduces itself
_TITLE_END = re.compile(
    r"(?:办法|规定|条例|通知|意见|方案|细则|决定|法|清单|目录|公告|通告|通报|函|批复|请示|计划|规则|解释|制度|章程|准则|守则|标准|要点|报告|安排|规程|规范|纲要|规划|措施|指南|指引|宪法|决议|命令|流程|程序|表|答复|须知|倡议书|汇编)"
    r"(?:[（(][^（）()]{1,12}[）)])?$"
)
_RED_HEAD = re.compile(r"(?:文件|电报|简报|专报|会议纪要)$|^[★☆*\s]+$")
_ORDER = re.compile(
    rf"(?:^|[日\s，,（(])((?:中华人民共和国)?[^\s日，,（()）]{{2,20}}?令)\s*[（(]?\s*第?\s*({NUMERAL}+)\s*号"
)
_ADOPTED = re.compile(r"通过|公布|发布|批准|印发|修订|修正|修改|制定|颁布")
_FROM_THEN = re.compile(r"施行|实施|执行|生效|实行")
_IN_FORCE_FROM = re.compile(
    r"(?:自|从|于)?\s*(" + DATE.pattern + r")\s*(?:起|开始)\s*(?:正式)?\s*(?:施行|实施|执行|生效|实行)"
)
_IN_FORCE_AT_ISSUE = re.compile(
    r"自\s*(?:本\w{1,4})?\s*(?:发布|公布|印发|颁布|发文)\s*之日\s*起\s*(?:施行|实施|执行|生效|实行)"
)
_VALID_UNTIL = re.compile(r"有效期\s*(?:限)?\s*(?:至|到|截至)\s*(" + DATE.pattern + r")")
_VALID_YEARS = re.compile(rf"有效期\s*(?:限)?\s*(?:为|是)?\s*({NUMERAL}+)\s*年")
_REPEALS = re.compile(r"同时废止|予以废止|即行废止|自行废止|停止执行")
_NAMED = re.compile(r"《([^《》]+)》")
_CENTRAL = re.compile(
    r"中共中央|中央办公厅|国务院|全国人民代表大会|全国人大|最高人民法院|最高人民检察院|中央军委|中央组织部|中组部|中宣部|民政部|教育部|财政部|公安部|科技部"
    r"|人力资源社会保障部|人力资源和社会保障部|国家\S{2,12}(?:局|委|部|署)|全国\S{2,20}小组|中国共产党中央|^中华人民共和国\S{2,14}(?:部|委员会|总局|署)"
)
_CLAUSE = re.compile(
    r"[，,；;\s]+(?=[（(]?(?:自|[12]\d{3}|[一二][零〇○一二三四五六七八九]{3}))"
)  # where another date begins
_WHO = re.compile(r"日\s*([\u4e00-\u9fff]{2,20}?)(?:令|公告|发布|公布|印发|批准|颁布)")
_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")
_PROVINCE = re.compile(
    r"^(?:中共|中国共产党)?((?:[\u4e00-\u9fff]{2,3}|X{1,3})省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:北京|上海|天津|重庆)市)"
)
_CITY = re.compile(r"^((?:[\u4e00-\u9fff]{2,4}?|X{1,3})(?:市|自治州|地区|盟))")
_DISTRICT = re.compile(r"^((?:[\u4e00-\u9fff]{1,4}?|X{1,3})(?:区|县|旗|市))")
_NOT_PLACES = ("国家", "中央", "全国", "中国", "中华", "社会", "最高", "关于", "市场", "城市", "地区")
_LEADING = re.compile(r"^(?:中共|中国共产党)")


_NO_DATE = PartialDate()


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a document, and how."""

    title: str = ""
    title_from_name: bool = False  # no title in the text: from the file's name or properties
    document_number: str = ""
    issuer: str = ""
    level: Level | None = None
    region: str = ""
    issued_on: PartialDate = _NO_DATE
    effective_on: PartialDate = _NO_DATE
    repealed_on: PartialDate = _NO_DATE
    repeals: tuple[str, ...] = ()  # titles or numbers of documents it ends
    aliases: tuple[str, ...] = ()
    head: frozenset[int] = frozenset()  # blocks that only introduce the document
    guessed: tuple[str, ...] = ()  # sentences about what was read from hints


def read_metadata(blocks: Sequence[Block], *, name: str = "", file_title: str = "") -> Found:
    """Read a document's own words about itself; `name` is the file's name, `file_title` what its properties say."""
    title, title_blocks, aliases = _title(blocks, name, file_title)
    head = _head_end(blocks, title_blocks)
    used = set(title_blocks)
    number, issuer = "", ""
    adopted: list[PartialDate] = []
    starts: list[PartialDate] = []
    for at in range(head):
        block = blocks[at]
        text = block.text
        if at in title_blocks or not text or block.rows:
            continue
        says_number = (found := DOCUMENT_NUMBER.search(text)) and len(text) <= 60
        if says_number and not number and found and not _quotes(text, found.start()):
            number = unify_document_number(found[0])
            used.add(at)
        order = _ORDER.search(text)
        if order and not number and len(text) <= 80:
            number = f"{order[1]}第{parse_number(order[2])}号".replace("中华人民共和国国务院", "国务院")
            issuer = issuer or order[1].removesuffix("令")
            used.add(at)
        if read_date(text) and (block.info or _is_info(text)):
            used.add(at)
            for piece in _CLAUSE.split(text.strip("（）()")):
                when = read_date(piece)
                if when is None:
                    continue
                if _FROM_THEN.search(piece):
                    starts.append(when)
                elif _ADOPTED.search(piece) or len(piece) <= 14:
                    adopted.append(when)
            if not issuer and (who := _WHO.search(text)):
                issuer = who[1]
        elif _RED_HEAD.search(text) and len(text) <= 40:
            used.add(at)
            issuer = issuer or _LEADING.sub("中共", text.replace(" ", "").removesuffix("文件"))
        elif block.info:
            used.add(at)
    signature_issuer, signed_on = _signature(blocks)
    issuer = issuer or signature_issuer
    body = "\n".join(block.text for block in blocks if block.text)
    # A date of adoption is put above the text; without one, the date below the text counts.
    issued = max((moment for moment in adopted if moment.value), key=lambda m: m.earliest, default=None) or signed_on
    effective = _effective(body, starts, issued)
    repealed = _valid_until(body, effective or issued)
    guessed: list[str] = []
    in_name = read_date(_spelled(name))
    if (
        in_name is not None
        and in_name.precision is Precision.DAY
        and (issued is None or issued.earliest < in_name.earliest)
    ):
        # Whoever kept the file dated it: texts of amended laws often tell only when the first version was made.
        guessed = [f"发布日期取自文件名（{in_name}）" + (f"，正文写的是 {issued}" if issued else "")]
        issued = in_name
    if effective is not None and issued is not None and effective.latest < issued.earliest:
        guessed.append(f"正文写的施行日期（{effective}）早于本版本的发布日期（{issued}），没有采用")
        effective = None
    level, region = _level_and_region(issuer, title)
    return Found(
        title=title,
        title_from_name=not title_blocks,
        document_number=number,
        issuer=issuer,
        level=level,
        region=region,
        issued_on=issued or _NO_DATE,
        effective_on=effective or _NO_DATE,
        repealed_on=repealed or _NO_DATE,
        repeals=_repeals(body),
        aliases=aliases,
        head=frozenset(used),
        guessed=tuple(guessed),
    )


# --- pieces ----------------------------------------------------------------------------------------------------------


def _quotes(text: str, at: int) -> bool:
    """Whether a document number stands inside a quotation of another document: …《××通知》（厅字〔2022〕23号）…"""
    return "《" in text[:at]


def _is_info(text: str) -> bool:
    """A line that only tells when and by whom: （2022年4月20日党中央批准 2022年4月20日发布）."""
    if len(text) > 200 or not read_date(text[:40]):
        return False
    opened = text[0] in "（(" and text[-1] in "）)"
    return opened or (len(text) <= 60 and not re.search(r"[。；]", text) and bool(DATE.match(text)))


def _spelled(name: str) -> str:
    return re.sub(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)", r"\1-\2-\3", name)


def _head_end(blocks: Sequence[Block], title_blocks: Sequence[int]) -> int:
    """How many blocks stand before the text proper begins."""
    start = max(title_blocks, default=-1) + 1
    start = max([start, *(at + 1 for at, block in enumerate(blocks[: 2 * _HEAD]) if block.info)])
    for at in range(start, min(len(blocks), start + _HEAD)):
        block = blocks[at]
        if block.rows:
            return at
        marker = read_marker(block.text)
        if marker is not None and not block.info:
            return at
        if len(block.text) > 100 and not block.info and not _is_info(block.text):
            return at
    return min(len(blocks), start + _HEAD)


def _title(blocks: Sequence[Block], name: str, file_title: str) -> tuple[str, list[int], tuple[str, ...]]:
    """(title without 《》, its blocks, other names). The title of what is put into force, not of the notice that does it."""
    found, at = _first_title(blocks)
    if not found:
        stem = re.sub(r"[（(]?\d{4}[-.年]?\d{0,2}[-.月]?\d{0,2}日?[）)]?$", "", _stem(name))
        fallback = re.sub(r"[\s_]+", "", file_title) or stem
        if not re.search(r"[\u4e00-\u9fff]", fallback):  # 017.txt says nothing: better the first words of the text
            first = next((block.text for block in blocks if block.text), "")
            fallback = "" if read_marker(first) is not None else re.split(r"[\s。；！？]", first)[0][:40] or fallback
        return tidy_title(fallback), [], ()
    inner = re.search(r"(?:印发|发布|公布|下发|转发)[^《》]*《([^《》]+)》的(?:通知|公告|决定|函|命令|令)$", found)
    if inner:
        for later in range(max(at) + 1, len(blocks)):
            if not blocks[later].rows and tidy_title(blocks[later].text) == tidy_title(inner[1]):
                following = [b for b in blocks[later + 1 : later + 12] if not b.rows]
                if any(
                    (m := read_marker(b.text)) and m.kind in (Kind.ARTICLE, Kind.CHAPTER, Kind.SECTION)
                    for b in following
                ):
                    return tidy_title(inner[1]), at, (tidy_title(found),)
    return tidy_title(found), at, ()


def tidy_title(text: str) -> str:
    """A title without 《》 around it and without spaces between Han characters."""
    text = re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", text.strip())
    if text.startswith("《") and text.endswith("》") and text.count("《") == 1:
        text = text[1:-1]
    return text


def _stem(name: str) -> str:
    return re.sub(r"\.(?:md|markdown|txt|docx?|pdf|html?|xlsx?|xls)$", "", name.rsplit("/", 1)[-1], flags=re.IGNORECASE)


def _first_title(blocks: Sequence[Block]) -> tuple[str, list[int]]:
    for at, block in enumerate(blocks[:_HEAD]):
        if block.level == 1 and block.text and not _RED_HEAD.search(block.text):
            marker = read_marker(block.text)
            if marker is None or marker.kind not in (Kind.CHAPTER, Kind.ARTICLE):
                return block.text, [at]
    for at, block in enumerate(blocks[:_HEAD]):
        text = block.text
        if not text or block.rows or block.info:
            continue
        marker = read_marker(text)
        if marker is not None and marker.kind is not Kind.ANNEX:
            break
        if marker is not None or len(text) > 90 or re.search(r"[。；：，]$", text):
            continue
        if DOCUMENT_NUMBER.fullmatch(text.replace(" ", "")) or _RED_HEAD.search(text):
            continue
        bare = text.strip("《》")
        if _TITLE_END.search(bare):
            lines, start = [text], at
            # A title broken over lines: “XX区人民政府” above “关于……的通知”.
            while start > 0 and (above := blocks[start - 1]).text and _goes_above(above, lines[0]):
                lines.insert(0, above.text)
                start -= 1
            return "".join(lines), list(range(start, at + 1))
        if (
            block.align == "center"
            and at + 1 < len(blocks)
            and blocks[at + 1].align == "center"
            and _begins_title(text)
        ):
            lines, end = [text], at
            while end + 1 < len(blocks) and blocks[end + 1].align == "center" and not _TITLE_END.search("".join(lines)):
                end += 1
                lines.append(blocks[end].text)
            if _TITLE_END.search("".join(lines)) and len("".join(lines)) <= 90:
                return "".join(lines), list(range(at, end + 1))
    return "", []


def _begins_title(text: str) -> bool:
    return not re.search(r"[〔\[]\d{4}|[0-9]{4}年", text) and len(text) <= 50


def _goes_above(above: Block, below: str) -> bool:
    if above.rows or above.info or _RED_HEAD.search(above.text) or DOCUMENT_NUMBER.search(above.text):
        return False
    continues = below.startswith(("关于", "的", "实施", "印发")) or above.text.startswith(("关于", "《"))
    short = len(above.text) <= 40 and not re.search(r"[。；：，]$", above.text) and read_marker(above.text) is None
    return bool(continues and short and not _TITLE_END.search(above.text) and not read_date(above.text))


_OFFICE_LINE = re.compile(r"^[\u4e00-\u9fffX（）()\s]{3,40}$")


def _signature(blocks: Sequence[Block]) -> tuple[str, PartialDate | None]:
    """(who signed, when): the last date on a line of its own, and the office above it."""
    for at in range(len(blocks) - 1, -1, -1):
        text = blocks[at].text.strip("（）() ")
        found = DATE.match(text)
        if found is None or blocks[at].info or found.end() != len(text) or not found[3]:
            continue
        above = blocks[at - 1].text if at else ""
        office = above.replace(" ", "") if _OFFICE_LINE.match(above) and read_marker(above) is None else ""
        if _TITLE_END.search(office) or not re.search(r"[厅室会府部局署组院处委]$", office):
            office = ""
        if office or at >= 3:
            return office, read_date(text)
    return "", None


def _effective(body: str, starts: Sequence[PartialDate], issued: PartialDate | None) -> PartialDate | None:
    if starts:
        return max(starts, key=lambda moment: moment.earliest)
    closing = body[-4000:]
    dated = [found[1] for found in _IN_FORCE_FROM.finditer(closing)]
    if dated:
        return read_date(dated[-1])
    if issued is not None and _IN_FORCE_AT_ISSUE.search(closing):
        return issued
    return None


def _valid_until(body: str, start: PartialDate | None) -> PartialDate | None:
    closing = body[-4000:]
    if found := _VALID_UNTIL.search(closing):
        until = read_date(found[1])
        return day_after(until) if until else None
    if start is not None and start.value and (found := _VALID_YEARS.search(closing)):
        before = closing[max(0, found.start() - 60) : found.start()]
        if re.search(r"施行|实施|执行|生效", before):  # the term of this document, not of some permit
            return years_later(start, parse_number(found[1]))
    return None


def _repeals(body: str) -> tuple[str, ...]:
    names: list[str] = []
    for sentence in re.split(r"[。\n]", body):
        if not _REPEALS.search(sentence):
            continue
        if re.search(
            r"(?:按照|依照|根据|违反|由)\S{0,20}$", sentence[: sentence.find("《")] if "《" in sentence else ""
        ):
            continue
        for found in _NAMED.finditer(sentence):
            names.append(found[1])
    return tuple(dict.fromkeys(names))


def _level_and_region(issuer: str, title: str) -> tuple[Level | None, str]:
    for said in (issuer, title):
        text = _LEADING.sub("", said.replace(" ", ""))
        if not text:
            continue
        region = read_region(text)
        if region:
            return region_level(region), region
        if _CENTRAL.search(text):
            return Level.CENTRAL, "全国"
    if re.match(r"中华人民共和国", title):
        return Level.CENTRAL, "全国"
    return None, ""


def read_region(text: str) -> str:
    """The region a name begins with: XX省XX市XX区人民政府办公室 → XX省XX市XX区; '' when it begins with none."""
    text = _LEADING.sub("", text)
    if text.startswith(_NOT_PLACES):
        return ""
    region = ""
    for pattern in (_PROVINCE, _CITY, _DISTRICT):
        found = pattern.match(text)
        if not found or found[1].startswith(_NOT_PLACES):
            continue
        if pattern is _DISTRICT and found[1].endswith("市") and not region:
            continue
        region += found[1]
        text = text[found.end() :]
    return region


def region_level(region: str) -> Level:
    """全国 → central, XX省 → province, XX省XX市 → city, anything with a 区 or 县 → district."""
    if region in ("", "全国"):
        return Level.CENTRAL
    if re.search(r"(?:区|县|旗)$", region) and not region.endswith(("自治区", "地区")):
        return Level.DISTRICT
    if region in _MUNICIPALITIES or region.endswith(("省", "自治区")):
        return Level.PROVINCE
    return Level.CITY


# --- front matter and sidecars ---------------------------------------------------------------------------------------

_KNOWN = frozenset(
    [
        "work",
        "version",
        "title",
        "document_number",
        "issuer",
        "level",
        "region",
        "issued_on",
        "effective_on",
        "repealed_on",
        "status",
        "supersedes",
        "text_status",
        "complete",
        "known_articles",
        "aliases",
        "note",
    ]
)


@dataclass(frozen=True, slots=True)
class Given:
    """Front matter or a sidecar, checked. None: not said there."""

    work: str | None = None
    version: str | None = None
    title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    level: Level | None = None
    region: str | None = None
    issued_on: PartialDate | None = None
    effective_on: PartialDate | None = None
    repealed_on: PartialDate | None = None
    status: DocumentStatus | None = None
    supersedes: tuple[str, ...] | None = None
    text_status: TextStatus | None = None
    complete: bool | None = None
    known_articles: int | None = None
    aliases: tuple[str, ...] | None = None
    note: str | None = None
    unknown: tuple[str, ...] = field(default=())  # keys nobody reads


def read_given(said: Mapping[str, Any], where: str) -> Given:
    """Check front matter. Raises IncompleteDocument naming the field and what it may be."""
    out: dict[str, Any] = {"unknown": tuple(sorted(set(said) - _KNOWN))}
    for key, value in said.items():
        if key not in _KNOWN or value is None or value == "":
            continue
        try:
            out[key] = _read_field(key, value)
        except (ValueError, TypeError) as error:
            raise IncompleteDocument(
                f"{where}的 {key} 写的是“{value}”，读不懂。", hint=_HINTS.get(key, "对照其他文件的写法修改。")
            ) from error
    return Given(**out)


_HINTS = {
    "level": "只能写 central、province、city、district 之一。",
    "status": "只能写 in_force、superseded、repealed 之一。",
    "text_status": "只能写 original（原文）、paraphrase（转述）、model（示范文本）之一。",
    "complete": "只能写 true 或 false。",
    "known_articles": "写条文总数，如 25。",
    **dict.fromkeys(("issued_on", "effective_on", "repealed_on"), "日期写成 2022-04-20、2022-04 或 2022。"),
    "supersedes": "写成列表，如 [pingbi-biaozhang/2010]。",
    "aliases": "写成列表，如 [创示办法]。",
}


def _read_field(key: str, value: Any) -> Any:
    if key in ("supersedes", "aliases"):
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            raise ValueError(value)
        return tuple(str(item) for item in value)
    if key in ("issued_on", "effective_on", "repealed_on"):
        return PartialDate.parse(str(value).strip())
    if key == "level":
        return Level(str(value))
    if key == "status":
        return DocumentStatus(str(value))
    if key == "text_status":
        return TextStatus(str(value))
    if key == "complete":
        if isinstance(value, bool):
            return value
        raise ValueError(value)
    if key == "known_articles":
        return int(value)
    if key == "document_number":
        return unify_document_number(str(value))
    if key == "title":
        return tidy_title(str(value))
    return str(value).strip()
