"""Who is asked: the product in this process, a server by URL, or any OpenAI-compatible endpoint. All answer in the contract's JSON.

A target takes the inputs of a case (`cases.inputs_of`) and gives a dict, or raises; the runner counts a raise as crashed.
"""

from __future__ import annotations

import ipaddress
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from assistant.domain import Outcome, Question, Turn
from assistant.errors import AssistantError
from assistant.text.fold import folded

if TYPE_CHECKING:
    from assistant.service import Assistant


class TargetFailed(AssistantError):
    """The target did not answer, or not in a form that can be read."""

    code = "target_failed"


class Target(Protocol):
    """Whoever is asked. Must be safe to call from several threads when a run uses several."""

    name: str

    def fingerprint(self) -> str:
        """What exactly answers (code, rules, library), so that two runs can be told apart; "" when it cannot say."""
        ...

    def answer(self, suite: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The contract's JSON for one case of a suite (ask, retrieval, review)."""
        ...


class InProcess:
    """The product itself, without a server."""

    name = "in-process"

    def __init__(self, assistant: Assistant, *, depth: int = 100) -> None:
        self._assistant = assistant
        self._depth = depth

    def fingerprint(self) -> str:
        mark = getattr(self._assistant, "fingerprint", "")
        return str(mark() if callable(mark) else mark)

    def answer(self, suite: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        from assistant import render

        as_of = date.fromisoformat(inputs["as_of"])
        if suite == "retrieval":
            hits = self._assistant.search(inputs["question"], self._depth, as_of=as_of)
            return {"id": inputs["id"], "results": [render.hit_to_dict(hit) for hit in hits]}
        if suite == "review":
            review = self._assistant.review(inputs["text"], organizer=inputs.get("organizer"), as_of=as_of)
            return render.review_to_dict(review, id=inputs["id"])
        question = Question(
            inputs["question"], tuple(Turn(turn["role"], turn["content"]) for turn in inputs.get("context", ())),
            as_of, inputs.get("region"),
        )  # fmt: skip
        return render.answer_to_dict(self._assistant.ask(question), id=inputs["id"])


class Http:
    """A running server that speaks the contract (`/v1/ask`, `/v1/search`, `/v1/reviews`)."""

    _PATHS = {"ask": "/v1/ask", "retrieval": "/v1/search", "review": "/v1/reviews"}  # noqa: RUF012

    def __init__(self, url: str, *, token: str = "", timeout_s: float = 120.0, depth: int = 100) -> None:
        self.name = url.rstrip("/")
        self._token, self._timeout_s, self._depth = token, timeout_s, depth

    def fingerprint(self) -> str:
        return ""  # taken from the answers themselves

    def answer(self, suite: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        body = dict(inputs) | ({"k": self._depth} if suite == "retrieval" else {})
        return _post(self.name + self._PATHS[suite], body, token=self._token, timeout_s=self._timeout_s)


class OpenAi:
    """Any OpenAI-compatible chat endpoint.

    The verdict is taken from an extra field when the endpoint is ours (the contract's JSON travels with the completion),
    else from the seven labels in the text; a plain model is told them in `instructions`. Only the ask suite.
    """

    def __init__(self, url: str, *, model: str = "minggui", token: str = "", timeout_s: float = 300.0,
                 instructions: str | None = None) -> None:  # fmt: skip
        self.name = f"{url.rstrip('/')} ({model})"
        self._url = url.rstrip("/") + ("" if url.rstrip("/").endswith("/chat/completions") else "/chat/completions")
        self._model, self._token, self._timeout_s, self._instructions = model, token, timeout_s, instructions

    def fingerprint(self) -> str:
        return ""

    def answer(self, suite: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        if suite != "ask":
            raise TargetFailed("OpenAI 兼容接口只能评测问答。", hint="检索和审稿请用 --target 指向本产品的服务地址。")
        messages = [{"role": "system", "content": self._instructions}] if self._instructions else []
        messages += [*inputs.get("context", ()), {"role": "user", "content": inputs["question"]}]
        body: dict[str, Any] = {"model": self._model, "messages": messages, "temperature": 0}
        if self._instructions is None:  # ours: strict endpoints of others refuse a field they do not know
            body["as_of"] = inputs["as_of"]
        return read_completion(_post(self._url, body, token=self._token, timeout_s=self._timeout_s))


LABELLED_INSTRUCTIONS = (
    "你回答区里工作人员关于创建示范和评比达标表彰的问题。第一行只写下列七个结论之一：不得开展；未经批准不得开展；依规定报送备案；"
    "无需另行报批；不按本类办法管理；还需补充一项情况；未查到明文规定。不属于这类问题的，第一行写：不作判定。"
    "第二行起用不超过120字说明理由，依据写成《文件全称》第X条第X款。"
)

# The longer phrase first: 未经批准不得开展 contains 不得开展.
_LABELS: tuple[tuple[str, Outcome], ...] = (
    ("未经批准不得开展", Outcome.APPROVAL_REQUIRED),
    ("须逐级报批", Outcome.APPROVAL_REQUIRED),
    ("不得以本单位名义开展", Outcome.PROHIBITED),
    ("不得开展", Outcome.PROHIBITED),
    ("依规定报送备案", Outcome.FILING_REQUIRED),
    ("无需另行报批", Outcome.ALLOWED_NO_PROCEDURE),
    ("不按本类办法管理", Outcome.OUT_OF_SCOPE),
    ("还需补充一项情况", Outcome.NEEDS_MORE_INFO),
    ("未查到明文规定", Outcome.NOT_ANSWERABLE),
)
_CITED = re.compile(
    r"《(?P<title>[^》]{2,60})》(?:[(（][^)）]{0,30}[)）])?\s*(?P<label>第[^,,。;;、\s《》]{1,20}?[条款项目](?:第[^,,。;;、\s《》]{1,8}?[款项目])*)?"
)


def verdict_in_text(text: str) -> Outcome | None:
    """The verdict whose label stands first in the text; None when there is none."""
    plain = folded(text)
    best: tuple[int, int, Outcome] | None = None
    for order, (label, outcome) in enumerate(_LABELS):
        at = plain.find(folded(label))
        if at >= 0 and (best is None or (at, order) < best[:2]):
            best = (at, order, outcome)
    return best[2] if best else None


def read_completion(completion: Mapping[str, Any]) -> dict[str, Any]:
    """An OpenAI-style completion as the contract's ask JSON. Raises TargetFailed when it carries no message."""
    try:
        message = completion["choices"][0]["message"]
        text = str(message.get("content") or "")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise TargetFailed("接口没有返回 choices[0].message。", hint="确认地址是 OpenAI 兼容的 /v1 地址。") from error
    for holder in (completion, completion["choices"][0], message):
        for value in (holder, *(part for part in holder.values() if isinstance(part, Mapping))):
            if "verdict" in value and "citations" in value:
                return {"answer": text, **value}
    verdict = verdict_in_text(text)
    citations = [
        {"document": found["title"], "provision": found["label"] or "", "quote": ""} for found in _CITED.finditer(text)
    ]
    return {"verdict": verdict.value if verdict else None, "answer": text, "citations": citations, "abstained": None}


def _post(url: str, body: Mapping[str, Any], *, token: str, timeout_s: float) -> dict[str, Any]:
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise TargetFailed(f"{url} 不是 http 或 https 地址。", hint="例如 http://127.0.0.1:8765。")
    headers = {"Content-Type": "application/json", "Accept": "application/json"} | (
        {"Authorization": f"Bearer {token}"} if token else {})  # fmt: skip
    request = urllib.request.Request(url, json.dumps(body, ensure_ascii=False).encode(), headers)
    # A proxy meant for the outside must not stand between us and a server on this machine.
    opener = (
        urllib.request.build_opener(urllib.request.ProxyHandler({}))
        if _is_local(url)
        else urllib.request.build_opener()
    )
    try:
        with opener.open(request, timeout=timeout_s) as response:
            answer = json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise TargetFailed(
            f"{url} 返回 {error.code}：{error.read()[:200].decode(errors='replace')}", hint="查看被测服务的日志。"
        ) from error
    except (OSError, ValueError) as error:
        raise TargetFailed(f"{url} 没有答复：{error}", hint="确认服务已启动、地址可达；慢服务可加大超时。") from error
    if not isinstance(answer, dict):
        raise TargetFailed(f"{url} 返回的不是一个 JSON 对象。", hint="确认地址和路径。")
    return answer


def _is_local(url: str) -> bool:
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
