"""Documents and provisions to table rows and back, and the digest of what a document says. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain import Document, DocumentStatus, Level, PartialDate, Provision, TextStatus
from assistant.library.counting import count_articles

_DATES = ("issued_on", "effective_on", "repealed_on")


def document_fields(document: Document) -> dict[str, Any]:
    """Every column that comes from the document itself."""
    return {
        "id": document.id,
        "work": document.work,
        "version": document.version,
        "title": document.title,
        "document_number": document.document_number,
        "issuer": document.issuer,
        "level": document.level.value,
        "region": document.region,
        **{name: str(getattr(document, name)) for name in _DATES},
        "status": document.status.value,
        "supersedes": list(document.supersedes),
        "text_status": document.text_status.value,
        "complete": document.complete,
        "known_articles": document.known_articles,
        "aliases": list(document.aliases),
        "note": document.note,
        "content_hash": document.content_hash,
    }


def provision_fields(provision: Provision) -> dict[str, Any]:
    return {
        "document_id": provision.document_id,
        "ordinal": provision.ordinal,
        "id": provision.id,
        "label": provision.label,
        "text": provision.text,
        "locator": provision.locator,
        "anchor": provision.anchor,
        "path": list(provision.path),
        "article": provision.article,
        "number": list(provision.number),
        "parent": provision.parent,
        "columns": [list(pair) for pair in provision.columns],
    }


def digest(document: Document, provisions: Sequence[Provision]) -> str:
    """sha256 over everything a reader could see. The bytes of the file are left out: a line-end change is no change."""
    said = document_fields(document)
    del said["content_hash"]
    whole = [said, [provision_fields(provision) for provision in provisions]]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def document_row(document: Document, provisions: Sequence[Provision]) -> dict[str, Any]:
    return {
        **document_fields(document),
        "digest": digest(document, provisions),
        "articles": count_articles(provisions),
        "retired": document.status is DocumentStatus.RETIRED,
    }


def read_document(row: Mapping[str, Any]) -> Document:
    return Document(
        work=row["work"],
        version=row["version"],
        title=row["title"],
        level=Level(row["level"]),
        document_number=row["document_number"],
        issuer=row["issuer"],
        region=row["region"],
        issued_on=PartialDate.parse(row["issued_on"]),
        effective_on=PartialDate.parse(row["effective_on"]),
        repealed_on=PartialDate.parse(row["repealed_on"]),
        status=DocumentStatus.RETIRED if row["retired"] else DocumentStatus(row["status"]),
        supersedes=tuple(row["supersedes"]),
        text_status=TextStatus(row["text_status"]),
        complete=row["complete"],
        known_articles=row["known_articles"],
        aliases=tuple(row["aliases"]),
        note=row["note"],
        content_hash=row["content_hash"],
    )


def read_provision(row: Mapping[str, Any]) -> Provision:
    return Provision(
        document_id=row["document_id"],
        label=row["label"],
        text=row["text"],
        ordinal=row["ordinal"],
        locator=row["locator"],
        anchor=row["anchor"],
        path=tuple(row["path"]),
        article=row["article"],
        number=tuple(row["number"]),
        parent=row["parent"],
        columns=tuple((header, cell) for header, cell in row["columns"]),
    )
