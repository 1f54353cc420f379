"""serve, bot, doctor, replay, rules: keeping it running and looking inside."""

from __future__ import annotations

import sys
from datetime import date

import click

from assistant import render
from assistant.cli.terminal import Group, open_assistant, write_json
from assistant.config import Settings


@click.command()
@click.option("--host", help="监听地址，默认 127.0.0.1（只本机可用）。")
@click.option("--port", type=int, help="端口，默认 8765。")
def serve(host: str | None, port: int | None) -> None:
    """打开网页和 HTTP 接口。"""
    from assistant import web

    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    web.serve(Settings().model_copy(update=changes))


@click.group(cls=Group)
def bot() -> None:
    """聊天机器人。"""


@bot.command()
def telegram() -> None:
    """接入 Telegram（先设 MINGGUI_TELEGRAM_TOKEN）。"""
    from bots.telegram import build, run

    settings = Settings()
    if settings.telegram_token is None:
        build(settings, None)  # type: ignore[arg-type]  # says what to set, before anything heavy is opened
    run(settings, open_assistant())


@click.command()
@click.argument("answer_id")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def replay(answer_id: str, as_json: bool) -> None:
    """重放一个答复：当时怎么答的，按同一天的规定现在怎么答。"""
    then, now = open_assistant().replay(answer_id)
    again = render.answer_to_dict(now)
    same = all(then[key] == again[key] for key in ("verdict", "answer", "citations"))
    if as_json:
        write_json({"then": then, "now": again, "same": same})
        return
    click.echo(
        f"问：{then.get('question', '')}\n当时（{then['as_of']}）：{then['verdict_label'] or '—'}\n{then['answer']}"
    )
    click.echo("现在答复相同。" if same else f"\n现在：{again['verdict_label'] or '—'}\n{again['answer']}")


@click.group(cls=Group)
def rules() -> None:
    """规则：覆盖了什么，依据是什么。"""


@rules.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def coverage(as_json: bool) -> None:
    """主办单位 × 活动性质：每一格的结论、规则、依据等级和金标用例数；没有规则的写明缘由。"""
    from assistant.rules.coverage import coverage as cells
    from evals.relations.pairs import labelled_cells

    counts = labelled_cells()
    rows = list(cells(open_assistant().book, on=date.today()))
    if as_json:
        write_json([{**row.as_dict(), "cases": counts.get(row.cell, 0)} for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row.organizer}\t{row.nature}\t{'/'.join(row.outcomes)}\t{'、'.join(row.rules) or row.reason}"
            f"\t{'/'.join(row.verified) or '—'}\t{counts.get(row.cell, 0)}"
        )
    silent = sum(not row.rules and not row.asks for row in rows)
    uncased = sum(not counts.get(row.cell) for row in rows)
    click.echo(f"{len(rows)} 格，未见明文 {silent} 格，没有金标用例 {uncased} 格", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def doctor(as_json: bool) -> None:
    """查这台机器上哪里不对、怎么修。"""
    from assistant.cli.doctor import examine

    findings = examine(Settings())
    if as_json:
        write_json([{"what": f.what, "state": f.state, "detail": f.detail, "mend": f.mend} for f in findings])
    else:
        marks = {"ok": "好  ", "warn": "注意", "bad": "坏  "}
        for finding in findings:
            click.echo(f"{marks[finding.state]} {finding.what}：{finding.detail}")
            if finding.mend:
                click.echo(f"     办法：{finding.mend}")
    sys.exit(1 if any(f.state == "bad" for f in findings) else 0)
