"""The JSON contract under /v1, and the three addresses that machines watch. Each route makes one call on `Assistant`."""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import ValidationError
from starlette.datastructures import UploadFile as FormFile

from assistant.config import Settings
from assistant.domain import Answer, Level, Question
from assistant.errors import AssistantError, BadInput
from assistant.library.counting import count_articles
from assistant.render import (
    TONES,
    answer_to_dict,
    document_to_dict,
    error_to_dict,
    hit_to_dict,
    provision_to_dict,
    review_to_dict,
)
from assistant.web.models import (
    AnswerOut,
    ErrorOut,
    FeedbackIn,
    NoticeIn,
    QuestionIn,
    ReviewOut,
    SearchIn,
    check_length,
    day_or_none,
)
from assistant.web.rim import internal_error, is_from_this_machine

if TYPE_CHECKING:
    from assistant.service import Assistant
    from ingest.publishing import AddReport

_log = logging.getLogger(__name__)
_MAX_NOTICE_CHARS = 200_000
_MAX_FILES = 50

router = APIRouter(responses={status: {"model": ErrorOut} for status in (404, 413, 422, 500)})


class Forbidden(AssistantError):
    """Adding documents without the office's key."""

    code = "forbidden"
    http_status = 403


def get_assistant(request: Request) -> Any:
    return request.app.state.assistant


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Assistants = Annotated[Any, Depends(get_assistant)]
SettingsDep = Annotated[Settings, Depends(get_settings)]


def read_question(body: QuestionIn, settings: SettingsDep) -> tuple[QuestionIn, Question]:
    return body, body.to_domain(settings)


Asked = Annotated[tuple[QuestionIn, Question], Depends(read_question)]


@router.post("/v1/ask", tags=["问答"], summary="问一句", responses={200: {"model": AnswerOut}})
def ask(asked: Asked, assistant: Assistants, request: Request) -> Response:
    """Answer one question, with the provisions it rests on. The JSON is that of `minggui ask --json`."""
    body, question = asked
    return JSONResponse(_answered(request, assistant, body, assistant.ask(question)))


@router.post("/v1/ask/stream", tags=["问答"], summary="问一句（SSE）", response_class=EventSourceResponse)
async def ask_stream(asked: Asked, assistant: Assistants, request: Request) -> AsyncIterator[ServerSentEvent]:
    """`started` at once, then `answer` with the same JSON as `/v1/ask`, or `error`; pings while the answer is made."""
    body, question = asked
    yield ServerSentEvent(event="started", data={"id": body.id})
    try:
        answer = await run_in_threadpool(assistant.ask, question)
        yield ServerSentEvent(event="answer", data=_answered(request, assistant, body, answer))
    except AssistantError as error:
        yield ServerSentEvent(event="error", data=error_to_dict(error))
    except Exception as error:
        yield ServerSentEvent(event="error", data=internal_error(error))


@router.post("/v1/search", tags=["检索"], summary="查条文")
def search(body: SearchIn, assistant: Assistants, settings: SettingsDep) -> dict[str, Any]:
    """The nearest provisions in force on the day, best first."""
    check_length(body.question, settings.max_question_chars)
    hits = assistant.search(
        body.question,
        body.k,
        as_of=day_or_none(body.as_of),
        region=body.region,
        level=Level(body.level) if body.level else None,
        document=body.document,
    )
    return {"id": body.id, "results": [hit_to_dict(hit, explain=body.explain) for hit in hits]}


@router.get("/v1/search", tags=["检索"], summary="查条文（GET）")
def search_by_address(
    assistant: Assistants,
    settings: SettingsDep,
    q: Annotated[str, Query(min_length=1)],
    k: Annotated[int, Query(ge=1, le=200)] = 10,
    as_of: str | None = None,
) -> dict[str, Any]:
    """The same search for a browser's address bar; what people type there lands in proxies' logs, so prefer POST."""
    return search(SearchIn(question=q, k=k, as_of=as_of), assistant, settings)


@router.post(
    "/v1/reviews",
    tags=["预检"],
    summary="预检一份通知稿",
    responses={200: {"model": ReviewOut}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": NoticeIn.model_json_schema()},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {
                            "file": {"type": "string", "format": "binary"},
                            "organizer": {"type": "string"},
                            "as_of": {"type": "string"},
                        },
                    }
                },
            },
        }
    },
)
async def review(request: Request, assistant: Assistants) -> Response:
    """Check a draft notice, as text (JSON) or as a file (multipart field `file`). The notice is not stored."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        notice = await _notice_from_form(request, assistant)
    else:
        try:
            notice = NoticeIn.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError(error.errors()) from error
    check_length(notice.text, _MAX_NOTICE_CHARS)
    as_of = day_or_none(notice.as_of)
    result = await run_in_threadpool(assistant.review, notice.text, organizer=notice.organizer, as_of=as_of)
    return JSONResponse(review_to_dict(result, id=notice.id) | {"text": notice.text})


@router.get("/v1/documents", tags=["文件"], summary="已收录文件")
def documents(assistant: Assistants) -> list[dict[str, Any]]:
    """Every document held, as `minggui corpus list --json` lists them but without counting articles."""
    return [document_to_dict(document) for document in assistant.documents()]


@router.get("/v1/documents/{document_id:path}", tags=["文件"], summary="一份文件的全部条文")
def document(document_id: str, assistant: Assistants) -> dict[str, Any]:
    """One document with its provisions in reading order; `document_id` is `work/version`."""
    found, provisions = assistant.document(document_id)
    row = document_to_dict(found, articles=count_articles(provisions))
    return row | {"provisions": [provision_to_dict(provision) for provision in provisions]}


@router.post("/v1/documents", tags=["文件"], summary="收录文件", status_code=201)
async def add_documents(
    request: Request,
    *,
    assistant: Assistants,
    settings: SettingsDep,
    files: Annotated[list[UploadFile], File()],
    publish: Annotated[bool, Form()] = False,
    by: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Read files into drafts, or publish them; the report says what was read and what publishing changes.

    Needs `Authorization: Bearer <MINGGUI_OFFICE_TOKEN>`; without a configured key only this machine may add.
    """
    _require_office(request, settings)
    if len(files) > _MAX_FILES:
        raise BadInput(f"一次最多 {_MAX_FILES} 个文件，这次有 {len(files)} 个。", hint="请分批上传，或打成一个 zip。")
    contents = [(_file_name(file), await file.read()) for file in files]
    report = await run_in_threadpool(assistant.add, contents, publish=publish, by=by or "http")
    accepted = report.drafts or report.skipped or not report.refused
    return JSONResponse(report_to_dict(report), 201 if accepted else 422)


