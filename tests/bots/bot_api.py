"""A Bot API server on loopback, as far as the bot needs it: real HTTP, long polling, files, and 429 on demand."""

from __future__ import annotations

import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote

TOKEN = "123456:TEST-token-that-must-not-be-logged"
CHAT = {"id": 42, "type": "private", "first_name": "小王"}
PERSON = {"id": 42, "is_bot": False, "first_name": "小王"}
BOT = {"id": 1, "is_bot": True, "first_name": "明规", "username": "minggui_bot"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A bot that stops hangs up in the middle of a poll; that is no error."""


class BotApi:
    """`with BotApi() as api`: `api.url` for the settings, `say`, `press`, `upload` as a person; `calls` is what came."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.files: dict[str, bytes] = {}
        self.refuse_next: list[str] = []  # methods that are answered with 429 once
        self._updates: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
                prefix, _, method = self.path.rpartition("/")
                if prefix != f"/bot{TOKEN}":
                    self.reply(404, {"ok": False, "error_code": 404, "description": "Not Found"})
                    return
                self.reply(*api.answer(method, {key: _value(values[0]) for key, values in body.items()}))

            def do_GET(self) -> None:
                data = api.files.get(unquote(self.path).removeprefix(f"/file/bot{TOKEN}/"))
                self.raw(200 if data is not None else 404, data or b"", "application/octet-stream")

            def reply(self, status: int, body: dict[str, Any]) -> None:
                self.raw(status, json.dumps(body).encode(), "application/json")

            def raw(self, status: int, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> BotApi:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self._changed:
            if method != "getUpdates":
                self.calls.append((method, body))
                self._changed.notify_all()
            if method in self.refuse_next:
                self.refuse_next.remove(method)
                return 429, {
                    "ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1",
                    "parameters": {"retry_after": 1},
                }  # fmt: skip
        return 200, {"ok": True, "result": self._result(method, body)}

    def _result(self, method: str, body: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return self._poll(int(body.get("offset", 0)))
        if method == "getMe":
            return BOT | {
                "can_join_groups": True,
                "can_read_all_group_messages": False,
                "supports_inline_queries": False,
            }
        if method in ("sendMessage", "editMessageReplyMarkup"):
            return self._message(body.get("text", "…"), BOT)
        if method == "getFile":
            return {
                "file_id": body["file_id"],
                "file_unique_id": "u",
                "file_size": 1,
                "file_path": f"documents/{body['file_id']}",
            }
        return True

    def _poll(self, offset: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 0.3
        with self._changed:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            while not self._updates and time.monotonic() < deadline:
                self._changed.wait(0.05)
            return list(self._updates)

    def _message(self, text: str, sender: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = {"message_id": next(self._numbers), "date": int(time.time()), "chat": CHAT, "from": sender}
        return body | ({"text": text} if text else {}) | more

    def _send_update(self, **update: Any) -> None:
        with self._changed:
            self._updates.append({"update_id": next(self._numbers)} | update)
            self._changed.notify_all()

    def message_of_a_person(self, text: str) -> dict[str, Any]:
        return self._message(text, PERSON)

    def say(self, text: str) -> None:
        self._send_update(message=self.message_of_a_person(text))

    def press(self, token: str) -> None:
        query = {"id": "q", "from": PERSON, "chat_instance": "c", "data": token, "message": self._message("…", BOT)}
        self._send_update(callback_query=query)

    def upload(self, name: str, data: bytes, *, size: int | None = None) -> None:
        self.files[f"documents/{name}"] = data
        document = {"file_id": name, "file_unique_id": "u", "file_name": name, "file_size": size or len(data)}
        self._send_update(message=self._message("", PERSON, document=document))

    def sticker(self) -> None:
        sticker = {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                   "is_animated": False, "is_video": False}  # fmt: skip
        self._send_update(message=self._message("", PERSON, sticker=sticker))

    def wait_for(self, method: str, count: int = 1, timeout_s: float = 20) -> list[dict[str, Any]]:
        """The bodies of the calls of one method, once there are `count` of them."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while len(bodies := [body for name, body in self.calls if name == method]) < count:
                if time.monotonic() > deadline:
                    raise AssertionError(
                        f"{method}: {len(bodies)} of {count}; calls: {[name for name, _ in self.calls]}"
                    )
                self._changed.wait(0.05)
        return bodies


def buttons(body: dict[str, Any]) -> list[list[dict[str, str]]]:
    rows: list[list[dict[str, str]]] = body["reply_markup"]["inline_keyboard"]
    return rows


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
