"""What every command shares: opening the assistant, errors as exit codes, progress, reading input, writing JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from assistant.config import Settings
from assistant.errors import AssistantError, BadInput, NotYet
from assistant.text.days import parse_day

if TYPE_CHECKING:
    from assistant.service import Assistant


class Group(click.Group):
    """A group whose commands turn our errors into a sentence, a hint and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AssistantError as error:
            fail(error)
        except (BrokenPipeError, KeyboardInterrupt):
            sys.stderr.close()
            sys.exit(1)


def fail(error: AssistantError) -> None:
    """Say what is wrong and how to mend it; exit 1."""
    click.echo(f"出错：{error.message}", err=True)
    click.echo(f"办法：{error.hint}", err=True)
    sys.exit(1)


def not_yet(what: str, instead: str) -> None:
    """A command of the contract whose room is not furnished yet."""
    raise NotYet(f"{what}还没有做好。", hint=instead)


def progress(done: int, total: int, what: str) -> None:
    """One line on stderr, rewritten in place on a terminal; quiet when nobody watches."""
    if not sys.stderr.isatty():
        return
    bar = f"{done}/{total}" if total else str(done)
    click.echo(f"\r\x1b[K{bar} {what[:60]}", err=True, nl=bool(total and done >= total))


def open_assistant() -> Assistant:
    """The assistant of this machine's settings; fills a new home first, saying so."""
    from assistant.service import Assistant

    settings = Settings()
    if not (settings.index_dir / "CURRENT").exists():
        click.echo(f"首次运行：正在建立文件库和索引（{settings.home}）……", err=True)
    return Assistant.open(settings, progress=progress)


def day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """click callback for --as-of; a bad date is our error, not a usage error."""
    return parse_day(value, today=date.today()) if value else None


def read_argument(value: str) -> str:
    """The text itself, or standard input for `-`."""
    return sys.stdin.read() if value == "-" else value


def write_json(value: Any, *, indent: int | None = None) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def batch_lines(path: str) -> Iterator[tuple[int, Any]]:
    """(line number, JSON object or BadInput) of every non-empty line of a JSONL file or standard input.

    A line that cannot be used gives a BadInput in its place; an unreadable file raises.
    """
    try:
        stream = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115
    except OSError as error:
        raise BadInput(f"打不开 {path}：{error.strerror}。", hint="检查文件名；从标准输入读用 -。") from error
    with stream:
        for number, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            try:
                value = json.loads(raw.decode("utf-8-sig"))
                if not isinstance(value, dict):
                    raise ValueError("不是对象")
            except (ValueError, RecursionError) as error:
                yield number, BadInput(
                    f"第 {number} 行不是一个 JSON 对象（{str(error)[:60]}）。", hint='每行写一个对象，如 {"id": "1", "question": "…"}，UTF-8 编码。'
                )  # fmt: skip
                continue
            yield number, value


def error_line(identity: Any, line: int, error: AssistantError) -> dict[str, Any]:
    return {
        "id": identity if isinstance(identity, str | int) else None, "line": line,
        "error": {"code": error.code, "message": error.message, "hint": error.hint},
    }  # fmt: skip


def text_field(row: dict[str, Any], name: str, line: int, *, required: bool = True) -> str | None:
    """A string field of a batch line. Raises BadInput naming line and field."""
    value = row.get(name)
    if value is None and not required:
        return None
    if not isinstance(value, str) or (required and not value.strip()):
        raise BadInput(
            f"第 {line} 行的 {name} 应为文字，现为 {json.dumps(value, ensure_ascii=False)[:40]}。",
            hint=f"补上 {name}。",
        )
    return value
