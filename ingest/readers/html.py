"""Web pages: the main content only, by our own rules. Runs in the child.

Government sites wrap the text in menus, share buttons and related links. The content is the block that the site itself marks
(TRS_Editor, UCAP-CONTENT, article …), else the smallest block that holds most of the text that is no link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from ingest.readers.blocks import Block, Reading, Row, clean
from ingest.readers.text import decode
from ingest.readers.worker import Refused

_DROP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "nav",
        "footer",
        "aside",
        "rt",
        "rp",
        "head",
    ]
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "center",
        "body",
        "figure",
        "figcaption",
        "address",
        "fieldset",
        "details",
        "summary",
    ]
)
_KNOWN = (
    "//*[@id='UCAP-CONTENT']", "//*[contains(concat(' ',@class,' '),' TRS_UEDITOR ')]", "//*[contains(concat(' ',@class,' '),' TRS_Editor ')]",
    "//*[@id='zoom' or @id='Zoom' or @id='ZOOM']", "//*[contains(concat(' ',@class,' '),' pages_content ')]",
    "//*[contains(concat(' ',@class,' '),' article-content ') or contains(concat(' ',@class,' '),' article_content ')]",
    "//article", "//main",
)  # fmt: skip
_NOISE = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|crumbs?|breadcrumb|share|sidebar|related|recommend|footer|copyright|pager|paging|toolbar|comment|advert|ads?|banner|login|search)(?:[-_\s]|$)",
    re.IGNORECASE,
)
_NOISE_LINE = re.compile(
    r"^(?:打印|关闭|【打印】|【关闭】|分享到?[:：]?|字体[:：]?.{0,12}|扫一扫.*|上一篇.*|下一篇.*|返回顶部|当前位置[:：].*|您的位置.*|来源[:：].{0,60}|责任编辑[:：].*|浏览次数.*|点击数.*|发布时间[:：]\s*[\d\-/: ]+.*)$"
)
_ENCODING = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CENTER = re.compile(r"text-align\s*:\s*(center|right)", re.IGNORECASE)
_SITE = re.compile(r"\s*[_|—–-]+\s*[^_|—–-]{2,30}$")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read(data: bytes, name: str) -> Reading:
    """Blocks of a web page. Raises Refused when there is no text in it."""
    root = _parse(data)
    title = _title(root)
    _clean_tree(root)
    body = root.find(".//body")
    content = _content(body if body is not None else root)
    blocks: list[Block] = []
    heading = root.find(".//h1")
    if heading is not None and content is not heading and heading not in content.iter():
        text = clean(" ".join(heading.itertext()))
        if text:
            blocks.append(Block(text, level=1, align="center"))
    blocks += _walk(content)
    kept = [block for block in blocks if not (block.text and _NOISE_LINE.match(block.text))]
    if not kept:
        raise Refused("里没有正文", "网页内容可能由脚本生成；请在浏览器里另存为完整网页，或复制文字存为 txt。")
    placed = tuple(Block(b.text, b.level, b.rows, b.align, f"第{n}段") for n, b in enumerate(kept, start=1))
    return Reading("html", placed, title=title)


def _parse(data: bytes) -> html.HtmlElement:
    declared = _ENCODING.search(data[:4096])
    text = ""
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = declared[1].decode("ascii").lower()
        try:
            text = data.decode("gb18030" if encoding in ("gb2312", "gbk") else encoding)
        except (LookupError, UnicodeDecodeError):
            text = ""
    text = text or decode(data)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused("不是完整的网页，读不了", "请在浏览器里另存为完整网页，或复制文字存为 txt。") from error
    return root


def _title(root: html.HtmlElement) -> str:
    for meta in root.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in ("articletitle", "og:title") and meta.get(
            "content"
        ):
            return clean(meta.get("content"))
    found = root.find(".//title")
    return _SITE.sub("", clean(found.text_content())) if found is not None else ""


def _clean_tree(root: html.HtmlElement) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        hidden = _HIDDEN.search(element.get("style") or "") or element.get("hidden") is not None
        noise = (
            _NOISE.search(names) and element.tag not in ("body", "html", "article", "main") and _words(element) < 2000
        )
        if (element.tag in _DROP and element.tag != "head") or hidden or noise:
            element.drop_tree()


def _words(element: html.HtmlElement) -> int:
    """How much text an element holds that is no link."""
    total = sum(len(clean(piece)) for piece in element.itertext())
    return total - sum(len(clean(link.text_content())) for link in element.iter("a"))


def _content(body: html.HtmlElement) -> html.HtmlElement:
    whole = _words(body)
    for path in _KNOWN:
        found = [element for element in body.xpath(path) if _words(element) >= 0.3 * whole]
        if found:
            return max(found, key=_words)
    chosen = body
    while True:
        inner = [
            child
            for child in chosen
            if isinstance(child.tag, str)
            and child.tag in _BLOCK
            and child.tag not in ("p", "table", "tr", "td", "ul", "ol")
        ]
        best = max(inner, key=_words, default=None)
        if best is None or _words(best) < 0.75 * whole:
            return chosen
        chosen = best


def _walk(root: html.HtmlElement) -> Iterator[Block]:
    """Blocks in reading order; text outside any paragraph makes paragraphs of its own."""
    gathered: list[str] = []

    def flush(level: int = 0, align: str = "") -> Iterator[Block]:
        for line in "".join(gathered).split("\x00"):
            if text := clean(line):
                yield Block(text, level=level, align=align)
        gathered.clear()

    def visit(element: html.HtmlElement, level: int, align: str) -> Iterator[Block]:
        if element.text:
            gathered.append(element.text)
        number = 0
        for child in element:
            if not isinstance(child.tag, str):
                gathered.append(child.tail or "")
                continue
            tag = child.tag.lower()
            if tag == "br":
                gathered.append("\x00")
            elif tag == "table" and _is_data(child):
                yield from flush(level, align)
                yield Block(rows=tuple(_table(child)))
            elif tag in _BLOCK:
                yield from flush(level, align)
                style = _CENTER.search(child.get("style") or "")
                inner_align = (
                    style[1].lower()
                    if style
                    else "center"
                    if tag == "center" or child.get("align") == "center"
                    else align
                )
                if tag == "li" and element.tag == "ol":
                    number = (
                        int(child.get("value") or 0) or number + 1
                        if number or not (element.get("start") or "").isdigit()
                        else int(element.get("start"))
                    )
                    gathered.append(f"{number}.")
                inner_level = _HEADINGS.get(tag, level)
                yield from visit(child, inner_level, inner_align)
                yield from flush(inner_level, inner_align)
            else:
                yield from visit(child, level, align)
            gathered.append(child.tail or "")

    yield from visit(root, _HEADINGS.get(root.tag, 0), "")
    yield from flush()


def _is_data(table: html.HtmlElement) -> bool:
    """A table of data, and not one that lays out the page."""
    rows = list(table.iter("tr"))
    if len(rows) < 2 or table.find(".//table") is not None:
        return False
    widths = [sum(1 for cell in row if cell.tag in ("td", "th")) for row in rows]
    cells = [clean(cell.text_content()) for row in rows for cell in row if cell.tag in ("td", "th")]
    return max(widths, default=0) >= 2 and sum(map(len, cells)) / max(len(cells), 1) < 300


def _table(table: html.HtmlElement) -> list[Row]:
    grid: list[dict[int, str]] = []
    rows = list(table.iter("tr"))
    for at, row in enumerate(rows):
        while len(grid) <= at:
            grid.append({})
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while column in grid[at]:
                column += 1
            text = clean(" ".join(cell.itertext()))
            across, down = _span(cell.get("colspan")), _span(cell.get("rowspan"))
            for below in range(at, min(at + down, len(rows))):
                while len(grid) <= below:
                    grid.append({})
                for right in range(column, column + across):
                    grid[below][right] = text
            column += across
    width = max((max(row) + 1 for row in grid if row), default=0)
    return [tuple(row.get(at, "") for at in range(width)) for row in grid if any(row.values())]


def _span(text: str | None) -> int:
    return min(int(text), 64) if text and text.strip().isdigit() and int(text) > 0 else 1
