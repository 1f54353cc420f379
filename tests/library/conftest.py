"""A real library in a temporary folder, and documents made of labels and words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Document, Level, PartialDate, Provision
from assistant.library import Library
from assistant.text.labels import article_number, label_number


def make_document(work: str = "chuangjian", version: str = "2022", **more: Any) -> Document:
    for name in ("issued_on", "effective_on", "repealed_on"):
        if isinstance(more.get(name), str):
            more[name] = PartialDate.parse(more[name])
    return Document(
        work=work, version=version, **{"title": "创建示范活动管理办法(试行)", "level": Level.CENTRAL, **more}
    )


def make_provisions(document: Document, *labels: str) -> list[Provision]:
    """One provision a label, with the label in its text; 第四条第一款 goes below 第四条 when that stands before it."""
    out: list[Provision] = []
    for ordinal, label in enumerate(labels):
        number = article_number(label)
        article = label[: label.index("条") + 1] if number else label
        above = next((p.id for p in out if p.label == article and label != article), "")
        out.append(
            Provision(
                document.id, label, f"{label}的内容", ordinal, article=article, number=label_number(label), parent=above
            )
        )
    return out


def publish(library: Library, document: Document, *labels: str, original: bytes | None = None) -> int:
    return library.publish([(document, make_provisions(document, *labels or ("第一条",)), original)], by="测试")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'library.sqlite'}"


@pytest.fixture
def library(url: str, tmp_path: Path) -> Iterator[Library]:
    with Library.open(url, tmp_path / "originals") as opened:
        yield opened
