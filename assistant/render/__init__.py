"""What leaves the house: domain values in, JSON-ready dicts and Chinese text out.

Pure functions, no framework, no I/O. Every door (CLI, web, bots) renders with these, so all of them say the same.
`labels` holds the words, `data` the JSON of the contract, `prose` the text and Markdown, `forwarding` the short reply.
Nothing here decides anything about law.
"""

from __future__ import annotations

from assistant.render.data import (
    SearchHit,
    answer_to_dict,
    citation_to_dict,
    document_to_dict,
    error_to_dict,
    hit_to_dict,
    provision_to_dict,
    review_to_dict,
)
from assistant.render.forwarding import FORWARDABLE_LIMIT, TONES, forwardable
from assistant.render.labels import (
    EFFECT_LABELS,
    LEVEL_LABELS,
    OUTCOME_LABELS,
    SEVERITY_LABELS,
    STATUS_LABELS,
    TEXT_STATUS_BANNERS,
    chinese_date,
    label_of,
    partial_date,
)
from assistant.render.prose import (
    answer_as_turn,
    answer_to_markdown,
    answer_to_text,
    citation_to_text,
    hits_to_text,
    lettered,
    review_to_text,
)

__all__ = [
    "EFFECT_LABELS",
    "FORWARDABLE_LIMIT",
    "LEVEL_LABELS",
    "OUTCOME_LABELS",
    "SEVERITY_LABELS",
    "STATUS_LABELS",
    "TEXT_STATUS_BANNERS",
    "TONES",
    "SearchHit",
    "answer_as_turn",
    "answer_to_dict",
    "answer_to_markdown",
    "answer_to_text",
    "chinese_date",
    "citation_to_dict",
    "citation_to_text",
    "document_to_dict",
    "error_to_dict",
    "forwardable",
    "hit_to_dict",
    "hits_to_text",
    "label_of",
    "lettered",
    "partial_date",
    "provision_to_dict",
    "review_to_dict",
    "review_to_text",
]
