"""Word files (docx), read from their XML: auto-numbers, tracked changes, tables, headings by style. Runs in the child.

Auto-numbers (第一条, （一）) stand in numbering.xml and not in the text; `numbering` works them out. Inserted text is read and
deleted text skipped, so that a draft with tracked changes reads as if all were accepted.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.archive import open_archive, read_entry
from ingest.readers.blocks import Block, Reading, clean, join
from ingest.readers.numbering import Numbering, W, read_numbering
from ingest.readers.worker import Refused

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SKIP = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "footnoteReference", "endnoteReference", "rPr", "pPr", "tblPr", "sdtPr", "fldData"))  # fmt: skip
_HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_DC = "{http://purl.org/dc/elements/1.1/}"


def parse_xml(data: bytes) -> etree._Element:
    """XML without entities, external files or huge trees. Raises Refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:65536]:
        raise Refused("内部含有外部引用（DOCTYPE），已拒绝", "正常的 Word、Excel 文件没有这种内容，请向来件单位核实。")
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("内容损坏，读不了", "请用 Word 或 WPS 打开后另存为新文件再试。") from error


@dataclass(slots=True)
class _Style:
    parent: str = ""
    name: str = ""
    outline: int | None = None
    num_id: str | None = None
    level: int | None = None
    align: str = ""


@dataclass(slots=True)
class _Word:
    """What reading a body needs, and what it gathers."""

    styles: dict[str, _Style]
    default_style: str
    numbering: Numbering
    blocks: list[Block] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    paragraph: int = 0
    carried: str = ""  # text of a paragraph whose end was deleted: it goes on in the next

    def chain(self, style_id: str) -> Iterator[_Style]:
        seen: set[str] = set()
        while style_id and style_id not in seen:
            seen.add(style_id)
            style = self.styles.get(style_id)
            if style is None:
                return
            yield style
            style_id = style.parent


def read(data: bytes, name: str) -> Reading:
    """Blocks of a docx. Raises Refused."""
    archive = open_archive(data)
    main = _main_part(archive)
    document = read_entry(archive, main)
    if document is None:
        raise Refused("里没有正文，不是完整的 Word 文件", "请用 Word 或 WPS 打开后另存为 docx 再试。")
    folder = main.rpartition("/")[0]
    styles, default_style = _read_styles(read_entry(archive, f"{folder}/styles.xml"))
    numbering_xml = read_entry(archive, f"{folder}/numbering.xml")
    numbering = read_numbering(
        parse_xml(numbering_xml) if numbering_xml else None, lambda style: _numbering_of(styles, style)
    )
    word = _Word(styles, default_style, numbering)
    body = parse_xml(document).find(f"{W}body")
    if body is None:
        raise Refused("里没有正文，不是完整的 Word 文件", "请用 Word 或 WPS 打开后另存为 docx 再试。")
    for child in body:
        _read_block(child, word)
    headers = [*word.boxes]
    for part in sorted(archive.namelist()):
        if re.fullmatch(rf"{re.escape(folder)}/header\d*\.xml", part) and (header := read_entry(archive, part)):
            texts = [_text(p) for p in parse_xml(header).iter(f"{W}p")]
            headers += [text for text in map(clean, texts) if text]
    return Reading("docx", tuple(word.blocks), title=_title_property(archive), headers=tuple(headers))


def _main_part(archive: zipfile.ZipFile) -> str:
    relations = read_entry(archive, "_rels/.rels")
    if relations:
        for relation in parse_xml(relations):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                return (relation.get("Target") or "word/document.xml").lstrip("/")
    return "word/document.xml"


def _title_property(archive: zipfile.ZipFile) -> str:
    core = read_entry(archive, "docProps/core.xml")
    found = parse_xml(core).find(f"{_DC}title") if core else None
    text = clean(found.text or "") if found is not None else ""
    return "" if re.match(r"(?i)^(?:word|microsoft|文档|未命名|template)", text) else text


# --- styles ----------------------------------------------------------------------------------------------------------


def _value(element: etree._Element | None, name: str) -> str | None:
    found = element.find(f"{W}{name}") if element is not None else None
    return found.get(f"{W}val") if found is not None else None


