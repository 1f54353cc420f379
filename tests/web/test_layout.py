"""A document laid out to be read: every word once, every provision still a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.domain import Provision
from assistant.web.layout import Part, arrange, nest

DOCUMENT = "d/1"
FIRST = "下列活动不归本办法管：\n（一）年度考核和总结；\n（二）总结。"
SECOND = "下属单位不算内设机构。"
ARTICLE = Provision(DOCUMENT, "第四条", f"{FIRST}\n{SECOND}", 0, number=(4,))
INSIDE = [
    Provision(DOCUMENT, "第四条第一款", FIRST, 1, number=(4, 1), parent=ARTICLE.id),
    Provision(DOCUMENT, "第四条第一款第（一）项", "年度考核和总结；", 2, number=(4, 1, 1), parent=ARTICLE.id),
    Provision(DOCUMENT, "第四条第一款第（二）项", "总结。", 3, number=(4, 1, 2), parent=ARTICLE.id),
    Provision(DOCUMENT, "第四条第二款", SECOND, 4, number=(4, 2), parent=ARTICLE.id),
]


def words(part: Part, text: str) -> str:
    return "".join(piece if isinstance(piece, str) else words(piece, text) for piece in part.pieces(text))


def everything(part: Part) -> list[Part]:
    return [part, *(below for inner in part.inner for below in everything(inner))]


def test_an_article_is_printed_once_with_its_parts_inside() -> None:
    (root,) = nest([ARTICLE, *INSIDE])
    assert words(root, ARTICLE.text) == ARTICLE.text
    first, second = root.inner
    assert [part.provision.label for part in (first, second)] == ["第四条第一款", "第四条第二款"]
    assert [part.provision.label[-4:] for part in first.inner] == ["第（一）项"[-4:], "第（二）项"[-4:]]


def test_an_item_is_found_after_the_item_before_it_and_not_inside_it() -> None:
    (root,) = nest([ARTICLE, *INSIDE])
    one, two = root.inner[0].inner
    assert one.end < two.start
    assert ARTICLE.text[two.start - 3 : two.start] == "（二）"


def test_a_part_whose_words_are_elsewhere_stands_on_its_own() -> None:
    stray = Provision(DOCUMENT, "第四条第三款", "别处的话。", 5, number=(4, 3), parent=ARTICLE.id)
    following = Provision(DOCUMENT, "第五条", "自发布之日起施行。", 6, number=(5,))
    assert [root.provision.label for root in nest([ARTICLE, *INSIDE, stray, following])] == [
        "第四条",
        "第四条第三款",
        "第五条",
    ]


def test_only_new_headings_are_printed() -> None:
    paths = [("第一章", "第一节"), ("第一章", "第二节"), ("第二章",), ("第二章",)]
    provisions = [Provision(DOCUMENT, f"第{n}条", "x", n, path=path) for n, path in enumerate(paths)]
    assert [section.headings for section in arrange(provisions)] == [("第一章", "第一节"), ("第二节",), ("第二章",)]
    assert arrange([]) == []


def test_rows_of_one_table_stay_together() -> None:
    rows = [Provision(DOCUMENT, f"第{n}行", "x", n, columns=(("编号", str(n)),)) for n in range(3)]
    other = Provision(DOCUMENT, "第3行", "x", 3, columns=(("名称", "甲"),))
    assert [(section.header, len(section.roots)) for section in arrange([*rows, other])] == [
        (("编号",), 3),
        (("名称",), 1),
    ]


def shipped() -> list[Path]:
    from ingest.seeding import corpus_files

    return corpus_files(Settings(_env_file=None))


@pytest.mark.parametrize("path", shipped(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_shipped_document_reads_once_and_keeps_every_place(path: Path, tmp_path: Path) -> None:
    from ingest.reading import read_path

    provisions = read_path(path, Settings(_env_file=None, home=tmp_path)).provisions
    roots = nest(provisions)
    placed = [part.provision.id for root in roots for part in everything(root)]
    assert sorted(placed) == sorted(provision.id for provision in provisions)
    assert all(words(root, root.provision.text) == root.provision.text for root in roots)
    assert not [root.provision.id for root in roots if root.provision.parent and not root.provision.columns]
