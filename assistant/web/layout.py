"""Provisions laid out to be read: each word once, every provision still a place that a link can lead to. Pure.

An article's text holds the text of its paragraphs and items. So an article is printed whole and its parts are marked
inside it; rows with the same columns become one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from assistant.domain import Provision


@dataclass(slots=True)
class Part:
    """A provision inside its root's text, half-open range of code points; `inner` are the parts inside this one."""

    provision: Provision
    start: int
    end: int
    inner: list[Part] = field(default_factory=list)

    def pieces(self, text: str) -> list[str | Part]:
        """The root's `text` of this range, cut into words of its own and the parts inside."""
        pieces: list[str | Part] = []
        at = self.start
        for part in self.inner:
            pieces += [text[at : part.start], part]
            at = part.end
        return [piece for piece in [*pieces, text[at : self.end]] if piece]


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: roots to read on, or the rows of one table (then `header` is not empty)."""

    headings: tuple[str, ...]  # those that are new since the section before
    roots: tuple[Part, ...]
    header: tuple[str, ...] = ()


def arrange(provisions: Sequence[Provision]) -> list[Section]:
    """Sections in reading order. A part whose words are not found in its root is printed after it, on its own."""
    sections: list[Section] = []
    last: tuple[str, ...] = ()

    def kind(root: Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return root.provision.path, tuple(name for name, _ in root.provision.columns)

    for (path, header), group in groupby(nest(provisions), key=kind):
        shared = next(
            (n for n, (a, b) in enumerate(zip(path, last, strict=False)) if a != b), min(len(path), len(last))
        )
        sections.append(Section(path[shared:], tuple(group), header))
        last = path
    return sections


def nest(provisions: Sequence[Provision]) -> list[Part]:
    """Roots in order, each with the parts whose words it holds."""
    roots: list[Part] = []
    open_parts: list[Part] = []  # the current root and, inside it, the parts that the next may belong to
    members: set[str] = set()  # ids of everything placed under the current root
    previous: Part | None = None
    for provision in provisions:
        place = None
        if previous and provision.parent in members and not provision.columns:
            place = _find(provision, previous, open_parts[0])
        if place is None:
            part = Part(provision, 0, len(provision.text))
            roots.append(part)
            open_parts, members = [part], set()
        else:
            part = Part(provision, *place)
            while not (open_parts[-1].start <= part.start and part.end <= open_parts[-1].end):
                open_parts.pop()
            open_parts[-1].inner.append(part)
            open_parts.append(part)
        members.add(provision.id)
        previous = part
    return roots


def _find(provision: Provision, previous: Part, root: Part) -> tuple[int, int] | None:
    """Where a provision's words stand in its root: inside the part before it when that is higher, else after it."""
    text, words = root.provision.text, provision.text
    if not words:
        return None
    inside = _is_below(provision, previous.provision)
    at = text.find(words, previous.start, previous.end) if inside else text.find(words, previous.end)
    return None if at < 0 else (at, at + len(words))


def _is_below(provision: Provision, previous: Provision) -> bool:
    if provision.parent == previous.id:
        return True
    ours, theirs = (tuple(step for step in each.number if step) for each in (provision, previous))
    if ours and theirs:
        return len(ours) > len(theirs)
    return len(provision.text) < len(previous.text) and provision.text in previous.text
