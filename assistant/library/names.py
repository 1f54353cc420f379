"""Which document is meant: names people use → versions, and versions → the one in force on a day. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from assistant.domain import Document, DocumentStatus
from assistant.text.fold import folded
from assistant.text.labels import DOCUMENT_NUMBER, bare_title, unify_document_number

_TRIAL = re.compile(r"\((?:试行|暂行|修订|修正|修正案|\d{4}年?(?:修订|修正|修改|版)?)\)$")
_INNER = re.compile(r"《([^《》]+)》")


@lru_cache(maxsize=20_000)
def title_key(name: str) -> str:
    """A title for comparing, with its （试行）."""
    return folded(bare_title(name)).replace(" ", "")


def plain_key(name: str) -> str:
    """A title for comparing, without a trailing （试行） or （2018年修订）."""
    return _TRIAL.sub("", title_key(name))


def number_key(name: str) -> str:
    return unify_document_number(folded(name)) if DOCUMENT_NUMBER.search(folded(name)) else ""


def age_key(document: Document) -> tuple[date, str]:
    """Sorts versions of one work, oldest first."""
    start = document.effective_on.value or document.issued_on.value or date.min
    return start, document.version


def settle_supersession(documents: Iterable[Document]) -> list[Document]:
    """Give every document that has a successor its status and, when unknown, the day it ended.

    Successors are documents that say so (`supersedes`), and later versions of the same work, of which only one is in force
    at a time. Worked out on reading, so that publishing in any order, retiring and restoring give the same result: a document taken
    out of use succeeds nobody. Where the file says itself when a document ended, that stands.
    """
    documents = list(documents)
    successors: defaultdict[str, list[Document]] = defaultdict(list)
    in_use = sorted((d for d in documents if d.status is not DocumentStatus.RETIRED), key=age_key)
    by_work: defaultdict[str, list[Document]] = defaultdict(list)
    for document in in_use:
        for old in document.supersedes:
            successors[old].append(document)
        by_work[document.work].append(document)
    for versions in by_work.values():
        for older, newer in pairwise(versions):
            if date.min < age_key(older)[0] < age_key(newer)[0]:
                successors[older.id].append(newer)
    settled = []
    for document in documents:
        following = successors.get(document.id)
        if not following or document.status in (DocumentStatus.RETIRED, DocumentStatus.REPEALED):
            settled.append(document)
            continue
        successor = min(following, key=age_key)
        end = document.repealed_on
        if not end.value:
            end = successor.effective_on if successor.effective_on.value else successor.issued_on
        settled.append(replace(document, status=DocumentStatus.SUPERSEDED, repealed_on=end))
    return settled


def possibly_in_force(document: Document, on: date) -> bool:
    """Certainly or possibly in force on that day. `repealed_on` is the first day it is not, so that day itself is out."""
    ended = document.repealed_on.value is not None and on >= document.repealed_on.latest
    return document.maybe_in_force(on) and not ended


def choose_version(versions: Sequence[Document], on: date | None) -> Document | None:
    """The latest version certainly in force on that day, else possibly in force; None when neither (or no day given)."""
    if on is None:
        return None
    by_age = sorted(versions, key=age_key, reverse=True)
    for claim in (Document.in_force, possibly_in_force):
        for document in by_age:
            if claim(document, on):
                return document
    return None


class NameIndex:
    """Looks documents up by anything people call them. Retired documents are not found by name, only by id."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._by_id = {document.id: document for document in documents}
        self._works: defaultdict[str, list[Document]] = defaultdict(list)
        self._numbers: defaultdict[str, list[Document]] = defaultdict(list)
        self._titles: defaultdict[str, list[Document]] = defaultdict(list)
        self._plain: defaultdict[str, list[Document]] = defaultdict(list)
        self._aliases: defaultdict[str, list[Document]] = defaultdict(list)
        for document in documents:
            if document.status is DocumentStatus.RETIRED:
                continue
            self._works[document.work].append(document)
            if document.document_number:
                self._numbers[number_key(document.document_number) or document.document_number].append(document)
            self._titles[title_key(document.title)].append(document)
            self._plain[plain_key(document.title)].append(document)
            for alias in document.aliases:
                self._aliases[title_key(alias)].append(document)

    def find(self, name: str, on: date | None) -> Document | None:
        """By id, work, 发文字号, title, alias; then by the one title inside “关于印发《…》的通知”."""
        name = name.strip()
        if not name:
            return None
        if name in self._by_id:
            return self._by_id[name]
        tiers = [
            self._works.get(name, []),
            self._numbers.get(number_key(name), []) if number_key(name) else [],
            self._titles.get(title_key(name), []),
        ]
        if not tiers[2] or plain_key(name) == title_key(name):  # somebody who says （试行） means the one called so
            tiers.append(self._plain.get(plain_key(name), []))
        tiers.append(self._aliases.get(title_key(name), []))
        for tier in tiers:
            if chosen := choose_version(tier, on):
                return chosen
        for tier in tiers:
            if tier:
                return max(tier, key=lambda document: (document.status is DocumentStatus.IN_FORCE, age_key(document)))
        inner = _INNER.findall(name)
        if len(inner) == 1 and inner[0] != name:
            return self.find(inner[0], on)
        return None


def sees(region: str, document_region: str) -> bool:
    """Whether somebody in `region` is under a document of `document_region`: 全国, an ancestor, or the region itself.

    A document may name its place without the province (青石区). An office that never said where it stands ("") is under
    whatever it holds.
    """
    if not region or document_region in ("", "全国"):
        return True
    return region.startswith(document_region) or region.endswith(document_region)
