"""Do the provisions that rules cite exist, and were they in force? Checked at release and by `corpus check`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.errors import NotFound
from assistant.library import Library
from assistant.rules.model import RuleBook


@dataclass(frozen=True, slots=True)
class DeadCitation:
    rule: str
    place: str  # file:line of the rule
    message: str


def dead_citations(book: RuleBook, library: Library, on: date) -> Iterator[DeadCitation]:
    """Every citation of a rule in force that day which the library cannot resolve, in the order of the rule files."""
    for rule in book.rules:
        if not rule.window.possibly(on):
            continue
        for cite in rule.cites:
            where = cite.provision or cite.anchor
            try:
                if where:
                    library.find_provision(cite.work, provision=cite.provision, anchor=cite.anchor, on=on)
                elif library.find_document(cite.work, on=on) is None:
                    raise NotFound("文件不在库中。", hint="")
            except NotFound as error:
                yield DeadCitation(
                    rule.id, rule.place, f"规则“{rule.id}”引用的 {cite.work} {where} 查不到：{error.message}"
                )