@router.post("/v1/feedback", tags=["问答"], summary="这条答得对不对", status_code=204)
def feedback(body: FeedbackIn, assistant: Assistants) -> Response:
    """Record whether an answer was right. Raises NotFound for an answer nobody gave."""
    assistant.feedback(body.answer_id, body.right, body.comment)
    return Response(status_code=204)


@router.get("/healthz", tags=["运行"], summary="进程在不在")
def healthz() -> dict[str, str]:
    """The process answers; nothing behind it is looked at."""
    return {"status": "ok"}


@router.get("/readyz", tags=["运行"], summary="能不能答")
def readyz(assistant: Assistants) -> Response:
    """What the assistant says of itself; 503 when it says it is not ready."""
    health: Mapping[str, Any] = assistant.health()
    ready = health.get("ready", health.get("ok", True)) is not False
    return JSONResponse(jsonable_encoder(health), 200 if ready else 503)


@router.get("/metrics", tags=["运行"], summary="计数（Prometheus）", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    return PlainTextResponse(request.app.state.metrics.render(), media_type="text/plain; version=0.0.4")


def _answered(request: Request, assistant: Assistant, body: QuestionIn, answer: Answer) -> dict[str, Any]:
    request.app.state.metrics.count_verdict(answer.outcome.value if answer.outcome else None)
    row = answer_to_dict(answer, id=body.id)
    if body.forwardable:
        row["forwardable"] = {tone: assistant.forwardable(answer, tone) for tone in TONES}
    return row


async def _notice_from_form(request: Request, assistant: Assistant) -> NoticeIn:
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, FormFile):
            raise BadInput("没有收到文件。", hint="请把通知稿放在 file 这一项里上传，或改用 JSON 的 text。")
        data, name = await file.read(), _file_name(file)
        text = await run_in_threadpool(assistant.read_notice, data, name)
        organizer, as_of = (str(form.get(key) or "") for key in ("organizer", "as_of"))
    if not text.strip():
        raise BadInput(f"“{name}”里没有读到文字。", hint="如是扫描件，请先识别成文字，或直接粘贴正文。")
    return NoticeIn(text=text, organizer=organizer, as_of=as_of)


def _require_office(request: Request, settings: Settings) -> None:
    if settings.office_token is None:
        if is_from_this_machine(request):
            return
        raise Forbidden(
            "没有设置收录口令，只能在服务所在的机器上收录文件。",
            hint="请管理员设置 MINGGUI_OFFICE_TOKEN 后带上口令再传。",
        )
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    expected = settings.office_token.get_secret_value()
    if scheme.lower() != "bearer" or not hmac.compare_digest(
        given.strip().encode("latin-1"),
        expected.encode(),  # header values arrive decoded as latin-1
    ):
        raise Forbidden("收录口令不对。", hint="请在请求头写 Authorization: Bearer 加收录口令。")


def _file_name(file: Any) -> str:
    """The bare name: a client may send a whole path, in the manner of either system."""
    return PurePath(str(file.filename or "未命名").replace("\\", "/")).name[:200] or "未命名"


def report_to_dict(report: AddReport) -> dict[str, Any]:
    """What became of each uploaded file; when none was accepted the first reason also stands under `error`."""
    row: dict[str, Any] = {
        "documents": [
            {
                **document_to_dict(draft.document, articles=count_articles(draft.provisions)),
                "name": draft.name,
                "problems": [
                    {"severity": p.severity, "place": p.place, "message": p.message, "hint": p.hint}
                    for p in draft.problems
                ],
            }
            for draft in report.drafts
        ],
        "refused": [{"name": r.name, "code": r.code, "message": r.message, "hint": r.hint} for r in report.refused],
        "skipped": list(report.skipped),
        "published": list(report.published),
        "draft_ids": list(report.draft_ids),
    }
    if report.refused and not (report.drafts or report.skipped):
        first = report.refused[0]
        row["error"] = {"code": first.code, "message": first.message, "hint": first.hint}
    return row
