"""The conversation core, without any channel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import Settings
from bots.conversation import MESSAGE_LIMIT, UNKNOWN, Conversations, split_text
from tests.render.cases import DAY
from tests.web.stand_in import StandIn


@pytest.fixture
def assistant() -> StandIn:
    return StandIn()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path, max_question_chars=400)


@pytest.fixture
def talk(assistant: StandIn, settings: Settings) -> Conversations:
    return Conversations(assistant, settings)


def test_an_answer_comes_with_its_basis_and_ways_to_pass_it_on(talk: Conversations) -> None:
    (message,) = talk.text("c", "我们镇想选一批示范农家乐")
    assert message.text.startswith("不能办，备案也不行。")
    assert "据《创建示范活动管理办法（试行）》" in message.text
    assert [[button.text for button in row] for row in message.rows] == [
        ["转发：报领导", "转发：回部门"],
        ["答得对", "答得不对"],
    ]


def test_a_question_asked_back_has_one_button_an_option_and_one_for_not_knowing(talk: Conversations) -> None:
    (message,) = talk.text("c", "街道想办一次交流活动")
    assert [row[0].text for row in message.rows] == ["A. 发", "B. 不发，只培训交流", UNKNOWN]
    assert all(len(button.token) <= 64 and button.token.isascii() for row in message.rows for button in row)


@pytest.mark.parametrize("reply", ["A", "a.", "A、"])
def test_a_typed_letter_is_the_option(talk: Conversations, assistant: StandIn, reply: str) -> None:
    talk.text("c", "街道想办一次交流活动")
    talk.text("c", reply)
    assert assistant.asked[1].text == "发"


def test_a_press_is_the_next_turn_of_the_same_conversation(talk: Conversations, assistant: StandIn) -> None:
    (message,) = talk.text("c", "街道想办一次交流活动")
    pressed = talk.press("c", message.rows[1][0].token)
    assert pressed.used_up
    assert "可以照常培训交流" in pressed.messages[0].text
    second = assistant.asked[1]
    assert second.text == "不发，只培训交流"
    assert second.context[0].content == "街道想办一次交流活动"
    assert second.context[1].content.endswith("B. 不发，只培训交流")


def test_not_knowing_is_said_and_not_dropped(talk: Conversations, assistant: StandIn) -> None:
    (message,) = talk.text("c", "街道想办一次交流活动")
    talk.press("c", message.rows[-1][0].token)
    assert assistant.asked[1].text == UNKNOWN


def test_a_button_of_an_earlier_answer_does_nothing(talk: Conversations, assistant: StandIn) -> None:
    (old,) = talk.text("c", "街道想办一次交流活动")
    talk.text("c", "换个问题：公务员奖励对象")
    assert "过时" in talk.press("c", old.rows[0][0].token).note
    assert len(assistant.asked) == 2


@pytest.mark.parametrize(
    "token", ["", "o", "o:1:9", "o:1:-1", "o:1:x", "f:1:sideways", "r:1:2", "x:1:1", "o:１:0", "o:1:²"]
)
def test_a_forged_token_asks_nothing(talk: Conversations, assistant: StandIn, token: str) -> None:
    talk.text("c", "街道想办一次交流活动")
    pressed = talk.press("c", token)
    assert (len(assistant.asked), assistant.feedbacks) == (1, [])
    assert pressed.note or pressed.messages


def test_one_persons_buttons_and_turns_are_not_anothers(talk: Conversations, assistant: StandIn) -> None:
    (message,) = talk.text("group:1", "街道想办一次交流活动")
    assert "过时" in talk.press("group:2", message.rows[0][0].token).note
    talk.text("group:2", "公务员奖励对象是谁")
    assert assistant.asked[1].context == ()


def test_an_answer_can_be_passed_on_and_judged(talk: Conversations, assistant: StandIn) -> None:
    (message,) = talk.text("c", "我们镇想选一批示范农家乐")
    up = talk.press("c", message.rows[0][0].token)
    assert up.messages[0].text.startswith("报告：")
    assert not up.used_up
    assert talk.press("c", message.rows[1][1].token).note == "已记录，谢谢。"
    assert assistant.feedbacks == [("a-prohibited", False, "")]
    assert [message.text[:2] for message in talk.text("c", "/forward")] == ["报告", "你单"]
    assert [message.text[:2] for message in talk.text("c", "/forward 回部门")] == ["你单"]


def test_passing_on_nothing_says_what_to_do(talk: Conversations) -> None:
    assert talk.text("c", "/forward")[0].text == "还没有可以转发的答复。\n请先提问。"


def test_the_day_holds_until_it_is_taken_back(talk: Conversations, assistant: StandIn) -> None:
    assert "2023年5月1日" in talk.text("c", "/asof 2023年5月1日")[0].text
    assert "2023年5月1日" in talk.text("c", "/asof")[0].text
    talk.text("c", "我们镇想选一批示范农家乐")
    talk.text("c", "/asof 今天")
    talk.text("c", "我们镇想选一批示范农家乐")
    assert [question.as_of for question in assistant.asked] == [date(2023, 5, 1), None]
    assert "不成立" in talk.text("c", "/asof 2023-02-30")[0].text


def test_a_new_conversation_forgets_turns_and_day(talk: Conversations, assistant: StandIn) -> None:
    talk.text("c", "/asof 2023-05-01")
    talk.text("c", "街道想办一次交流活动")
    talk.text("c", "/new@minggui_bot")
    talk.text("c", "街道想办一次交流活动")
    assert (assistant.asked[1].context, assistant.asked[1].as_of) == ((), None)


def test_a_file_or_a_long_text_or_the_next_message_is_a_notice(talk: Conversations, assistant: StandIn) -> None:
    notice = "拟对验收合格的予以授牌。"
    expected = talk.file("c", notice.encode(), "通知.txt")[0].text
    assert "【不得】原文：授牌" in expected
    assert talk.text("c", f"/review {notice}")[0].text == expected
    assert "发来通知稿" in talk.text("c", "/review")[0].text
    assert talk.text("c", notice)[0].text == expected
    assert "【不得】原文：授牌" in talk.text("c", notice * 50)[0].text
    assert assistant.asked == []


def test_our_errors_become_a_sentence_and_the_next_step(talk: Conversations) -> None:
    assert talk.file("c", "机密★一年".encode(), "密.txt")[0].text == "“密.txt”带有密级标志。\n涉密文件不得上传。"
    assert "没有读到文字" in talk.file("c", b" ", "空.txt")[0].text
    assert "上限 400 字" in talk.text("c", "长" * 450)[0].text
    assert "发 /help" in talk.text("c", "/deploy now")[0].text
    assert "没有读到文字" in talk.text("c", "  ")[0].text


def test_help_names_every_command_and_what_leaves_the_machine(talk: Conversations) -> None:
    text = talk.text("c", "/start")[0].text
    assert all(command in text for command in ("/new", "/asof", "/review", "/forward"))
    assert "会经过本聊天平台的服务器" in text


def test_only_the_last_turns_are_kept(assistant: StandIn, settings: Settings) -> None:
    talk = Conversations(assistant, settings, max_turns=4)
    for n in range(4):
        talk.text("c", f"第{n}个问题，我们镇")
    assert [turn.content for turn in assistant.asked[-1].context if turn.role == "user"] == [
        "第1个问题，我们镇",
        "第2个问题，我们镇",
    ]


def test_a_silent_chat_is_forgotten_and_chats_are_bounded(assistant: StandIn, settings: Settings) -> None:
    now = [0.0]
    talk = Conversations(assistant, settings, max_chats=3, ttl_s=60, clock=lambda: now[0])
    talk.text("a", "我们镇")
    now[0] = 61
    talk.text("a", "我们镇")
    assert assistant.asked[-1].context == ()
    for key in "bcdef":
        talk.text(key, "我们镇")
    assert len(talk) == 3


def test_the_footer_names_the_day(talk: Conversations) -> None:
    assert talk.text("c", "我们镇")[0].text.endswith(f"截至 {DAY.year}年{DAY.month}月{DAY.day}日")


@given(st.text(alphabet="条款。\n 𠮷a", max_size=400), st.integers(4, 40))
def test_cutting_keeps_every_word_and_the_limit(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(len(piece.encode("utf-16-le")) // 2 <= limit for piece in pieces)
    assert "".join("".join(pieces).split("\n")) == "".join(text.split("\n"))


def test_a_long_answer_is_cut_between_blocks() -> None:
    text = "\n\n".join("条" * 1500 for _ in range(5))
    pieces = split_text(text)
    assert [len(piece) for piece in pieces] == [3002, 3002, 1500]
    assert max(map(len, pieces)) <= MESSAGE_LIMIT
