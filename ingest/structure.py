"""Blocks → provisions: 编章节, 条款项目, 一、（一）1.（1）, 要点, annexes and tables. Pure; `reading` calls it.

What comes out (see `assistant.domain.Provision`):

- An article is one provision with its whole text, followed by its parts, each with the article as `parent`: 第四条第一款,
  第四条第一款第（一）项, 第四条第一款第（一）项第1目. An article of one paragraph has no 款; its items are 第四条第（一）项.
- A text numbered 一、（一）1. has one provision for each, labelled by the way to it: 一、 and 一、（一） and 一、（一）1. Arabic
  numbers that run on through the whole text are labelled alone (5.), and stand at the top.
- A table row is a provision: 第3行, 表2 第3行, 附表1 第12行.
- Paragraphs before the first number are one provision without label, locator 序言. A text without any numbers gives one
  provision a paragraph, locator 第3段.

The text of a provision never repeats its own label; inside the text of its parent the markers stay. Contents pages, signatures
and dates, 抄送 lines and chapter headings are no provisions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.domain import Provision
from assistant.text.labels import item_label, label_number, paragraph_label
from ingest.markers import DEPTH, Kind, Marker, drop_anchors, is_title_like, read_marker, refers
from ingest.readers.blocks import Block

MAX_LABEL_PATH = 5  # list levels that get their own provision

_DOTS = re.compile(r"(?:[.．…·]\s*){3,}\s*\d*\s*$|\s{2,}\d{1,3}$")
_DATE_LINE = re.compile(
    r"^[（(]?\s*(?:[12]\d{3}|X{2,4}|[一二][零〇○一二三四五六七八九]{3})\s*年\s*[0-9X一二三四五六七八九十]{1,3}\s*月"
    r"(?:\s*[0-9X一二三四五六七八九十]{1,3}\s*日)?\s*[）)]?$"
)
_OFFICE = re.compile(
    r"(?:办公厅|办公室|委员会|政府|部|局|厅|署|小组|院|会|处|行|室|委|中心|总队|支队|大队|集团|公司|联合会|协会|组织部|大学|学院)$"
)
_TAIL = re.compile(
    r"^(?:抄\s*[送报]|主\s*[送题]\s*词?|印\s*发|联系人|联系电话|共印)\s*[:：]|^[（(]\s*(?:此件|联系人|主动公开|依申请)|^主题词|公开选项\s*[:：]"
    r"|(?:办公室|办公厅|秘书处|秘书科)\s*\S*年\S*月\S*日\s*印发$"
)
_BANNER = re.compile(r"^示范文本.{0,50}$")  # told by text_status
_SALUTATION = re.compile(r"^(?:各|\S*(?:人民政府|委员会|各单位|各部门|有关单位))[^。；]{0,80}[：:]$")
_ATTACHED = re.compile(r"^附\s*件\s*[:：]")
_LISTED = re.compile(r"^(?:\d{1,2}\s*[.．、]|《)")
_TABLE_TITLE = re.compile(r"^(?:附\s*)?表\s*([一二三四五六七八九十]+|\d{1,2})?(?=[\s:：]|$)")
_SERIAL_HEADER = re.compile(r"^(?:序\s*号|编\s*号|行\s*次|№|No\.?)$", re.IGNORECASE)


@dataclass(slots=True)
class _List:
    """One numbered thing and what stands below it."""

    kind: Kind
    label: str
    number: int
    paragraphs: list[str] = field(default_factory=list)  # its own words, without the marker
    children: list[_List] = field(default_factory=list)
    order: list[tuple[str, int]] = field(default_factory=list)  # ("p", i) or ("c", i), as they follow in the text
    anchor: str = ""
    styled: bool = False  # set as a heading in the file
    path: tuple[str, ...] = ()

    def add_paragraph(self, text: str) -> None:
        self.order.append(("p", len(self.paragraphs)))
        self.paragraphs.append(text)

    def add_child(self, child: _List) -> None:
        self.order.append(("c", len(self.children)))
        self.children.append(child)

    def lines(self, *, with_marker: bool) -> list[str]:
        """Its whole text, a line a paragraph; the marker stands before the first line."""
        out: list[str] = []
        for what, at in self.order:
            out += [self.paragraphs[at]] if what == "p" else self.children[at].lines(with_marker=True)
        if with_marker:
            first = f"{self.label}{' ' if self.kind is Kind.ARTICLE else ''}"
            out = [first + out[0], *out[1:]] if self.order[:1] and self.order[0][0] == "p" else [first.strip(), *out]
        return out

    def text(self) -> str:
        return "\n".join(self.lines(with_marker=False))


@dataclass(slots=True)
class _Unit:
    """What stands at the top of a part: an article, a section, a gist, plain paragraphs, or a table."""

    kind: str  # article | list | plain | table
    path: tuple[str, ...]
    tree: _List | None = None
    marker: Marker | None = None
    paragraphs: list[str] = field(default_factory=list)
    block: Block | None = None
    title: str = ""  # of a table
    locator: str = ""


@dataclass(slots=True)
class _Part:
    """The main text or one annex."""

    label: str  # "" or 附件1
    title: str
    blocks: list[Block]


def split_provisions(document_id: str, blocks: Sequence[Block], *, title: str = "") -> list[Provision]:
    """All provisions of a text in reading order; [] when there is no text. Headings equal to `title` are left out."""
    parts = _split_parts(_without_frame([block for block in blocks if not block.info], title))
    main_has_articles = bool(parts) and _has_articles(parts[0].blocks)
    tables = sum(1 for part in parts for block in part.blocks if block.rows)
    emitter = _Emitter(document_id)
    adopted = False  # the annex whose articles are cited without naming the annex: what a notice puts into force
    for part in parts:
        prefix = part.label
        if prefix and not main_has_articles and not adopted and _has_articles(part.blocks):
            prefix, adopted = "", True
        units = list(_read_units(part))
        emitter.emit(part, prefix, units, alone=tables == 1)
    return emitter.provisions


# --- the frame: contents pages, signatures ---------------------------------------------------------------------------


def _same(one: str, other: str) -> bool:
    return re.sub(r"[\s《》（）()]", "", one) == re.sub(r"[\s《》（）()]", "", other)


def _without_frame(blocks: Sequence[Block], title: str) -> list[Block]:
    """Drop the title, contents pages, signatures with their dates, and what stands below them."""
    out: list[Block] = []
    in_contents = False
    seen: set[str] = set()
    listing = False  # inside 附件：1.… 2.…
    for at, block in enumerate(blocks):
        text = drop_anchors(block.text)
        if block.rows:
            out.append(block)
            in_contents = listing = False
            continue
        marker = read_marker(text)
        if marker and marker.kind is Kind.CONTENTS:
            in_contents, seen = True, set()
            continue
        if in_contents:
            key = re.sub(r"\s|[.．…·]{2,}|\d+$", "", text)
            entry = marker is not None and marker.kind in (Kind.CHAPTER, Kind.ANNEX, Kind.SECTION)
            entry = entry or bool(_DOTS.search(text))
            if entry and key not in seen:
                seen.add(key)
                continue
            in_contents = False
        if _DOTS.search(text) and marker is not None:
            continue
        if title and _same(text, title):
            continue
        if _ATTACHED.match(text) and not (marker and marker.kind is Kind.ANNEX):
            listing = True
            continue
        if listing and _LISTED.match(text):
            continue
        listing = False
        if _TAIL.search(text) or _BANNER.match(text) or (_SALUTATION.match(text) and "如下" not in text and not marker):
            continue
        if _is_signature(blocks, at, marker):
            continue
        out.append(block)
    return out


def _is_signature(blocks: Sequence[Block], at: int, marker: Marker | None) -> bool:
    """A date on a line of its own below the text, or the office above it."""
    text = blocks[at].text
    if marker is not None or blocks[at].level:
        return False
    if _DATE_LINE.match(text):
        return True
    if len(text) > 40 or not _OFFICE.search(text.replace(" ", "")) or re.search(r"[，。；：]", text):
        return False
    for later in blocks[at + 1 : at + 6]:  # several offices may sign one below the other
        if _DATE_LINE.match(later.text):
            return True
        if len(later.text) > 40 or not _OFFICE.search(later.text.replace(" ", "")):
            return False
    return False


def _split_parts(blocks: Sequence[Block]) -> list[_Part]:
    parts = [_Part("", "", [])]
    for block in blocks:
        marker = None if block.rows else read_marker(drop_anchors(block.text))
        if marker and marker.kind is Kind.ANNEX:
            label = "附件" if marker.label == "附" else marker.label
            parts.append(_Part(label, marker.rest, []))
        elif len(parts) > 1 and not parts[-1].blocks and not parts[-1].title and not block.rows and _can_title(block):
            parts[-1].title = block.text
        else:
            parts[-1].blocks.append(block)
    counts = Counter(part.label for part in parts)
    seen: Counter[str] = Counter()
    for part in parts:  # two annexes both called 附件
        seen[part.label] += 1
        if part.label and counts[part.label] > 1:
            part.label = f"{part.label}〔{seen[part.label]}〕"
    return parts


def _can_title(block: Block) -> bool:
    return read_marker(block.text) is None and is_title_like(block.text, 60)


def _has_articles(blocks: Sequence[Block]) -> bool:
    return any(_article(block.text, None) for block in blocks if not block.rows)


# --- units -----------------------------------------------------------------------------------------------------------


def _article(text: str, last: int | None) -> Marker | None:
    """The article a paragraph opens. Without a space after 第三条, it must be the next number and read as no reference."""
    marker = read_marker(text)
    if marker is None or marker.kind is not Kind.ARTICLE:
        return None
    if marker.spaced:
        return marker
    if refers(marker.rest):
        return None
    return marker if last is None or marker.number in (last, last + 1) else None


def _read_units(part: _Part) -> Iterator[_Unit]:
    blocks = part.blocks
    articles = _has_articles(blocks)
    head = [f"{part.label} {part.title}".strip()] if part.label else []
    stack: list[tuple[int, str]] = []  # headings above, (rank, text)
    unit: _Unit | None = None
    lists: list[_List] = []  # open numbered things, outermost first
    last_article: int | None = None
    table_title = ""

    def path() -> tuple[str, ...]:
        return (*head, *(text for _, text in stack))

    def push(rank: int, text: str) -> None:
        while stack and stack[-1][0] >= rank:
            stack.pop()
        stack.append((rank, text))

    for at, block in enumerate(blocks):
        if block.rows:
            if unit is not None:
                yield unit
            yield _Unit("table", path(), block=block, title=table_title)
            unit, lists, table_title = None, [], ""
            continue
        text = block.text
        marker = read_marker(text)
        article = _article(text, last_article)
        if article is not None:
            if unit is not None:
                yield unit
            last_article = article.number
            tree = _List(Kind.ARTICLE, article.label, article.number, anchor=article.anchor, path=path())
            if article.rest:
                tree.add_paragraph(drop_anchors(article.rest))
            unit, lists = _Unit("article", path(), tree=tree, marker=article), []
            continue
        if marker is not None and marker.kind is Kind.ARTICLE:
            marker = None  # a reference at the beginning of a paragraph
        if marker is not None and marker.kind is Kind.CHAPTER:
            if unit is not None:
                yield unit
            unit, lists = None, []
            push(marker.rank, _heading_text(marker))
            continue
        if marker is not None and marker.kind in (Kind.UNKNOWN, Kind.GIST):
            heading = _section_heading(unit)
            if unit is not None and not (heading and unit.tree is not None and len(unit.tree.order) == 1):
                yield unit
            if heading:  # “二、严格精简会议” set as a heading: what follows without a number stands below it
                push(5, heading)
            label = marker.label if marker.kind is Kind.GIST else ""
            tree = _List(marker.kind, label, marker.number, anchor=marker.anchor, path=path())
            if marker.rest:
                tree.add_paragraph(marker.rest)
            locator = "" if label else marker.label
            unit, lists = _Unit("list", path(), tree=tree, marker=marker, locator=locator), []
            continue
        if marker is not None and marker.kind in DEPTH:
            heads_articles = articles and (block.level > 0 or _stands_above_article(blocks, at, marker))
            if heads_articles and is_title_like(marker.rest):
                if unit is not None:
                    yield unit
                unit, lists = None, []
                push(4 + DEPTH[marker.kind], f"{marker.label}{marker.rest}")
                continue
            node = _List(marker.kind, marker.label, marker.number, anchor=marker.anchor, styled=block.level > 0)
            if marker.rest:
                node.add_paragraph(drop_anchors(marker.rest))
            if unit is not None and unit.kind == "article" and unit.tree is not None:
                _place(node, lists, unit.tree)
                continue
            while lists and DEPTH[lists[-1].kind] >= DEPTH[node.kind]:
                lists.pop()
            if lists:
                lists[-1].add_child(node)
            else:
                if unit is not None:
                    yield unit
                while stack and stack[-1][0] >= 4 + DEPTH[node.kind]:
                    stack.pop()
                node.path = path()
                unit = _Unit("list", path(), tree=node, marker=marker)
            lists.append(node)
            continue
        if block.level:
            if unit is not None:
                yield unit
            unit, lists = None, []
            push(min(block.level + 1, 4), text)
            continue
        plain = drop_anchors(text)
        if _TABLE_TITLE.match(plain) and _next_is_table(blocks, at):
            table_title = plain
            continue
        if unit is not None and unit.kind == "article" and unit.tree is not None:
            unit.tree.add_paragraph(plain)
            lists = []
        elif unit is not None and unit.kind == "list":
            (lists[-1] if lists else unit.tree or _List(Kind.GIST, "", 0)).add_paragraph(plain)
        elif unit is not None and unit.kind == "plain":
            unit.paragraphs.append(plain)
        else:
            if unit is not None:
                yield unit
            unit = _Unit("plain", path(), paragraphs=[plain])
    if unit is not None:
        yield unit


def _section_heading(unit: _Unit | None) -> str:
    """The heading that an open “一、” is, when it was set as one; '' otherwise."""
    tree = unit.tree if unit is not None and unit.kind == "list" else None
    if tree is None or not tree.styled or not tree.paragraphs or not is_title_like(tree.paragraphs[0]):
        return ""
    return f"{tree.label}{tree.paragraphs[0]}"


def _heading_text(marker: Marker) -> str:
    name = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$))", "", marker.rest)  # 总 则 → 总则
    return f"{marker.label} {name}".strip()


def _stands_above_article(blocks: Sequence[Block], at: int, marker: Marker) -> bool:
    """“一、一般规定” right above an article or another heading is a heading, even when nothing marks it as one."""
    if not is_title_like(marker.rest) or at + 1 >= len(blocks) or blocks[at + 1].rows:
        return False
    following = read_marker(blocks[at + 1].text)
    if following is None:
        return False
    if following.kind is Kind.ARTICLE:
        return _article(blocks[at + 1].text, None) is not None
    return (
        following.kind in DEPTH
        and DEPTH[following.kind] > DEPTH[marker.kind]
        and _stands_above_article(blocks, at + 1, following)
    )


def _place(node: _List, lists: list[_List], article: _List) -> None:
    """Put an item where it belongs inside an article; `lists` are the items open in the current paragraph."""
    while lists and DEPTH[lists[-1].kind] >= DEPTH[node.kind]:
        lists.pop()
    (lists[-1] if lists else article).add_child(node)
    lists.append(node)


def _next_is_table(blocks: Sequence[Block], at: int) -> bool:
    return at + 1 < len(blocks) and bool(blocks[at + 1].rows)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a numbered list a node stands."""

    lead: str = ""  # 附件1␣
    steps: str = ""  # 一、（二）
    path: tuple[str, ...] = ()
    parent: Provision | None = None
    top: str = ""  # label of the outermost
    running: bool = False
    depth: int = 0


