"""ask, search, review: one question at a time or a file of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from assistant import render
from assistant.cli.terminal import (
    batch_lines,
    day,
    error_line,
    open_assistant,
    read_argument,
    text_field,
    write_json,
)
from assistant.domain import Level, Question, Turn
from assistant.errors import AssistantError, BadInput
from assistant.text.days import parse_day

Row = dict[str, Any]


def _run_batch(path: str, handle: Callable[[Row, int], Row]) -> None:
    """One output line per input line, in order; a bad line yields its error and the rest goes on; exit 1 if any."""
    bad = False
    for number, row in batch_lines(path):
        identity = row.get("id") if isinstance(row, dict) else None
        try:
            if isinstance(row, AssistantError):
                raise row
            if identity is not None and not isinstance(identity, str | int):
                raise BadInput(f"第 {number} 行的 id 应为文字或数字。", hint="改正 id。")
            write_json(handle(row, number))
        except AssistantError as error:
            bad = True
            write_json(error_line(identity, number, error))
        sys.stdout.flush()
    if bad:
        click.echo("有的行没有答复，见输出中的 error。", err=True)
        sys.exit(1)


def _day_field(row: Row, number: int, default: date | None) -> date | None:
    value = text_field(row, "as_of", number, required=False)
    return parse_day(value, today=date.today()) if value else default


def _context(row: Row, number: int) -> tuple[Turn, ...]:
    turns = row.get("context") or []
    if not isinstance(turns, list):
        raise BadInput(f"第 {number} 行的 context 应为列表。", hint='写成 [{"role": "user", "content": "…"}]。')
    out = []
    for turn in turns:
        if (
            not isinstance(turn, dict)
            or turn.get("role") not in ("user", "assistant")
            or not isinstance(turn.get("content"), str)
        ):
            raise BadInput(
                f"第 {number} 行的 context 里有一轮不合要求。",
                hint="每轮写 role（user 或 assistant）和 content（文字）。",
            )
        out.append(Turn(turn["role"], turn["content"]))
    return tuple(out)


@click.command()
@click.argument("question", required=False)
@click.option("--as-of", callback=day, metavar="日期", help="按哪一天的规定答，如 2026-11-23；默认今天。")
@click.option("--region", metavar="地区", help="按哪个地区的规定答，如 XX省XX市XX区。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--explain", is_flag=True, help="多给出：读到的事实、用到的规则、检索到的条款及得分。")
@click.option("--forward", type=click.Choice(["up", "across"]), help="输出可转发的短答复：up 报领导，across 回部门。")
@click.option("--batch", metavar="FILE.jsonl", help="批量：每行一个问题，- 为标准输入。")
def ask(
    question: str | None, as_of: date | None, region: str | None, as_json: bool, explain: bool,
    forward: str | None, batch: str | None,
) -> None:  # fmt: skip
    """问一件事该不该办、要不要批。QUESTION 为 - 时从标准输入读。

    \b
    minggui ask "区妇联想评二十名巾帼标兵，怎么备案？"
    echo "这个要不要报？" | minggui ask -
    minggui ask --batch 问题.jsonl > 答复.jsonl
    """
    if batch is not None:
        if question is not None:
            raise click.UsageError("--batch 与 QUESTION 只能给一个。")
        assistant = open_assistant()

        def handle(row: Row, number: int) -> Row:
            text = text_field(row, "question", number) or ""
            place = text_field(row, "region", number, required=False) or region
            asked = Question(text, _context(row, number), _day_field(row, number, as_of), place)
            return render.answer_to_dict(assistant.ask(asked), id=row.get("id"))

        _run_batch(batch, handle)
        return
    if question is None:
        raise click.UsageError('请写出问题，例如 minggui ask "街道想评十佳商户发牌子，要报批吗？"')
    assistant = open_assistant()
    text = read_argument(question)
    answer = assistant.ask(Question(text, as_of=as_of, region=region))
    hits = assistant.search(text, 5, as_of=as_of, region=region) if explain else []
    if as_json:
        row = render.answer_to_dict(answer)
        if explain:
            row["passages"] = [render.hit_to_dict(hit, explain=True) for hit in hits]
        write_json(row)
    elif forward:
        click.echo(assistant.forwardable(answer, forward))
    else:
        click.echo(render.answer_to_text(answer))
        if explain:
            click.echo("\n" + _explanation(answer, hits))


def _explanation(answer: Any, hits: Any) -> str:
    lines = ["读到的事实"]
    lines += [f"  {f.name} = {f.value}（{'“' + f.said + '”' if f.said else '推定'}）" for f in answer.facts]
    lines += ["规则"]
    lines += [f"  {reason.effect} {reason.rule}" for reason in answer.reasons]
    lines += ["检索到的条款"]
    for hit in hits:
        parts = "，".join(f"{name} {value:.3f}" for name, value in hit.passage.why.items())
        lines.append(f"  {hit.passage.score:.3f} {hit.document.title} {hit.provision.shown_label}（{parts}）")
    return "\n".join(lines)


@click.command()
@click.argument("query", required=False)
@click.option("-k", default=10, show_default=True, type=click.IntRange(1, 1000), help="最多几条。")
@click.option("--as-of", callback=day, metavar="日期", help="只找这一天有效的规定；默认今天。")
@click.option("--region", metavar="地区", help="只找这个地区适用的规定。")
@click.option("--level", type=click.Choice([level.value for level in Level]), help="只找这一级的文件。")
@click.option("--document", metavar="文件名", help="只在这件文件里找。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--explain", is_flag=True, help="给出每条得分的来历。")
@click.option("--batch", metavar="FILE.jsonl", help="批量：每行一个问题，- 为标准输入。")
def search(
    query: str | None, k: int, as_of: date | None, region: str | None, level: str | None, document: str | None,
    as_json: bool, explain: bool, batch: str | None,
) -> None:  # fmt: skip
    """在文件库里找条款。

    \b
    minggui search "乡镇能不能搞创建"
    minggui search "创建示范办法 第四条第一款"
    """
    wanted = Level(level) if level else None
    if batch is not None:
        if query is not None:
            raise click.UsageError("--batch 与 QUERY 只能给一个。")
        assistant = open_assistant()

        def handle(row: Row, number: int) -> Row:
            limit = row.get("k", k)
            if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 1000:
                raise BadInput(f"第 {number} 行的 k 应为 1 到 1000 的整数。", hint="改正 k，或者去掉它。")
            found = assistant.search(
                text_field(row, "question", number) or "", limit, as_of=_day_field(row, number, as_of),
                region=region, level=wanted, document=document,
            )  # fmt: skip
            return {"id": row.get("id"), "results": [render.hit_to_dict(hit, brief=True) for hit in found]}

        _run_batch(batch, handle)
        return
    if query is None:
        raise click.UsageError('请写出要找什么，例如 minggui search "评比表彰 公示"')
    assistant = open_assistant()
    hits = assistant.search(read_argument(query), k, as_of=as_of, region=region, level=wanted, document=document)
    if as_json:
        write_json([render.hit_to_dict(hit, explain=explain) for hit in hits])
        return
    if not hits:
        click.echo("没有找到相关条款。", err=True)
        return
    click.echo(render.hits_to_text(hits))
    if explain:
        for hit in hits:
            parts = "，".join(f"{name} {value:.3f}" for name, value in hit.passage.why.items())
            click.echo(f"{hit.passage.score:.3f} {hit.document.title} {hit.provision.shown_label}：{parts}")


@click.command()
@click.argument("file", required=False)
@click.option("--organizer", metavar="单位", help="主办（落款）单位，通知稿里没写时给出。")
@click.option("--as-of", callback=day, metavar="日期", help="按哪一天的规定查；默认今天。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--docx", "docx_out", type=click.Path(dir_okay=False, path_type=Path), help="另存一份带批注的 Word。")
@click.option("--batch", metavar="FILE.jsonl", help="批量：每行一篇通知稿，- 为标准输入。")
def review(
    file: str | None, organizer: str | None, as_of: date | None, as_json: bool, docx_out: Path | None,
    batch: str | None,
) -> None:  # fmt: skip
    """发文前预检活动通知稿：能不能办，哪几处要改。FILE 可为 docx、pdf、md、txt，- 为标准输入。

    通知稿只读不存。
    """
    if batch is not None:
        if file is not None:
            raise click.UsageError("--batch 与 FILE 只能给一个。")
        assistant = open_assistant()

        def handle(row: Row, number: int) -> Row:
            text = text_field(row, "text", number) or ""
            who = text_field(row, "organizer", number, required=False) or organizer
            result = assistant.review(text, organizer=who, as_of=_day_field(row, number, as_of))
            return render.review_to_dict(result, id=row.get("id"))

        _run_batch(batch, handle)
        return
    if file is None:
        raise click.UsageError("请给出通知稿文件，例如 minggui review 通知稿.docx")
    assistant = open_assistant()
    name, data = _read_notice(file)
    text = data.decode("utf-8", "replace") if file == "-" else assistant.read_notice(data, name)
    result = assistant.review(text, organizer=organizer, as_of=as_of)
    if docx_out is not None:
        from assistant.review.marked import write_docx

        docx_out.write_bytes(write_docx(data if name.endswith(".docx") else text, result))
        click.echo(f"批注稿已写到 {docx_out}", err=True)
    if as_json:
        write_json(render.review_to_dict(result))
    else:
        click.echo(render.review_to_text(result))


def _read_notice(file: str) -> tuple[str, bytes]:
    if file == "-":
        return "标准输入", sys.stdin.buffer.read()
    path = Path(file)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise BadInput(f"打不开 {file}：{error.strerror}。", hint="检查文件名和权限。") from error
