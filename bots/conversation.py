"""One conversation, whatever the channel: text, presses and files in, messages with buttons out.

Knows no chat library. Keeps the last turns of each chat in memory only, for a while; decides nothing about law.
`telegram` and any later door call `text`, `press` and `file` from a worker thread, each with a key of their own making.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Final

from assistant.config import Settings
from assistant.domain import Answer, Question, Turn
from assistant.errors import AssistantError, BadInput, QuestionTooLong
from assistant.render import TONES, answer_as_turn, answer_to_text, chinese_date, lettered, review_to_text
from assistant.text.days import parse_day

if TYPE_CHECKING:
    from assistant.service import Assistant

MESSAGE_LIMIT: Final = 4096  # UTF-16 code units, the strictest of the channels
NOTICE_CHARS: Final = 500  # nobody asks a question this long; whoever pastes it wants a notice checked
UNKNOWN: Final = "不清楚"
_COMMAND = re.compile(r"/([A-Za-z]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)

COMMANDS: Final = {
    "new": "重新开始，忘掉前面的话",
    "asof": "按哪一天的规定答，如 /asof 2023-05-01",
    "review": "预检通知稿：发文件，或发 /review 再贴正文",
    "forward": "把上一条答复缩成可转发的短文",
    "help": "怎么用",
}
WELCOME: Final = (
    "我是明规，回答“创建示范、评比达标表彰这类活动能不能办、要不要批”，每个结论都附条款。\n\n"
    "直接用大白话问，说清谁来办、面向谁、给不给称号牌匾或奖金。例如：\n"
    "我们镇想选一批“示范农家乐”，打分够了就发牌，备个案行吧？\n\n"
    "发来通知稿（文件，或 {limit} 字以上的正文）可以预检。\n\n{commands}\n\n"
    "不要发送涉密内容和个人信息：您发的话会经过本聊天平台的服务器。结论不能代替审批。"
)


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    token: str  # comes back through `press`; at most 64 ASCII characters, and never what a person typed


@dataclass(frozen=True, slots=True)
class Message:
    """At most MESSAGE_LIMIT UTF-16 units of plain text, and rows of buttons under it."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a press leads to: messages to send, a short note at the button, and whether the buttons are used up."""

    messages: tuple[Message, ...] = ()
    note: str = ""
    used_up: bool = False


@dataclass(slots=True)
class _Chat:
    turns: deque[Turn]
    touched_s: float
    lock: Lock = field(default_factory=Lock)
    as_of: date | None = None
    awaiting_notice: bool = False
    last: Answer | None = None
    serial: int = 0  # of the last answer; a button of an earlier one is out of date