def _int(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def _read_styles(data: bytes | None) -> tuple[dict[str, _Style], str]:
    styles: dict[str, _Style] = {}
    default = ""
    if data is None:
        return styles, default
    for element in parse_xml(data).iter(f"{W}style"):
        if element.get(f"{W}type") not in (None, "paragraph", "numbering"):
            continue
        style_id = element.get(f"{W}styleId") or ""
        paragraph = element.find(f"{W}pPr")
        number = paragraph.find(f"{W}numPr") if paragraph is not None else None
        styles[style_id] = _Style(
            parent=_value(element, "basedOn") or "",
            name=_value(element, "name") or "",
            outline=_int(_value(paragraph, "outlineLvl")),
            num_id=_value(number, "numId"),
            level=_int(_value(number, "ilvl")),
            align=_value(paragraph, "jc") or "",
        )
        if element.get(f"{W}default") in ("1", "true") and element.get(f"{W}type") == "paragraph":
            default = style_id
    return styles, default


def _numbering_of(styles: dict[str, _Style], style_id: str) -> str | None:
    """The list that a numbering style points at."""
    style = styles.get(style_id)
    return style.num_id if style else None


def _heading_level(word: _Word, style_id: str, own_outline: int | None) -> int:
    if own_outline is not None:
        return own_outline + 1 if 0 <= own_outline < 9 else 0
    for style in word.chain(style_id):
        if found := _HEADING.match(style.name.strip()):
            return int(found[1])
        if style.name.strip().lower() in ("title", "标题"):
            return 1
        if style.outline is not None:
            return style.outline + 1 if 0 <= style.outline < 9 else 0
    return 0


# --- the body --------------------------------------------------------------------------------------------------------


def _read_block(element: etree._Element, word: _Word) -> None:
    tag = element.tag
    if tag == f"{W}p":
        _read_paragraph(element, word)
    elif tag == f"{W}tbl":
        rows = _read_table(element, word)
        if rows:
            word.blocks.append(Block(rows=tuple(rows), place=f"第{word.paragraph}段后的表格"))
    elif tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"):
        for child in element:
            _read_block(child, word)
    elif tag == f"{_MC}AlternateContent":
        chosen = element.find(f"{_MC}Choice")
        for child in chosen if chosen is not None else ():
            _read_block(child, word)


def _read_paragraph(element: etree._Element, word: _Word) -> None:
    word.paragraph += 1
    properties = element.find(f"{W}pPr")
    style_id = _value(properties, "pStyle") or word.default_style
    for box in element.iter(f"{W}txbxContent"):
        if any(ancestor.tag == f"{_MC}Fallback" for ancestor in box.iterancestors()):
            continue
        for inner in box.iter(f"{W}p"):
            if text := clean(_text(inner)):
                word.boxes.append(text)
    text = clean(_text(element))
    mark = properties.find(f"{W}rPr/{W}del") if properties is not None else None
    if mark is not None and text:
        word.carried = join(word.carried, text)
        return
    text, word.carried = join(word.carried, text) if word.carried else text, ""
    if not text:
        return
    prefix = _auto_number(properties, style_id, word)
    outline = _int(_value(properties, "outlineLvl"))
    align = _value(properties, "jc") or next((style.align for style in word.chain(style_id) if style.align), "")
    word.blocks.append(
        Block(
            clean(prefix + text),
            level=_heading_level(word, style_id, outline),
            align={"center": "center", "right": "right", "end": "right"}.get(align, ""),
            place=f"第{word.paragraph}段",
        )
    )


def _auto_number(properties: etree._Element | None, style_id: str, word: _Word) -> str:
    number = properties.find(f"{W}numPr") if properties is not None else None
    num_id, level = _value(number, "numId"), _int(_value(number, "ilvl"))
    if num_id is None:
        for style in word.chain(style_id):
            if style.num_id is not None:
                num_id = style.num_id
                level = level if level is not None else style.level
                if level is None:
                    level = word.numbering.level_of_style(num_id, style_id)
                break
    if num_id is None or num_id == "0":
        return ""
    return word.numbering.next(num_id, level or 0)


def _text(element: etree._Element) -> str:
    """The words of a paragraph: inserted text in, deleted and hidden text and text boxes out."""
    out: list[str] = []
    stack: list[etree._Element] = list(reversed(element))
    while stack:
        node = stack.pop()
        tag = node.tag
        if not isinstance(tag, str) or tag in _SKIP or tag == f"{W}txbxContent":
            continue
        if tag == f"{W}t":
            out.append(node.text or "")
        elif tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            out.append(" ")
        elif tag == f"{W}noBreakHyphen":
            out.append("-")
        elif tag == f"{W}r" and (hidden := node.find(f"{W}rPr/{W}vanish")) is not None and hidden.get(f"{W}val") not in ("0", "false"):  # fmt: skip
            continue
        elif tag == f"{_MC}AlternateContent":
            chosen = node.find(f"{_MC}Choice")
            stack += reversed(chosen) if chosen is not None else []
        elif tag == f"{W}ruby":
            base = node.find(f"{W}rubyBase")
            stack += reversed(base) if base is not None else []
        else:
            stack += reversed(node)
    return "".join(out)


def _read_table(table: etree._Element, word: _Word) -> list[tuple[str, ...]]:
    """Cells as text; a merged cell is repeated over all it covers. Deleted rows are left out."""
    rows: list[tuple[str, ...]] = []
    above: list[str] = []
    for row in _children(table, "tr"):
        if row.find(f"{W}trPr/{W}del") is not None:
            continue
        cells: list[str] = []
        before = row.find(f"{W}trPr/{W}gridBefore")
        cells += [""] * (_int(before.get(f"{W}val")) or 0 if before is not None else 0)
        for cell in _children(row, "tc"):
            properties = cell.find(f"{W}tcPr")
            merge = properties.find(f"{W}vMerge") if properties is not None else None
            span = _int(_value(properties, "gridSpan")) or 1
            text = _cell_text(cell, word)
            if merge is not None and merge.get(f"{W}val") != "restart" and len(cells) < len(above):
                text = above[len(cells)]
            cells += [text] * min(span, 64)
        if any(cells):
            rows.append(tuple(cells))
            above = cells
    return rows


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _children(child, name)


def _cell_text(cell: etree._Element, word: _Word) -> str:
    pieces: list[str] = []
    for paragraph in cell.iter(f"{W}p"):
        text = clean(_text(paragraph))
        if text:
            properties = paragraph.find(f"{W}pPr")
            pieces.append(
                clean(_auto_number(properties, _value(properties, "pStyle") or word.default_style, word) + text)
            )
    return " ".join(pieces)
