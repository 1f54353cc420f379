"""The pages in a real Chromium, against a real server on loopback."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn

from assistant.config import Settings
from assistant.web import create_app
from tests.web.stand_in import StandIn

playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the package chromium"),
]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--no-default-browser-check",
]  # fmt: skip
WIDTHS = [(390, 844), (768, 1024), (1440, 900)]


@dataclass
class Seen:
    """What the browser complained about or asked others for."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(assistant: StandIn, settings: Settings) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(create_app(assistant, settings), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


def watch(page: Any, address: str) -> Seen:
    seen = Seen()
    page.on("console", lambda message: message.type in ("error", "warning") and seen.errors.append(message.text))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("request", lambda request: request.url.startswith(address) or seen.outside.append(request.url))
    return seen


@pytest.fixture(params=WIDTHS, ids=lambda size: f"{size[0]}px")
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(15_000)
    seen = watch(page, address)
    page.goto(address)
    yield page
    assert (seen.errors, seen.outside) == ([], [])
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page is {overflow}px wider than the window"
    context.close()


def ask(page: Any, question: str) -> None:
    page.get_by_label("您的问题").fill(question)
    page.get_by_role("button", name="提问", exact=True).click()


def test_a_question_is_answered_in_the_live_region_and_its_citation_opens(page: Any) -> None:
    ask(page, "我们镇想选一批“示范农家乐”，打分够了就发牌，备个案行吧？")
    log = page.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    card = log.get_by_role("article")
    card.get_by_text("不得以本单位名义开展").first.wait_for()
    assert "不能办，备案也不行" in card.inner_text()
    assert card.locator(".verdict svg use").get_attribute("href") == "#i-prohibited"
    quote = card.get_by_text("中央和省级的党政机关", exact=False)
    assert not quote.is_visible()
    card.locator("summary", has_text="第四条第一款").click()
    assert quote.is_visible()
    assert "引用前请核对原件" in card.locator(".citation-body").first.inner_text()
    with page.context.expect_page() as opened:
        card.get_by_role("link", name="在文件中查看").first.click()
    document = opened.value
    document.wait_for_load_state()
    assert document.locator(":target").inner_text().startswith("第四条第一款")
    assert document.locator(":target").evaluate("e => e.getBoundingClientRect().top < innerHeight")


def test_pressing_an_option_sends_it_as_the_next_turn(page: Any, assistant: StandIn) -> None:
    ask(page, "街道想办一次交流活动")
    page.get_by_role("button", name="B. 不发，只培训交流").click()
    page.get_by_text("可以照常培训交流").wait_for()
    first, second = assistant.asked
    assert (first.text, second.text) == ("街道想办一次交流活动", "不发，只培训交流")
    assert [turn.role for turn in second.context] == ["user", "assistant"]
    assert "活动最后" in second.context[1].content
    chosen = page.locator("button[aria-pressed='true'][data-option]")
    assert chosen.inner_text() == "B. 不发，只培训交流"
    assert page.locator("button[data-option]:not(:disabled)").count() == 0


def test_the_keyboard_alone_is_enough(page: Any, assistant: StandIn) -> None:
    page.get_by_label("您的问题").focus()
    page.keyboard.type("街道想办一次")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("交流活动")
    page.keyboard.press("Enter")
    option = page.get_by_role("button", name="A. 发", exact=True)
    option.wait_for()
    assert assistant.asked[0].text == "街道想办一次\n交流活动"
    option.focus()
    page.keyboard.press("Enter")
    page.get_by_text("不能办，备案也不行").wait_for()
    assert page.evaluate("document.activeElement.id") == "question"
    summary = page.locator("article").last.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("article").last.locator("details").first.get_attribute("open") is not None


def test_the_day_asked_about_goes_with_the_question(page: Any, assistant: StandIn) -> None:
    page.get_by_label("按哪天的规定答").fill("2023-05-01")
    ask(page, "区政府想表彰十家企业")
    page.get_by_text("截至 2023年5月1日").wait_for()
    assert assistant.asked[0].as_of.isoformat() == "2023-05-01"


def test_a_reply_to_pass_on_is_copied(page: Any) -> None:
    ask(page, "区政府想表彰十家企业")
    page.get_by_role("button", name="复制：报领导").click()
    page.get_by_text("已复制“报领导”短文").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("转发短文：报领导").input_value()
    assert 0 < len(copied) <= 150


def test_a_wrong_answer_can_be_reported_with_a_reason(page: Any, assistant: StandIn) -> None:
    ask(page, "区政府想表彰十家企业")
    page.get_by_role("button", name="不对", exact=True).click()
    page.get_by_label("哪里不对（可不填）").fill("条号不对")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("已记录，谢谢").wait_for()
    assert assistant.feedbacks == [("a-prohibited", False, "条号不对")]


def test_a_conversation_survives_a_reload_and_can_be_cleared(page: Any) -> None:
    ask(page, "街道想办一次交流活动")
    page.get_by_role("button", name="A. 发", exact=True).wait_for()
    page.reload()
    assert page.get_by_role("button", name="A. 发", exact=True).is_enabled()
    page.get_by_role("button", name="清空重来").click()
    assert page.get_by_role("article").count() == 0
    assert page.get_by_role("heading", name="这项活动能不能办").is_visible()


def test_an_example_can_be_asked_with_one_press(page: Any, assistant: StandIn) -> None:
    page.locator(".example").first.click()
    page.get_by_role("article").wait_for()
    assert "示范农家乐" in assistant.asked[0].text


def test_a_notice_is_marked_where_it_goes_wrong(page: Any, address: str) -> None:
    page.goto(f"{address}/review")
    page.get_by_label("通知正文").fill(
        "各村（社区）：𠮷祥路街道拟开展示范户评选，验收合格的予以授牌，每户交工本费50元，活动要拍照。"
    )
    page.get_by_role("button", name="开始预检").click()
    page.get_by_text("共查到 3 处：不得 1 处、须改 1 处、建议 1 处").wait_for()
    assert page.locator("mark").all_inner_texts() == ["1授牌", "2工本费", "3拍照"]
    page.locator("mark a").first.click()
    assert page.locator(":target").get_attribute("id") == "finding-1"
    page.locator("#finding-2 .finding-span a").click()
    assert page.locator(":target").get_attribute("id") == "mark-2"


def test_an_uploaded_notice_is_read_by_the_server(page: Any, address: str) -> None:
    page.goto(f"{address}/review")
    page.get_by_label("或上传文件").set_input_files(
        {"name": "通知.txt", "mimeType": "text/plain", "buffer": "拟予授牌。".encode()}
    )
    page.get_by_role("button", name="开始预检").click()
    page.get_by_text("共查到 1 处").wait_for()
    assert page.locator("mark").inner_text() == "1授牌"
    assert "拟予" in page.locator(".sheet").inner_text()


def test_the_shelf_and_a_table_stay_inside_the_window(page: Any, address: str) -> None:
    page.goto(f"{address}/documents")
    page.get_by_role("link", name="保留项目目录").click()
    page.get_by_role("cell", name="示例项目乙").wait_for()
    assert page.get_by_text("示范文本·非真实规定").is_visible()


def test_a_failure_is_told_and_the_question_is_not_lost(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    ask(page, "让它崩溃")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "服务内部出错" in alert.inner_text()
    assert page.get_by_label("您的问题").input_value() == "让它崩溃"
    page.close()