class Conversations:
    """The chats of one door. Bounded: `max_chats` chats, `max_turns` turns each, forgotten after `ttl_s` of silence."""

    def __init__(
        self,
        assistant: Assistant,
        settings: Settings,
        *,
        max_chats: int = 2_000,
        max_turns: int = 12,
        ttl_s: float = 7_200,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._assistant, self._settings, self._clock = assistant, settings, clock
        self._max_chats, self._max_turns, self._ttl_s = max_chats, max_turns, ttl_s
        self._chats: OrderedDict[str, _Chat] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._chats)

    def text(self, key: str, text: str) -> list[Message]:
        """A question, a command, a pasted notice, or the letter of an option. Our own errors become a message."""
        chat = self._chat(key)
        with chat.lock:
            try:
                return self._read(key, chat, text.strip())
            except AssistantError as error:
                return [Message(_told(error))]

    def press(self, key: str, token: str) -> Pressed:
        """A button. One of an answer that is no longer the last does nothing but say so."""
        chat = self._chat(key)
        kind, _, rest = token.partition(":")
        serial, _, value = rest.partition(":")
        with chat.lock:
            if chat.last is None or serial != str(chat.serial):
                return Pressed(note="这条已经过时，请直接打字提问。")
            try:
                if kind == "o":
                    return Pressed(tuple(self._ask(chat, _option(chat.last, value))), used_up=True)
                if kind == "f" and value in TONES:
                    return Pressed((Message(self._assistant.forwardable(chat.last, value)),))
                if kind == "r" and value in ("1", "0"):
                    self._assistant.feedback(chat.last.answer_id, value == "1", "")
                    return Pressed(note="已记录，谢谢。")
            except AssistantError as error:
                return Pressed((Message(_told(error)),))
        return Pressed(note="这个按钮没有对应的操作。")

    def file(self, key: str, data: bytes, name: str) -> list[Message]:
        """A notice as a file: read, checked, not kept."""
        chat = self._chat(key)
        with chat.lock:
            try:
                return self._review(chat, self._assistant.read_notice(data, name))
            except AssistantError as error:
                return [Message(_told(error))]

    def _read(self, key: str, chat: _Chat, text: str) -> list[Message]:
        if command := _COMMAND.fullmatch(text):
            return self._obey(key, chat, command[1].lower(), (command[2] or "").strip())
        if chat.awaiting_notice or len(text) >= NOTICE_CHARS:
            return self._review(chat, text)
        letter = text.upper().rstrip(".．、。 ")
        if chat.last and chat.last.missing and len(letter) == 1 and "A" <= letter <= "Z":
            return self._ask(chat, _option(chat.last, str(ord(letter) - ord("A"))))
        return self._ask(chat, text)

    def _obey(self, key: str, chat: _Chat, name: str, rest: str) -> list[Message]:
        if name in ("start", "help"):
            commands = "\n".join(f"/{command} {what}" for command, what in COMMANDS.items())
            return [Message(WELCOME.format(limit=NOTICE_CHARS, commands=commands))]
        if name == "new":
            with self._lock:
                self._chats.pop(key, None)
            return [Message("好，重新开始。请说您的问题。")]
        if name == "asof":
            return [Message(_set_day(chat, rest))]
        if name == "review":
            if rest:
                return self._review(chat, rest)
            chat.awaiting_notice = True
            return [Message("请发来通知稿：文件，或直接贴正文。只用于这一次预检，不保存。")]
        if name == "forward":
            return self._forward(chat, rest)
        raise BadInput(f"没有 /{name} 这个命令。", hint="发 /help 看怎么用。")

    def _forward(self, chat: _Chat, tone: str) -> list[Message]:
        if chat.last is None:
            raise BadInput("还没有可以转发的答复。", hint="请先提问。")
        tones = [tone] if tone else list(TONES)
        return [Message(self._assistant.forwardable(chat.last, each)) for each in tones]

    def _ask(self, chat: _Chat, text: str) -> list[Message]:
        limit = self._settings.max_question_chars
        if len(text) > limit:
            raise QuestionTooLong(f"内容有 {len(text)} 字，超过上限 {limit} 字。", hint="请只留与活动有关的部分。")
        if not text:
            raise BadInput("没有读到文字。", hint="请直接打字提问，或发来通知稿文件。")
        answer = self._assistant.ask(Question(text, tuple(chat.turns), chat.as_of))
        chat.turns += (Turn("user", text), Turn("assistant", answer_as_turn(answer)))
        chat.last, chat.serial = answer, chat.serial + 1
        return _messages(answer_to_text(answer), _rows(answer, chat.serial))

    def _review(self, chat: _Chat, text: str) -> list[Message]:
        chat.awaiting_notice = False
        if not text.strip():
            raise BadInput("文件里没有读到文字。", hint="如是扫描件，请先识别成文字，或直接粘贴正文。")
        return _messages(review_to_text(self._assistant.review(text, as_of=chat.as_of)))

    def _chat(self, key: str) -> _Chat:
        now = self._clock()
        with self._lock:
            while self._chats and now - next(iter(self._chats.values())).touched_s > self._ttl_s:
                self._chats.popitem(last=False)
            chat = self._chats.get(key) or _Chat(deque(maxlen=self._max_turns), now)
            chat.touched_s = now
            self._chats[key] = chat
            self._chats.move_to_end(key)
            if len(self._chats) > self._max_chats:
                self._chats.popitem(last=False)
        return chat


def split_text(text: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Cut text into pieces of at most `limit` UTF-16 units, at blank lines if possible, else lines, else anywhere."""
    pieces: list[str] = []
    current = ""
    for part in _parts(text, limit):
        if current and _units(current) + _units(part) > limit:
            pieces.append(current.strip("\n"))
            current = ""
        current += part
    if current.strip("\n"):
        pieces.append(current.strip("\n"))
    return pieces


def _parts(text: str, limit: int) -> Iterable[str]:
    """Blocks with the blank line after them; a block that is too long as lines, a line that is too long in bits."""
    for block in re.findall(r".+?(?:\n{2,}|$)", text, re.DOTALL):
        if _units(block) <= limit:
            yield block
            continue
        for line in block.splitlines(keepends=True):
            size = limit // 2  # a character takes at most two units
            yield from [line] if _units(line) <= limit else (line[n : n + size] for n in range(0, len(line), size))


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _messages(text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> list[Message]:
    messages = [Message(piece) for piece in split_text(text)]
    if rows:
        messages[-1] = replace(messages[-1], rows=rows)
    return messages


def _rows(answer: Answer, serial: int) -> tuple[tuple[Button, ...], ...]:
    if answer.missing:
        options = answer.missing[0].options
        shown = [*lettered(options), UNKNOWN] if options else []
        return tuple((Button(text, f"o:{serial}:{n}"),) for n, text in enumerate(shown))
    forward = tuple(Button(f"转发：{name}", f"f:{serial}:{tone}") for tone, name in TONES.items())
    return (forward, (Button("答得对", f"r:{serial}:1"), Button("答得不对", f"r:{serial}:0")))


def _option(answer: Answer, number: str) -> str:
    """The words of an option; the one after the last is "do not know". Raises BadInput for any other."""
    options = (*answer.missing[0].options, UNKNOWN) if answer.missing else ()
    if not number.isdecimal() or int(number) >= len(options):
        raise BadInput("没有这个选项。", hint="请按按钮选，或直接打字说明。")
    return options[int(number)]


def _set_day(chat: _Chat, text: str) -> str:
    if not text:
        current = chinese_date(chat.as_of) if chat.as_of else "今天"
        return f"现在按{current}的规定答。要改，请发如 /asof 2023-05-01；发 /asof 今天 恢复。"
    today = date.today()
    day = parse_day(text, today=today)
    chat.as_of = None if day == today else day
    return f"好，往后按{chinese_date(chat.as_of) if chat.as_of else '今天'}的规定答。"


def _told(error: AssistantError) -> str:
    return f"{error.message}\n{error.hint}"
