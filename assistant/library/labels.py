"""Which provision is meant: a label as somebody writes it → a provision of one document. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Provision
from assistant.text.fold import folded
from assistant.text.labels import article_label, article_number, label_number, unify_label

_POINT = re.compile(r"^第(\d+)点$")
_PUNCTUATION = re.compile(r"[\s、.,:。，：．]+")


def _plain(label: str) -> str:
    """A label without 条 for comparing: '一、（一）' and '一(一)' are the same."""
    return _PUNCTUATION.sub("", folded(label))


def _step(number: tuple[int, ...], at: int) -> int:
    return number[at] if len(number) > at else 0


def find_by_label(provisions: Sequence[Provision], label: str) -> Provision | None:
    """The provision of one document that a label means; None when there is none or it is ambiguous.

    第4条第1款 finds 第四条第一款. 第四条 is put together when only its paragraphs are held. 第一款 of an article that has
    but one paragraph is the article. 第四条第（二）项 finds the item when only one paragraph has such an item.
    """
    label = label.strip()
    for provision in provisions:
        if label and label in (provision.label, provision.anchor):
            return provision
    if article_number(label) is None:
        return _find_unnumbered(provisions, label)
    unified = unify_label(label)
    exact = [
        provision
        for provision in provisions
        if article_number(provision.label) and unify_label(provision.label) == unified
    ]
    prefix = label[: label.index("第")].strip()  # 附件1 第三条: only within that annex
    if prefix:
        exact = [provision for provision in exact if provision.label.startswith(prefix)]
    if exact:
        return min(exact, key=lambda provision: (len(provision.label), provision.ordinal))
    return _find_near(provisions, label)


def _find_near(provisions: Sequence[Provision], label: str) -> Provision | None:
    wanted_article = article_number(label)
    assert wanted_article is not None
    wanted = label_number(label)
    family = [provision for provision in provisions if article_number(provision.label) == wanted_article]
    whole = next(
        (provision for provision in family if len(provision.number or label_number(provision.label)) == 1), None
    )
    if len(wanted) == 1:
        return whole or _whole_article(family, wanted_article)
    paragraph, item, point = _step(wanted, 1), _step(wanted, 2), _step(wanted, 3)
    if item:
        matches = []
        for provision in family:
            number = label_number(provision.label)
            same = _step(number, 2) == item and _step(number, 3) == point
            if same and (not paragraph or _step(number, 1) in (0, paragraph)):
                matches.append(provision)
        return matches[0] if len(matches) == 1 else None
    has_paragraphs = any(_step(label_number(provision.label), 1) for provision in family)
    return whole if paragraph == 1 and not point and not has_paragraphs else None


def _whole_article(family: Sequence[Provision], article: tuple[int, int]) -> Provision | None:
    """The article put together from the paragraphs that are held; its id is that of an article stored whole."""
    parts = [provision for provision in family if not any(provision.parent == other.id for other in family)]
    if not parts:
        return None
    first = parts[0]
    return Provision(
        document_id=first.document_id,
        label=article_label(*article),
        text="\n".join(provision.text for provision in parts),
        ordinal=first.ordinal,
        path=first.path,
        article=article_label(*article),
        number=(article[0],),
    )


def _find_unnumbered(provisions: Sequence[Provision], label: str) -> Provision | None:
    point = _POINT.match(label)
    plain = _plain(point[1] if point else label)
    if not plain:
        return None
    for provision in provisions:
        if provision.label and _plain(provision.label) == plain:
            return provision
    tails = [provision for provision in provisions if provision.label and _plain(provision.label).endswith(plain)]
    marker_tails = [p for p in tails if not re.search(r"\d$", _plain(p.label)[: -len(plain)]) or not plain[0].isdigit()]
    return marker_tails[0] if len(marker_tails) == 1 else None


def last_label(provisions: Sequence[Provision]) -> str:
    """The last label there is, for a hint; '' when nothing is numbered."""
    return next((provision.article or provision.label for provision in reversed(provisions) if provision.label), "")
