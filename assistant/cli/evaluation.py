"""eval: run the cases, decide whether a release may ship, accept a run, report, triage."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from assistant.cli.terminal import Group, day, write_json
from assistant.config import Settings


@click.group("eval", cls=Group)
def evaluation() -> None:
    """评测：跑用例、放行把关、出报告。"""


@evaluation.command()
@click.option(
    "--suite",
    type=click.Choice(["ask", "retrieval", "review", "all"]),
    default="all",
    show_default=True,
    help="跑哪一套用例。",
)
@click.option("--split", default="open", show_default=True, help="哪一份用例（open 公开，blind 盲测）。")
@click.option("--url", default="", help="改测另一台明规服务，如 http://127.0.0.1:8765。")
@click.option("--openai", default="", help="改测 OpenAI 兼容接口，如 http://127.0.0.1:8765/v1。")
@click.option("--model", default="", help="OpenAI 接口的模型名。")
@click.option("--token", default="", envvar="MINGGUI_EVAL_TOKEN", help="接口令牌。")
@click.option("--plain", is_flag=True, help="对方不认得我们的结论词，请它按词表回答。")
@click.option("--workers", default=1, show_default=True, help="几路并行。")
@click.option("--name", default="", help="这次运行叫什么。")
@click.option("--resume", default="", help="接着跑没跑完的一次（名字或 latest）。")
@click.option("--limit", default=0, help="只跑前几条，看一眼用。")
@click.option("--blind", is_flag=True, help="确认运行盲测集（每次登记）。")
@click.option("--today", callback=day, metavar="日期", help="没有写日期的用例按哪天；默认 2026-11-23。")
def run(
    suite: str, split: str, url: str, openai: str, model: str, token: str, plain: bool, workers: int, name: str,
    resume: str, limit: int, blind: bool, today: date | None,
) -> None:  # fmt: skip
    """跑用例并打分，结果存在数据目录的 evals/ 下。"""
    from assistant.service import Assistant
    from evals import cli as evals
    from evals.cases import case_files
    from evals.report import report_text

    settings = Settings()
    assistant = Assistant.open(settings)
    held = {path.stem for path in case_files()}
    suites = [s for s in ("ask", "retrieval", "review") if f"{s}-{split}" in held] if suite == "all" else [suite]
    for each in suites:
        done = evals.run(
            settings, suite=each, split=split, url=url, openai=openai, model=model, token=token, plain=plain,
            workers=workers, name=f"{name}-{each}" if name and len(suites) > 1 else name, resume=resume, limit=limit,
            blind=blind, today=today, assistant=assistant, progress=evals.print_progress,
        )  # fmt: skip
        click.echo(report_text(done))


@evaluation.command()
@click.argument("names", nargs=-1)
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="另写 JUnit XML。")
def gate(names: tuple[str, ...], junit: Path | None) -> None:
    """放行把关：与已认可的结果比，变差就不放行（退出码 1）。"""
    from evals import cli as evals

    results = evals.gate(Settings(), names, junit=junit)
    for result in results:
        click.echo(result.line)
        for note in result.notes:
            click.echo(f"  {note}", err=True)
    sys.exit(max((result.exit_code for result in results), default=1))


@evaluation.command()
@click.argument("name", default="latest")
@click.option("--who", required=True, help="谁认可。")
@click.option("--why", required=True, help="为什么。")
def accept(name: str, who: str, why: str) -> None:
    """认可一次运行，作为以后比较的基准。"""
    from evals import cli as evals

    click.echo(f"已认可：{evals.accept(Settings(), name, who=who, why=why).name}")


@evaluation.command()
@click.argument("name", default="latest")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="写到哪个文件夹。")
def report(name: str, out: Path | None) -> None:
    """出报告：JSON、Markdown 和一个自带样式的 HTML。"""
    from evals import cli as evals

    for path in evals.report(Settings(), name, out=out).values():
        click.echo(path)


@evaluation.command()
@click.argument("name", default="latest")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--limit", default=20, show_default=True, help="每类最多几条。")
def triage(name: str, as_json: bool, limit: int) -> None:
    """把没答对的按毛病出在哪一间归类。"""
    from evals import cli as evals
    from evals import triage as rooms

    failures = evals.triage(Settings(), name)
    if as_json:
        write_json(rooms.to_dict(failures))
    else:
        click.echo(rooms.to_text(failures, limit=limit))


@evaluation.command()
def lint() -> None:
    """查用例：依据在不在库里、结论词对不对、有没有重复。"""
    from assistant.service import Assistant
    from evals import cli as evals

    settings = Settings()
    assistant = Assistant.open(settings)
    complaints = evals.lint(settings, shelf=evals.open_shelf(assistant.library))
    for complaint in complaints:
        click.echo(str(complaint))
    sys.exit(1 if any(complaint.error for complaint in complaints) else 0)


@evaluation.command()
@click.argument("suite")
@click.argument("split")
@click.option("--by", required=True, help="谁封存。")
@click.option("--why", default="", help="为什么。")
def seal(suite: str, split: str, by: str, why: str) -> None:
    """封存一份盲测集（记下内容的哈希）。"""
    from evals import cli as evals

    click.echo(evals.seal(suite, split, by=by, why=why))


_LABELLED = click.option(
    "--file", "path", type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="标注了事实的说法（JSONL）；默认 evals/cases/extraction-open.jsonl。",
)  # fmt: skip


@evaluation.command()
@_LABELLED
@click.option("--per-operator", default=120, show_default=True, help="每种改写最多几对。")
@click.option("--seed", default=0, show_default=True, help="抽样的种子。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def pairs(path: Path | None, per_operator: int, seed: int, as_json: bool) -> None:
    """改写对：换说法不该变结论，换事实该怎么变就怎么变。"""
    from evals import cli as evals

    table = evals.relations(Settings(), path=path, per_operator=per_operator, seed=seed)
    if as_json:
        write_json(table)
        return
    for row in table["operators"]:
        untouched = "" if row["tuned"] else "\t未用于调试"
        click.echo(
            f"{row['operator']}\t{row['held']}/{row['pairs']}\t{row['share']:.3f}"
            f"\t该变 {row['should_change']}\t误放行 {row['false_permits']}{untouched}"
        )
        for failure in row["failures"][:3]:
            click.echo(f"    应为 {failure['expected']}，答 {failure['given']}：{failure['text']}", err=True)
    click.echo(f"共 {table['pairs']} 对，最差 {table['worst']:.3f}，误放行 {table['false_permits']}")


@evaluation.command()
@_LABELLED
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def users(path: Path | None, as_json: bool) -> None:
    """模拟用户：问到结论要答几个问题，有没有白问的。"""
    from evals import cli as evals

    table = evals.simulated_users(Settings(), path=path)
    if as_json:
        write_json(table)
        return
    told = sum(talk["told_branches"] for talk in table["not_final"])
    click.echo(
        f"{table['talks']} 人，追问中位数 {table['median']:g}，平均 {table['mean']:.2f}，有结论 {table['final']}，"
        f"没有结论但三问之内说明了“若…则…” {told}，白问 {table['idle']}"
    )


@evaluation.command()
@_LABELLED
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def extraction(path: Path | None, as_json: bool) -> None:
    """读事实：逐项的准确率、召回率、F1，只用线索与加上模型各是多少。"""
    from evals import cli as evals

    table = evals.extraction(Settings(), path=path)
    if as_json:
        write_json(table)
        return
    click.echo("事实\t标注数\t" + "\t".join(table["readers"]))
    for row in table["facts"]:
        click.echo(f"{row['fact']}\t{row['labelled']}\t" + "\t".join(f"{row[name]:.3f}" for name in table["readers"]))
