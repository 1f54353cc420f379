"""Finding documents by what people call them, and provisions by what people write."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.domain import Provision
from assistant.errors import NotFound, ProvisionNotFound
from assistant.library import Library, count_articles
from tests.library.conftest import make_document, make_provisions, publish

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _documents(library: Library) -> None:
    publish(
        library,
        make_document(document_number="厅字〔2022〕23号", effective_on="2022-04-20", aliases=("创示办法",)),
        "第三条", "第三条第一款", "第三条第二款", "第四条第一款", "第四条第二款", "第五条",
    )  # fmt: skip
    publish(
        library,
        make_document(
            "pingbi",
            "2010",
            title="评比达标表彰活动管理办法(试行)",
            document_number="中办发〔2010〕33号",
            effective_on="2010-10-27",
            repealed_on="2018",
        ),
    )
    publish(
        library,
        make_document(
            "pingbi", "2018", title="评比达标表彰活动管理办法", document_number="中办发〔2018〕69号", issued_on="2018"
        ),
    )
    publish(library, make_document("cishan", "2023", title="中华人民共和国慈善法", effective_on="2016-09-01"))


@pytest.mark.parametrize(
    "name",
    ["chuangjian/2022", "chuangjian", "创建示范活动管理办法", "《创建示范活动管理办法（试行）》", "创建示范活动管理办法 (试行)", "創建示範活動管理辦法", "创示办法",
     "厅字〔2022〕23号", "厅字[2022]23号", "厅字（2022）第23 号", "关于印发《创建示范活动管理办法（试行）》的通知"],
)  # fmt: skip
def test_a_document_is_found_by_anything_people_call_it(library: Library, name: str) -> None:
    found = library.find_document(name, on=TODAY)
    assert found is not None
    assert found.id == "chuangjian/2022"


@pytest.mark.parametrize("name", ["慈善法", "《中华人民共和国慈善法》", "中华人民共和国慈善法"])
def test_the_name_of_the_country_may_be_left_out(library: Library, name: str) -> None:
    found = library.find_document(name)
    assert found is not None
    assert found.id == "cishan/2023"


@pytest.mark.parametrize("name", ["", "  ", "不存在的办法", "厅字〔2022〕24号", "《》"])
def test_what_is_not_held_is_not_guessed(library: Library, name: str) -> None:
    assert library.find_document(name) is None


def test_a_work_means_the_version_in_force_on_the_day(library: Library) -> None:
    def version(name: str, on: date | None) -> str:
        found = library.find_document(name, on=on)
        assert found is not None
        return found.version

    assert version("pingbi", date(2015, 1, 1)) == "2010"
    assert version("pingbi", TODAY) == "2018"
    assert version("评比达标表彰活动管理办法", date(2015, 1, 1)) == "2010"
    assert version("评比达标表彰活动管理办法（试行）", TODAY) == "2010"  # whoever says （试行） means that one
    assert version("pingbi", date(2005, 1, 1)) == "2018"  # none was in force: the latest
    assert version("pingbi", None) == "2018"


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("第三条", "第三条"),
        ("第3条", "第三条"),
        ("第3条第1款", "第三条第一款"),
        ("第三条 第二款", "第三条第二款"),
        ("第四条第一款", "第四条第一款"),
        ("第五条第一款", "第五条"),
    ],
)
def test_a_label_is_found_however_it_is_written(library: Library, written: str, label: str) -> None:
    document, provision = library.find_provision("chuangjian", provision=written, on=TODAY)
    assert (document.id, provision.label) == ("chuangjian/2022", label)


def test_an_article_is_put_together_when_only_its_paragraphs_are_held(library: Library) -> None:
    _, provision = library.find_provision("chuangjian", provision="第4条", on=TODAY)
    assert provision.label == "第四条"
    assert provision.text == "第四条第一款的内容\n第四条第二款的内容"
    assert library.provision(provision.id) == provision


@pytest.mark.parametrize("label", ["第六条", "第三条第三款", "第四条第一款第（一）项", "第五条第二款", ""])
def test_a_label_that_is_not_there_is_an_error_that_tells_what_is(library: Library, label: str) -> None:
    with pytest.raises(ProvisionNotFound, match="第五条") as error:
        library.find_provision("chuangjian", provision=label, on=TODAY)
    assert "chuangjian/2022" in error.value.hint


def test_before_its_first_day_a_document_has_no_provisions(library: Library) -> None:
    with pytest.raises(ProvisionNotFound, match="没有有效"):
        library.find_provision("chuangjian", provision="第三条", on=date(2022, 4, 19))


def test_in_an_uncertain_window_both_versions_count_and_the_certain_one_is_cited(library: Library) -> None:
    within = date(2018, 6, 1)
    assert {"pingbi/2010", "pingbi/2018"} <= library.in_force_ids(within)
    document, _ = library.find_provision("pingbi", provision="第一条", on=within)
    assert document.version == "2018"  # neither is certain: the later


def test_a_region_sees_the_whole_country_its_ancestors_and_itself(library: Library) -> None:
    for work, region in (("sheng", "XX省"), ("shi", "XX省XX市"), ("qu", "XX省XX市XX区"), ("other", "XX省YY市")):
        publish(library, make_document(work, title=work, region=region))
    seen = library.in_force_ids(TODAY, region="XX省XX市XX区")
    assert {"chuangjian/2022", "sheng/2022", "shi/2022", "qu/2022"} <= seen
    assert "other/2022" not in seen
    assert "qu/2022" not in library.in_force_ids(TODAY, region="XX省XX市")
    assert "other/2022" in library.in_force_ids(TODAY)


def test_a_provision_without_a_number_is_found_by_its_anchor(library: Library) -> None:
    document = make_document("gist", title="要点")
    points = [
        Provision(document.id, "", "不得收费", 0, locator="条号未核", anchor="no-fee"),
        Provision(document.id, "要点二", "两级审批", 1, anchor="two-levels", article="要点二"),
    ]
    library.publish([(document, points, None)], by="测试")
    assert library.find_provision("gist", anchor="no-fee", on=TODAY)[1].text == "不得收费"
    assert library.find_provision("gist", anchor="two-levels", on=TODAY)[1].label == "要点二"
    assert library.provision("gist/2022/no-fee").shown_label == "条号未核"


def test_numbers_of_texts_without_articles_are_found_in_full_and_by_their_end(library: Library) -> None:
    document = make_document("notice", title="通知")
    publish(library, document, "一、", "一、（一）", "二、", "二、（一）", "二、（二）", "7.")
    assert library.find_provision("notice", provision="二、(一)", on=TODAY)[1].label == "二、（一）"
    assert library.find_provision("notice", provision="（二）", on=TODAY)[1].label == "二、（二）"
    assert library.find_provision("notice", provision="第7点", on=TODAY)[1].label == "7."
    with pytest.raises(ProvisionNotFound):  # two of them
        library.find_provision("notice", provision="（一）", on=TODAY)


def test_an_item_is_found_with_or_without_its_paragraph(library: Library) -> None:
    publish(
        library,
        make_document("fa", title="法"),
        "第三十条",
        "第三十条第一款",
        "第三十条第一款第（八）项",
        "第三十条第二款",
    )
    for written in ("第三十条第一款第(八)项", "第30条第8项", "第三十条第（八）项"):
        assert library.find_provision("fa", provision=written, on=TODAY)[1].label == "第三十条第一款第（八）项"


def test_an_inserted_article_is_not_the_one_before_it(library: Library) -> None:
    publish(library, make_document("xing", title="刑"), "第十七条", "第十七条之一")
    assert library.find_provision("xing", provision="第十七条", on=TODAY)[1].label == "第十七条"
    assert library.find_provision("xing", provision="第17条之一", on=TODAY)[1].label == "第十七条之一"


def test_unknown_ids_are_errors_with_a_hint(library: Library) -> None:
    for ask in (library.document, library.provisions):
        with pytest.raises(NotFound, match="没有 nothing/1") as error:
            ask("nothing/1")
        assert "corpus list" in error.value.hint
    with pytest.raises(ProvisionNotFound):
        library.provision("nothing/1/第一条")


def test_every_provision_comes_once_with_its_document(library: Library) -> None:
    pairs = list(library.every_provision())
    assert len({provision.id for _, provision in pairs}) == len(pairs) == 9
    assert all(provision.document_id == document.id for document, provision in pairs)


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        (["第一条", "第一条第一款", "第二条", "第二条之一", "一、"], 3),
        (["一、", "一、（一）", "二、"], 2),
        (["要点一", "要点二"], 1),
        (["附件1 第一条", "附件1 第二条"], 2),
    ],
)
def test_articles_are_counted_by_the_published_rule(labels: list[str], count: int) -> None:
    assert count_articles(make_provisions(make_document(), *labels)) == count
