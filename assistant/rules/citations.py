"""Do the provisions that rules cite exist, and does every permit rest on more than a model text? For release and `corpus check`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.domain import Document, Outcome, TextStatus
from assistant.errors import NotFound
from assistant.library import Library
from assistant.rules.model import Cite, RuleBook

_PERMITS = (Outcome.ALLOWED_NO_PROCEDURE, Outcome.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class BadCitation:
    rule: str
    place: str  # file:line of the rule
    message: str


def bad_citations(book: RuleBook, library: Library, on: date) -> Iterator[BadCitation]:
    """Citations of rules in force that day which the library cannot resolve, and permits that rest on model texts alone."""
    for rule in book.rules:
        if not rule.window.possibly(on):
            continue
        held = []
        for cite in rule.cites:
            try:
                held.append(_resolve(cite, library, on))
            except NotFound as error:
                where = cite.provision or cite.anchor
                yield BadCitation(
                    rule.id, rule.place, f"规则“{rule.id}”引用的 {cite.work} {where} 查不到：{error.message}"
                )
        if rule.outcome in _PERMITS and held and all(d.text_status is TextStatus.MODEL for d in held):
            yield BadCitation(rule.id, rule.place, f"规则“{rule.id}”放行，但只引用了示范文本。")


def _resolve(cite: Cite, library: Library, on: date) -> Document:
    if cite.provision or cite.anchor:
        return library.find_provision(cite.work, provision=cite.provision, anchor=cite.anchor, on=on)[0]
    document = library.find_document(cite.work, on=on)
    if document is None:
        raise NotFound("文件不在库中。", hint="用 minggui corpus list 看有哪些文件。")
    return document
