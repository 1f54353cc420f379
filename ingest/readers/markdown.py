"""Markdown with YAML front matter, the format of the shipped corpus. Only what documents use: headings, paragraphs, tables."""

from __future__ import annotations

import re
from typing import Any

import yaml

from assistant.errors import IncompleteDocument
from ingest.readers.blocks import ENDS, MARKED, Block, Reading, Row, clean, join

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_INFO_END = re.compile(r"<!--\s*INFO END\s*-->")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|~~|`)(.+?)\1")
_BREAK = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,})\s*$")


def read_markdown(text: str) -> Reading:
    """Blocks of a Markdown text. Raises IncompleteDocument when the front matter is not YAML."""
    front, body = split_front_matter(text)
    info_end = _INFO_END.search(body)
    blocks: list[Block] = []
    if info_end:
        blocks += [Block(**{**_fields(block), "info": not block.level}) for block in _blocks(body[: info_end.start()])]
        body = body[info_end.end() :]
    blocks += _blocks(_COMMENT.sub("", body))
    numbered = tuple(Block(**{**_fields(b), "place": f"第{n}段"}) for n, b in enumerate(blocks, start=1))
    return Reading("markdown", numbered, front=front)


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """(front matter, the rest). Without front matter the first is empty."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    return read_yaml(found[1], "文件开头的说明（front matter）"), text[found.end() :]


def read_yaml(text: str, what: str) -> dict[str, Any]:
    """A YAML mapping. Dates stay as written, because '2022-04' is a date too. Raises IncompleteDocument."""
    try:
        said = yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"第 {mark.line + 1} 行" if mark else ""
        raise IncompleteDocument(
            f"{what}{line}写法有误。", hint="对照其他文件的写法修改；冒号后要有空格，特殊字符加引号。"
        ) from error
    if said is None:
        return {}
    if not isinstance(said, dict):
        raise IncompleteDocument(f"{what}不是“名称: 值”的形式。", hint="对照其他文件的写法修改。")
    return {str(key): value for key, value in said.items()}


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML without the guessing of dates and of 2022 as a number."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":bool", ":null"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _fields(block: Block) -> dict[str, Any]:
    return {name: getattr(block, name) for name in Block.__dataclass_fields__}


def _plain(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    for _ in range(2):  # emphasis inside emphasis
        text = _EMPHASIS.sub(r"\2", text)
    return clean(text.replace("\\", "") if re.search(r"\\[\\`*_{}\[\]()#+\-.!|]", text) else text)


def _cells(line: str) -> Row:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(_plain(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", inner))


def _blocks(body: str) -> list[Block]:
    out: list[Block] = []
    lines = body.splitlines()
    at, fresh = 0, True
    while at < len(lines):
        line = lines[at]
        text = clean(line)
        if not text or _BREAK.match(line):
            at, fresh = at + 1, True
            continue
        if "|" in line and at + 1 < len(lines) and "-" in lines[at + 1] and _RULE.match(lines[at + 1]):
            rows = [_cells(line)]
            at += 2
            while at < len(lines) and "|" in lines[at]:
                rows.append(_cells(lines[at]))
                at += 1
            across = max(len(row) for row in rows)
            out.append(Block(rows=tuple(row + ("",) * (across - len(row)) for row in rows)))
            fresh = True
            continue
        heading = _HEADING.match(text)
        if heading:
            out.append(Block(_plain(heading[2]), level=len(heading[1])))
            fresh = True
        else:
            quoted = text.startswith(">")
            words = _plain(re.sub(r"^(?:>\s*)+|^[-*+]\s+", "", text))
            if words and not fresh and not quoted and not MARKED.match(text) and out and not out[-1].level:
                # A finished sentence keeps its line end: the next line belongs to the paragraph but was set on its own.
                before = out[-1].text
                out[-1] = Block(f"{before}\n{words}" if ENDS.search(before) else join(before, words))
            elif words:
                out.append(Block(words))
            fresh = False
        at += 1
    return out
