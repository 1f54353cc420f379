"""What is wrong on this machine and how to mend it. Reads only; each check stands alone, so one failure hides no other."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.config import Settings
from assistant.domain import TextStatus
from assistant.errors import AssistantError


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: str  # ok | warn | bad
    detail: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All checks, in order."""
    out: list[Finding] = []
    for check in (_home, _library, _rules, _index, _model, _documents, _optional):
        out += _guarded(check, settings)
    return out


def _guarded(check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> list[Finding]:
    try:
        return list(check(settings))
    except AssistantError as error:
        return [Finding(check.__name__.strip("_"), "bad", error.message, error.hint)]


def _home(settings: Settings) -> Iterator[Finding]:
    if not settings.home.exists():
        yield Finding("数据目录", "warn", f"{settings.home} 还没有建立", "运行任意一条 minggui ask 会自动建立。")
        return
    free = shutil.disk_usage(settings.home).free
    state = "ok" if free > 500 * 2**20 else "warn"
    yield Finding("数据目录", state, f"{settings.home}，剩余 {free // 2**20} MB", "" if state == "ok" else "清理磁盘。")


def _library(settings: Settings) -> Iterator[Finding]:
    from assistant.library import Library

    with Library.open(settings.sql_url, settings.originals_dir) as library:
        documents = library.documents()
        state = "ok" if documents else "warn"
        yield Finding(
            "文件库",
            state,
            f"{len(documents)} 件文件，版本 {library.revision}",
            "" if documents else "运行 minggui ask 建立。",
        )


def _rules(settings: Settings) -> Iterator[Finding]:
    from assistant.library import Library
    from assistant.rules.citations import bad_citations
    from assistant.rules.loading import load

    book = load(settings.corpus_dir / "rules")
    with Library.open(settings.sql_url, settings.originals_dir) as library:
        dead = list(bad_citations(book, library, date.today())) if library.revision else []
    yield Finding(
        "规则", "bad" if dead else "ok", f"{len(book.rules)} 条，依据查不到的 {len(dead)} 处",
        "运行 minggui corpus check 看是哪几处。" if dead else "",
    )  # fmt: skip


def _index(settings: Settings) -> Iterator[Finding]:
    from assistant.library import Library
    from assistant.retrieval.hybrid import HybridRetriever

    with Library.open(settings.sql_url, settings.originals_dir) as library:
        if not library.revision:
            return
        retriever = HybridRetriever.open(library, settings)
        stale = retriever.stale
        retriever.search("创建示范", 1, on=date.today())
        yield Finding(
            "检索索引", "warn" if stale else "ok", f"{retriever.generation}{'，比文件库旧' if stale else ''}",
            "运行 minggui corpus index 重建。" if stale else "",
        )  # fmt: skip
        retriever.close()


def _model(settings: Settings) -> Iterator[Finding]:
    if not settings.embedding_model:
        yield Finding("向量模型", "ok", "随产品的静态向量（不需要 torch）")
    elif importlib.util.find_spec("sentence_transformers") is None:
        yield Finding(
            "向量模型",
            "bad",
            f"设了 {settings.embedding_model}，但没有装 sentence-transformers",
            "pip install 'minggui[models]'",
        )
    else:
        yield Finding("向量模型", "ok", settings.embedding_model)


def _documents(settings: Settings) -> Iterator[Finding]:
    from assistant.library import Library

    with Library.open(settings.sql_url, settings.originals_dir) as library:
        documents = library.documents()
    model = [d for d in documents if d.text_status is TextStatus.MODEL]
    if model:
        yield Finding(
            "本地文件",
            "warn",
            f"{len(model)} 件是示范文本（虚构），本省、市、区规定未导入",
            "用 minggui corpus add 导入本省、本市、本区正式文件。",
        )
    wanted = [
        d.title for d in documents if d.text_status is TextStatus.PARAPHRASE and not d.complete and d.level.rank == 0
    ]
    if wanted:
        yield Finding(
            "中央文件原件",
            "warn",
            f"{len(wanted)} 件只有转述，建议先导入原件：" + "、".join(f"《{t}》" for t in wanted[:4]) + " 等",
        )


def _optional(settings: Settings) -> Iterator[Finding]:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    yield Finding("doc 文件", "ok", "可读（LibreOffice）" if office else "读不了旧版 doc，请另存为 docx")
    yield Finding("Telegram", "ok", "已设令牌" if settings.telegram_token else "未接入（未设 MINGGUI_TELEGRAM_TOKEN）")
