"""The Telegram door: the real library against a Bot API server on loopback."""

from __future__ import annotations

import asyncio
import io
import logging
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from assistant.config import Settings
from assistant.errors import BadInput
from bots.telegram import build, hide_token, run
from tests.bots.bot_api import TOKEN, BotApi, buttons
from tests.web.stand_in import StandIn

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):  # a proxy would capture even loopback calls
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def assistant() -> StandIn:
    return StandIn()


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest.fixture
def settings(api: BotApi, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path, telegram_token=SecretStr(TOKEN), telegram_base_url=api.url + "/")


@contextmanager
def bot(settings: Settings, assistant: StandIn) -> Iterator[None]:
    """The bot polling in a thread of its own, stopped at the end."""
    stop = threading.Event()

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

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(asyncio.run, serve())
        try:
            yield
        finally:
            stop.set()
            done.result(timeout=30)


@pytest.fixture
def running(settings: Settings, assistant: StandIn) -> Iterator[None]:
    with bot(settings, assistant):
        yield


@pytest.mark.usefixtures("running")
def test_a_question_goes_in_and_an_answer_comes_out(api: BotApi) -> None:
    api.say("我们镇想选一批“示范农家乐”，打分够了就发牌，备个案行吧？")
    (sent,) = api.wait_for("sendMessage")
    assert sent["chat_id"] == 42
    assert sent["text"].startswith("不能办，备案也不行。")
    assert "第四条第一款（转述，引用前请核对原件）" in sent["text"]
    assert api.wait_for("sendChatAction")[0]["action"] == "typing"
    commands = api.wait_for("setMyCommands")[0]["commands"]
    assert {command["command"] for command in commands} == {"new", "asof", "review", "forward", "help"}


@pytest.mark.usefixtures("running")
def test_a_pressed_option_is_the_next_turn_and_its_buttons_go(api: BotApi, assistant: StandIn) -> None:
    api.say("街道想办一次交流活动")
    (asked,) = api.wait_for("sendMessage")
    (first, second, unknown) = (row[0] for row in buttons(asked))
    assert (first["text"], second["text"], unknown["text"]) == ("A. 发", "B. 不发，只培训交流", "不清楚")
    api.press(second["callback_data"])
    answered = api.wait_for("sendMessage", 2)[1]
    assert answered["text"].startswith("可以照常培训交流")
    assert assistant.asked[1].context[0].content == "街道想办一次交流活动"
    api.wait_for("answerCallbackQuery")
    assert "reply_markup" not in api.wait_for("editMessageReplyMarkup")[0]


@pytest.mark.usefixtures("running")
def test_an_uploaded_notice_is_reviewed(api: BotApi) -> None:
    api.upload("通知.txt", "拟对验收合格的予以授牌，每户交工本费。".encode())
    (sent,) = api.wait_for("sendMessage")
    assert sent["text"].startswith("共查到 2 处需要处理：不得 1 处、须改 1 处。")


@pytest.mark.usefixtures("running")
def test_a_file_that_is_too_large_is_not_fetched(api: BotApi) -> None:
    api.upload("大.docx", b"x", size=21_000_000)
    assert "没有读取" in api.wait_for("sendMessage")[0]["text"]
    assert "getFile" not in [name for name, _ in api.calls]


@pytest.mark.usefixtures("running")
def test_being_told_to_slow_down_loses_no_answer(api: BotApi, assistant: StandIn) -> None:
    api.refuse_next.append("sendMessage")
    api.say("我们镇想选一批示范农家乐")
    first, second = api.wait_for("sendMessage", 2)
    assert first == second
    assert len(assistant.asked) == 1


