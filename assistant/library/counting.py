"""How many articles a document has. Pure; `store` and `minggui corpus list` use it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.domain import Provision
from assistant.text.labels import article_number

_TOP = re.compile(r"^[一二三四五六七八九十百]+、$")


def count_articles(provisions: Iterable[Provision]) -> int:
    """Distinct 第…条 (第十条之一 counts for itself); else distinct top-level “一、”; else 1. Never 0.

    A “一、” that the file sets as a heading is a chapter and does not count.
    """
    articles: set[tuple[int, int]] = set()
    tops: set[str] = set()
    for provision in provisions:
        number = article_number(provision.label)
        if number is not None:
            articles.add(number)
        elif _TOP.match(provision.label) and not _is_chapter(provision):
            tops.add(provision.label)
    return len(articles) or len(tops) or 1


def _is_chapter(provision: Provision) -> bool:
    return bool(provision.path) and provision.path[-1].startswith(provision.label)
