"""What is indexed: the library cut into units. Pure but for the `Corpus` it reads; `generations` writes the units out.

A unit is an article (or whatever stands at the top of a document that numbers otherwise). A long one gets vectors for its
paragraphs as well, and a paragraph that is found answers with its article. The word index holds whole units only: with
paragraphs in it, the statistics of length turned against long articles and long notices.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from assistant.domain import Document, Provision
from assistant.text.labels import article_number

LONG_ARTICLE_CHARS = 400
_SHORT_PARAGRAPH_CHARS = 20
_UNIT_CHARS = 20_000  # a unit past this is a whole document without articles: its head says what it is about


Children = Mapping[str, Sequence[Provision]]


class Corpus(Protocol):
    """What retrieval needs of the library."""

    def every_provision(self) -> Iterator[tuple[Document, Provision]]: ...

    def documents(self) -> Iterable[Document]: ...

    def document(self, document_id: str, /) -> Document:
        """Raises NotFound."""
        ...

    def provision(self, provision_id: str, /) -> Provision:
        """Raises NotFound."""
        ...

    def find_provision(
        self, work: str, *, provision: str = "", anchor: str = "", on: date
    ) -> tuple[Document, Provision]:
        """Raises NotFound."""
        ...

    def in_force_ids(self, on: date, *, region: str | None = None) -> frozenset[str]: ...

    @property
    def revision(self) -> int: ...

    def fingerprint(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry of both indexes. `key` is made from the content: the same text in the same place keeps its key."""

    key: int  # 63 bits
    provision_id: str  # what a hit answers with
    document_id: str
    twin: str  # equal for the same words in the same place of two versions of one work
    context: str  # title and headings
    text: str
    part: int = 0  # 0 the whole article, 1… its paragraphs

    @property
    def passage(self) -> str:
        """What is embedded."""
        return f"{self.context} {self.text}"


def cut_units(provisions: Iterable[tuple[Document, Provision]]) -> Iterator[Unit]:
    """Cut provisions into units, document by document, in order. Provisions of one document must come together."""
    document: Document | None = None
    held: list[Provision] = []
    for owner, provision in provisions:
        if document is not None and owner.id != document.id:
            yield from _cut(document, held)
            held = []
        document = owner
        held.append(provision)
    if document is not None:
        yield from _cut(document, held)


def _cut(document: Document, provisions: Sequence[Provision]) -> Iterator[Unit]:
    tops, children = _tree(provisions)
    for top in tops:
        yield from _units_of(document, top, children, " ".join(dict.fromkeys([document.title, *top.path])))


def _tree(provisions: Sequence[Provision]) -> tuple[list[Provision], Children]:
    """(what stands at the top, in order; what hangs below each). Rows of a table stand for themselves; paragraphs whose
    article is not held as one are gathered under it."""
    ids = {provision.id for provision in provisions}
    tops: list[Provision] = []
    children: defaultdict[str, list[Provision]] = defaultdict(list)
    for provision in provisions:
        gathered = replace(provision, label=provision.article, text="", number=(), anchor="", parent="", columns=())
        if provision.columns:
            tops.append(provision)
        elif provision.parent in ids and provision.parent != provision.id:
            children[provision.parent].append(provision)
        elif article_number(provision.label) and provision.article and gathered.id not in ids:
            if gathered.id not in children:
                tops.append(gathered)
            children[gathered.id].append(provision)
        else:
            tops.append(provision)
    return tops, children


def _units_of(document: Document, top: Provision, children: Children, context: str) -> Iterator[Unit]:
    text = whole_text(top, children)
    if not text.strip():
        return
    below = children.get(top.id, ())
    if below and len(text) > LONG_ARTICLE_CHARS and not article_number(top.label):
        # A long section of a document without articles: its points are what people look for, each under its heading.
        if top.text.strip():
            yield _unit(document, top, context, top.text, text=top.text[:_UNIT_CHARS])
        for child in below:
            yield from _units_of(document, child, children, f"{context} {top.text.partition(chr(10))[0][:40]}".strip())
        return
    yield _unit(document, top, context, text, text=text[:_UNIT_CHARS])
    if len(text) > LONG_ARTICLE_CHARS:
        for part, piece in enumerate(_pieces(text), start=1):
            yield _unit(document, top, context, text, text=piece, part=part)


def whole_text(top: Provision, children: Children) -> str:
    """The text of a provision with everything below it; a child whose words the parent already holds is not said twice."""
    lines = [top.text]
    for child in sorted(children.get(top.id, ()), key=lambda provision: provision.ordinal):
        text = whole_text(child, children)
        if text.strip() and text not in top.text and child.text not in top.text:
            lines.append(text)
    return "\n".join(line for line in lines if line)


def _pieces(text: str) -> Iterator[str]:
    """Paragraphs; a very short one goes with the one before it, so that （一） and its like are not alone."""
    held = ""
    for line in _lines(text):
        if held and len(held) >= _SHORT_PARAGRAPH_CHARS and len(held) + len(line) > LONG_ARTICLE_CHARS // 2:
            yield held
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    if held and held != text:
        yield held


def _lines(text: str) -> Iterator[str]:
    """Lines; one past the limit (a file without paragraphs) is cut after full stops."""
    for line in text.splitlines():
        if len(line) <= LONG_ARTICLE_CHARS:
            yield line
        else:
            yield from re.findall(rf"[^。；]{{1,{LONG_ARTICLE_CHARS}}}[。；]?", line)


def _unit(document: Document, top: Provision, context: str, whole: str, *, text: str, part: int = 0) -> Unit:
    digest = hashlib.blake2b(f"{top.id}\0{part}\0{context}\0{text}".encode(), digest_size=8).digest()
    place = f"{document.work}\0{top.label or top.anchor}\0{''.join(whole.split())}"
    twin = hashlib.blake2b(place.encode(), digest_size=8).hexdigest()
    return Unit(int.from_bytes(digest, "big") >> 1, top.id, document.id, twin, context, text, part)
