"""Denial, questions that only look like denial, and whose activity a clause is about."""

from __future__ import annotations

import pytest

from assistant.answering.clauses import negated, split
from assistant.text.fold import folded


def denied(sentence: str, cue: str) -> bool:
    text = folded(sentence)
    clause = next(c for c in split(text) if cue in c.text)
    at = clause.text.index(cue)
    return negated(clause.text, at, at + len(cue))


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("不评比、不授牌", "授牌"),
        ("不评分、授牌和发证", "授牌"),
        ("牌子就不发了", "牌子"),
        ("一分钱不收", "钱"),
        ("证书也不发", "证书"),
        ("没有收费", "收费"),
        ("取消颁奖环节", "颁奖"),
        ("那我们撤掉打分", "打分"),
        ("无需打分", "打分"),
    ],
)
def test_what_is_denied_is_read_as_denied(sentence: str, cue: str) -> None:
    assert denied(sentence, cue)


@pytest.mark.parametrize(
    ("sentence", "cue"),
    [
        ("要不要授牌", "授牌"),
        ("能不能发证书", "证书"),
        ("不光授牌还发钱", "授牌"),
        ("不授牌,只公布名单", "公布名单"),
        ("发荣誉证书不发钱", "证书"),
        ("不发奖金就发证书", "证书"),
        ("是不是要打分", "打分"),
        ("无废楼宇授牌", "授牌"),
        ("评比行不", "评比"),
    ],
)
def test_what_only_looks_like_denial_is_not(sentence: str, cue: str) -> None:
    assert not denied(sentence, cue)


def test_what_others_do_is_set_apart_until_we_speak_of_ourselves() -> None:
    clauses = split(folded("听说隔壁区评了十佳,授了牌;我们街道想办培训"))
    assert [c.reported for c in clauses] == [True, True, False]


def test_copying_the_neighbours_makes_their_activity_ours() -> None:
    clauses = split(folded("隔壁镇搞示范楼宇授牌,我们照着办行不"))
    assert not any(c.reported for c in clauses)


def test_an_empty_text_has_no_clauses() -> None:
    assert split("") == []
    assert split(folded("，。！ \n")) == []