# --- provisions ------------------------------------------------------------------------------------------------------


class _Emitter:
    """Collects provisions, numbers them and keeps their ids unique."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        self.provisions: list[Provision] = []
        self._ids: set[str] = set()
        self._tables: Counter[str] = Counter()

    def add(self, label: str, text: str, **more: object) -> Provision:
        provision = Provision(
            document_id=self.document_id,
            label=label,
            text=text,
            ordinal=len(self.provisions),
            **more,  # type: ignore[arg-type]
        )
        again = 1
        while provision.id in self._ids:  # the same number printed twice: both are kept, the second is marked
            again += 1
            if label:
                provision = replace(provision, label=f"{label}〔{again}〕")
            else:
                provision = replace(provision, anchor=f"{more.get('anchor') or 'p'}-{again}")
        self._ids.add(provision.id)
        self.provisions.append(provision)
        return provision

    def emit(self, part: _Part, prefix: str, units: Sequence[_Unit], *, alone: bool) -> None:
        lead = f"{prefix} " if prefix else ""
        structured = any(unit.kind in ("article", "list") for unit in units)
        running = _running([unit.tree for unit in units if unit.kind == "list" and unit.tree])
        tables = sum(1 for unit in units if unit.kind == "table")
        paragraph = 0
        for at, unit in enumerate(units):
            if unit.kind == "article" and unit.tree is not None:
                self._article(lead, unit)
            elif unit.kind == "list" and unit.tree is not None:
                self._list(lead, unit, running)
            elif unit.kind == "table" and unit.block is not None:
                self._table(part, prefix, unit, alone=alone, only=tables == 1)
            elif structured:
                opening = at == 0 and not prefix
                locator = "序言" if opening or (at == 0 and not lead) else (unit.path[-1] if unit.path else "正文")
                self.add("", "\n".join(unit.paragraphs), locator=locator, path=unit.path)
            else:
                for text in unit.paragraphs:
                    paragraph += 1
                    self.add("", text, locator=f"{lead}第{paragraph}段", path=unit.path)

    def _article(self, lead: str, unit: _Unit) -> None:
        tree, marker = unit.tree, unit.marker
        assert tree is not None
        assert marker is not None
        label = f"{lead}{tree.label}"
        whole = self.add(label, tree.text(), anchor=tree.anchor, path=unit.path, article=label, number=(marker.number,))
        label = whole.label
        # 款: each paragraph of the article's own, with the items that follow it.
        groups: list[tuple[str, list[_List]]] = []
        for what, index in tree.order:
            if what == "p":
                groups.append((tree.paragraphs[index], []))
            else:
                if not groups:
                    groups.append(("", []))
                groups[-1][1].append(tree.children[index])
        for position, (text, items) in enumerate(groups, start=1):
            above = label
            if len(groups) > 1:
                above = label + paragraph_label(position)
                lines = [text] if text else []
                for item in items:
                    lines += item.lines(with_marker=True)
                self._part(above, "\n".join(lines), unit, whole)
            for item in items:
                self._item(above, item, unit, whole)

    def _part(self, label: str, text: str, unit: _Unit, whole: Provision, *, anchor: str = "") -> None:
        self.add(
            label,
            text,
            path=unit.path,
            article=whole.label,
            number=label_number(label),
            parent=whole.id,
            anchor=anchor,
        )

    def _item(self, above: str, item: _List, unit: _Unit, whole: Provision, *, depth: int = 0) -> None:
        """An item inside an article: 项, below it 目; deeper ones stay inside their 目."""
        if depth == 0:
            label = above + (
                item_label(item.number)
                if item.kind in (Kind.ITEM, Kind.SECTION) and item.number
                else f"第{item.number}项"
            )
        else:
            label = f"{above}第{item.number}目"
        self._part(label, item.text(), unit, whole, anchor=item.anchor)
        if depth == 0:
            for child in item.children:
                self._item(label, child, unit, whole, depth=1)

    def _list(self, lead: str, unit: _Unit, running: bool) -> None:
        tree = unit.tree
        assert tree is not None
        if unit.locator:
            self.add("", tree.text(), locator=unit.locator, anchor=tree.anchor, path=unit.path)
            return
        self._node(_Place(lead=lead, path=unit.path, running=running), tree)

    def _node(self, place: _Place, node: _List) -> None:
        own_number = place.running and node.kind is Kind.POINT
        steps = node.label if own_number else f"{place.steps}{node.label}"
        parent, top = (None, "") if own_number else (place.parent, place.top)
        heading = f"{node.label}{node.paragraphs[0]}" if node.paragraphs and is_title_like(node.paragraphs[0]) else ""
        chapter = place.running and any(child.kind is Kind.POINT for child in node.children)
        below = (*place.path, heading) if heading else place.path
        if chapter and node.styled and heading and len(node.paragraphs) == 1:  # only a heading: it stands in the path
            for child in node.children:
                self._node(replace(place, steps=steps, path=below, depth=place.depth + 1), child)
            return
        made = self.add(
            f"{place.lead}{steps}",
            "\n".join(node.paragraphs) if chapter else node.text(),
            anchor=node.anchor,
            path=below if node.styled else place.path,
            article=top or f"{place.lead}{steps}",
            parent=parent.id if parent else "",
        )
        if place.depth + 1 < MAX_LABEL_PATH:
            inside = _Place(place.lead, steps, below, made, top or made.label, place.running, place.depth + 1)
            for child in node.children:
                self._node(inside, child)

    def _table(self, part: _Part, prefix: str, unit: _Unit, *, alone: bool, only: bool) -> None:
        assert unit.block is not None
        title, header, rows = read_table(unit.block.rows)
        self._tables[prefix] += 1
        printed = _TABLE_TITLE.match(unit.title)
        name = prefix or part.label
        if printed and printed[1]:
            name = f"{name} 表{printed[1]}".strip()
        elif not only or (not alone and not name):
            name = f"{name} 表{self._tables[prefix]}".strip()
        lead = f"{name} " if name else ""
        path = tuple(step for step in (*unit.path, unit.title, title) if step)
        for number, cells, group in _numbered(header, rows):
            columns = tuple((head, cell) for head, cell in zip(header, cells, strict=False) if cell)
            label = f"{lead}第{number}行"
            text = "；".join(f"{head}：{cell}" if head else cell for head, cell in columns)
            self.add(label, text, path=(*path, group) if group else path, article=label, columns=columns)


def _running(trees: Sequence[_List]) -> bool:
    """Whether 1. 2. 3. run on through the sections instead of starting anew in each."""
    numbers: list[list[int]] = []
    for tree in trees:
        if tree.kind is Kind.POINT:
            return False  # they stand at the top already
        found = [child.number for child in tree.children if child.kind is Kind.POINT]
        if found:
            numbers.append(found)
    flat = [number for found in numbers for number in found]
    if not flat or len(set(flat)) != len(flat):
        return False
    return len(numbers) > 1 or any(tree.styled and tree.children for tree in trees)


def read_table(rows: Sequence[tuple[str, ...]]) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """(title, header, rows). The header is the first row that names most columns; what stands above it is the title."""
    rows = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    rows = [row for row in rows if any(row)]
    if not rows:
        return "", (), []
    across = max(len(row) for row in rows)
    rows = [row + ("",) * (across - len(row)) for row in rows]
    header_at = 0
    for at, row in enumerate(rows[:8]):
        distinct = {cell for cell in row if cell}
        if len(distinct) >= max(2, round(across * 0.6)) and not all(
            re.fullmatch(r"[\d.,%\s]+", cell) for cell in distinct
        ):
            header_at = at
            break
    else:
        if across > 1:  # nothing looks like a header: every row is a row
            return "", ("",) * across, rows
    title = " ".join(dict.fromkeys(cell for row in rows[:header_at] for cell in row if cell))
    header = rows[header_at]
    body = rows[header_at + 1 :]
    if not body:
        return title, ("",) * across, [header]
    # Two lines of header: the second fills what the first repeats (merged cells).
    if len(body) > 1 and len(set(header)) < len([cell for cell in header if cell]):
        second = body[0]
        twin = [a == b for a, b in zip(header, second, strict=True)]
        if any(twin) and not all(twin) and all(second) and not any(re.fullmatch(r"[\d.]+", cell) for cell in second):
            header = tuple(a if same else f"{a}{b}" for a, b, same in zip(header, second, twin, strict=True))
            body = body[1:]
    return title, header, [row for row in body if row != rows[header_at]]  # a header repeated on the next page


def _numbered(header: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """(number, cells, group) of each row.

    The number is the one a reader would cite: the printed serial number when every row has its own, else the position.
    A row of a single cell names the group of the rows below it and is not cited itself.
    """
    group = ""
    kept: list[tuple[tuple[str, ...], str]] = []
    for row in rows:
        distinct = {cell for cell in row if cell}
        if len(row) > 2 and len(distinct) == 1:
            group = next(iter(distinct))
        else:
            kept.append((row, group))
    if not kept:
        kept = [(row, "") for row in rows]
    serial = [row[0] for row, _ in kept] if header and _SERIAL_HEADER.match(header[0]) else []
    printed = [int(cell) for cell in serial if re.fullmatch(r"\d{1,6}", cell)]
    numbers = printed if len(printed) == len(kept) and len(set(printed)) == len(printed) else range(1, len(kept) + 1)
    for number, (row, above) in zip(numbers, kept, strict=True):
        yield number, row, above
