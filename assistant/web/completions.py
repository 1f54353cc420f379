"""The OpenAI chat shape, so that an existing chat client can be pointed here. Citations stay: in the text and beside it.

System messages are read by nobody: they cannot change a verdict.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant.domain import Answer, Question, Turn
from assistant.errors import BadInput
from assistant.render import answer_to_dict, answer_to_markdown
from assistant.web.addresses import citation_address
from assistant.web.api import Assistants, SettingsDep
from assistant.web.models import CompletionIn, ErrorOut, check_length, day_or_none

_MODEL = "minggui"
_STARTED = int(time.time())

router = APIRouter(tags=["OpenAI 兼容"], responses={status: {"model": ErrorOut} for status in (413, 422, 500)})


def read_messages(body: CompletionIn, settings: SettingsDep) -> Question:
    """The last message is the question and what came before it the conversation. Raises BadInput, QuestionTooLong."""
    limit = settings.max_question_chars
    spoken = [message for message in body.messages if message.role in ("user", "assistant") and message.text.strip()]
    if not spoken or spoken[-1].role != "user":
        raise BadInput("最后一条消息应当是用户的提问。", hint="请在 messages 末尾放一条 role 为 user、内容不空的消息。")
    check_length(spoken[-1].text, limit)
    context = tuple(Turn(message.role, message.text[:limit]) for message in spoken[:-1][-40:])
    return Question(spoken[-1].text, context, day_or_none(body.as_of), body.region)


@router.get("/v1/models", summary="可用的模型名")
def models() -> dict[str, Any]:
    entry = {"id": _MODEL, "object": "model", "created": _STARTED, "owned_by": "minggui"}
    return {"object": "list", "data": [entry]}


@router.post("/v1/chat/completions", summary="OpenAI 兼容的对话")
def complete(
    body: CompletionIn, question: Annotated[Question, Depends(read_messages)], assistant: Assistants, request: Request
) -> Response:
    """The answer as Markdown in `choices`, and whole under `minggui`. Token counts are counts of characters."""
    answer = assistant.ask(question)
    request.app.state.metrics.count_verdict(answer.outcome.value if answer.outcome else None)
    base = {"id": f"chatcmpl-{answer.answer_id}", "created": int(time.time()), "model": _MODEL}
    text = answer_to_markdown(answer, link=lambda c: f"{str(request.base_url).rstrip('/')}{citation_address(c)}")
    if body.stream:
        chunks = _stream(base | {"object": "chat.completion.chunk"}, text, answer)
        return StreamingResponse(chunks, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})
    asked = sum(len(message.text) for message in body.messages)
    return JSONResponse(
        base
        | {
            "object": "chat.completion",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": asked, "completion_tokens": len(text), "total_tokens": asked + len(text)},
            "minggui": answer_to_dict(answer),
        }
    )


def _stream(base: dict[str, Any], text: str, answer: Answer) -> Iterator[str]:
    yield _chunk(base, {"role": "assistant", "content": ""})
    for piece in re.findall(r".*?(?:\n\n|$)", text, re.DOTALL):
        if piece:
            yield _chunk(base, {"content": piece})
    yield _chunk(base | {"minggui": answer_to_dict(answer)}, {}, finish="stop")
    yield "data: [DONE]\n\n"


def _chunk(base: dict[str, Any], delta: dict[str, str], *, finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps(base | {'choices': [choice]}, ensure_ascii=False)}\n\n"
