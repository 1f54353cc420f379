"""What every retriever promises. A test class inherits this and gives the `retriever` fixture over `conftest.made_shelf`."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.domain import Level
from assistant.retrieval.hybrid import Retriever

NOW = date(2026, 11, 23)


def ids(retriever: Retriever, query: str, k: int = 10, **more: object) -> list[str]:
    return [passage.provision_id for passage in retriever.search(query, k, **({"on": NOW} | more))]  # type: ignore[arg-type]


class RetrieverContract:
    def test_the_provision_that_answers_comes_first(self, retriever: Retriever) -> None:
        assert ids(retriever, "乡镇能不能开展创建示范活动")[0] == "chuangjian/2022/第四条"

    def test_lay_words_find_official_ones(self, retriever: Retriever) -> None:
        assert ids(retriever, "发牌子算不算?")[0] == "chuangjian/2022/第三条"

    def test_traditional_characters_find_simplified_text(self, retriever: Retriever) -> None:
        assert ids(retriever, "評比達標表彰 兩級審批")[0] == "pingbi/2018/第二条"

    def test_a_repealed_provision_is_never_returned_as_of_a_later_day(self, retriever: Retriever) -> None:
        question = "省级评比达标表彰项目由省委省政府审批"
        assert "pingbi/2010/第九条" in ids(retriever, question, on=date(2015, 1, 1))
        for asked in (
            question,
            "中办发〔2010〕33号",
            "评比达标表彰活动管理办法(试行)第九条",
            "“省级项目由省委省政府审批”",
        ):
            assert not any(found.startswith("pingbi/2010") for found in ids(retriever, asked, 100)), asked

    def test_a_provision_not_yet_in_force_is_never_returned(self, retriever: Retriever) -> None:
        assert not any(
            found.startswith("keji/2024") for found in ids(retriever, "科学技术奖", 100, on=date(2023, 1, 1))
        )

    def test_documents_of_another_place_are_left_out(self, retriever: Retriever) -> None:
        question = "评选表彰项目由谁管理"
        assert "yy-qu/2026/第三条" in ids(retriever, question)
        assert "yy-qu/2026/第三条" not in ids(retriever, question, 100, region="XX省XX市XX区")

    def test_level_and_document_narrow_the_search(self, retriever: Retriever) -> None:
        assert set(ids(retriever, "活动 审批", level=Level.CITY)) == {"shi-tongzhi/2025/一、", "shi-tongzhi/2025/二、"}
        for name in ("pingbi/2018", "pingbi", "评比达标表彰活动管理办法", "中办发[2018]69号"):
            found = ids(retriever, "审批 名额", document=name)
            assert set(found) == {"pingbi/2018/第二条", "pingbi/2018/第八条"}, name
        assert ids(retriever, "审批", document="没有这份文件") == []

    @pytest.mark.parametrize(
        "asked",
        [
            "创建示范活动管理办法第四条第二款",
            "创示办法第4条第2款怎么说",
            "《创建示范活动管理办法(试行)》第四条第(二)款",
        ],
    )
    def test_a_label_with_a_title_or_alias_gives_that_paragraph_first(self, retriever: Retriever, asked: str) -> None:
        found = ids(retriever, asked)
        assert found[0] == "chuangjian/2022/第四条第二款"
        assert "chuangjian/2022/第四条" not in found, "the article around it is not shown as well"

    def test_a_row_of_a_table_is_found_by_its_label(self, retriever: Retriever) -> None:
        assert ids(retriever, "XX区保留项目目录附表1第2行")[0] == "xx-qu-mulu/2026/附表1 第2行"

    @pytest.mark.parametrize(
        "asked", ["厅字〔2022〕23号", "厅字[2022]23号", "请找厅字(2022)23号", "厅字2022年23号", "厅字﹝2022﹞23 号"]
    )
    def test_a_document_number_in_any_dress_gives_its_document(self, retriever: Retriever, asked: str) -> None:
        assert ids(retriever, asked)[0].startswith("chuangjian/2022/")

    def test_a_title_alone_gives_its_document_in_order(self, retriever: Retriever) -> None:
        expected = ["第一条", "第三条", "第四条", "no-fee"]
        assert ids(retriever, "《创建示范活动管理办法(试行)》", 4) == [f"chuangjian/2022/{label}" for label in expected]

    def test_a_quoted_phrase_comes_before_what_is_merely_similar(self, retriever: Retriever) -> None:
        assert ids(retriever, "哪里写了“向创建对象收取费用”,评审委员会不得收取咨询费")[0] == "chuangjian/2022/no-fee"

    def test_a_long_article_is_found_by_one_of_its_paragraphs_and_named_once(self, retriever: Retriever) -> None:
        found = ids(retriever, "评审委员会能不能收咨询费", 100)
        assert found[0] == "keji/2024/第十五条"
        assert len(found) == len(set(found))

    @pytest.mark.parametrize(
        "asked",
        [
            "",
            "   \n\t　",
            "？！。,,;;",
            "\x00\x01\x02",
            "🙂🙂",
            '+-&&||!(){}[]^"~*?:\\/ AND OR NOT',
            "〔〕",
            "《》",
            "“”",
        ],
    )
    def test_a_question_without_words_finds_nothing(self, retriever: Retriever, asked: str) -> None:
        assert retriever.search(asked, on=NOW) == []

    def test_query_syntax_is_read_as_words(self, retriever: Retriever) -> None:
        assert ids(retriever, 'words:乡镇^9 AND (创建示范活动* OR "审批) -不得')[0] == "chuangjian/2022/第四条"
        assert ids(retriever, "乡镇\x00不得\x07开展\u200b创建示范活动")[0] == "chuangjian/2022/第四条"

    def test_ten_thousand_characters_are_answered(self, retriever: Retriever) -> None:
        assert ids(retriever, "乡镇开展创建示范活动," * 1_000)[0] == "chuangjian/2022/第四条"

    def test_another_language_is_no_error(self, retriever: Retriever) -> None:
        assert isinstance(retriever.search("Can a township give out plaques? Лицензия", on=NOW), list)

    def test_scores_fall_and_say_what_they_are_made_of(self, retriever: Retriever) -> None:
        found = retriever.search("创建示范活动审批", on=NOW)
        scores = [passage.score for passage in found]
        assert scores == sorted(scores, reverse=True)
        for passage in found:
            assert sum(passage.why.values()) == pytest.approx(passage.score)

    def test_k_is_kept(self, retriever: Retriever) -> None:
        assert len(retriever.search("活动", 3, on=NOW)) == 3
        assert retriever.search("活动", 0, on=NOW) == []
        assert retriever.search("活动", -5, on=NOW) == []

    def test_the_same_question_gives_the_same_answer(self, retriever: Retriever) -> None:
        assert retriever.search("评选表彰审批", on=NOW) == retriever.search("评选表彰审批", on=NOW)