@pytest.mark.usefixtures("running")
def test_what_cannot_be_read_and_what_breaks_are_told_plainly(api: BotApi) -> None:
    api.sticker()
    assert "只读得懂文字和文件" in api.wait_for("sendMessage")[0]["text"]
    api.say("让它崩溃")
    assert api.wait_for("sendMessage", 2)[1]["text"] == "服务出错了，这条没有办成。请稍后再发一次。"
    api.say("我们镇想选一批示范农家乐")
    assert api.wait_for("sendMessage", 3)[2]["text"].startswith("不能办")


@pytest.mark.usefixtures("running")
def test_feedback_is_acknowledged_at_the_button(api: BotApi, assistant: StandIn) -> None:
    api.say("我们镇想选一批示范农家乐")
    right = buttons(api.wait_for("sendMessage")[0])[1][0]
    api.press(right["callback_data"])
    assert api.wait_for("answerCallbackQuery")[0]["text"] == "已记录，谢谢。"
    assert assistant.feedbacks == [("a-prohibited", True, "")]


def test_neither_the_token_nor_what_people_wrote_is_logged(settings: Settings, assistant: StandIn, api: BotApi) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        hide_token(settings)
        with bot(settings, assistant):
            api.say("让它崩溃，涉及小王家的事")
            api.wait_for("sendMessage")
        try:
            raise RuntimeError(f"https://api.example/bot{TOKEN}/getMe")
        except RuntimeError:
            logging.getLogger("elsewhere").exception("failed at /bot%s/", TOKEN)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert "an update failed" in written.getvalue()
    assert "failed at /bot***/" in written.getvalue()
    assert TOKEN not in written.getvalue()
    assert "小王家" not in written.getvalue()


def test_without_a_token_the_bot_says_why_it_does_not_start(settings: Settings, assistant: StandIn) -> None:
    with pytest.raises(BadInput) as caught:
        run(settings.model_copy(update={"telegram_token": None}), assistant)
    assert "MINGGUI_TELEGRAM_TOKEN" in caught.value.hint


def test_a_webhook_needs_a_secret(settings: Settings, assistant: StandIn) -> None:
    with pytest.raises(BadInput) as caught:
        run(settings, assistant, webhook_url="https://minggui.example/telegram")
    assert "MINGGUI_TELEGRAM_WEBHOOK_SECRET" in caught.value.hint


def _wait_for_port(port: int) -> None:
    """The library registers the webhook a moment before it listens."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nothing listens")


WEBHOOK = """
import logging, sys
from pydantic import SecretStr
from assistant.config import Settings
from bots.telegram import run
from tests.web.stand_in import StandIn

token, url, port, home = sys.argv[1:]
logging.basicConfig(level=logging.INFO)
settings = Settings(_env_file=None, home=home, port=int(port), telegram_token=SecretStr(token), telegram_base_url=url,
                    telegram_webhook_secret=SecretStr("a-secret"))
run(settings, StandIn(), webhook_url=f"https://minggui.example/{'hook'}")
"""


def test_a_webhook_takes_updates_with_the_secret_only_and_stops_when_told(api: BotApi, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", WEBHOOK, TOKEN, api.url, str(port), str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        (registered,) = api.wait_for("setWebhook", timeout_s=60)
        assert registered["secret_token"] == "a-secret"
        assert registered["allowed_updates"] == ["message", "callback_query"]
        update = {"update_id": 1, "message": api.message_of_a_person("我们镇想选一批示范农家乐")}
        address = f"http://127.0.0.1:{port}/hook"
        with httpx.Client(trust_env=False) as client:
            _wait_for_port(port)
            assert client.post(address, json=update).status_code == 403
            wrong = {"X-Telegram-Bot-Api-Secret-Token": "guess"}
            assert client.post(address, json=update, headers=wrong).status_code == 403
            right = {"X-Telegram-Bot-Api-Secret-Token": "a-secret"}
            assert client.post(address, json=update, headers=right).status_code == 200
        (sent,) = api.wait_for("sendMessage")
        assert sent["text"].startswith("不能办")
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output.decode()
    assert "会经过 Telegram 的服务器" in output.decode()
    assert TOKEN not in output.decode()
