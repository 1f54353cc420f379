"""One file → one Draft: sniff, read, refuse what is classified, find the metadata and the structure, check."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.domain import Document, DocumentStatus, Level, PartialDate, Precision, Provision, TextStatus
from assistant.errors import IncompleteDocument, UnreadableFile
from ingest.checks import Problem, check_document, internal_marks, refuse_classified
from ingest.markers import drop_anchors
from ingest.metadata import Found, Given, read_given, read_metadata, region_level
from ingest.readers.blocks import Reading
from ingest.readers.markdown import read_yaml
from ingest.readers.sniffing import read_any
from ingest.readers.text import decode
from ingest.structure import split_provisions

SIDECAR = ".meta.yaml"

__all__ = ["SIDECAR", "Draft", "Problem", "plain_text", "read_bytes", "read_path"]


@dataclass(frozen=True)
class Draft:
    """A document read and checked, not yet published."""

    document: Document
    provisions: tuple[Provision, ...]
    problems: tuple[Problem, ...]
    original: bytes
    name: str  # of the file, as the person knows it
    repeals: tuple[str, ...] = ()  # titles or 发文字号 of documents this one ends


def read_bytes(data: bytes, name: str, *, meta: Mapping[str, Any] | None = None, settings: Settings) -> Draft:
    """Read one file of any supported format, told apart by content.

    `meta` has the fields of front matter and goes before front matter and text. Raises UnreadableFile, ClassifiedFile
    or IncompleteDocument, each with a Chinese message and what to do.
    """
    reading = _read(data, name, settings)
    refuse_classified(reading, name)
    given = read_given({**reading.front, **(meta or {})}, f"“{name}”的说明")
    found = read_metadata(reading.blocks, name=name, file_title=reading.title)
    content_hash = hashlib.sha256(data).hexdigest()
    document, guesses = _document(given, found, content_hash, name)
    body = [block for at, block in enumerate(reading.blocks) if at not in found.head]
    provisions = tuple(split_provisions(document.id, body, title=document.title))
    if not provisions and len(body) < len(reading.blocks):  # what looked like a head was the text
        provisions = tuple(split_provisions(document.id, reading.blocks, title=document.title))
    if not provisions:
        raise UnreadableFile(f"“{name}”里没有正文。", hint="打开文件看看内容；正文是图片的扫描件，请先做文字识别。")
    problems = [*internal_marks(reading), *guesses, *check_document(document, provisions)]
    problems += [Problem("info", "", note, "") for note in reading.notes]
    if given.unknown:
        keys = "、".join(given.unknown)
        problems.append(Problem("warn", "说明", f"说明里有不认识的项：{keys}。", "检查拼写；不认识的项不会起作用。"))
    for ended in found.repeals:
        problems.append(
            Problem("info", "废止", f"文中写明废止《{ended}》。", "发布后，资料库里同名的旧文件将显示为已被取代。")
        )
    return Draft(document, provisions, tuple(problems), data, name, found.repeals)


def read_path(path: Path, settings: Settings) -> Draft:
    """Read a file with the sidecar beside it, when there is one. Raises as `read_bytes`."""
    return read_bytes(_load(path, settings), path.name, meta=read_sidecar(path), settings=settings)


def read_sidecar(path: Path) -> dict[str, Any] | None:
    """The fields of `<file>.meta.yaml`; None when there is no sidecar. Raises IncompleteDocument."""
    sidecar = path.with_name(path.name + SIDECAR)
    if not sidecar.is_file():
        return None
    return read_yaml(decode(sidecar.read_bytes()), f"说明文件“{sidecar.name}”")


def plain_text(data: bytes, name: str, settings: Settings) -> str:
    """All the text of a file in order, a line a paragraph, table cells set off by tabs. Nothing is stored.

    Raises UnreadableFile or ClassifiedFile.
    """
    reading = _read(data, name, settings)
    refuse_classified(reading, name)
    lines: list[str] = []
    for block in reading.blocks:
        if block.rows:
            lines += ["\t".join(cell for cell in row) for row in block.rows]
        elif block.text:
            lines.append(drop_anchors(block.text))
    return "\n".join(lines)


def _load(path: Path, settings: Settings) -> bytes:
    try:
        size = path.stat().st_size
        if size <= settings.max_upload_mb * 1024 * 1024:
            return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"“{path.name}”打不开（{error.strerror}）。", hint="检查路径和权限。") from error
    raise _too_large(path.name, size, settings)


def _too_large(name: str, size: int, settings: Settings) -> UnreadableFile:
    return UnreadableFile(
        f"“{name}”有 {size / 1024 / 1024:.0f} MB，超过 {settings.max_upload_mb} MB 的上限。",
        hint="去掉图片或拆成几份后再试；确需放宽的，调整 MINGGUI_MAX_UPLOAD_MB。",
    )


def _read(data: bytes, name: str, settings: Settings) -> Reading:
    if not data.strip():
        raise UnreadableFile(f"“{name}”是空文件。", hint="检查文件是否保存完整。")
    if len(data) > settings.max_upload_mb * 1024 * 1024:
        raise _too_large(name, len(data), settings)
    reading = read_any(data, name, settings)
    if not any(block.text or block.rows for block in reading.blocks):
        raise UnreadableFile(
            f"“{name}”里没有可以读取的文字。", hint="可能是扫描件或图片，请先做文字识别，或改用可复制文字的版本。"
        )
    return reading


# --- the document ----------------------------------------------------------------------------------------------------


def _document(given: Given, found: Found, content_hash: str, name: str) -> tuple[Document, list[Problem]]:
    if given.work and given.title:  # described by hand: what is not said there is not known, and not guessed
        found = Found(title=given.title, head=found.head)
    title = given.title or found.title
    if not title:
        raise IncompleteDocument(f"“{name}”里没有读到标题。", hint=f"在同名的 {name}{SIDECAR} 里写上 title: 文件全称。")
    problems: list[Problem] = []
    if not given.title and found.title_from_name:
        problems.append(
            Problem("warn", "标题", f"没有读到标题，暂用“{title}”。", "与原件核对；不对的写进同名 .meta.yaml。")
        )

    def guess(field: str, value: str) -> None:
        problems.append(
            Problem("info", field, f"{field}是根据正文判断的：{value}。", "与原件核对；不对的写进同名 .meta.yaml。")
        )

    region = given.region or found.region
    level = given.level or found.level
    if given.level is None and level is not None:
        guess("层级", _LEVELS[level] + (f"，{region}" if region and region != "全国" else ""))
    if level is None:
        level = region_level(region) if region else Level.CENTRAL
        problems.append(
            Problem(
                "warn",
                "层级",
                f"看不出由哪一级制定，暂按“{_LEVELS[level]}”处理。",
                "在同名 .meta.yaml 里写明 level 和 region。",
            )
        )
    for guessed in found.guessed:
        problems.append(Problem("info", "", f"{guessed}。", "与原件核对。"))
    # What a person wrote down goes first. Whoever gave dates left the others out because they are not known.
    dated = any(given_date is not None for given_date in (given.issued_on, given.effective_on, given.repealed_on))
    issued = given.issued_on or (PartialDate() if dated else found.issued_on)
    effective = given.effective_on or (PartialDate() if dated else found.effective_on)
    repealed = given.repealed_on or (PartialDate() if dated else found.repealed_on)
    work = given.work or _work_id(title)
    document = Document(
        work=work,
        version=given.version or _version(issued, effective, content_hash),
        title=title,
        level=level,
        document_number=given.document_number or found.document_number,
        issuer=given.issuer or found.issuer,
        region=region or "全国",
        issued_on=issued,
        effective_on=effective,
        repealed_on=repealed,
        status=given.status or DocumentStatus.IN_FORCE,
        supersedes=given.supersedes or (),
        text_status=given.text_status or TextStatus.ORIGINAL,
        complete=True if given.complete is None else given.complete,
        known_articles=given.known_articles,
        aliases=given.aliases if given.aliases is not None else found.aliases,
        note=given.note or "",
        content_hash=content_hash,
    )
    return document, problems


_LEVELS = {
    Level.CENTRAL: "中央", Level.PROVINCE: "省级", Level.CITY: "市级", Level.DISTRICT: "区县级",
    Level.TOWNSHIP: "镇街", Level.VILLAGE: "村社区",
}  # fmt: skip


def _work_id(title: str) -> str:
    """The work of a document that came without one: its title, so that all its versions meet."""
    bare = re.sub(r"[《》\s]", "", title).replace("/", "／")
    return re.sub(r"^中华人民共和国(?=.{2,})", "", bare)[:100]


def _version(issued: PartialDate, effective: PartialDate, content_hash: str) -> str:
    moment = issued if issued.value else effective
    if moment.value is None:
        return f"undated-{content_hash[:8]}"
    return str(moment) if moment.precision is not Precision.YEAR else f"{moment.value.year}"


def with_identity(draft: Draft, work: str, version: str) -> Draft:
    """The same draft under another id; its provisions follow."""
    old, new = draft.document.id, f"{work}/{version}"
    if old == new:
        return draft
    provisions = tuple(
        replace(p, document_id=new, parent=new + p.parent[len(old) :] if p.parent else "") for p in draft.provisions
    )
    return replace(draft, document=replace(draft.document, work=work, version=version), provisions=provisions)


def is_unnamed(document: Document) -> bool:
    """Whether the work was named after the title because nobody gave it an id."""
    return document.work == _work_id(document.title)
