"""corpus: what is in the library, adding to it, taking out of use, rebuilding the index."""

from __future__ import annotations

import getpass
import sys
from datetime import date
from pathlib import Path

import click

from assistant import render
from assistant.cli.terminal import Group, day, not_yet, open_assistant, progress, write_json
from assistant.domain import DocumentStatus
from assistant.errors import BadInput


@click.group(cls=Group)
def corpus() -> None:
    """文件库：看有什么，加文件，停用，重建索引。"""


@corpus.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="读完直接发布，不再确认。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def add(paths: tuple[Path, ...], yes: bool, as_json: bool) -> None:
    """读取文件、文件夹或 zip；确认后发布。支持 docx、pdf（文字版）、md、txt、html、xlsx、csv。

    不加 --yes 又不在终端上时，只存草稿并给出下一步命令。
    """
    assistant = open_assistant()
    report = assistant.add_paths(paths, publish=yes, by=_who(), progress=progress)
    for draft in report.drafts:
        document = draft.document
        click.echo(
            f"{draft.name} → 《{document.title}》 {document.document_number} {len(draft.provisions)} 个条款单元",
            err=True,
        )
    for name, problem in report.problems:
        click.echo(f"  {name}：{problem.message}（{problem.hint}）", err=True)
    for refusal in report.refused:
        click.echo(f"  没有读：{refusal.name}：{refusal.message} 办法：{refusal.hint}", err=True)
    if report.skipped:
        click.echo(f"  已在库中，跳过 {len(report.skipped)} 件", err=True)
    published = list(report.published)
    if report.draft_ids and sys.stdin.isatty() and click.confirm(f"发布这 {len(report.draft_ids)} 件？", err=True):
        assistant.publish_drafts(list(report.draft_ids), by=_who())
        published = [draft.document.id for draft in report.drafts]
    elif report.draft_ids:
        click.echo(f"已存为草稿。发布用：minggui corpus publish {' '.join(report.draft_ids)}", err=True)
    if as_json:
        write_json(
            {
                "published": published, "drafts": list(report.draft_ids) if not published else [],
                "skipped": list(report.skipped), "revision": assistant.library.revision,
                "refused": [{"name": r.name, "code": r.code, "message": r.message, "hint": r.hint} for r in report.refused],
            }
        )  # fmt: skip
    else:
        for document_id in published:
            click.echo(document_id)
    if report.refused:
        sys.exit(1)


@corpus.command("list")
@click.option("--as-of", callback=day, metavar="日期", help="只列这一天有效的。")
@click.option("--all", "everything", is_flag=True, help="连停用的也列出。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_documents(as_of: date | None, everything: bool, as_json: bool) -> None:
    """列出库中文件。"""
    assistant = open_assistant()
    documents = assistant.library.documents(include_retired=everything)
    if as_of:
        documents = [document for document in documents if document.maybe_in_force(as_of)]
    rows = [
        render.document_to_dict(document, articles=assistant.library.articles(document.id)) for document in documents
    ]
    if as_json:
        write_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']}\t{row['title']}\t{row['document_number'] or '—'}\t{row['articles']} 条")


@corpus.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show(name: str, as_json: bool) -> None:
    """看一件文件：编号、标题、简称或文号都行。"""
    assistant = open_assistant()
    found = assistant.library.find_document(name) or assistant.library.document(name)
    document, provisions = assistant.document(found.id)
    if as_json:
        row = render.document_to_dict(document, articles=assistant.library.articles(document.id))
        write_json({**row, "provisions": [render.provision_to_dict(p) for p in provisions]})
        return
    banner = render.TEXT_STATUS_BANNERS[document.text_status]
    click.echo(
        "\n".join(
            filter(None, [f"《{document.title}》 {document.document_number}", document.issuer, banner, document.note])
        )
    )
    for provision in provisions:
        if not provision.parent:
            label = provision.shown_label
            click.echo(
                f"\n{label}　{provision.text}"
                if label and not provision.text.startswith(label)
                else f"\n{provision.text}"
            )


@corpus.command()
@click.argument("name", required=False)
def check(name: str | None) -> None:
    """查规则引用的条款在不在库里；给出文件名时查它的条号是否连续。"""
    from assistant.rules.citations import bad_citations
    from ingest.checks import check_document

    assistant = open_assistant()
    problems = [f"{bad.place} {bad.message}" for bad in bad_citations(assistant.book, assistant.library, date.today())]
    documents = assistant.library.documents()
    if name:
        found = assistant.library.find_document(name) or assistant.library.document(name)
        documents = [found]
    for document in documents:
        for problem in check_document(document, assistant.library.provisions(document.id)):
            line = f"{document.id} {problem.place} {problem.message}"
            if problem.severity == "refuse":
                problems.append(line)
            else:
                click.echo(f"注意：{line}", err=True)
    for line in problems:
        click.echo(line)
    if problems:
        raise BadInput(f"共 {len(problems)} 处问题。", hint="逐条对照原件改正后重新导入。")
    click.echo("没有发现问题。", err=True)


@corpus.command()
@click.argument("draft_ids", nargs=-1)
def publish(draft_ids: tuple[str, ...]) -> None:
    """发布草稿（不写编号为全部）。"""
    assistant = open_assistant()
    revision = assistant.publish_drafts(list(draft_ids) or None, by=_who())
    click.echo(f"已发布，文件库版本 {revision}")


@corpus.command()
@click.argument("draft_id")
def preview(draft_id: str) -> None:
    """发布前看影响（与旧版的差异、触及的规则、会变的答复）。"""
    not_yet("发布预览", f"先用 minggui corpus show 看同名文件，核对后用 minggui corpus publish {draft_id} 发布。")


@corpus.command()
@click.argument("name")
@click.option("--note", default="", help="为什么停用。")
def retire(name: str, note: str) -> None:
    """停用一件文件（可以恢复）。"""
    assistant = open_assistant()
    found = assistant.library.find_document(name) or assistant.library.document(name)
    assistant.retire(found.id, by=_who(), note=note)
    click.echo(f"已停用 {found.id}")


@corpus.command()
@click.argument("name")
@click.option("--note", default="", help="为什么恢复。")
def restore(name: str, note: str) -> None:
    """恢复停用的文件。"""
    assistant = open_assistant()
    held = [d for d in assistant.library.documents(include_retired=True) if name in (d.id, d.title, d.work)]
    retired = [d for d in held if d.status is DocumentStatus.RETIRED]
    if not retired:
        raise BadInput(f"没有停用的文件叫“{name}”。", hint="用 minggui corpus list --all 看编号。")
    assistant.restore(retired[0].id, by=_who(), note=note)
    click.echo(f"已恢复 {retired[0].id}")


@corpus.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """把整个文件库导出到一个文件夹。"""
    not_yet("整库导出", "现在可以直接备份数据目录（停止服务后复制 library.sqlite 和 originals）。")


@corpus.command()
@click.option("--fresh", is_flag=True, help="不沿用旧索引，全部重建。")
def index(fresh: bool) -> None:
    """重建检索索引（旧索引照常服务到换上为止）。"""
    assistant = open_assistant()
    click.echo(f"新索引：{assistant.rebuild_index(fresh=fresh, progress=progress)}")


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未知"
