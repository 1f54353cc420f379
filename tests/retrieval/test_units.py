"""How documents are cut into what is indexed."""

from __future__ import annotations

from assistant.domain import Provision
from assistant.retrieval.units import LONG_ARTICLE_CHARS, Unit, cut_units
from tests.retrieval.conftest import articles, document

LAW = document("law", "1", "某法")


def cut(provisions: list[Provision]) -> list[Unit]:
    return list(cut_units((LAW, provision) for provision in provisions))


def test_paragraphs_roll_up_to_their_article_and_are_said_once() -> None:
    held = articles(LAW, {"第一条": "甲款。\n乙款。"})
    held += [
        Provision(LAW.id, f"第一条第{n}款", text, i, article="第一条", parent="law/1/第一条")
        for i, (n, text) in enumerate([("一", "甲款。"), ("二", "乙款。")], 1)
    ]
    assert [(unit.provision_id, unit.text) for unit in cut(held)] == [("law/1/第一条", "甲款。\n乙款。")]


def test_items_that_the_article_does_not_hold_are_added() -> None:
    held = [Provision(LAW.id, "第二条", "下列行为不得:", 0, article="第二条"),
            Provision(LAW.id, "第二条第（一）项", "（一）收费;", 1, article="第二条", parent="law/1/第二条")]  # fmt: skip
    assert cut(held)[0].text == "下列行为不得:\n（一）收费;"


def test_paragraphs_without_a_stored_article_are_gathered_under_it() -> None:
    held = [Provision(LAW.id, f"第三条第{n}款", f"{n}款。", i, article="第三条") for i, n in enumerate("一二")]
    assert [(unit.provision_id, unit.text) for unit in cut(held)] == [("law/1/第三条", "一款。\n二款。")]


def test_rows_of_a_table_stand_for_themselves() -> None:
    table = Provision(LAW.id, "附表1", "项目表", 0)
    rows = [
        Provision(LAW.id, f"附表1 第{n}行", f"项目{n}", n, parent=table.id, columns=(("名", "项目"),)) for n in (1, 2)
    ]
    assert [unit.provision_id for unit in cut([table, *rows])] == [
        "law/1/附表1",
        "law/1/附表1 第1行",
        "law/1/附表1 第2行",
    ]


def test_a_long_article_gets_its_paragraphs_as_further_units() -> None:
    paragraph = "评审应当公开公平公正,接受社会监督。" * 8
    units = cut(articles(LAW, {"第一条": "\n".join([paragraph] * 5), "第二条": "短。"}))
    assert len(paragraph) * 5 > LONG_ARTICLE_CHARS
    assert [unit.part for unit in units if unit.provision_id.endswith("第一条")] == list(range(6))
    assert [unit.part for unit in units if unit.provision_id.endswith("第二条")] == [0]


def test_one_line_without_end_is_cut_after_sentences() -> None:
    units = cut([Provision(LAW.id, "", "这是一个很长的通知。" * 200, 0)])
    assert all(len(unit.text) <= LONG_ARTICLE_CHARS for unit in units if unit.part)
    assert all(unit.text.endswith("。") for unit in units)


def test_points_of_a_long_section_without_articles_answer_for_themselves() -> None:
    points = [
        Provision(LAW.id, f"一、（{n}）", "要求如下。" * 30, i, parent="law/1/一、") for i, n in enumerate("一二三", 1)
    ]
    units = cut([Provision(LAW.id, "一、", "总体要求", 0), *points])
    assert [unit.provision_id for unit in units if not unit.part] == ["law/1/一、", *(point.id for point in points)]
    assert "总体要求" in units[1].context


def test_an_empty_provision_gives_no_unit() -> None:
    assert cut([Provision(LAW.id, "第一条", "  ", 0, article="第一条")]) == []


def test_a_key_follows_content_and_place() -> None:
    one, same, other = (cut(articles(LAW, {"第一条": text}))[0] for text in ("甲。", "甲。", "乙。"))
    assert one.key == same.key != other.key
    assert 0 <= one.key < 2**63


def test_twins_are_the_same_words_in_the_same_place_of_two_versions() -> None:
    later = document("law", "2", "某法")
    twin = next(iter(cut_units((later, provision) for provision in articles(later, {"第一条": "甲。"}))))
    assert twin.twin == cut(articles(LAW, {"第一条": "甲 。"}))[0].twin
    assert twin.twin != cut(articles(LAW, {"第二条": "甲。"}))[0].twin
