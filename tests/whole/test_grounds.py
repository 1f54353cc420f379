"""What an answer gives as its grounds, over the shipped corpus: the article that answers the excuse as well."""

from __future__ import annotations

import pytest

from assistant.domain import Answer, Outcome, Question, Turn
from assistant.service import Assistant


@pytest.mark.parametrize(
    ("question", "rule", "provision"),
    [
        (
            "街道搞厨艺大赛，前三名授“街道名厨”称号发证书，比赛不算评比吧",
            "commendation-substance-not-name",
            "第三条第二款",
        ),
        (
            "区水务局把各镇水管站拉来评优，说是系统内部的评选，发先进奖牌",
            "commendation-exclusion-not-met",
            "第四条第二款",
        ),
        ("镇里搞平安村试点，设十条指标，年底验收，合格的挂“平安村”牌子", "creation-substance-not-name", "第三条第三款"),
    ],
)
def test_a_harmless_name_is_answered_with_the_article_that_looks_through_it(
    assistant: Assistant, question: str, rule: str, provision: str
) -> None:
    answer = assistant.ask(Question(question))
    assert answer.outcome is Outcome.PROHIBITED
    reason = next(reason for reason in answer.reasons if reason.rule == rule)
    assert reason.effect == "warns"
    assert provision in {answer.citations[i].provision for i in reason.citations}


def test_a_plain_activity_is_not_lectured_about_names(assistant: Assistant) -> None:
    answer = assistant.ask(Question("区水务局想评选十名治水标兵，发奖牌，面向各镇"))
    assert not any(reason.rule.endswith(("not-name", "not-met")) for reason in answer.reasons)


def test_an_association_that_chooses_among_its_own_clerks_is_told_the_rule_for_associations(
    assistant: Assistant,
) -> None:
    answer = assistant.ask(Question("茶叶协会给秘书处自己的职工评优秀员工发奖金，不涉及会员单位"))
    assert answer.outcome is Outcome.OUT_OF_SCOPE
    assert any("社会组织" in citation.document for citation in answer.citations)


def places(answer: Answer, turns: list[str]) -> dict[str, tuple[str, str]]:
    """fact → (the words it was read from, what stands in the turn at that place)."""
    return {
        fact.name: (fact.said, turns[fact.span.turn][fact.span.start : fact.span.end])
        for fact in answer.facts
        if fact.span is not None
    }


@pytest.mark.parametrize("reply", ["B", "选B，啥都不发", "第二个", "b吧"])
def test_words_chosen_by_a_letter_stand_where_the_letter_was_typed(assistant: Assistant, reply: str) -> None:
    turns = [
        "区住建局组织物业观摩会，可以吗",
        "还差一项才能定：活动最后，是否给参加的单位发称号？A 发。B 都不发。",
        reply,
    ]
    context = (Turn("user", turns[0]), Turn("assistant", turns[1]))
    found = places(assistant.ask(Question(reply, context)), turns)
    assert found
    assert all(said == stands for said, stands in found.values()), found


def test_words_of_one_of_several_activities_stand_in_the_whole_question(assistant: Assistant) -> None:
    asked = "我们镇有两件事：1.给商户办消防培训；2.培训完评10家“消防示范商户”发牌"
    found = places(assistant.ask(Question(asked)), [asked])
    assert found
    assert all(said == stands for said, stands in found.values()), found
