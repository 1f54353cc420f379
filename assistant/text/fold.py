"""Folding: one spelling for matching, with a way back to the original.

Matching works on folded text (NFKC, traditional → simplified, lower case, one kind of quote and dash); what is shown or
quoted is always the original, found through `Folded.span`. NFKC changes lengths (① → 1, ㎡ → m2), so offsets are kept.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_SAME = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‟": '"', "「": '"', "」": '"', "『": '"', "』": '"', "＂": '"', "‘": "'", "’": "'",
    "—": "-", "–": "-", "―": "-", "〜": "~", "～": "~", "\u3000": " ", "\u00a0": " ", "\t": " ",
    "〈": "《", "〉": "》", "【": "[", "】": "]", "﹝": "〔", "﹞": "〕",
})  # fmt: skip
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` for matching; `origin[i]` is the index in `source` that folded character i came from."""

    source: str
    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a half-open range of the folded text to the source. An empty range stays empty."""
        if start >= end:
            at = self.origin[start] if start < len(self.origin) else len(self.source)
            return at, at
        return self.origin[start], self.origin[end - 1] + 1

    def said(self, start: int, end: int) -> str:
        """The original words of a folded range."""
        first, last = self.span(start, end)
        return self.source[first:last]


@lru_cache(maxsize=1)
def _to_simplified() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional → simplified. Same length in almost all cases; callers that need offsets use `fold`."""
    if text.isascii():
        return text
    return str(_to_simplified().convert(text))


def fold(text: str) -> Folded:
    """Fold for matching. Runs in one pass; control and invisible characters are dropped."""
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        if char in _INVISIBLE or (unicodedata.category(char) == "Cc" and char not in "\n\t"):
            continue
        for piece in unicodedata.normalize("NFKC", char.translate(_SAME)):
            out.append(piece.translate(_SAME).lower())
            origin.append(index)
    joined = "".join(out)
    simple = simplify(joined)
    if len(simple) != len(joined):  # a phrase conversion changed the length: fall back to character by character
        simple = "".join(piece if len(piece := simplify(char)) == 1 else char for char in joined)
    return Folded(text, simple, tuple(origin))


def folded(text: str) -> str:
    """Just the folded text."""
    return fold(text).text
