"""The plain functions behind `minggui eval`, over a real library; only the one who answers is stood in for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Settings
from assistant.domain import Answer, Citation, Outcome, Passage, Provision, Question, Review, TextStatus
from assistant.errors import BadInput, NotFound
from assistant.library import Library
from evals import cli
from evals.cases import BadCases
from evals.summary import summarise
from tests.evals.conftest import FIRST, MEASURES_2022, ask_line

Write = Callable[..., Path]


class Hit:
    def __init__(self, provision: Provision) -> None:
        self.passage, self.document, self.provision = (
            Passage(provision.id, provision.document_id, 1.0),
            MEASURES_2022,
            provision,
        )


class Assistant:
    """Says 不得开展 to everything, with one true citation, and finds one provision."""

    fingerprint = "rules-1"

    def __init__(self) -> None:
        self.library = Library.open("sqlite://")
        self.provision = Provision(MEASURES_2022.id, "第四条第一款", FIRST, 0, article="第四条", number=(4, 1))
        self.library.publish([(MEASURES_2022, [self.provision], None)], by="测试")
        self.outcome = Outcome.PROHIBITED

    def ask(self, question: Question) -> Answer:
        cited = Citation(
            MEASURES_2022.id,
            MEASURES_2022.title,
            "厅字〔2022〕23号",
            "第四条第一款",
            FIRST,
            TextStatus.PARAPHRASE,
            self.provision.id,
        )
        return Answer(
            "a",
            question.text,
            self.outcome,
            "不得开展",
            "不能办。",
            citations=(cited,),
            as_of=question.as_of or date.min,
            fingerprint="rules-1",
        )

    def search(self, query: str, k: int, *, as_of: date) -> list[Hit]:
        return [Hit(self.provision)]

    def review(self, text: str, *, organizer: str | None, as_of: date) -> Review:
        return Review(self.outcome, "不得开展", (), None, as_of)


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Any]:
    return {"cases_dir": tmp_path, "accepted_dir": tmp_path / "accepted"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", corpus_dir=tmp_path / "corpus", _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def ask_file(write_lines: Write) -> Path:
    return write_lines("ask-open.jsonl", ask_line("a-1", "街道能评示范小区吗"), ask_line("a-2", "镇里能评文明家庭吗"))


def test_from_run_to_gate(settings: Settings, ask_file: Path, places: dict[str, Any], tmp_path: Path) -> None:
    assistant = Assistant()
    done = cli.run(settings, assistant=assistant, name="first", **places)  # type: ignore[arg-type]
    assert (summarise(done).totals["verdict"].mean, done.meta.fingerprint) == (1.0, "rules-1")
    assert summarise(done).totals["broken_citation"].count == 0
    paths = cli.report(settings)
    assert set(paths) == {"json", "md", "html"}
    assert all(path.stat().st_size > 0 for path in paths.values())
    cli.accept(settings, who="王五", why="首次", accepted_dir=places["accepted_dir"])
    assert [result.exit_code for result in cli.gate(settings, accepted_dir=places["accepted_dir"])] == [0]
    assert cli.triage(settings) == {}

    assistant.outcome = Outcome.FILING_REQUIRED
    cli.run(settings, assistant=assistant, name="second", **places)  # type: ignore[arg-type]
    (result,) = cli.gate(settings, ["second"], junit=tmp_path / "gate.xml", accepted_dir=places["accepted_dir"])
    assert result.exit_code == 1
    assert "误放行" in result.line
    assert (tmp_path / "gate.xml").is_file()
    assert next(iter(cli.triage(settings, "second"))) == "false_permit"


def test_searches_and_reviews_run_through_the_same_door(
    settings: Settings, write_lines: Write, places: dict[str, Any]
) -> None:
    write_lines("retrieval-open.jsonl", {"id": "r-1", "question": "街道能办吗", "author": "t",
                                         "gold": {"cites": [{"work": "chuangjian-shifan", "provision": "第四条"}]}})  # fmt: skip
    write_lines(
        "review-open.jsonl", {"id": "n-1", "text": "街道评选示范楼", "author": "t", "gold": {"verdict": "prohibited"}}
    )
    found = cli.run(settings, suite="retrieval", assistant=Assistant(), **places)  # type: ignore[arg-type]
    assert summarise(found).totals["MRR"].mean == 1
    reviewed = cli.run(settings, suite="review", assistant=Assistant(), **places)  # type: ignore[arg-type]
    assert summarise(reviewed).totals["verdict"].mean == 1


def test_a_bad_case_stops_the_run_before_anything_is_asked(
    settings: Settings, write_lines: Write, places: dict[str, Any]
) -> None:
    write_lines(
        "ask-open.jsonl", ask_line("a-1", "街道能评吗", cites=[{"work": "chuangjian-shifan", "provision": "第五十条"}])
    )
    with pytest.raises(BadCases, match=r"ask-open\.jsonl:1"):
        cli.run(settings, assistant=Assistant(), **places)  # type: ignore[arg-type]
    assert not (settings.home / "evals").exists()


def test_a_blind_run_needs_the_word_the_seal_and_is_entered_once(
    settings: Settings, write_lines: Write, places: dict[str, Any]
) -> None:
    write_lines("ask-blind.jsonl", ask_line("b-1", "街道能评示范小区吗"))
    blind: dict[str, Any] = {"split": "blind", "assistant": Assistant(), **places}
    with pytest.raises(BadInput, match="盲测"):
        cli.run(settings, **blind)
    with pytest.raises(BadCases, match="封存"):
        cli.run(settings, blind=True, **blind)
    cli.seal("ask", "blind", by="王五", cases_dir=places["cases_dir"])
    done = cli.run(settings, blind=True, name="b1", **blind)
    cli.run(settings, blind=True, resume="b1", **blind)
    ledger = (places["accepted_dir"] / "blind-runs.jsonl").read_text().splitlines()
    assert [(row["count"], row["fingerprint"]) for row in map(json.loads, ledger)] == [(1, "rules-1")]
    assert [record.asked for record in done.records] == [""]


def test_a_name_is_not_used_twice_and_a_missing_run_is_said_so(
    settings: Settings, ask_file: Path, places: dict[str, Any]
) -> None:
    with pytest.raises(NotFound):
        cli.report(settings)
    cli.run(settings, assistant=Assistant(), name="one", **places)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="同名"):
        cli.run(settings, assistant=Assistant(), name="one", **places)  # type: ignore[arg-type]


def test_a_gate_without_accepted_numbers_says_what_to_do(
    settings: Settings, ask_file: Path, places: dict[str, Any]
) -> None:
    cli.run(settings, assistant=Assistant(), name="one", **places)  # type: ignore[arg-type]
    with pytest.raises(BadInput) as refused:
        cli.gate(settings, accepted_dir=places["accepted_dir"])
    assert "accept" in refused.value.hint
    with pytest.raises(NotFound):
        cli.gate(settings, ["one"], accepted_dir=places["accepted_dir"])


def test_declared_facts_are_read_with_their_values() -> None:
    declared = cli.declared_facts(Settings().corpus_dir)
    assert declared is not None
    assert "township" in declared["organizer_kind"]
