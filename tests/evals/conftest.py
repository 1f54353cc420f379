"""A shelf of three small documents, and a target whose answers are written down: the only stand-in, at the seam."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Document, DocumentStatus, Level, Outcome, PartialDate, Provision, TextStatus
from evals.cases import AskCase, AskGold, Cite
from evals.shelf import Shelf

MEASURES_2022 = Document(
    "chuangjian-shifan", "2022", "创建示范活动管理办法(试行)", Level.CENTRAL, document_number="厅字〔2022〕23号",
    effective_on=PartialDate.parse("2022-04-20"), text_status=TextStatus.PARAPHRASE, aliases=("创示办法",),
)  # fmt: skip
OLD_2010 = Document(
    "pingbi-biaozhang", "2010", "评比达标表彰活动管理办法(试行)", Level.CENTRAL, status=DocumentStatus.SUPERSEDED,
    issued_on=PartialDate.parse("2010-10-27"), repealed_on=PartialDate.parse("2018"), text_status=TextStatus.PARAPHRASE,
)  # fmt: skip
POINTS_2018 = Document(
    "pingbi-biaozhang", "2018", "评比达标表彰活动管理办法", Level.CENTRAL, document_number="中办发〔2018〕69号",
    issued_on=PartialDate.parse("2018"), text_status=TextStatus.PARAPHRASE,
)  # fmt: skip

ARTICLE_4 = "第四条　经过批准可以开展的有两类。"
FIRST = "市县级其他党政机关和群团机关,以及乡镇(街道),都不得开展创建示范活动。"
SECOND = "社会组织不能自行开展创建示范活动。"
NO_FEE = "不论用什么形式,都不得向创建对象收取费用。"
TWO_LEVELS = "评比达标表彰实行中央和省两级审批,市、县没有审批权。"


def _provision(document: Document, ordinal: int, label: str, text: str, **more: Any) -> Provision:
    return Provision(document.id, label, text, ordinal, **more)


@pytest.fixture
def shelf() -> Shelf:
    four = f"{MEASURES_2022.id}/第四条"
    return Shelf.of(
        [MEASURES_2022, OLD_2010, POINTS_2018],
        [
            _provision(
                MEASURES_2022,
                0,
                "第三条",
                "创建示范活动,是指设立考评指标、发动创建并认定的活动。",
                article="第三条",
                number=(3,),
            ),
            _provision(MEASURES_2022, 1, "第四条", ARTICLE_4, article="第四条", number=(4,)),
            _provision(MEASURES_2022, 2, "第四条第一款", FIRST, article="第四条", number=(4, 1), parent=four),
            _provision(MEASURES_2022, 3, "第四条第二款", SECOND, article="第四条", number=(4, 2), parent=four),
            _provision(MEASURES_2022, 4, "", NO_FEE, anchor="no-fee", locator="条号未核"),
            _provision(OLD_2010, 0, "一、", "适用范围", anchor=""),
            _provision(OLD_2010, 1, "3.", "年度考核、绩效考核不适用。", parent=f"{OLD_2010.id}/一、"),
            _provision(POINTS_2018, 0, "要点一", TWO_LEVELS, anchor="two-levels"),
        ],
    )


@pytest.fixture
def day() -> date:
    return date(2026, 11, 23)


def cite(work: str, provision: str = "") -> Cite:
    return Cite(work, provision)


def ask_case(verdict: str | None = "prohibited", **gold: Any) -> AskCase:
    """A case about a street; `gold` goes into AskGold."""
    gold.setdefault("cites", (Cite("chuangjian-shifan", "第四条第一款"),))
    return AskCase("a-1", "街道能评示范小区吗", AskGold(Outcome(verdict) if verdict else None, **gold))


def citation(
    label: str = "第四条第一款", quote: str = FIRST, document: str = MEASURES_2022.title, **more: Any
) -> dict[str, Any]:
    return {
        "document": document,
        "document_number": "",
        "provision": label,
        "quote": quote,
        "text_status": "paraphrase",
        **more,
    }


def answer(verdict: str | None = "prohibited", **more: Any) -> dict[str, Any]:
    """The contract's JSON, right by default for `ask_case()`."""
    return {
        "id": "a-1", "answer_id": "x", "verdict": verdict, "verdict_label": "不得开展", "answer": "不能办,备案也不行。", "reasons": [],
        "citations": [citation()], "missing": [], "conditions": [], "advice": [], "route": None, "activities": [], "facts": {},
        "abstained": None, "as_of": "2026-11-23", "fingerprint": "f1", **more,
    }  # fmt: skip


class Scripted:
    """A target that says what the test wrote down, and breaks where the test says so."""

    name = "scripted"

    def __init__(self, answers: Mapping[str, dict[str, Any] | Exception], mark: str = "f1") -> None:
        self.answers, self.mark, self.asked = dict(answers), mark, []  # type: ignore[var-annotated]

    def fingerprint(self) -> str:
        return self.mark

    def answer(self, suite: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(inputs["id"])
        given = self.answers[inputs["id"]]
        if isinstance(given, Exception):
            raise given
        return given


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[..., Path]:
    """Write a case file: dicts become JSON lines, strings stay as they are."""

    def write(name: str, *rows: dict[str, Any] | str) -> Path:
        path = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def ask_line(case_id: str, question: str, verdict: str | None = "prohibited", **gold: Any) -> dict[str, Any]:
    gold = {"cites": [{"work": "chuangjian-shifan", "provision": "第四条第一款"}], **gold}
    return {"id": case_id, "question": question, "gold": {"verdict": verdict, **gold}, "why": "第四条",
            "strata": {"kind": "creation", "organizer": "street", "style": "plain"}, "author": "测试"}  # fmt: skip
