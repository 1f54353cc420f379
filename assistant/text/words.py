"""Words and character bigrams for search: the one segmentation that indexes, queries and vectors share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from assistant.text.fold import folded

_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_TOKEN = re.compile(r"[\u4e00-\u9fff]|[a-z0-9]")


@lru_cache(maxsize=1)
def _segmenter() -> Any:
    import rjieba

    return rjieba


def words(text: str) -> list[str]:
    """Search-mode words of the folded text, in order; punctuation and spaces are dropped."""
    return [word for word in _segmenter().cut_for_search(folded(text)) if _TOKEN.search(word)]


def bigrams(text: str) -> list[str]:
    """Character bigrams inside runs of Han characters; a run of one character gives that character."""
    out: list[str] = []
    for run in _HAN_RUN.findall(folded(text)):
        out += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return out
