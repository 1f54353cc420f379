"""Clauses and scope: where a cue is negated, questioned (要不要), reported (听说) or taken back. Pure.

Works on folded text; offsets are into the folded text of one utterance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[。!?;\n]+|(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff]|$)")
_CLAUSE_END = re.compile(r"[,:~]+|(?<=[\u4e00-\u9fff\")]) +(?=[\u4e00-\u9fff\"(])|--+|\.\.\.+")

# 要不要、能不能、有没有 … ask; their 不 / 没 negates nothing.
_A_NOT_A = re.compile(
    r"(?P<a>[\u4e00-\u9fff])不(?P=a)|(?P<b>[\u4e00-\u9fff])没(?P=b)|有没有|是不是|可不可以|需不需要|应不应该|该不该"
    r"|能不能够|行不(?=$|[,。?!])|中不中|要不(?=$|[,。?!报备批])|可以不(?=$|[,。?!])|不(?=$|[?])|没有?(?=$|[?])"
)
# 不 that does not negate what follows it.
_NOT_NEGATION = re.compile(
    r"不(?:光|仅|但|只是|只|止|管|论|过|错|同|如|知道?|晓得|清楚|行(?!为)|断|妨|一定|好意思|用说|得不|是很懂|太懂|懂|对[劲吗]|太清楚|确定|久|少|到位|在意)|没想到|没问题|没错|未来|无论|无废|无讼|无诈|无烟|无偿|无障碍|无忧|别的|别人|区别|级别|特别|个别|分别|性别|免得|非常|非遗|非公"
)
_NEGATION = re.compile(
    r"不再|不会|不搞|不要|不用|不设|不|没有|没|未|无须|无需|无|甭|别|勿|取消|撤掉|去掉|拿掉|砍掉|免|唔|冇|伐(?=收|要)|绝不|从不"
)
_BREAK = re.compile(
    r"[上中到过奖]的(?!人)|但|而是|就是|只是|就(?!不)|只(?!评|是不)|改成|改为|而|可是|不过|还是|才|却|光(?!荣)"
)
_AFTER_NEGATION = re.compile(
    r"^(?:、[\u4e00-\u9fff]{1,4}){0,4}?(?:[\u4e00-\u9fff]{0,2}?)(?:也|都|就|一概|一律|全部?|全都|统统|通通|暂时|一个|一样)*(?:不|没|别|免|取消|去掉|撤)(?:再|会|要|用|打算)?"
    r"(?:发|给|授|挂|收|搞|评|设|有|做|取|弄|公布|要)?(?:了|的|呢|吧|也行|行|可以|总行)*(?=$|[,。?!;、□])"
)
_HEARSAY = re.compile(r"听说|据说|听讲|听人|听隔壁|听市|人家(?:都)?说|别人说|有人说|网上(?:都)?(?:说|讲)|群里")
_OTHERS = re.compile(r"隔壁|别的(?:区|镇|街|县|局|单位)|其他(?:区|镇|街|县)|人家|兄弟(?:区|镇|县|单位)|外区|外地")
_OURS = re.compile(
    r"我|咱|俺|本(?:局|镇|街道|单位|区|县|市|社区|村|乡|校|院|公司|会)|(?:区|镇|县|街道|局|办|协会|公司|社区|村)(?:里)?(?:也|就|能不能|可不可以|可以|准备|打算|拟|想|要)"
)
_COPYING = re.compile(
    r"照着|照样|跟着(?:办|搞|学)|我们?(?:镇|街道|局|区)?也(?:想|要|能|可以|搞|办)|学着|照搬|一样(?:搞|办)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    start: int
    end: int
    text: str
    sentence: int
    reported: bool  # about somebody else's activity, not the one asked about
    hearsay: bool  # what somebody is said to have said


def split(text: str) -> list[Clause]:
    """Clauses in order. Quoted commas stay inside; an empty text gives an empty list."""
    clauses: list[Clause] = []
    # “隔壁…,我们照着办”: then theirs is what is asked about
    copying = bool(_COPYING.search(text)) or about_others(text)
    for number, (start, end) in enumerate(_pieces(text, 0, len(text), _SENTENCE_END)):
        reported = hearsay = False
        for first, last in _pieces(text, start, end, _CLAUSE_END):
            piece = text[first:last]
            ours = bool(re.match(r"(?:那)?(?:我们?|咱|俺|本)", piece))
            hearsay = bool(_HEARSAY.search(piece)) or (hearsay and not ours)
            reported = not copying and (bool(_OTHERS.search(piece)) or (reported and not ours))
            clauses.append(Clause(first, last, piece, number, reported, hearsay))
    return clauses


def about_others(text: str) -> bool:
    """Only somebody else's activity is spoken of, so it is the one asked about: “隔壁社区在评…，可以吗”."""
    return bool(_OTHERS.search(text)) and not _OURS.search(_OTHERS.sub("", text))


def _pieces(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for found in separator.finditer(text, start, end):
        if found.start() > at and text[at : found.start()].strip():
            yield at, found.start()
        at = found.end()
    if text[at:end].strip():
        yield at, end


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: "□" * len(found.group()), text)


def negated(clause: str, start: int, end: int) -> bool:
    """Is the cue at [start, end) of this clause denied? “不评比、不授牌”, “牌子不发”, “一分钱不收”, “没有收费”."""
    plain = _blank(_blank(clause, _A_NOT_A), _NOT_NEGATION)
    before = plain[max(0, start - 12) : start]
    last = None
    for found in _NEGATION.finditer(before):
        last = found
    if last is not None and not _BREAK.search(before[last.end() :]):
        between = before[last.end() :]
        # a negation reaches over a list (不评比、授牌) but not over another verb phrase with its own subject
        if len(between) <= 8 or "、" in between:
            return True
    if _NEGATION.match(plain[start:end]):
        return True
    return bool(_AFTER_NEGATION.match(plain[end : end + 20]))
