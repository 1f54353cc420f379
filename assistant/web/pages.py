"""The pages people open: ask, pre-check a notice, read what is held. The scripts call /v1 like any other program."""

from __future__ import annotations

import hashlib
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.domain import Document, DocumentStatus, Level, TextStatus
from assistant.render import LEVEL_LABELS, STATUS_LABELS, TEXT_STATUS_BANNERS, partial_date
from assistant.web.addresses import document_address, fragment
from assistant.web.api import Assistants, SettingsDep
from assistant.web.layout import arrange

_HERE = Path(__file__).resolve().parent
_TEXT_STATUS_WORDS = {TextStatus.ORIGINAL: "原文", TextStatus.PARAPHRASE: "转述", TextStatus.MODEL: "示范文本"}
_NARROW_COLUMNS = 6
EXAMPLES = (
    "我们镇想选一批“示范农家乐”，打分够了就发牌，备个案行吧？",
    "区政府下个月想表彰10家优秀企业，要走什么程序？",
    "街道党工委“七一”表彰优秀共产党员，要报批吗？",
    "市局来文要我们推荐全国劳动模范人选，区里要另批吗？",
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def ask_page(settings: SettingsDep) -> Response:
    return _page("ask.html", here="ask", examples=EXAMPLES, max_chars=settings.max_question_chars)


@router.get("/review")
def review_page(settings: SettingsDep) -> Response:
    return _page("review.html", here="review", max_mb=settings.max_upload_mb)


@router.get("/documents")
def documents_page(assistant: Assistants) -> Response:
    held = sorted(assistant.documents(), key=_reading_order)
    groups = [(LEVEL_LABELS[level], list(rows)) for level, rows in groupby(held, key=lambda d: d.level)]
    return _page("documents.html", here="documents", groups=groups, count=len(held))


@router.get("/documents/{document_id:path}")
def document_page(document_id: str, assistant: Assistants) -> Response:
    """One document to read; a citation links to `#` plus what follows the document's id in the provision's id."""
    document, provisions = assistant.document(document_id)
    sections = arrange(provisions)
    wide = any(len(section.header) > _NARROW_COLUMNS for section in sections)
    return _page("document.html", here="documents", document=document, sections=sections, wide=wide)


def render_error(request: Request, status: int, error: dict[str, str]) -> str:
    return _environment().get_template("error.html").render(here="", status=status, error=error)


def _reading_order(document: Document) -> tuple[int, bool, str, str]:
    in_force = document.status is DocumentStatus.IN_FORCE
    return list(Level).index(document.level), not in_force, document.title, document.version


def _page(name: str, **values: Any) -> Response:
    return HTMLResponse(_environment().get_template(name).render(**values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=_static_address)
    environment.filters.update(
        fragment=lambda provision: fragment(provision.document_id, provision.id),
        address=document_address,
        day=partial_date,
        status_label=STATUS_LABELS.__getitem__,
        level_label=LEVEL_LABELS.__getitem__,
        text_status_label=_TEXT_STATUS_WORDS.__getitem__,
        banner=TEXT_STATUS_BANNERS.__getitem__,
    )
    return environment


@cache
def _static_address(name: str) -> str:
    """A static file's address with a mark of its contents, so that a new release is not read from an old cache."""
    mark = hashlib.sha256((_HERE / "static" / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={mark}"
