"""The Telegram door: updates in, `Conversations` in a worker thread, messages out. Thin; knows nothing of the law.

Nothing here logs what people wrote, and the token never reaches a log: httpx, whose lines would carry it, is quieted,
and whatever else gets to a log handler has it blotted out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telegram import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram import Message as Incoming
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from assistant.config import Settings
from assistant.errors import BadInput
from bots.conversation import COMMANDS, Conversations, Message

if TYPE_CHECKING:
    from assistant.service import Assistant

_log = logging.getLogger(__name__)
_DOWNLOAD_LIMIT_MB = 20  # of the public Bot API
_ALLOWED_UPDATES = ["message", "callback_query"]
_APOLOGY = "服务出错了，这条没有办成。请稍后再发一次。"


def run(settings: Settings, assistant: Assistant, *, webhook_url: str = "", listen: str = "127.0.0.1") -> None:
    """Serve until interrupted: by polling, or behind a reverse proxy when `webhook_url` says where Telegram finds us.

    Raises BadInput without a token, or without a webhook secret when a webhook is asked for.
    """
    application = build(settings, assistant)
    hide_token(settings)
    _log.warning("Telegram 已接入：提问和答复的文字会经过 Telegram 的服务器；文件库和索引不离开本机。")
    if not webhook_url:
        application.run_polling(allowed_updates=_ALLOWED_UPDATES, bootstrap_retries=5)
        return
    if settings.telegram_webhook_secret is None:
        raise BadInput(
            "没有设置 webhook 口令。", hint="请设置 MINGGUI_TELEGRAM_WEBHOOK_SECRET（1–256 位字母、数字、_、-）。"
        )
    application.run_webhook(
        listen=listen,
        port=settings.port,
        url_path=urlsplit(webhook_url).path.strip("/"),
        webhook_url=webhook_url,
        secret_token=settings.telegram_webhook_secret.get_secret_value(),
        allowed_updates=_ALLOWED_UPDATES,
        bootstrap_retries=5,
    )


def build(settings: Settings, assistant: Assistant) -> Application[Any, Any, Any, Any, Any, Any]:
    """The application with its handlers, not started. Raises BadInput without a token."""
    if settings.telegram_token is None:
        raise BadInput(
            "没有设置 Telegram 机器人口令，机器人没有启动。",
            hint="在 .env 写 MINGGUI_TELEGRAM_TOKEN=…（向 @BotFather 申请）。启用后提问和答复会经过 Telegram 的服务器。",
        )
    builder = (
        Application.builder()
        .token(settings.telegram_token.get_secret_value())
        .rate_limiter(AIORateLimiter(max_retries=3))
        .concurrent_updates(8)
        .post_init(_announce)
    )
    if settings.telegram_base_url:
        base = settings.telegram_base_url.rstrip("/")
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    application = builder.build()
    door = _Door(Conversations(assistant, settings), settings)
    fresh = filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(fresh & filters.TEXT, door.on_text))
    application.add_handler(MessageHandler(fresh & filters.Document.ALL, door.on_file))
    application.add_handler(MessageHandler(fresh & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL, door.on_other))
    application.add_handler(CallbackQueryHandler(door.on_press))
    application.add_error_handler(on_error)
    return application


class _Door:
    def __init__(self, conversations: Conversations, settings: Settings) -> None:
        self._conversations = conversations
        self._limit_mb = min(settings.max_upload_mb, _DOWNLOAD_LIMIT_MB)

    async def on_text(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or message.text is None:
            return
        await message.reply_chat_action(ChatAction.TYPING)
        await _send(message, await asyncio.to_thread(self._conversations.text, _key(update), message.text))

    async def on_file(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or message.document is None:
            return
        document = message.document
        if (document.file_size or 0) > self._limit_mb * 1_000_000:
            await message.reply_text(f"文件超过 {self._limit_mb} MB，没有读取。\n请只发通知正文，或直接粘贴文字。")
            return
        await message.reply_chat_action(ChatAction.TYPING)
        data = bytes(await (await document.get_file()).download_as_bytearray())
        name = document.file_name or "未命名"
        await _send(message, await asyncio.to_thread(self._conversations.file, _key(update), data, name))

    async def on_other(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message:
            await update.effective_message.reply_text(
                "只读得懂文字和文件。\n请直接打字提问，或发来通知稿文件（docx、pdf、txt）。"
            )

    async def on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        pressed = await asyncio.to_thread(self._conversations.press, _key(update), query.data or "")
        try:
            await query.answer(pressed.note or None)
            if pressed.used_up:
                await query.edit_message_reply_markup(None)
        except BadRequest:  # the press is too old to be acknowledged, or the buttons are gone already
            _log.info("a press could not be acknowledged")
        if isinstance(query.message, Incoming):
            await _send(query.message, pressed.messages)


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log the error, not the words that led to it, and tell the person that nothing came of it."""
    _log.error("an update failed", exc_info=context.error)
    if isinstance(update, Update) and update.effective_message:
        try:
            await update.effective_message.reply_text(_APOLOGY)
        except TelegramError:
            _log.warning("nor could the person be told")


def hide_token(settings: Settings) -> None:
    """Quiet the libraries that log addresses, and blot the token out of whatever reaches the root handlers."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if settings.telegram_token is not None:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(_Blotting(handler.formatter, settings.telegram_token.get_secret_value()))


class _Blotting(logging.Formatter):
    """Another formatter's lines, tracebacks included, with one word blotted out."""

    def __init__(self, inner: logging.Formatter | None, secret: str) -> None:
        super().__init__()
        self._inner, self._secret = inner or logging.Formatter(), secret

    def format(self, record: logging.LogRecord) -> str:
        return self._inner.format(record).replace(self._secret, "***")


async def _announce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    await application.bot.set_my_commands([BotCommand(name, what) for name, what in COMMANDS.items()])


async def _send(to: Incoming, messages: Sequence[Message]) -> None:
    for message in messages:
        rows = [[InlineKeyboardButton(b.text, callback_data=b.token) for b in row] for row in message.rows]
        await to.reply_text(
            message.text,
            reply_markup=InlineKeyboardMarkup(rows) if rows else None,
            disable_web_page_preview=True,
        )


def _key(update: Update) -> str:
    """A chat and a person: in a group, one member's facts must not decide another's case."""
    chat, user = update.effective_chat, update.effective_user
    return f"{chat.id if chat else 0}:{user.id if user else 0}"
