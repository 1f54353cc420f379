"""A small shelf in a real library: laws of several levels, versions that ended, a long article, a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.domain import Document, Level, PartialDate, Provision, TextStatus
from assistant.library import Library
from assistant.retrieval.hybrid import HybridRetriever, build_index

LONG_PARAGRAPH = "组织评审时,应当公开评审标准、评审程序和评审结果,接受社会监督,评审专家与参评单位有利害关系的应当回避。"
Shelf = list[tuple[Document, list[Provision], None]]


def document(work: str, version: str, title: str, level: Level = Level.CENTRAL, **more: object) -> Document:
    return Document(work=work, version=version, title=title, level=level, **more)  # type: ignore[arg-type]


def articles(owner: Document, texts: dict[str, str], path: tuple[str, ...] = ()) -> list[Provision]:
    return [
        Provision(owner.id, label, text, ordinal, path=path, article=label if "条" in label else "")
        for ordinal, (label, text) in enumerate(texts.items())
    ]


def made_shelf() -> Shelf:
    measures = document(
        "chuangjian", "2022", "创建示范活动管理办法(试行)", document_number="厅字〔2022〕23号", aliases=("创示办法",),
        effective_on=PartialDate.parse("2022-04-20"), text_status=TextStatus.PARAPHRASE,
    )  # fmt: skip
    held = articles(measures, {
        "第一条": "为了规范创建示范活动,减轻基层负担,制定本办法。",
        "第三条": "创建示范活动,是指推动某项工作、组织参与创建,经评估验收后以命名、授牌等形式认定的活动。",
        "第四条": "创建示范活动实行审批。\n市县级以下党政机关的工作部门和乡镇、街道不得开展创建示范活动。",
    })  # fmt: skip
    held += [
        Provision(measures.id, "第四条第一款", "创建示范活动实行审批。", 3, article="第四条", number=(4, 1), parent=held[2].id),
        Provision(measures.id, "第四条第二款", "市县级以下党政机关的工作部门和乡镇、街道不得开展创建示范活动。", 4,
                  article="第四条", number=(4, 2), parent=held[2].id),
        Provision(measures.id, "", "不得以任何形式向创建对象收取费用。", 5, locator="条号未核", anchor="no-fee"),
    ]  # fmt: skip
    old = document(
        "pingbi", "2010", "评比达标表彰活动管理办法(试行)", document_number="中办发〔2010〕33号",
        effective_on=PartialDate.parse("2010-12-13"), repealed_on=PartialDate.parse("2018-12-01"),
    )  # fmt: skip
    new = document(
        "pingbi", "2018", "评比达标表彰活动管理办法", document_number="中办发〔2018〕69号",
        effective_on=PartialDate.parse("2018-12-01"), supersedes=("pingbi/2010",),
    )  # fmt: skip
    award = document(
        "keji", "2024", "国家科学技术奖励条例", effective_on=PartialDate.parse("2024-05-26"), issuer="国务院"
    )
    long_article = (
        "评审工作由评审委员会承担。\n"
        + "\n".join(LONG_PARAGRAPH for _ in range(9))
        + "\n评审委员会不得收取参评单位的咨询费。"
    )
    city = document("shi-tongzhi", "2025", "XX市关于规范节庆论坛活动的通知", Level.CITY, region="XX省XX市")
    other = document("yy-qu", "2026", "YY区评选表彰办法", Level.DISTRICT, region="YY省YY市YY区")
    district = document("xx-qu-mulu", "2026", "XX区保留项目目录", Level.DISTRICT, region="XX省XX市XX区")
    rows = [
        Provision(
            district.id,
            f"附表1 第{row}行",
            f"{name};周期{row}年",
            row - 1,
            columns=(("项目", name), ("周期", f"{row}年")),
        )
        for row, name in enumerate(("文明单位", "劳动模范", "平安乡镇"), start=1)
    ]
    return [
        (measures, held, None),
        (old, articles(old, {"第二条": "评比达标表彰项目实行中央和省两级审批。", "第九条": "省级项目由省委省政府审批。"}), None),
        (new, articles(new, {"第二条": "评比达标表彰项目实行中央和省两级审批。", "第八条": "评选名额应当从严控制。"}), None),
        (award, articles(award, {"第七条": "社会力量设立科学技术奖,应当遵守法律法规。", "第十五条": long_article}, ("第二章 评审",)), None),
        (city, articles(city, {"一、": "严格控制节庆、论坛、展会活动数量。", "二、": "举办论坛应当逐级报批。"}), None),
        (other, articles(other, {"第三条": "YY区评选表彰项目由YY区评选表彰办公室管理。"}), None),
        (district, rows, None),
    ]  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    lexicon = tmp_path / "corpus" / "lexicon"
    lexicon.mkdir(parents=True)
    (lexicon / "field.txt").write_text(
        "# 口语 => 规范说法\n发牌子,挂牌 => 授牌 命名\n收钱,要钱 => 收取费用\n", encoding="utf-8"
    )
    return Settings(home=tmp_path / "home", corpus_dir=tmp_path / "corpus")


@pytest.fixture
def library(settings: Settings) -> Iterator[Library]:
    with Library.open(settings.sql_url, settings.originals_dir) as opened:
        opened.publish(made_shelf(), by="test")
        yield opened


@pytest.fixture
def hybrid(library: Library, settings: Settings) -> Iterator[HybridRetriever]:
    build_index(library, settings)
    opened = HybridRetriever.open(library, settings)
    yield opened
    opened.close()
