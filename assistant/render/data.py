"""Domain values as the JSON of the contract (docs/design.md §7). Keys and their order are fixed; new keys come last.

`verdict`, `severity`, `text_status` and the like are codes for machines; every `…_label` beside them is for people.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from assistant.domain import Answer, Citation, Document, Fact, Finding, Passage, Provision, Review
from assistant.errors import AssistantError
from assistant.render.labels import (
    EFFECT_LABELS,
    LEVEL_LABELS,
    SEVERITY_LABELS,
    STATUS_LABELS,
    TEXT_STATUS_BANNERS,
    label_of,
)


class SearchHit(Protocol):
    """A passage with the document and provision it points at, as `service.Assistant.search` gives it."""

    @property
    def passage(self) -> Passage: ...
    @property
    def document(self) -> Document: ...
    @property
    def provision(self) -> Provision: ...


def answer_to_dict(answer: Answer, *, id: str | int | None = None) -> dict[str, Any]:
    """The answer for `--json`, `ask --batch` and `/v1/ask`; `id` is the asker's own name for the question."""
    return {
        "id": id,
        "answer_id": answer.answer_id,
        "verdict": answer.outcome.value if answer.outcome else None,
        "verdict_label": (answer.label or label_of(answer.outcome)) or None,
        "answer": answer.text or (answer.abstained.text if answer.abstained else ""),
        "reasons": [
            {
                "text": reason.text,
                "rule": reason.rule,
                "effect": reason.effect,
                "citations": list(reason.citations),
                "effect_label": EFFECT_LABELS.get(reason.effect, ""),
            }
            for reason in answer.reasons
        ],
        "citations": [citation_to_dict(citation) for citation in answer.citations],
        "missing": [
            {"fact": missing.fact, "question": missing.question, "options": list(missing.options)}
            for missing in answer.missing
        ],
        "conditions": list(answer.conditions),
        "advice": [
            {
                "text": advice.text,
                "outcome": advice.outcome.value if advice.outcome else None,
                "outcome_label": label_of(advice.outcome) or None,
            }
            for advice in answer.advice
        ],
        "route": {"text": answer.route} if answer.route else None,
        "activities": [
            {
                "text": activity.text,
                "verdict": activity.outcome.value,
                "verdict_label": label_of(activity.outcome),
            }
            for activity in answer.activities
        ],
        "facts": {fact.name: _fact_to_dict(fact) for fact in answer.facts},
        "abstained": {"why": answer.abstained.why, "text": answer.abstained.text} if answer.abstained else None,
        "as_of": _day(answer.as_of),
        "fingerprint": answer.fingerprint,
        "question": answer.question,
        "notices": list(answer.notices),
    }


def citation_to_dict(citation: Citation) -> dict[str, Any]:
    """One citation. `provision` is the label as printed, "" when nobody knows it; `locator` then says so."""
    return {
        "document": citation.document,
        "document_number": citation.document_number,
        "provision": citation.provision,
        "quote": citation.quote,
        "text_status": citation.text_status.value,
        "locator": citation.locator,
        "level": citation.level.value,
        "document_id": citation.document_id,
        "provision_id": citation.provision_id,
    }


def review_to_dict(review: Review, *, id: str | int | None = None) -> dict[str, Any]:
    """The review of a notice; `start` and `end` count code points of the text that was reviewed."""
    return {
        "id": id,
        "verdict": review.outcome.value if review.outcome else None,
        "findings": [_finding_to_dict(finding) for finding in review.findings],
        "verdict_label": (review.label or label_of(review.outcome)) or None,
        "answer": answer_to_dict(review.answer) if review.answer else None,
        "as_of": _day(review.as_of),
    }


def hit_to_dict(hit: SearchHit, *, brief: bool = False, explain: bool = False) -> dict[str, Any]:
    """One search result. `brief` keeps the three keys of `search --batch`; `explain` adds where the score came from."""
    row: dict[str, Any] = {
        "document": hit.document.title,
        "provision": hit.provision.label,
        "score": hit.passage.score,
    }
    if brief:
        return row
    row |= {
        "document_number": hit.document.document_number,
        "text": hit.provision.text,
        "text_status": hit.document.text_status.value,
        "level": hit.document.level.value,
        "path": list(hit.provision.path),
        "locator": hit.provision.locator,
        "document_id": hit.document.id,
        "provision_id": hit.provision.id,
    }
    if explain:
        row["why"] = dict(hit.passage.why)
    return row


def document_to_dict(document: Document, *, articles: int | None = None) -> dict[str, Any]:
    """One row of `corpus list`; `articles` is how many the library counted, null when nobody counted."""
    return {
        "id": document.id,
        "title": document.title,
        "document_number": document.document_number,
        "level": document.level.value,
        "status": document.status.value,
        "text_status": document.text_status.value,
        "effective_on": str(document.effective_on) or None,
        "articles": articles,
        "issuer": document.issuer,
        "region": document.region,
        "issued_on": str(document.issued_on) or None,
        "repealed_on": str(document.repealed_on) or None,
        "supersedes": list(document.supersedes),
        "complete": document.complete,
        "known_articles": document.known_articles,
        "aliases": list(document.aliases),
        "note": document.note,
        "level_label": LEVEL_LABELS[document.level],
        "status_label": STATUS_LABELS[document.status],
        "banner": TEXT_STATUS_BANNERS[document.text_status],
    }


def provision_to_dict(provision: Provision) -> dict[str, Any]:
    """One provision of a document, in reading order by `ordinal`."""
    return {
        "id": provision.id,
        "provision": provision.label,
        "text": provision.text,
        "locator": provision.locator,
        "anchor": provision.anchor,
        "path": list(provision.path),
        "ordinal": provision.ordinal,
        "columns": [list(column) for column in provision.columns],
    }


def error_to_dict(error: AssistantError) -> dict[str, Any]:
    """The one shape every door gives an error in."""
    return {"error": {"code": error.code, "message": error.message, "hint": error.hint}}


def _fact_to_dict(fact: Fact) -> dict[str, Any]:
    span = fact.span
    return {
        "value": fact.value,
        "said": fact.said,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "turn": span.turn if span else None,
        "source": fact.source.value,
    }


def _finding_to_dict(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "severity": finding.severity.value,
        "span": finding.span,
        "start": finding.start,
        "end": finding.end,
        "citations": [citation_to_dict(citation) for citation in finding.citations],
        "advice": finding.advice,
        "message": finding.message,
        "severity_label": SEVERITY_LABELS[finding.severity],
    }


def _day(day: date) -> str | None:
    return None if day == date.min else day.isoformat()
