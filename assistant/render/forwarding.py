"""The reply a clerk passes on: at most 150 characters of plain text with its basis and its day, in one of two tones."""

from __future__ import annotations

import re
from typing import Final

from assistant.domain import Answer, Citation, TextStatus
from assistant.errors import BadInput
from assistant.render.labels import chinese_date, label_of

FORWARDABLE_LIMIT: Final = 150
TONES: Final = {"up": "报领导", "across": "回部门"}
_OPENINGS = {"up": "报告：所询事项经核，", "across": "你单位所询事项经核："}
_SHORT_MARKS = {TextStatus.ORIGINAL: "", TextStatus.PARAPHRASE: "（转述）", TextStatus.MODEL: "（示范文本）"}
_CUT = "（摘要，详见全文）"
_MAX_CITATIONS = 2


def forwardable(answer: Answer, tone: str) -> str:
    """The answer in ≤ 150 code points. `tone` is `up` (报领导) or `across` (回部门), or either word in Chinese.

    Whole sentences are kept from the front; when some had to go the reply says it is a summary, so that a condition
    never disappears silently. Raises BadInput for another tone.
    """
    code = {name: code for code, name in TONES.items()}.get(tone, tone)
    if code not in TONES:
        raise BadInput(f"没有“{tone}”这种语气。", hint="可选：报领导（up）、回部门（across）。")
    opening, tail = _OPENINGS[code], _tail(answer)
    room = FORWARDABLE_LIMIT - len(opening) - len(tail)
    body = " ".join((answer.text or (answer.abstained.text if answer.abstained else "")).split())
    if not body:
        body = answer.label or label_of(answer.outcome)
    return opening + _fit(body, room) + tail


def _fit(body: str, room: int) -> str:
    if body and body[-1] not in "。！？":
        body = body.rstrip("，；：") + "。"
    if len(body) <= room:
        return body
    kept = ""
    for sentence in re.findall(r"[^。！？]*[。！？]", body):
        if len(kept) + len(sentence) + len(_CUT) > room:
            break
        kept += sentence
    if not kept:  # one very long sentence: cut it at a clause, else anywhere
        space = room - len(_CUT) - 1
        end = max(body.rfind(mark, 0, space) for mark in "；，")
        kept = (body[:end] if end > space // 2 else body[:space]) + "…"
    return kept + _CUT


def _tail(answer: Answer) -> str:
    day = chinese_date(answer.as_of)
    dated = f"（截至{day}）" if day else ""
    basis, budget = "", FORWARDABLE_LIMIT // 2 - len(dated)
    for citation in answer.citations[:_MAX_CITATIONS]:
        longer = f"{basis}、{_short(citation)}" if basis else f"依据：{_short(citation)}"
        if basis and len(longer) > budget:
            break
        basis = longer
    return (basis[: budget - 1] + "…" if len(basis) > budget else basis) + dated if basis else dated


def _short(citation: Citation) -> str:
    return f"《{citation.document}》{citation.provision or ''}{_SHORT_MARKS[citation.text_status]}"
