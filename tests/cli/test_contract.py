"""The commands other programs rely on: streams, exit codes, JSON shapes, batches with bad lines (docs/design.md §7)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

CITATION = {
    "type": "object",
    "required": ["document", "document_number", "provision", "quote", "text_status"],
    "properties": {"text_status": {"enum": ["original", "paraphrase", "model"]}, "quote": {"type": "string", "minLength": 1}},
}  # fmt: skip
VERDICTS = [
    "prohibited", "approval_required", "filing_required", "allowed_no_procedure", "out_of_scope_of_measures",
    "needs_more_info", "not_answerable", None,
]  # fmt: skip
ANSWER = {
    "type": "object",
    "required": [
        "id", "answer_id", "verdict", "verdict_label", "answer", "reasons", "citations", "missing", "conditions",
        "advice", "route", "activities", "facts", "abstained", "as_of", "fingerprint",
    ],
    "properties": {
        "verdict": {"enum": VERDICTS},
        "answer": {"type": "string", "minLength": 1},
        "citations": {"type": "array", "items": CITATION},
        "reasons": {"type": "array", "items": {"required": ["text", "rule", "effect", "citations"], "properties": {
            "effect": {"enum": ["decides", "warns", "lost"]}, "citations": {"type": "array", "items": {"type": "integer"}}}}},
        "missing": {"type": "array", "items": {"required": ["fact", "question", "options"]}},
        "advice": {"type": "array", "items": {"required": ["text", "outcome"]}},
        "route": {"anyOf": [{"type": "null"}, {"type": "object", "required": ["text"]}]},
        "facts": {"type": "object", "additionalProperties": {"required": ["value", "said", "start", "end", "turn", "source"]}},
        "abstained": {"anyOf": [{"type": "null"}, {"required": ["why", "text"], "properties": {
            "why": {"enum": ["no_basis", "off_topic", "harmful"]}}}]},
        "as_of": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    },
}  # fmt: skip
HITS = {
    "type": "object",
    "required": ["id", "results"],
    "properties": {"results": {"type": "array", "items": {"required": ["document", "provision", "score"]}}},
}
REVIEW = {
    "type": "object",
    "required": ["id", "verdict", "findings"],
    "properties": {
        "verdict": {"enum": VERDICTS},
        "findings": {"type": "array", "items": {
            "required": ["kind", "severity", "span", "start", "end", "citations", "advice"],
            "properties": {"severity": {"enum": ["must_not", "must_fix", "advise"]}}}},
    },
}  # fmt: skip
BAD_LINE = {
    "type": "object",
    "required": ["id", "line", "error"],
    "properties": {"error": {"required": ["code", "message", "hint"], "properties": {
        "message": {"type": "string", "minLength": 1}, "hint": {"type": "string", "minLength": 1}}}},
}  # fmt: skip


@pytest.fixture
def minggui(home: Path):  # type: ignore[no-untyped-def]
    def run(*words: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "MINGGUI_HOME": str(home), "PYTHONUTF8": "1"}
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *words], input=data, capture_output=True, env=env, check=False, timeout=120
        )  # fmt: skip
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_answer_goes_to_stdout_and_nothing_else_does(minggui) -> None:  # type: ignore[no-untyped-def]
    done = minggui("ask", "我们镇想选一批‘示范农家乐’,打分够了就发牌子,跟区里备个案行吧?", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    validate(answer, ANSWER)
    assert answer["verdict"] == "prohibited"
    assert ("创建示范活动管理办法(试行)", "第四条第一款") in [
        (c["document"], c["provision"]) for c in answer["citations"]
    ]


def test_facts_point_at_the_words_they_were_read_from(minggui) -> None:  # type: ignore[no-untyped-def]
    question = "區婦聯今年想評選「巾幗標兵」二十名，發證書，怎麼備案？"
    facts = json.loads(minggui("ask", question, "--json").stdout)["facts"]
    for fact in facts.values():
        if fact["source"] == "said":
            assert question[fact["start"] : fact["end"]] == fact["said"] != ""
    assert facts["organizer_kind"]["said"] == "區婦聯"


def test_a_dash_reads_the_question_from_standard_input(minggui) -> None:  # type: ignore[no-untyped-def]
    done = minggui("ask", "-", "--json", stdin="各科室年底考核定等次")
    assert json.loads(done.stdout)["verdict"] == "out_of_scope_of_measures"


def test_ask_batch_keeps_the_order_and_answers_bad_lines_in_their_place(minggui) -> None:  # type: ignore[no-untyped-def]
    lines = [
        json.dumps({"id": "a", "question": "这个要不要报？"}),
        "{not json",
        json.dumps({"id": "b", "question": ""}),
        json.dumps({"id": 7, "question": "区政府想表彰十家企业", "as_of": "2026-02-30"}),
        json.dumps({"id": "c", "question": "区水务局", "context": [
            {"role": "user", "content": "想评“优秀河长”发证书"}, {"role": "assistant", "content": "由哪个单位主办？"}]}),
        json.dumps(["list"]),
        json.dumps({"id": "d", "question": "x" * 6000}),
    ]  # fmt: skip
    done = minggui("ask", "--batch", "-", stdin="\n".join(lines) + "\n")
    out = rows(done.stdout)
    assert done.returncode == 1
    assert len(out) == len(lines)
    for position in (1, 2, 3, 5, 6):
        validate(out[position], BAD_LINE)
        assert out[position]["line"] == position + 1
    validate(out[0], ANSWER)
    validate(out[4], ANSWER)
    assert [out[i]["id"] for i in range(7)] == ["a", None, "b", 7, "c", None, "d"]
    assert out[0]["verdict"] == "needs_more_info"
    assert len(out[0]["missing"]) == 1
    assert out[4]["verdict"] == "prohibited"
    assert out[6]["error"]["code"] == "question_too_long"


def test_search_batch_obeys_the_contract(minggui) -> None:  # type: ignore[no-untyped-def]
    lines = [
        json.dumps({"id": "1", "question": "乡镇能不能搞创建示范", "k": 5}),
        json.dumps({"id": "2", "question": "大型活动提前几天申请"}),
        json.dumps({"id": "3", "question": "x", "k": "many"}),
        json.dumps({"id": "4", "question": "社会组织评比", "as_of": "2015-01-01"}),
    ]
    done = minggui("search", "--batch", "-", "-k", "100", stdin="\n".join(lines))
    out = rows(done.stdout)
    for position in (0, 1, 3):
        validate(out[position], HITS)
    validate(out[2], BAD_LINE)
    assert len(out[0]["results"]) == 5
    scores = [hit["score"] for hit in out[0]["results"]]
    assert scores == sorted(scores, reverse=True)
    assert done.returncode == 1


def test_review_batch_obeys_the_contract_and_its_spans_are_the_words(minggui) -> None:  # type: ignore[no-untyped-def]
    text = (
        "关于开展“示范农家乐”评选的通知\n各村：\n经研究，决定开展示范农家乐创建评选活动。\n一、按照评分表打分，80分以上的授予“示范农家乐”牌匾。\n"
        "二、参评农家乐每户缴纳评审费200元。\n青石镇人民政府\n2026年11月20日"
    )
    done = minggui(
        "review", "--batch", "-", stdin=json.dumps({"id": "n", "text": text}) + "\n" + json.dumps({"id": "m"})
    )
    out = rows(done.stdout)
    validate(out[0], REVIEW)
    validate(out[1], BAD_LINE)
    assert out[0]["verdict"] == "prohibited"
    assert out[0]["findings"]
    for finding in out[0]["findings"]:
        assert text[finding["start"] : finding["end"]] == finding["span"]


def test_wrong_usage_exits_2_and_our_errors_exit_1_with_a_hint(minggui) -> None:  # type: ignore[no-untyped-def]
    assert minggui("ask").returncode == 2
    assert minggui("ask", "--nonsense").returncode == 2
    late = minggui("ask", "区政府想表彰企业", "--as-of", "2026-13-01")
    assert (late.returncode, late.stdout) == (1, "")
    assert "办法：" in late.stderr
    gone = minggui("corpus", "show", "没有这件文件")
    assert gone.returncode == 1
    assert "办法：" in gone.stderr


def test_a_command_whose_room_is_not_furnished_says_so(minggui) -> None:  # type: ignore[no-untyped-def]
    done = minggui("corpus", "preview", "abc")
    assert done.returncode == 1
    assert "还没有做好" in done.stderr


def test_corpus_list_gives_the_fields_other_programs_read(minggui) -> None:  # type: ignore[no-untyped-def]
    listed = json.loads(minggui("corpus", "list", "--json").stdout)
    wanted = {"id", "title", "document_number", "level", "status", "text_status", "effective_on", "articles"}
    assert all(wanted <= row.keys() for row in listed)
    district = next(row for row in listed if row["id"] == "xx-qu-banfa/2026")
    assert (district["articles"], district["text_status"]) == (25, "model")


def test_an_answer_can_be_replayed(minggui) -> None:  # type: ignore[no-untyped-def]
    answer = json.loads(minggui("ask", "区科协想评十佳科技志愿者发奖牌", "--json").stdout)
    again = json.loads(minggui("replay", answer["answer_id"], "--json").stdout)
    assert again["same"] is True
    assert again["then"]["verdict"] == answer["verdict"]
    assert minggui("replay", "0" * 16).returncode == 1


def test_doctor_finds_nothing_broken_in_a_fresh_home(minggui) -> None:  # type: ignore[no-untyped-def]
    done = minggui("doctor", "--json")
    assert done.returncode == 0, done.stdout
    assert {row["state"] for row in json.loads(done.stdout)} <= {"ok", "warn"}


def test_help_on_every_command_teaches(minggui) -> None:  # type: ignore[no-untyped-def]
    for words in ([], ["ask"], ["search"], ["review"], ["corpus"], ["corpus", "add"], ["eval"], ["rules"], ["bot"]):
        done = minggui(*words, "--help")
        assert done.returncode == 0
        assert any("\u4e00" <= char <= "\u9fff" for char in done.stdout)
