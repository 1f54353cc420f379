"""The Chinese words for our codes. Nothing else in the house spells them; the codes themselves are never shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from assistant.domain import DocumentStatus, Level, Outcome, PartialDate, Precision, Severity, TextStatus

OUTCOME_LABELS: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        Outcome.PROHIBITED: "不得开展",
        Outcome.APPROVAL_REQUIRED: "未经批准不得开展（须逐级报批）",
        Outcome.FILING_REQUIRED: "依规定报送备案（不是审批，也不能代替审批）",
        Outcome.ALLOWED_NO_PROCEDURE: "无需另行报批（按批准内容和规定要求开展）",
        Outcome.OUT_OF_SCOPE: "不按本类办法管理，另按有关规定办理",
        Outcome.NEEDS_MORE_INFO: "还需补充一项情况",
        Outcome.NOT_ANSWERABLE: "已收录文件未查到明文规定（不等于可以办）",
    }
)

SEVERITY_LABELS: Final[Mapping[Severity, str]] = MappingProxyType(
    {Severity.MUST_NOT: "不得", Severity.MUST_FIX: "须改", Severity.ADVISE: "建议"}
)

EFFECT_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {"decides": "据此判定", "warns": "提示", "lost": "未采用（被更高层级或更严的规定取代）"}
)

LEVEL_LABELS: Final[Mapping[Level, str]] = MappingProxyType(
    {
        Level.CENTRAL: "中央",
        Level.PROVINCE: "省级",
        Level.CITY: "市级",
        Level.DISTRICT: "区级",
        Level.TOWNSHIP: "镇街",
        Level.VILLAGE: "村居",
    }
)

STATUS_LABELS: Final[Mapping[DocumentStatus, str]] = MappingProxyType(
    {
        DocumentStatus.IN_FORCE: "现行",
        DocumentStatus.SUPERSEDED: "已被取代",
        DocumentStatus.REPEALED: "已废止",
        DocumentStatus.RETIRED: "已停用",
    }
)

TEXT_STATUS_BANNERS: Final[Mapping[TextStatus, str]] = MappingProxyType(
    {
        TextStatus.ORIGINAL: "",
        TextStatus.PARAPHRASE: "本页为转述，不是原文。数字、日期、条号与原件一致，引用前请核对原件。",
        TextStatus.MODEL: "示范文本·非真实规定。仅供演示，不可引用；请以本地正式文件为准。",
    }
)

TEXT_STATUS_MARKS: Final[Mapping[TextStatus, str]] = MappingProxyType(
    {TextStatus.ORIGINAL: "", TextStatus.PARAPHRASE: "转述，引用前请核对原件", TextStatus.MODEL: "示范文本，非真实规定"}
)


def label_of(outcome: Outcome | None) -> str:
    """The outcome as shown to people when an answer carries no wording of its own; "" for none."""
    return OUTCOME_LABELS[outcome] if outcome else ""


def chinese_date(day: date) -> str:
    """2026年11月23日; "" for date.min, which stands for "not set"."""
    return "" if day == date.min else f"{day.year}年{day.month}月{day.day}日"


def partial_date(day: PartialDate) -> str:
    """2022年, 2022年4月 or 2022年4月20日, as far as it is known; "" when it is not known at all."""
    if day.value is None:
        return ""
    if day.precision is Precision.YEAR:
        return f"{day.value.year}年"
    if day.precision is Precision.MONTH:
        return f"{day.value.year}年{day.value.month}月"
    return chinese_date(day.value)
