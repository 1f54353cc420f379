"""Where a document and a provision stand on our pages. static/common.js builds the same addresses from the JSON."""

from __future__ import annotations

from urllib.parse import quote

from assistant.domain import Citation


def document_address(document_id: str) -> str:
    return f"/documents/{quote(document_id)}"


def fragment(document_id: str, provision_id: str) -> str:
    """The HTML id of a provision: its id without the document's, white space (not allowed in an HTML id) as hyphens."""
    return "-".join(provision_id.removeprefix(f"{document_id}/").split())


def citation_address(citation: Citation) -> str:
    page = document_address(citation.document_id)
    return f"{page}#{quote(fragment(citation.document_id, citation.provision_id))}" if citation.provision_id else page
