"""Mutants of the library: a provision lost or altered, a document lapsed, too early, missing, or called an original."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from assistant.domain import Document, DocumentStatus, PartialDate, Precision, Provision, TextStatus
from assistant.library import Library
from assistant.service import Assistant
from evals.mutation.mutants import Mutant

_ALL = ("ask", "retrieval", "review")
_NUMBER = re.compile(r"[0-9]+|[一二三四五六七八九十]+(?=[个年项日月])")


def corpus_mutants(assistant: Assistant) -> Iterator[Mutant]:
    """Documents in order of id; the provisions that rules cite, in the order of the book."""
    library = assistant.library
    for document in library.documents():
        yield _document("lose document", document, lambda _: None)
        yield _document("lapse document", document, lambda d: replace(
            d, repealed_on=PartialDate(date(2020, 1, 1), Precision.DAY), status=DocumentStatus.REPEALED))  # fmt: skip
        yield _document("postpone document", document, lambda d: replace(
            d, effective_on=PartialDate(date(2030, 1, 1), Precision.DAY)))  # fmt: skip
        if document.text_status is not TextStatus.ORIGINAL:
            yield _document("call it an original", document, lambda d: replace(d, text_status=TextStatus.ORIGINAL))
    for document, provision in _cited(assistant):
        yield _provision("lose provision", document, provision, lambda p: None)
        yield _provision(
            "cut provision", document, provision, lambda p: replace(p, text=p.text[: len(p.text) // 2] + "等。")
        )
        if _NUMBER.search(provision.text):
            yield _provision("alter number", document, provision, lambda p: replace(
                p, text=_NUMBER.sub("九十九", p.text, count=1)))  # fmt: skip


def _cited(assistant: Assistant) -> Iterator[tuple[Document, Provision]]:
    seen = set()
    for rule in assistant.book.rules:
        for cite in rule.cites:
            if not (cite.provision or cite.anchor):
                continue
            document, provision = assistant.library.find_provision(
                cite.work, provision=cite.provision, anchor=cite.anchor, on=date(2026, 11, 23)
            )
            if provision.id not in seen and any(
                p.id == provision.id for p in assistant.library.provisions(document.id)
            ):
                seen.add(provision.id)
                yield document, provision


def _document(operator: str, document: Document, change: Callable[[Document], Document | None]) -> Mutant:
    def make(assistant: Assistant) -> Assistant:
        return _with(assistant, assistant.library.imagined(documents={document.id: change(document)}))

    return Mutant("corpus", operator, document.id, make, suites=_ALL)


def _provision(
    operator: str, document: Document, provision: Provision, change: Callable[[Provision], Provision | None]
) -> Mutant:
    def make(assistant: Assistant) -> Assistant:
        held = [
            new for one in assistant.library.provisions(document.id)
            if (new := change(one) if one.id == provision.id else one) is not None
        ]  # fmt: skip
        return _with(assistant, assistant.library.imagined(provisions={document.id: held}))

    return Mutant("corpus", operator, provision.id, make, suites=_ALL)


def _with(assistant: Assistant, library: Library) -> Assistant:
    return assistant.variant(library=library)
