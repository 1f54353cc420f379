"""Servers that are asked by URL: a real one on a free port stands in for theirs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.domain import Outcome
from evals.targets import LABELLED_INSTRUCTIONS, Http, OpenAi, TargetFailed, read_completion, verdict_in_text
from tests.evals.conftest import answer

INPUTS = {
    "id": "a-1",
    "question": "街道能评吗",
    "as_of": "2026-11-23",
    "context": [{"role": "user", "content": "想评先进"}],
}


class Server(ThreadingHTTPServer):
    replies: dict[str, Any]
    seen: list[tuple[str, dict[str, Any], str]]


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        server: Server

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.server.seen.append((self.path, body, self.headers.get("Authorization", "")))
            reply = self.server.replies.get(self.path)
            self.send_response(200 if reply is not None else 503)
            self.end_headers()
            self.wfile.write(json.dumps(reply).encode())

        def log_message(self, *args: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    server.replies, server.seen = {}, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def url(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_a_server_of_ours_is_asked_in_the_contracts_words(server: Server) -> None:
    server.replies["/v1/ask"] = answer()
    given = Http(url(server) + "/", token="secret").answer("ask", INPUTS)
    assert given["verdict"] == "prohibited"
    (path, body, authorization) = server.seen[0]
    assert (path, body["question"], body["as_of"], authorization) == (
        "/v1/ask",
        "街道能评吗",
        "2026-11-23",
        "Bearer secret",
    )


def test_searches_and_notices_go_to_their_own_doors(server: Server) -> None:
    server.replies |= {"/v1/search": {"results": []}, "/v1/reviews": {"verdict": None, "findings": []}}
    target = Http(url(server), depth=50)
    target.answer("retrieval", {"id": "r", "question": "q", "as_of": "2026-11-23"})
    target.answer("review", {"id": "n", "text": "通知", "as_of": "2026-11-23"})
    assert [(path, body.get("k")) for path, body, _ in server.seen] == [("/v1/search", 50), ("/v1/reviews", None)]


def test_a_server_that_fails_or_is_not_there_is_a_failure_with_a_hint(server: Server) -> None:
    with pytest.raises(TargetFailed, match="503"):
        Http(url(server)).answer("ask", INPUTS)
    with pytest.raises(TargetFailed) as refused:
        Http("http://127.0.0.1:9", timeout_s=2).answer("ask", INPUTS)
    assert refused.value.hint
    with pytest.raises(TargetFailed):
        Http("file:///etc").answer("ask", INPUTS)


def test_our_openai_door_carries_the_contract_beside_the_text(server: Server) -> None:
    completion = {"choices": [{"message": {"role": "assistant", "content": "不能办。"}}], "minggui": answer()}
    server.replies["/v1/chat/completions"] = completion
    given = OpenAi(url(server) + "/v1").answer("ask", INPUTS)
    assert (given["verdict"], given["citations"][0]["provision"]) == ("prohibited", "第四条第一款")
    messages = server.seen[0][1]["messages"]
    assert [message["content"] for message in messages] == ["想评先进", "街道能评吗"]


def test_a_plain_model_is_told_the_labels_and_read_by_them(server: Server) -> None:
    text = "未经批准不得开展。\n依据《创建示范活动管理办法（试行）》第四条第一款，区政府须报批。"
    server.replies["/v1/chat/completions"] = {"choices": [{"message": {"content": text}}]}
    given = OpenAi(url(server) + "/v1", model="any", instructions=LABELLED_INSTRUCTIONS).answer("ask", INPUTS)
    assert given["verdict"] == "approval_required"
    assert given["citations"] == [
        {"document": "创建示范活动管理办法（试行）", "provision": "第四条第一款", "quote": ""}
    ]
    assert server.seen[0][1]["messages"][0]["role"] == "system"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("不得开展\n须逐级报批的是区政府", Outcome.PROHIBITED), ("未经批准不得开展（须逐级报批）", Outcome.APPROVAL_REQUIRED),
     ("依规定报送备案", Outcome.FILING_REQUIRED), ("无需另行报批", Outcome.ALLOWED_NO_PROCEDURE),
     ("不按本类办法管理，另按……", Outcome.OUT_OF_SCOPE), ("还需补充一项情况：谁主办？", Outcome.NEEDS_MORE_INFO),
     ("已收录文件未查到明文规定", Outcome.NOT_ANSWERABLE), ("你好，我可以帮你。", None)],
)  # fmt: skip
def test_the_label_that_stands_first_is_the_verdict(text: str, outcome: Outcome | None) -> None:
    assert verdict_in_text(text) == outcome


def test_every_label_the_product_shows_is_read_back_as_its_outcome() -> None:
    from assistant.render.labels import OUTCOME_LABELS

    assert {outcome: verdict_in_text(label) for outcome, label in OUTCOME_LABELS.items()} == {
        outcome: outcome for outcome in Outcome
    }


def test_a_completion_without_a_message_is_a_failure() -> None:
    with pytest.raises(TargetFailed):
        read_completion({"choices": []})
