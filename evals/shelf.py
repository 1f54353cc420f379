"""The shelf: what the library really holds, as values, so that gold and answers can be checked against the same text.

Built once per run from documents and provisions; measures and the linter only look. It knows no SQL: `Shelf.of` takes
domain values and whoever opens the library (`cli.py`) hands them over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from assistant.domain import Document, Provision
from assistant.text.labels import article_number, bare_title, label_number, unify_document_number, unify_label
from evals.cases import Cite

_SPACE = re.compile(r"\s+")


def bare(text: str) -> str:
    """Without any white space: line breaks between paragraphs are layout, not words."""
    return _SPACE.sub("", text)


@dataclass(frozen=True, slots=True)
class Place:
    """A provision of the shelf with the labels and anchors of itself and of what contains it."""

    provision: Provision
    names: frozenset[str]  # own label and anchor, unified
    within: frozenset[str]  # those of the provisions that contain it
    text: str  # its own words and those of all it contains, without white space


@dataclass(frozen=True)
class Shelf:
    documents: Mapping[str, Document]
    places: Mapping[str, tuple[Place, ...]]  # by document id, in order
    _titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # bare title, alias or number → document ids
    _bodies: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Document], provisions: Iterable[Provision]) -> Shelf:
        """Order does not matter. A provision of an unknown document is ignored."""
        known = {document.id: document for document in documents}
        by_document: dict[str, list[Provision]] = {document_id: [] for document_id in known}
        for provision in provisions:
            if provision.document_id in by_document:
                by_document[provision.document_id].append(provision)
        titles: dict[str, list[str]] = {}
        for document in known.values():
            for name in (document.title, *document.aliases):
                titles.setdefault(bare_title(name), []).append(document.id)
            if document.document_number:
                titles.setdefault(unify_document_number(document.document_number), []).append(document.id)
        places = {document_id: _places(held) for document_id, held in by_document.items()}
        bodies = {
            document_id: bare("".join(place.provision.text for place in held)) for document_id, held in places.items()
        }
        return cls(known, places, {name: tuple(dict.fromkeys(ids)) for name, ids in titles.items()}, bodies)

    @cached_property
    def _by_id(self) -> dict[str, Place]:
        return {place.provision.id: place for held in self.places.values() for place in held}

    def versions(self, work: str) -> list[Document]:
        """Versions of a work, or the one version when `work/version` is given; [] when unknown."""
        return [document for document in self.documents.values() if work in (document.work, document.id)]

    def places_of(self, cite: Cite) -> list[Place]:
        """Where a gold citation points; [] when no version has such a provision, or when it names a whole document."""
        if not cite.provision:
            return []
        wanted = unify_label(cite.provision)
        return [place for document in self.versions(cite.work) for place in self.places[document.id]
                if wanted in place.names]  # fmt: skip

    def find_documents(self, title: str, number: str = "") -> list[Document]:
        """Documents an answer may mean by a title (with or without 《》), an alias or a 发文字号."""
        ids = self._titles.get(bare_title(title), ())
        if not ids and number:
            ids = self._titles.get(unify_document_number(number), ())
        return [self.documents[document_id] for document_id in ids]

    def holds(self, document_id: str, quote: str) -> bool:
        """Is the quote one contiguous piece of the document (white space aside)?"""
        wanted = bare(quote)
        return bool(wanted) and wanted in self._bodies.get(document_id, "")

    def locate(self, title: str, label: str, *, number: str = "", quote: str = "", provision_id: str = "",
               on: date | None = None) -> tuple[Document | None, Place | None]:  # fmt: skip
        """The document and provision an answer's citation means.

        By id when one is given; else by title (several versions: the one that holds the quote, then the one in force)
        and label; a citation without a known label is found by its quote. (None, None): no such document.
        (document, None): no such provision in it.
        """
        if provision_id in self._by_id:
            place = self._by_id[provision_id]
            return self.documents[place.provision.document_id], place
        candidates = self.find_documents(title, number)
        if not candidates:
            return None, None
        candidates.sort(key=lambda document: (not self.holds(document.id, quote),
                                              not (on and document.maybe_in_force(on)), document.id))  # fmt: skip
        wanted = unify_label(label)
        for document in candidates:
            matching = [place for place in self.places[document.id] if wanted and wanted in place.names]
            if not matching and quote:
                matching = [place for place in self.places[document.id]
                            if (not place.provision.label or not wanted) and bare(quote) in place.text]  # fmt: skip
            if matching:
                holding = [place for place in matching if quote and bare(quote) in place.text]
                return document, min(holding or matching, key=lambda place: len(place.text))
        return candidates[0], None

    def hits(self, cite: Cite, document: Document, place: Place | None) -> bool:
        """Does a cited place count for a gold place?

        The same work is enough when the gold names no provision; otherwise the same provision, one inside the other
        (an article counts for its own paragraph and the reverse), by label or by what the library says contains what.
        """
        if cite.work not in (document.work, document.id):
            return False
        if not cite.provision:
            return True
        if place is None:
            return False
        wanted = unify_label(cite.provision)
        if wanted in place.names or wanted in place.within:
            return True
        if any(place.names & gold.within for gold in self.places_of(cite)):
            return True
        return any(_one_inside_the_other(wanted, name) for name in place.names)


def _one_inside_the_other(first: str, second: str) -> bool:
    """第四条 and 第四条第一款: yes; 第四条第一款 and 第四条第二款: no. A step left out (第四条第二项) is a wildcard."""
    if article_number(first) is None or article_number(first) != article_number(second):
        return False
    steps = zip(label_number(first)[1:], label_number(second)[1:], strict=False)
    return all(0 in pair or pair[0] == pair[1] for pair in steps)


def _places(held: list[Provision]) -> tuple[Place, ...]:
    by_id = {provision.id: provision for provision in held}
    contained: dict[str, list[Provision]] = {}
    for provision in held:
        for ancestor in _ancestors(provision, by_id):
            contained.setdefault(ancestor.id, []).append(provision)
    out = []
    for provision in sorted(held, key=lambda one: one.ordinal):
        own, inside = bare(provision.text), sorted(contained.get(provision.id, []), key=lambda one: one.ordinal)
        # An article's own text may or may not repeat its paragraphs; joined twice would do no harm, but be slow.
        rest = "".join(bare(one.text) for one in inside if bare(one.text) not in own)
        out.append(Place(
            provision, _names(provision),
            frozenset(name for ancestor in _ancestors(provision, by_id) for name in _names(ancestor))
            | (frozenset([unify_label(provision.article)]) if provision.article else frozenset()),
            own + rest,
        ))  # fmt: skip
    return tuple(out)


def _ancestors(provision: Provision, by_id: Mapping[str, Provision]) -> list[Provision]:
    out: list[Provision] = []
    while provision.parent and provision.parent in by_id and by_id[provision.parent] not in out:
        provision = by_id[provision.parent]
        out.append(provision)
    return out


def _names(provision: Provision) -> frozenset[str]:
    return frozenset(name for name in (unify_label(provision.label), provision.anchor) if name)
