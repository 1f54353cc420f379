"""Answers, reviews and search results as Chinese text for a terminal or a chat, and as Markdown.

The answer itself comes first, then what it rests on. Only an original stands in quotation marks; a paraphrase and a
model text say what they are. No verdict codes, no percentages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from string import ascii_uppercase

from assistant.domain import Answer, Citation, Review, TextStatus
from assistant.render.data import SearchHit
from assistant.render.labels import SEVERITY_LABELS, TEXT_STATUS_MARKS, chinese_date, label_of

_QUOTE_LIMIT = 160  # code points shown of one quote; the document page has the rest
_CONDITIONS = 3
_BOUNDARIES = "。；！？\n"
_OWN_LETTER = re.compile(r"[A-Z][.．、:： ]")


def answer_to_text(answer: Answer, *, options: bool = True, quotes: bool = True) -> str:
    """The whole answer as plain text: first line answers the sentence asked, last line says as of which day.

    `options=False` leaves the lettered choices out, for a channel that shows them as buttons; `quotes=False` lists
    citations by document and label only.
    """
    blocks = [_body(answer), *_activities(answer), *_missing(answer, with_options=options)]
    if answer.citations:
        blocks.append(_listed("依据", [citation_to_text(c, quote=quotes) for c in answer.citations]))
    warnings = [reason.text for reason in answer.reasons if reason.effect == "warns"]
    if warnings:
        blocks.append(_listed("提示", warnings))
    if answer.conditions:
        blocks.append(_listed("条件", answer.conditions[:_CONDITIONS]))
    if answer.advice:
        blocks.append(_listed("可以这样改", [_advice(a.text, label_of(a.outcome)) for a in answer.advice]))
    if answer.route:
        blocks.append(f"谁能办：{answer.route}")
    blocks += [f"注：{notice}" for notice in answer.notices]
    if footer := _footer(answer):
        blocks.append(footer)
    return "\n\n".join(block for block in blocks if block)


def answer_as_turn(answer: Answer) -> str:
    """What was said to the asker, without the citations: the assistant's turn in the next question's context."""
    blocks = [_body(answer), *_activities(answer), *_missing(answer, with_options=True)]
    return "\n".join(block for block in blocks if block)


def answer_to_markdown(answer: Answer, *, link: Callable[[Citation], str] | None = None) -> str:
    """The whole answer as Markdown; `link` gives the address of a cited provision."""
    blocks: list[str] = []
    if label := answer.label or label_of(answer.outcome):
        blocks.append(f"**{label}**")
    blocks += [_body(answer), *_activities(answer), *_missing(answer, with_options=True)]
    if answer.citations:
        rows = []
        for citation in answer.citations:
            text = citation_to_text(citation)
            address = link(citation) if link else ""
            rows.append(f"- {text} [查看条文]({address})" if address else f"- {text}")
        blocks.append("**依据**\n\n" + "\n".join(rows))
    for heading, effect in (("提示", "warns"), ("未采用的规定", "lost")):
        texts = [f"- {reason.text}" for reason in answer.reasons if reason.effect == effect]
        if texts:
            blocks.append(f"**{heading}**\n\n" + "\n".join(texts))
    if answer.conditions:
        blocks.append("**条件**\n\n" + "\n".join(f"- {text}" for text in answer.conditions[:_CONDITIONS]))
    if answer.advice:
        rows = [f"- {_advice(advice.text, label_of(advice.outcome))}" for advice in answer.advice]
        blocks.append("**可以这样改**\n\n" + "\n".join(rows))
    if answer.route:
        blocks.append(f"**谁能办**\n\n{answer.route}")
    blocks += [f"> {notice}" for notice in answer.notices]
    if day := chinese_date(answer.as_of):
        blocks.append(f"截至 {day}")
    return "\n\n".join(block for block in blocks if block)


def citation_to_text(citation: Citation, *, quote: bool = True) -> str:
    """One citation on one line: where it stands, what kind of text it is, and what it says."""
    number = f"（{citation.document_number}）" if citation.document_number else ""
    place = f"《{citation.document}》{number}{citation.provision or ''}"
    mark = TEXT_STATUS_MARKS[citation.text_status]
    marks = "，".join(part for part in ("" if citation.provision else citation.locator, mark) if part)
    if marks:
        place += f"（{marks}）"
    words, cut = _clip(" ".join(citation.quote.split()))
    if citation.text_status is TextStatus.ORIGINAL:
        return place if not (quote and words) else f"{place}：“{words}”{'（下略）' if cut else ''}"
    return f"据{place}" if not (quote and words) else f"据{place}：{words}{'……' if cut else ''}"


def review_to_text(review: Review) -> str:
    """A reviewed notice as plain text: the verdict, then each finding with the words it is about."""
    if review.findings:
        counts = [(SEVERITY_LABELS[s], sum(f.severity is s for f in review.findings)) for s in SEVERITY_LABELS]
        tally = "、".join(f"{label} {count} 处" for label, count in counts if count)
        blocks = [f"共查到 {len(review.findings)} 处需要处理：{tally}。定稿前请逐处核对，建议先不印发。"]
    else:
        blocks = ["未查到需要修改之处。预检只对照已收录的文件，不能代替审核和报批。"]
    for number, finding in enumerate(review.findings, start=1):
        span = " ".join(finding.span.split())
        about = f"原文：{span if len(span) <= 60 else span[:60] + '……'}" if span else "全文"
        lines = [f"{number}. 【{SEVERITY_LABELS[finding.severity]}】{about}", f"   {finding.message}"]
        lines += [f"   {citation_to_text(citation)}" for citation in finding.citations]
        if finding.advice:
            lines.append(f"   怎么改：{finding.advice}")
        blocks.append("\n".join(line for line in lines if line.strip()))
    tail = [f"活动本身：{label}" if (label := review.label or label_of(review.outcome)) else ""]
    tail.append(f"截至 {day}" if (day := chinese_date(review.as_of)) else "")
    if any(tail):
        blocks.append(" · ".join(part for part in tail if part))
    return "\n\n".join(blocks)


def hits_to_text(hits: Sequence[SearchHit]) -> str:
    """Search results as plain text, best first; says so when nothing was found."""
    if not hits:
        return "已收录文件中没有查到相关条文。可换一种说法，或用文件名称查。"
    blocks = []
    for number, hit in enumerate(hits, start=1):
        document, provision = hit.document, hit.provision
        mark = TEXT_STATUS_MARKS[document.text_status]
        place = f"《{document.title}》{provision.shown_label}"
        words, cut = _clip(" ".join(provision.text.split()))
        blocks.append(f"{number}. {place}{f'（{mark}）' if mark else ''}\n   {words}{'……' if cut else ''}")
    return "\n\n".join(blocks)


def lettered(options: Sequence[str]) -> list[str]:
    """Choices as `A. …`, `B. …`; a choice that carries its own letter keeps it."""
    return [
        option if _OWN_LETTER.match(option) else f"{letter}. {option}"
        for letter, option in zip(ascii_uppercase, options, strict=False)
    ]


def _body(answer: Answer) -> str:
    return answer.text or (answer.abstained.text if answer.abstained else "") or answer.label


def _activities(answer: Answer) -> list[str]:
    # The answer's own text usually numbers them already.
    if len(answer.activities) < 2 or all(activity.text in answer.text for activity in answer.activities):
        return []
    rows = [f"{n}. {a.text}：{label_of(a.outcome)}" for n, a in enumerate(answer.activities, start=1)]
    return ["\n".join(rows)]


def _missing(answer: Answer, *, with_options: bool) -> list[str]:
    blocks = []
    for missing in answer.missing[:1]:
        lines = [] if missing.question in answer.text else [f"请补充：{missing.question}"]
        if with_options and missing.options and not all(option in answer.text for option in missing.options):
            lines += lettered(missing.options)
        blocks.append("\n".join(lines))
    return blocks


def _advice(text: str, outcome_label: str) -> str:
    if not outcome_label or outcome_label in text:
        return text
    return f"{text.rstrip('。')}（改后：{outcome_label}）"


def _footer(answer: Answer) -> str:
    label = answer.label or label_of(answer.outcome)
    parts = [f"结论：{label}" if label else "", f"截至 {day}" if (day := chinese_date(answer.as_of)) else ""]
    return " · ".join(part for part in parts if part)


def _listed(heading: str, rows: Sequence[str]) -> str:
    return f"{heading}：\n" + "\n".join(f"· {row}" for row in rows)


def _clip(text: str, limit: int = _QUOTE_LIMIT) -> tuple[str, bool]:
    """Cut a long quote at the last sentence that fits, else at the limit; says whether it was cut."""
    if len(text) <= limit:
        return text, False
    end = max(text.rfind(mark, 0, limit) for mark in _BOUNDARIES) + 1
    return text[: end if end > limit // 3 else limit], True
