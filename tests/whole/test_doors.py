"""The real assistant behind every door: Telegram on loopback, a real Chromium, HTTP. No stand-in anywhere."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from assistant.config import Settings
from assistant.service import Assistant
from assistant.web import create_app
from bots.telegram import build
from tests.bots.bot_api import TOKEN, BotApi, buttons
from tests.web.test_chat_page import FLAGS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FARMHOUSE = "我们镇想选一批“示范农家乐”，打分够了就发牌子，跟区里备个案行吧？"
EXCHANGE = "街道想办一个社区治理经验交流会，要报批吗"


@pytest.fixture(scope="module")
def address(assistant: Assistant, home: Path) -> Iterator[str]:
    settings = Settings(_env_file=None, home=home)
    server = uvicorn.Server(uvicorn.Config(create_app(assistant, settings), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


def test_http_gives_the_verdict_and_the_openai_door_the_same_one(address: str) -> None:
    asked = httpx.post(f"{address}/v1/ask", json={"question": FARMHOUSE}, timeout=30).json()
    body = {"model": "minggui", "messages": [{"role": "user", "content": FARMHOUSE}]}
    chat = httpx.post(f"{address}/v1/chat/completions", json=body, timeout=30).json()
    assert asked["verdict"] == "prohibited"
    assert chat["minggui"]["verdict"] == "prohibited"
    assert chat["minggui"]["citations"] == asked["citations"]
    assert asked["answer"] in chat["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"question": ""}, 422), ({"question": "长" * 10_000}, 413), ({"question": "区政府表彰", "as_of": "2026-02-30"}, 422), ({}, 422)],
)  # fmt: skip
def test_http_tells_bad_input_plainly(address: str, body: dict[str, str], status: int) -> None:
    reply = httpx.post(f"{address}/v1/ask", json=body, timeout=30)
    assert reply.status_code == status
    assert reply.json()["error"]["message"]
    assert reply.json()["error"]["hint"]


def test_http_is_healthy_and_searches_and_reviews(address: str) -> None:
    health = httpx.get(f"{address}/healthz", timeout=30)
    assert health.status_code == 200
    hits = httpx.post(f"{address}/v1/search", json={"question": "大型活动 提前几日 申请"}, timeout=30).json()
    assert any(hit["document"] == "大型群众性活动安全管理条例" for hit in hits["results"])
    text = "关于评选十佳商户的通知\n各社区：\n一、评选十佳商户，颁发奖牌。\n临湖街道办事处\n2026年11月1日"
    review = httpx.post(f"{address}/v1/reviews", json={"text": text}, timeout=30).json()
    assert review["verdict"] == "prohibited"
    assert all(text[f["start"] : f["end"]] == f["span"] for f in review["findings"])


def test_telegram_answers_and_takes_a_pressed_option_as_the_next_turn(assistant: Assistant, home: Path) -> None:
    stop = threading.Event()
    with BotApi() as api, ThreadPoolExecutor(1) as pool:
        settings = Settings(_env_file=None, home=home, telegram_token=SecretStr(TOKEN), telegram_base_url=api.url + "/")

        async def serve() -> None:
            application = build(settings, assistant)
            async with application:
                if application.post_init:
                    await application.post_init(application)
                await application.start()
                assert application.updater is not None
                await application.updater.start_polling(poll_interval=0)
                await asyncio.to_thread(stop.wait)
                await application.updater.stop()
                await application.stop()

        done = pool.submit(asyncio.run, serve())
        try:
            api.say(FARMHOUSE)
            (first,) = api.wait_for("sendMessage")
            assert first["text"].startswith("不能办，备案也不行。")
            assert "第四条第一款" in first["text"]
            api.say(EXCHANGE)
            asked = api.wait_for("sendMessage", 2)[1]
            assert "还差一项" in asked["text"]
            yes = next(b for row in buttons(asked) for b in row if b["text"].startswith("A. 发"))
            api.press(yes["callback_data"])
            assert "不能办" in api.wait_for("sendMessage", 3)[2]["text"]
        finally:
            stop.set()
            done.result(timeout=30)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium")
def test_a_person_asks_answers_the_one_question_and_opens_the_article(address: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    errors: list[str] = []
    outside: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page: Any = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("request", lambda request: request.url.startswith(address) or outside.append(request.url))
        page.goto(address)
        page.get_by_label("您的问题").fill(EXCHANGE)
        page.get_by_role("button", name="提问", exact=True).click()
        log = page.get_by_role("log")
        log.get_by_text("还差一项才能定").first.wait_for()
        log.get_by_role("button", name="发，或者要公布名单").click()
        log.get_by_text("不能办，备案也不行").first.wait_for()
        card = log.get_by_role("article").last
        card.locator("summary", has_text="第六条").first.click()
        assert "不得设立" in card.inner_text()
        browser.close()
    assert (errors, outside) == ([], [])
