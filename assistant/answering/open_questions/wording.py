"""What an open answer looks like: stretches → one plain sentence or two, ≤ 120 characters, each with its citation. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.open_questions.asking import (
    ALLOW_ASK,
    LOCAL_SLOT,
    NEGATED_ASK,
    Want,
    clause_of_range,
    quantities,
)
from assistant.answering.open_questions.finding import Found
from assistant.answering.open_questions.stretches import Stretch, bare_of, shown
from assistant.domain import Abstention, Citation, Document, Provision, TextStatus

LIMIT = 120
_FORBIDS = re.compile(r"不得|不能|不予|禁止|一概不|不许|不作为|不准|都不行|不登")
_TOLD = 2  # stretches said in one answer
_LOCAL_NOTE = re.compile(
    r"外省|一省|某一省|一市|地方口径|地方文件|山东|福建|四川|甘肃|湖北|渭南|鸠江|贵州|青海|河南|广西|鲁|闽|吉"
)
MODEL_NOTICE = "依据中含示范文本（虚构的XX省XX市XX区），本省明文待导入，请以本省规定为准。"
REPORTED_NOTICE = "所引要点读自外地文件或者报道，数字和环节请以本省通知为准。"


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """The answer to one open question. `abstained` is set when nothing held says so; then nothing is claimed."""

    text: str
    citations: tuple[Citation, ...] = ()
    abstained: Abstention | None = None
    notices: tuple[str, ...] = field(default=())


def cite(document: Document, provision: Provision, quote: str) -> Citation:
    """A citation whose quote is a contiguous part of the provision; the whole text when the quote is not found in it."""
    if quote not in provision.text:
        quote = provision.text
    return Citation(
        document_id=document.id,
        document=document.title,
        document_number=document.document_number,
        provision=provision.label,
        quote=quote,
        text_status=document.text_status,
        provision_id=provision.id,
        locator=provision.locator,
        level=document.level,
    )


def no_basis(text: str, citations: Sequence[Citation] = ()) -> OpenAnswer:
    """We hold nothing that says so. Not the same as “the law is silent”: the text says which."""
    return OpenAnswer(text, tuple(citations), Abstention("no_basis", text), notices_of(citations))


def place(provision: Provision) -> str:
    return provision.label or provision.locator


def titled(document: Document) -> str:
    """《title》, the short way when there is one."""
    title = document.title.removeprefix("中华人民共和国")
    return f"《{title}》"


def clip(text: str, limit: int = LIMIT) -> str:
    """At most `limit` characters, cut after a clause when it must be cut, ending in a full stop."""
    text = text.rstrip("。；;，, ")
    if len(text) + 1 <= limit:
        return f"{text}。"
    end = max(text.rfind(mark, 0, limit - 3) for mark in "。；，、")
    return f"{text[: end if end > limit // 2 else limit - 3].rstrip('。；，、')}……。"


def reply_word(question: str, wants: Iterable[Want], words: str) -> str:
    """“不能。” when a permission is asked for and the answering words forbid it; otherwise nothing: never a yes."""
    kinds = {want.kind for want in wants}
    if not kinds & {"allowed", "basis", "penalty"} or "who_may" in kinds or words.startswith("不得"):
        return ""
    asked = ALLOW_ASK.search(question) and not NEGATED_ASK.search(question)
    return "不能。" if asked and _FORBIDS.search(words) else ""


def is_reported_locally(found: Found) -> bool:
    """A central document's point that we know from another place's document or from one province's practice."""
    return bool(found.stretch.note and _LOCAL_NOTE.search(found.stretch.note)) or "某一省" in found.stretch.text


def notices_of(citations: Iterable[Citation]) -> tuple[str, ...]:
    return (MODEL_NOTICE,) if any(c.text_status is TextStatus.MODEL for c in citations) else ()


def span_text(found: Found, limit: int, want: Want | None = None) -> str:
    """The answering words, without a full stop; an original's are in quotation marks."""
    focus = re.compile(want.shape) if want and want.shape else None
    numeric = want is not None and want.kind in LOCAL_SLOT
    words = _forbidden(found, shown(found.stretch, limit, focus, lead_alone=numeric))
    if found.document.text_status is TextStatus.ORIGINAL and words in " ".join(found.stretch.text.split()):
        return f"“{words}”"
    return words


def _forbidden(found: Found, words: str) -> str:
    """An item of a list of what must not be done says so only in the title of the list."""
    return f"不得：{words}" if "负面清单" in found.document.title and not _FORBIDS.search(words) else words


def real_text(
    text: str, wants: Sequence[Want], real: Sequence[tuple[Want, Found]], labels: Mapping[Stretch, str]
) -> str:
    """The words of the first stretch for each thing wanted; companions are only cited. `labels`: where each stands."""
    spans: list[tuple[Want, Found]] = []
    for want, found in real:
        if all(w is not want for w, _ in spans):
            spans.append((want, found))
    spans = spans[:_TOLD]
    word = reply_word(text, wants, span_text(spans[0][1], LIMIT)) if len(spans) == 1 else ""
    caution = ""
    if any(is_reported_locally(f) for _, f in spans) and any(w.kind in LOCAL_SLOT for w, _ in spans):
        caution = "。这是外地口径，请以本省通知为准"
    elif any(f.document.text_status is TextStatus.MODEL for _, f in spans):
        caution = "。这是示范文本，请以本地正式文件为准"
    share = (LIMIT - len(word) - len(caution) - 1) // len(spans)
    parts = []
    for want, found in spans:
        label = labels[found.stretch]
        mark = f"（{label}）" if "条" in label and "未核" not in label else ""
        parts.append(f"{_told(text, want, found, share - len(mark) - 1)}{mark}")
    return f"{word}{'；'.join(parts)}{caution}"


def _told(text: str, want: Want, found: Found, limit: int) -> str:
    people = quantities(text).get("人")
    if people and want.kind == "decider":
        clause = clause_of_range(found.stretch.text, people[0])
        if clause:
            return clause
    words = span_text(found, limit, want)
    stretch, provision = found.stretch, found.stretch.provision
    if stretch.items or stretch.lead or provision.columns or want.strict:
        return words
    # What follows the answer in a short provision is often its condition.
    text = bare_of(provision.text)
    at = text.find(stretch.text)
    onward = " ".join(text[at:].split()).rstrip("。") if at >= 0 else ""
    if len(words) < len(onward) <= limit - 3:
        return f"“{onward}”" if found.document.text_status is TextStatus.ORIGINAL else _forbidden(found, onward)
    return words


def local_text(real: Sequence[tuple[Want, Found]], local: Sequence[tuple[Want, Found]]) -> str:
    """A local slot that only the shipped sample answers: said so, with the sample's figure, never as a rule."""
    told: list[tuple[Want, Found]] = []
    for want, found in local:
        if all(w is not want for w, _ in told):
            told.append((want, found))
    told = told[:_TOLD]
    room = LIMIT - 36
    share = room // (len(told) + len(real[:1]))
    data = "；".join(span_text(f, share, w) for w, f in told)
    before = ""
    if real:
        want, found = real[0]
        before = f"{span_text(found, share, want)}。"
    return f"{before}本地规定未导入，请以本省通知为准；演示数据为{data}，不可引用"
