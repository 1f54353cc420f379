"""Reading and linting of case files: what is refused, and that the complaint names the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Outcome
from evals.cases import AskCase, BadCases, Cite, SearchCase, inputs_of, read_cases
from evals.lint import Complaint, lint_files, refuse_bad, skeleton
from evals.shelf import Shelf
from tests.evals.conftest import ask_line

Write = Callable[..., Path]


def complaints(shelf: Shelf | None, day: date, *paths: Path, errors: bool = True, **more: object) -> list[str]:
    found: list[Complaint] = lint_files(paths, shelf, today=day, **more)  # type: ignore[arg-type]
    return [str(one) for one in found if one.error is errors]


def test_a_line_becomes_a_frozen_case(write_lines: Write, day: date) -> None:
    line = ask_line("a-1", "街道能评吗") | {"context": [{"role": "user", "content": "想评先进"}, {"role": "assistant", "content": "谁办？"}],
                                      "as_of": "2025-01-02"}  # fmt: skip
    (case,) = read_cases(write_lines("ask-open.jsonl", line))
    assert isinstance(case, AskCase)
    assert (case.gold.verdict, case.gold.cites, str(case.where)) == (
        Outcome.PROHIBITED, (Cite("chuangjian-shifan", "第四条第一款"),), "ask-open.jsonl:1")  # fmt: skip
    given = inputs_of(case, day)
    assert (given["as_of"], given["context"][1]["content"], "gold" in given) == ("2025-01-02", "谁办？", False)


def test_a_case_without_a_day_is_asked_on_the_day_of_the_run(write_lines: Write, day: date) -> None:
    (case,) = read_cases(write_lines("ask-open.jsonl", ask_line("a-1", "街道能评吗")))
    assert inputs_of(case, day)["as_of"] == "2026-11-23"


def test_a_search_case_may_name_an_anchor(write_lines: Write) -> None:
    line = {"id": "r-1", "question": "收钱行吗", "gold": {"cites": [{"work": "chuangjian-shifan", "anchor": "no-fee"}]}}
    (case,) = read_cases(write_lines("retrieval-open.jsonl", line))
    assert isinstance(case, SearchCase)
    assert case.cites == (Cite("chuangjian-shifan", "no-fee"),)


def test_every_bad_line_is_named_at_once(write_lines: Write) -> None:
    path = write_lines("ask-open.jsonl", ask_line("a-1", "街道能评吗"), "{broken", ask_line("a-2", "镇能评吗", "maybe"),
                       ask_line("a-3", "村能评吗") | {"extra": 1})  # fmt: skip
    with pytest.raises(BadCases) as refused:
        read_cases(path)
    message = refused.value.message
    assert [f"ask-open.jsonl:{line}" in message for line in (1, 2, 3, 4)] == [False, True, True, True]
    assert "maybe" in message


def test_a_file_outside_the_naming_is_refused(write_lines: Write) -> None:
    with pytest.raises(BadCases):
        read_cases(write_lines("questions.jsonl", ask_line("a-1", "x")))


def test_an_unknown_work_or_provision_is_refused_with_file_and_line(
    write_lines: Write, shelf: Shelf, day: date
) -> None:
    path = write_lines(
        "ask-open.jsonl", ask_line("a-1", "街道能评示范小区吗"),
        ask_line("a-2", "镇里能评文明家庭吗", cites=[{"work": "no-such-work"}]),
        ask_line("a-3", "妇联能评最美庭院吗", cites=[{"work": "chuangjian-shifan", "provision": "第九十九条"}]),
        ask_line("a-4", "团委能收报名费吗", may_cite=[{"work": "chuangjian-shifan", "provision": "no-fee"}]),
    )  # fmt: skip
    found = complaints(shelf, day, path)
    assert [one.split(": ")[0] for one in found] == ["ask-open.jsonl:2", "ask-open.jsonl:3"]
    assert "no-such-work" in found[0]
    assert "第九十九条" in found[1]


def test_a_gold_that_contradicts_itself_is_refused(write_lines: Write, day: date) -> None:
    path = write_lines(
        "ask-open.jsonl",
        ask_line("a-1", "问题一二三四五", "prohibited", abstained="no_basis"),
        ask_line("a-2", "另一个很不一样的问题", "approval_required", acceptable=["filing_required"]),
        ask_line("a-3", "第三个说法完全不同", must_say=["备案不行"], must_not_say=["备案"]),
        ask_line("a-4", "第四个也没有毛病啊这里", "out_of_scope_of_measures", acceptable=["not_answerable"]),
    )
    found = complaints(None, day, path)
    assert [one.split(": ")[0] for one in found] == ["ask-open.jsonl:1", "ask-open.jsonl:2", "ask-open.jsonl:3"]
    assert "误放行" in found[1]


def test_doubles_are_refused_whatever_their_punctuation_and_politeness(write_lines: Write, day: date) -> None:
    path = write_lines("ask-open.jsonl", ask_line("a-1", "街道能不能评示范小区？"), ask_line("a-1", "另外一件完全不同的事情"),
                       ask_line("a-3", "請問：街道，能不能評示範小區嗎"))  # fmt: skip
    found = complaints(None, day, path)
    assert [one.split(": ")[0] for one in found] == ["ask-open.jsonl:2", "ask-open.jsonl:3"]
    assert "ask-open.jsonl:1" in found[1]


def test_the_same_words_in_another_conversation_or_on_another_day_are_another_case(
    write_lines: Write, day: date
) -> None:
    talk = {"context": [{"role": "user", "content": "我们想评先进"}, {"role": "assistant", "content": "谁主办？"}]}
    path = write_lines("ask-open.jsonl", ask_line("a-1", "是街道"), ask_line("a-2", "是街道") | talk,
                       ask_line("a-3", "是街道") | {"as_of": "2015-01-01"})  # fmt: skip
    assert complaints(None, day, path) == []


def test_a_near_copy_in_another_split_is_a_leak_but_a_minimal_pair_in_one_split_is_not(
    write_lines: Write, day: date
) -> None:
    question = "我们街道想评一批示范小区，按指标打分，达标的发一块牌子，去区里备个案就可以办了吧"
    near = question.replace("小区", "社区")
    open_path = write_lines("ask-open.jsonl", ask_line("a-1", question), ask_line("a-2", near))
    assert complaints(None, day, open_path) == []
    blind_path = write_lines("ask-blind.jsonl", ask_line("b-1", near))
    open_path = write_lines("ask-open.jsonl", ask_line("a-1", question))
    found = complaints(None, day, blind_path, open_path)
    assert len(found) == 1
    assert found[0].startswith("ask-open.jsonl:1: ")
    assert "泄题" in found[0]


def test_a_finding_must_be_words_of_the_notice(write_lines: Write, day: date) -> None:
    line = {
        "id": "n-1",
        "text": "授予示范小区牌匾",
        "gold": {"verdict": "prohibited", "findings": [{"kind": "plaque", "span": "金牌匾"}]},
    }
    found = complaints(None, day, write_lines("review-open.jsonl", line))
    assert found == ["review-open.jsonl:1: 通知稿里没有“金牌匾”"]


def test_undeclared_facts_and_lapsed_sources_are_only_warned_about(write_lines: Write, shelf: Shelf, day: date) -> None:
    path = write_lines("ask-open.jsonl", ask_line("a-1", "街道能评吗", facts={"colour": "red", "organizer_kind": "king"},
                                                  cites=[{"work": "pingbi-biaozhang/2010"}]))  # fmt: skip
    assert complaints(shelf, day, path, facts={"organizer_kind": ["street"]}) == []
    warned = "\n".join(complaints(shelf, day, path, errors=False, facts={"organizer_kind": ["street"]}))
    assert all(word in warned for word in ("colour", "king", "效力期"))


def test_only_errors_refuse(write_lines: Write, day: date) -> None:
    path = write_lines("ask-open.jsonl", ask_line("a-1", "街道能评吗") | {"author": ""})
    refuse_bad(lint_files([path], None, today=day))
    with pytest.raises(BadCases, match=r"ask-open\.jsonl:1"):
        refuse_bad(lint_files([write_lines("ask-open.jsonl", "[]")], None, today=day))


def test_the_skeleton_keeps_what_is_asked() -> None:
    assert skeleton("请问，街道 能评“示范小区”吗？") == skeleton("街道能评示范小区")
    assert skeleton("街道能评示范小区") != skeleton("区政府能评示范小区")


def test_the_shipped_case_files_can_be_read_and_hold_no_error(day: date) -> None:
    from evals.cases import case_files

    files = case_files()
    assert {"retrieval-open.jsonl", "review-open.jsonl"} <= {path.name for path in files}
    refuse_bad(lint_files(files, None, today=day))
