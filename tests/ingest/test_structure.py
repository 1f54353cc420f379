"""Blocks into provisions: what is an article, what is its paragraph, what is neither."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Provision
from assistant.library.labels import find_by_label
from assistant.text.labels import article_label
from tests.ingest.making import labels, split


def by_label(provisions: list[Provision], label: str) -> Provision:
    return next(provision for provision in provisions if provision.label == label)


def test_an_article_of_one_paragraph_is_one_provision() -> None:
    (article,) = split("第一条　为了规范活动，制定本办法。")
    assert (article.label, article.text, article.number, article.article) == (
        "第一条",
        "为了规范活动，制定本办法。",
        (1,),
        "第一条",
    )


def test_paragraphs_and_items_stand_below_their_article_with_its_id_as_parent() -> None:
    found = split(
        "第四条 第一款内容。\n\n第二款有下列情形之一的：\n\n（一）甲；\n\n（二）乙。\n\n第三款内容。\n\n第五条 完。"
    )
    assert labels(found) == [
        "第四条",
        "第四条第一款",
        "第四条第二款",
        "第四条第二款第（一）项",
        "第四条第二款第（二）项",
        "第四条第三款",
        "第五条",
    ]
    assert found[0].text == "第一款内容。\n第二款有下列情形之一的：\n（一）甲；\n（二）乙。\n第三款内容。"
    assert found[2].text == "第二款有下列情形之一的：\n（一）甲；\n（二）乙。"
    assert found[4].text == "乙。"
    assert found[4].number == (4, 2, 2)
    assert {provision.parent for provision in found[1:6]} == {"w/1/第四条"}
    assert {provision.article for provision in found[:6]} == {"第四条"}


def test_items_of_an_article_of_one_paragraph_need_no_paragraph_in_their_label() -> None:
    assert labels(split("第二条 下列活动：\n（一）甲；\n（二）乙。")) == [
        "第二条",
        "第二条第（一）项",
        "第二条第（二）项",
    ]


def test_points_below_an_item_are_its_numbered_parts() -> None:
    found = split("第三条 分为：\n\n（一）甲类：\n\n1.一种；\n\n2.二种。\n\n（二）乙类。")
    assert labels(found)[1:] == [
        "第三条第（一）项",
        "第三条第（一）项第1目",
        "第三条第（一）项第2目",
        "第三条第（二）项",
    ]
    assert by_label(found, "第三条第（一）项").text == "甲类：\n1.一种；\n2.二种。"


def test_inserted_articles_are_articles_of_their_own() -> None:
    found = split("第十七条 甲。\n\n第十七条之一 乙。\n\n第十八条 丙。")
    assert labels(found) == ["第十七条", "第十七条之一", "第十八条"]
    assert find_by_label(found, "第17条之一") == found[1]


def test_headings_are_the_path_of_what_follows() -> None:
    found = split(
        "## 第一编 总则\n### 第一章 一般规定\n第一条 甲。\n### 第二章　主 体\n#### 第一节 机关\n第二条 乙。\n## 第二编 分则\n第三条 丙。"
    )
    assert [provision.path for provision in found] == [
        ("第一编 总则", "第一章 一般规定"), ("第一编 总则", "第二章 主体", "第一节 机关"), ("第二编 分则",),
    ]  # fmt: skip


def test_headings_are_found_without_any_style() -> None:
    found = split("第一章 总则\n\n第一条 甲。\n\n一、审批\n\n第二条 乙。\n\n二、监督\n\n第三条 丙。")
    assert [(provision.label, provision.path) for provision in found] == [
        ("第一条", ("第一章 总则",)), ("第二条", ("第一章 总则", "一、审批")), ("第三条", ("第一章 总则", "二、监督")),
    ]  # fmt: skip


def test_a_reference_at_the_beginning_of_a_paragraph_is_no_article() -> None:
    found = split(
        "第五条 主办单位应当报批。\n\n第四条规定的单位除外。\n\n第三条、第四条所列情形，从其规定。\n\n第六条 完。"
    )
    assert labels(found) == ["第五条", "第五条第一款", "第五条第二款", "第五条第三款", "第六条"]


def test_an_article_without_a_space_after_its_number_is_still_one() -> None:
    assert labels(split("第一条为了规范活动。\n\n第二条本办法适用于本区。")) == ["第一条", "第二条"]


def test_the_number_alone_on_a_line_takes_the_next_paragraph() -> None:
    (article,) = split("第一条\n\n为了规范活动。")
    assert (article.label, article.text) == ("第一条", "为了规范活动。")


def test_contents_pages_signatures_and_copies_are_no_provisions() -> None:
    found = split(
        "某办法\n\n目 录\n\n第一章 总则\n\n第二章 附则\n\n第一章 总则\n\n第一条 甲。\n\n第二章 附则\n\n第二条 乙。\n\n附件：1.申报表\n\n2.名单\n\n"
        "XX区人民政府办公室\n\n2026年1月5日\n\n（此件公开发布）\n\n抄送：区委各部门。",
        title="某办法",
    )
    assert labels(found) == ["第一条", "第二条"]
    assert [provision.path for provision in found] == [("第一章 总则",), ("第二章 附则",)]
    assert [provision.text for provision in found] == ["甲。", "乙。"]


def test_contents_with_dots_and_page_numbers_are_left_out() -> None:
    assert labels(split("目录\n\n第一章 总则……………1\n\n第一条 立法目的……………1\n\n第一章 总则\n\n第一条 甲。")) == [
        "第一条"
    ]


def test_what_stands_before_the_first_number_is_kept_as_preamble() -> None:
    found = split("为了规范活动，现规定如下：\n\n请认真执行。\n\n第一条 甲。")
    assert (found[0].label, found[0].locator, found[0].text) == ("", "序言", "为了规范活动，现规定如下：\n请认真执行。")


def test_a_notice_is_numbered_by_the_way_down() -> None:
    found = split(
        "各镇、街道：\n\n现通知如下：\n\n一、范围\n\n全区各单位。\n\n（一）自查。各单位自查。\n\n1.对照清单。\n\n（1）逐项。\n\n二、要求。按时完成。"
    )
    assert labels(found) == ["序言", "一、", "一、（一）", "一、（一）1.", "一、（一）1.（1）", "二、"]
    assert found[1].text.startswith("范围\n全区各单位。\n（一）自查。")
    assert by_label(found, "一、（一）1.").path == ("一、范围",)
    assert by_label(found, "一、（一）1.").parent == "w/1/一、（一）"
    assert by_label(found, "一、（一）1.").article == "一、"


def test_arabic_numbers_that_run_on_through_the_sections_are_labels_of_their_own() -> None:
    found = split("## 一、精简文件\n\n1. 控制数量。\n\n2. 提高质量。\n\n## 二、精简会议\n\n3. 控制会议。")
    assert [(provision.label, provision.path, provision.parent) for provision in found] == [
        ("1.", ("一、精简文件",), ""), ("2.", ("一、精简文件",), ""), ("3.", ("二、精简会议",), ""),
    ]  # fmt: skip


def test_unknown_numbers_keep_their_anchor_and_say_so() -> None:
    found = split(
        "第四条 甲。\n\n【条号未核】{#no-fee} 不得收取费用。（读自：报道）\n\n要点三 {#two-levels} 两级审批。"
    )
    assert [(p.label, p.locator, p.anchor, p.text) for p in found[1:]] == [
        ("", "条号未核", "no-fee", "不得收取费用。（读自：报道）"), ("要点三", "", "two-levels", "两级审批。"),
    ]  # fmt: skip
    assert [p.id for p in found[1:]] == ["w/1/no-fee", "w/1/要点三"]


def test_an_anchor_is_never_shown() -> None:
    (item,) = split("（一）{#wording} 未经批准，不得使用。")
    assert (item.label, item.anchor, item.text) == ("（一）", "wording", "未经批准，不得使用。")


def test_annexes_carry_their_name_when_the_main_text_has_articles() -> None:
    found = split("第一条 甲。\n\n附件1\n\n申报须知\n\n第一条 填表。\n\n附件2：名单\n\n张三\n\n李四")
    assert [(p.shown_label, p.path) for p in found] == [
        ("第一条", ()), ("附件1 第一条", ("附件1 申报须知",)), ("附件2 第1段", ("附件2 名单",)), ("附件2 第2段", ("附件2 名单",)),
    ]  # fmt: skip
    assert find_by_label(found, "第1条") == found[0]
    assert find_by_label(found, "附件1 第一条") == found[1]


def test_the_measures_a_notice_puts_into_force_are_cited_without_the_annex() -> None:
    found = split(
        "现将办法印发给你们。\n\n一、认真学习。\n\n二、抓好落实。\n\n附件\n\n某某办法\n\n第一条 甲。\n\n第二条 乙。"
    )
    assert labels(found) == ["序言", "一、", "二、", "第一条", "第二条"]


def test_a_number_printed_twice_is_kept_twice() -> None:
    found = split("第一条 甲。\n\n第一条 乙。")
    assert labels(found) == ["第一条", "第一条〔2〕"]
    assert len({provision.id for provision in found}) == 2


def test_a_table_row_is_a_provision_with_its_columns() -> None:
    found = split("| 事项 | 主管单位 |\n|---|---|\n| 论坛 | 区委宣传部 |\n| 展会 | 区商务局 |")
    assert [(p.label, p.text, p.columns) for p in found] == [
        ("第1行", "事项：论坛；主管单位：区委宣传部", (("事项", "论坛"), ("主管单位", "区委宣传部"))),
        ("第2行", "事项：展会；主管单位：区商务局", (("事项", "展会"), ("主管单位", "区商务局"))),
    ]  # fmt: skip


def test_rows_are_called_by_their_printed_number_and_grouped_by_what_stands_above() -> None:
    found = split(
        "附表1 目录\n\n| 序号 | 项目 | 周期 |\n|---|---|---|\n| A类 | A类 | A类 |\n| 7 | 甲 | 5年 |\n| B类 | B类 | B类 |\n| 12 | 乙 | 2年 |"
    )
    assert [(p.label, p.path) for p in found] == [
        ("附表1 第7行", ("附表1 目录", "A类")),
        ("附表1 第12行", ("附表1 目录", "B类")),
    ]


def test_text_without_any_number_is_kept_by_paragraph() -> None:
    assert labels(split("甲。\n\n乙。")) == ["第1段", "第2段"]


def test_no_text_gives_no_provisions() -> None:
    assert split("") == []
    assert split("# 标题", title="标题") == []


_SENTENCE = st.text(alphabet="规范活动报批单位应当不得评选授牌", min_size=1, max_size=20).map(
    lambda words: words + "。"
)
_ARTICLE = st.lists(st.tuples(_SENTENCE, st.lists(_SENTENCE, max_size=4)), min_size=1, max_size=4)


@given(st.lists(_ARTICLE, min_size=1, max_size=12))
def test_whatever_is_written_as_articles_is_read_back_word_for_word(
    articles: list[list[tuple[str, list[str]]]],
) -> None:
    lines: list[str] = []
    for number, paragraphs in enumerate(articles, start=1):
        for at, (sentence, items) in enumerate(paragraphs):
            lines.append(f"{article_label(number)}　{sentence}" if at == 0 else sentence)
            lines += [f"（{'一二三四'[position]}）{item}" for position, item in enumerate(items)]
    found = split("\n\n".join(lines))
    wholes = [provision for provision in found if not provision.parent]
    assert [provision.label for provision in wholes] == [
        article_label(number) for number in range(1, len(articles) + 1)
    ]
    for provision, paragraphs in zip(wholes, articles, strict=True):
        expected = []
        for sentence, items in paragraphs:
            expected += [sentence, *(f"（{'一二三四'[position]}）{item}" for position, item in enumerate(items))]
        assert provision.text.split("\n") == expected
    for provision in found:
        assert find_by_label(found, provision.label) == provision


@given(st.text(max_size=300))
def test_any_text_gives_unique_ids_in_order_with_parents_before_their_parts(text: str) -> None:
    found = split(text)
    seen: set[str] = set()
    for position, provision in enumerate(found):
        assert provision.ordinal == position
        assert provision.id not in seen
        assert not provision.parent or provision.parent in seen
        seen.add(provision.id)


_LINES = st.sampled_from(
    ["第一章 总则", "第一条 甲。", "第二条", "一、乙", "（一）丙；", "1.丁", "（1）戊", "①己", "要点一 庚", "【条号未核】{#a} 辛", "附件1", "附：名单", "目录",
     "| a | b |\n|---|---|\n| 1 | 2 |", "壬。", "2026年1月1日", "XX区人民政府", "## 二、癸", "#### 第三条 子", "第一条 重。"]
)  # fmt: skip


@given(st.lists(_LINES, max_size=25))
def test_any_mixture_of_marks_gives_a_document_the_library_can_hold(lines: list[str]) -> None:
    found = split("\n\n".join(lines))
    ids = [provision.id for provision in found]
    assert len(set(ids)) == len(ids)
    assert all(not p.parent or p.parent in ids[: p.ordinal] for p in found)
    assert all(p.label or p.locator for p in found)
