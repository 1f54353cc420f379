"""Labels of provisions (第四条第一款) and of documents (中办发〔2018〕69号): reading, unifying, comparing."""

from __future__ import annotations

import re

from assistant.text.numbers import NUMERAL, chinese_number, parse_number

ARTICLE = re.compile(rf"第\s*({NUMERAL}+)\s*条(?:之\s*({NUMERAL}+))?")
_STEP = re.compile(rf"第?\s*[（(]?({NUMERAL}+)[）)]?\s*([款项目])")
DOCUMENT_NUMBER = re.compile(
    r"(?P<agency>[\u4e00-\u9fffA-Za-z]{1,14}?)\s*[〔\[\(（【﹝［](?P<year>(?:19|20)\d{2}|X{2,4})\s*年?\s*[〕\]\)）】﹞］]\s*第?\s*(?P<serial>[0-9X×]{1,4})\s*号"
)


def article_number(label: str) -> tuple[int, int] | None:
    """'第十条之一' → (10, 1), '第四条第一款' → (4, 0); None when there is no 条."""
    found = ARTICLE.search(label)
    if not found:
        return None
    return parse_number(found[1]), parse_number(found[2]) if found[2] else 0


def label_number(label: str) -> tuple[int, ...]:
    """'第四条第一款第（二）项' → (4, 1, 2); a missing step is 0 ('第四条第二项' → (4, 0, 2)); () without 条."""
    article = article_number(label)
    if article is None:
        return ()
    steps = {"款": 0, "项": 0, "目": 0}
    for number, kind in _STEP.findall(label[ARTICLE.search(label).end() :]):  # type: ignore[union-attr]
        steps[kind] = parse_number(number)
    numbers = [article[0], steps["款"], steps["项"], steps["目"]]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def article_label(number: int, inserted: int = 0) -> str:
    """(10, 1) → 第十条之一."""
    return f"第{chinese_number(number)}条" + (f"之{chinese_number(inserted)}" if inserted else "")


def paragraph_label(number: int) -> str:
    return f"第{chinese_number(number)}款"


def item_label(number: int) -> str:
    return f"第（{chinese_number(number)}）项"


def point_label(number: int) -> str:
    return f"第{number}目"


def unify_label(label: str) -> str:
    """One spelling: '第4条第1款(二)项' → '第四条第一款第（二）项'. A label without 条 is only stripped."""
    numbers = label_number(label)
    if not numbers:
        return label.strip()
    article = article_number(label)
    assert article is not None
    out = article_label(*article)
    for value, write in zip(numbers[1:], (paragraph_label, item_label, point_label), strict=False):
        if value:
            out += write(value)
    return out


def unify_document_number(text: str) -> str:
    """'中办发[2018]69 号' → '中办发〔2018〕69号'; text without a document number comes back stripped."""
    found = DOCUMENT_NUMBER.search(text)
    if not found:
        return text.strip()
    return f"{found['agency']}〔{found['year']}〕{found['serial']}号"


_DRESS = re.compile(r"[《》〈〉“”\"'\s]")


def bare_title(title: str) -> str:
    """A title for comparing: no 《》, no spaces, no 中华人民共和国, half-width brackets."""
    bare = _DRESS.sub("", title).replace("（", "(").replace("）", ")")
    return bare.removeprefix("中华人民共和国") or bare
