"""The edge: body sizes, foreign origins, security headers, and errors in one shape. Knows HTTP and nothing of the law."""

from __future__ import annotations

import ipaddress
import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.render import error_to_dict
from assistant.web.metrics import Metrics

_log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HTTP_ERRORS = {
    400: ("bad_request", "请求读不懂。", "请检查请求的格式；接口说明见 /openapi.json。"),
    403: ("forbidden", "不接受来自其他网站的请求。", "请从本服务自己的页面或程序发起。"),
    404: ("not_found", "没有这个地址。", "请从首页进入，或查看 /openapi.json。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式。", "接口说明见 /openapi.json。"),
    413: ("too_large", "上传的内容超过上限。", "请拆分文件，或只上传正文。"),
}
_REASONS = {
    "missing": "缺少这一项",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "too_short": "至少要有一项",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "literal_error": "不在可选范围内",
    "json_invalid": "不是合法的 JSON",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
}


class Guard:
    """ASGI middleware around everything: refuses what is too large or comes from another site, adds headers, counts."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, metrics: Metrics) -> None:
        self._app, self._limit, self._metrics = app, max_body_bytes, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._metrics.request(scope) as seen:

            async def send_with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    seen.status = message["status"]
                    headers = MutableHeaders(scope=message)
                    for name, value in _HEADERS.items():
                        headers.setdefault(name, value)
                await send(message)

            headers = Headers(scope=scope)
            if refusal := self._refusal(scope["method"], headers):
                await refusal(scope, receive, send_with_headers)
                return
            await self._app(scope, _counted(receive, self._limit), send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > self._limit:
            return _http_error(413)
        # A page of another site must not be able to make a browser inside the office post here on its behalf.
        if method not in ("GET", "HEAD", "OPTIONS") and _is_foreign(headers):
            return _http_error(403)
        return None


def is_from_this_machine(request: Request) -> bool:
    """Sent by a program on this very machine, by a local name, through no proxy: who may add documents without a key.

    The name is checked too, or a web page could reach in by pointing its own host name at 127.0.0.1.
    """
    headers = request.headers
    if any(name in headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via")):
        return False
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return (
        request.client is not None and _is_loopback(request.client.host) and (host == "localhost" or _is_loopback(host))
    )


def install_errors(app: FastAPI, render_page: Any) -> None:
    """Every error leaves as {"error": {code, message, hint}}; a person's browser gets `render_page(request, status, body)`."""

    def reply(request: Request, status: int, body: dict[str, Any]) -> Response:
        if not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(render_page(request, status, body["error"]), status)
        return JSONResponse(body, status)

    @app.exception_handler(AssistantError)
    async def ours(request: Request, error: AssistantError) -> Response:
        return reply(request, error.http_status, error_to_dict(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return reply(
            request,
            422,
            _body("invalid_request", describe_invalid(error.errors()), "请按 /openapi.json 的说明修改后再发。"),
        )

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return reply(request, error.status_code, _http_body(error.status_code))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        return reply(request, 500, internal_error(error))


def internal_error(error: Exception) -> dict[str, Any]:
    """Log an unforeseen error under a number and give the body that names the number and nothing else."""
    number = secrets.token_hex(4)
    _log.error("internal error %s", number, exc_info=error)
    return _body("internal", f"服务内部出错（编号 {number}）。", "请稍后再试；仍不行，请把编号告诉管理员。")


def describe_invalid(errors: Sequence[Any]) -> str:
    """Pydantic's findings in Chinese, at most three, e.g. “question：缺少这一项；k：太大”."""
    parts = []
    for error in errors[:3]:
        place = ".".join(str(step) for step in error["loc"] if step not in ("body", "query", "path")) or "请求正文"
        parts.append(f"{place}：{_REASONS.get(error['type'], '填写不对')}")
    return "；".join(parts) + "。"


def _counted(receive: Receive, limit: int) -> Receive:
    """Stop reading a body that grows past the limit though it never announced its length."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise HTTPException(413)
        return message

    return counted


def _is_foreign(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _http_error(status: int) -> Response:
    return JSONResponse(_http_body(status), status)


def _http_body(status: int) -> dict[str, Any]:
    code, message, hint = _HTTP_ERRORS.get(status, (HTTPStatus(status).name.lower(), "请求没有办成。", "请稍后再试。"))
    return _body(code, message, hint)


def _body(code: str, message: str, hint: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "hint": hint}}
