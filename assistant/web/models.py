"""What other programs send us, checked once and handed over as domain values; and, for the OpenAPI page, what they get.

The JSON that leaves is made by `assistant.render`; the `…Out` models describe it and a test holds the two together.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.config import Settings
from assistant.domain import Question, Turn
from assistant.errors import QuestionTooLong
from assistant.text.days import parse_day

_MAX_TURNS = 40


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Optional = Annotated[str | None, BeforeValidator(_blank_is_none)]


class TurnIn(BaseModel):
    role: Literal["user", "assistant"]
    content: str


class QuestionIn(BaseModel):
    """One question; `context` is the conversation so far, oldest first."""

    id: str | int | None = None
    question: str = Field(min_length=1)
    context: list[TurnIn] = Field(default_factory=list)
    as_of: Optional = Field(default=None, description="按哪一天的规定答，如 2026-11-23；不填为今天")
    region: Optional = Field(default=None, description="如 XX省XX市XX区；不填用服务的设置")
    forwardable: bool = Field(default=False, description="为真时另附两种语气的转发短文")

    def to_domain(self, settings: Settings) -> Question:
        """Raises QuestionTooLong or BadDate. Of a long conversation only the last turns are read."""
        limit = settings.max_question_chars
        check_length(self.question, limit)
        turns = tuple(Turn(t.role, t.content[:limit]) for t in self.context[-_MAX_TURNS:])
        return Question(self.question, turns, day_or_none(self.as_of), self.region)


class SearchIn(BaseModel):
    id: str | int | None = None
    question: str = Field(min_length=1, description="检索词或一句话")
    k: int = Field(default=10, ge=1, le=200)
    as_of: Optional = None
    region: Optional = None
    level: Literal["central", "province", "city", "district"] | None = None
    document: Optional = Field(default=None, description="只在这份文件里查：文件编号或名称")
    explain: bool = False


class NoticeIn(BaseModel):
    id: str | int | None = None
    text: str = Field(min_length=1)
    organizer: Optional = None
    as_of: Optional = None


class FeedbackIn(BaseModel):
    answer_id: str = Field(min_length=1, max_length=200)
    right: bool
    comment: str = Field(default="", max_length=2_000)


class MessageIn(BaseModel):
    """An OpenAI chat message. `content` may be a list of parts; only text parts are read."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(
                str(part["text"]) for part in self.content if part.get("type") == "text" and "text" in part
            )
        return self.content or ""


class CompletionIn(BaseModel):
    """An OpenAI chat completion request. Sampling parameters are accepted and mean nothing here."""

    model_config = ConfigDict(extra="ignore")

    messages: list[MessageIn] = Field(min_length=1)
    model: str = "minggui"
    stream: bool = False
    as_of: Optional = None
    region: Optional = None


class ReasonOut(BaseModel):
    text: str
    rule: str
    effect: Literal["decides", "warns", "lost"]
    citations: list[int]
    effect_label: str


class CitationOut(BaseModel):
    document: str
    document_number: str
    provision: str
    quote: str
    text_status: Literal["original", "paraphrase", "model"]
    locator: str
    level: str
    document_id: str
    provision_id: str


class MissingOut(BaseModel):
    fact: str
    question: str
    options: list[str]


class AdviceOut(BaseModel):
    text: str
    outcome: str | None
    outcome_label: str | None


class RouteOut(BaseModel):
    text: str


class ActivityOut(BaseModel):
    text: str
    verdict: str
    verdict_label: str


class FactOut(BaseModel):
    value: str
    said: str
    start: int | None
    end: int | None
    turn: int | None
    source: Literal["said", "presumed", "model"]


class AbstainedOut(BaseModel):
    why: Literal["no_basis", "off_topic", "harmful"]
    text: str


class ForwardableOut(BaseModel):
    up: str = Field(description="报领导")
    across: str = Field(description="回部门")


class AnswerOut(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str | int | None
    answer_id: str
    verdict: str | None
    verdict_label: str | None
    answer: str
    reasons: list[ReasonOut]
    citations: list[CitationOut]
    missing: list[MissingOut]
    conditions: list[str]
    advice: list[AdviceOut]
    route: RouteOut | None
    activities: list[ActivityOut]
    facts: dict[str, FactOut]
    abstained: AbstainedOut | None
    as_of: date | None
    fingerprint: str
    question: str
    notices: list[str]
    forwardable: ForwardableOut | None = None


class FindingOut(BaseModel):
    kind: str
    severity: Literal["must_not", "must_fix", "advise"]
    span: str
    start: int
    end: int
    citations: list[CitationOut]
    advice: str
    message: str
    severity_label: str


class ReviewOut(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str | int | None
    verdict: str | None
    findings: list[FindingOut]
    verdict_label: str | None
    answer: AnswerOut | None
    as_of: date | None
    text: str = Field(description="所审的正文；start、end 按它的字符计")


class ErrorBody(BaseModel):
    code: str
    message: str
    hint: str


class ErrorOut(BaseModel):
    error: ErrorBody


def day_or_none(text: str | None) -> date | None:
    """Raises BadDate. None stays None: the service then takes today."""
    return parse_day(text, today=date.today()) if text else None


def check_length(text: str, limit: int) -> None:
    if len(text) > limit:
        raise QuestionTooLong(
            f"内容有 {len(text)} 字，超过上限 {limit} 字。",
            hint="请只留与活动有关的部分；整份通知请用“预检通知”。",
        )
