"""A small assistant at the service's seam: it answers with domain values made by hand, and remembers what it was told.

It stands in for the brain only; rendering, HTTP, the page and the bot above it are real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from threading import get_ident
from typing import Any

from assistant.domain import (
    Advice,
    Answer,
    Document,
    Finding,
    Level,
    Outcome,
    Passage,
    Provision,
    Question,
    Review,
    Severity,
)
from assistant.errors import ClassifiedFile, NotFound, UnreadableFile
from assistant.render import forwardable
from ingest.checks import Problem
from ingest.publishing import AddReport, Refusal
from ingest.reading import Draft
from tests.render.cases import (
    ASKING,
    AWARD_LAW,
    CIVIL_SERVANTS,
    CREATION,
    DAY,
    DISTRICT,
    DISTRICT_RULE,
    NO_FEE,
    OFF_TOPIC,
    ORIGINAL,
    PROHIBITED,
    SEVERAL,
    WHAT_IT_IS,
    WHO_MAY,
    Found,
    cite,
)

CATALOG = Document(
    work="xx-qu-mulu",
    version="2026",
    title="XX区创建示范和评比达标表彰保留项目目录",
    level=Level.DISTRICT,
    region="XX省XX市XX区",
    text_status=DISTRICT.text_status,
)
ROWS = tuple(
    Provision(
        document_id=CATALOG.id,
        label=f"附表1 第{n}行",
        text=f"编号：{n}；项目名称：{name}",
        ordinal=n,
        columns=(("编号", str(n)), ("项目名称", name)),
    )
    for n, name in enumerate(("示例项目甲", "示例项目乙"), start=1)
)
HEADED = tuple(replace(p, path=("第一章 总则",)) for p in (WHAT_IT_IS, WHO_MAY))
SHELF: dict[str, tuple[Document, list[Provision]]] = {
    CREATION.id: (CREATION, [*HEADED, NO_FEE]),
    DISTRICT.id: (DISTRICT, [DISTRICT_RULE]),
    CIVIL_SERVANTS.id: (CIVIL_SERVANTS, [AWARD_LAW]),
    CATALOG.id: (CATALOG, list(ROWS)),
}
NOT_A_CREATION = replace(
    PROHIBITED,
    answer_id="a-training",
    outcome=Outcome.OUT_OF_SCOPE,
    label="不按本类办法管理，另按培训管理规定办理",
    text="可以照常培训交流，不按创建示范、评比表彰管理。",
    reasons=(),
    advice=(Advice("不公布入选名单。", None),),
)


class StandIn:
    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.feedbacks: list[tuple[str, bool, str]] = []
        self.added: list[tuple[str, int, bool, str]] = []
        self.threads: set[int] = set()
        self.ready = True

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        self.threads.add(get_ident())
        return replace(self._choose(question), question=question.text, as_of=question.as_of or DAY)

    def _choose(self, question: Question) -> Answer:
        text, pending = question.text, any("活动最后" in turn.content for turn in question.context)
        if "天气" in text:
            return OFF_TOPIC
        if "崩溃" in text:
            raise RuntimeError("the brain fell over")
        if pending and text.startswith("不发"):
            return NOT_A_CREATION
        if pending and text == "发":
            return PROHIBITED
        if "交流" in text:
            return ASKING
        if "公务员" in text:
            return ORIGINAL
        return SEVERAL if "两件" in text else PROHIBITED

    def search(self, query: str, k: int = 10, *, as_of: date | None = None, region: str | None = None,
               level: Level | None = None, document: str | None = None, explain: bool = False) -> list[Found]:  # fmt: skip
        found = [
            Found(Passage(provision.id, held.id, 1 / (n + 1), {"lexical": 1.0}), held, provision)
            for held, provisions in SHELF.values()
            for n, provision in enumerate(provisions)
            if level in (None, held.level) and any(char in provision.text for char in query)
        ]
        return found[:k]

    def review(self, text: str, *, organizer: str | None = None, as_of: date | None = None) -> Review:
        rows = (("授牌", "recognition", Severity.MUST_NOT, "疑似以授牌方式认定，街道不得开展。", WHO_MAY),
                ("工本费", "fee", Severity.MUST_FIX, "不得向参加对象收费。", NO_FEE),
                ("拍照", "burden", Severity.ADVISE, "不宜要求拍照留痕。", NO_FEE))  # fmt: skip
        findings = tuple(
            Finding(
                kind, severity, words, at, at + len(words), message, (cite(CREATION, provision),), f"删去“{words}”。"
            )
            for words, kind, severity, message, provision in rows
            if (at := text.find(words)) >= 0
        )
        outcome = Outcome.PROHIBITED if findings else None
        return Review(outcome, PROHIBITED.label if findings else "", findings, None, as_of or DAY)

    def read_notice(self, data: bytes, name: str) -> str:
        if b"\x00" in data:
            raise UnreadableFile(f"“{name}”读不出文字。", hint="请另存为 docx 再传。")
        text = data.decode()
        if "机密★" in text:
            raise ClassifiedFile(f"“{name}”带有密级标志。", hint="涉密文件不得上传。")
        return text

    def documents(self) -> list[Document]:
        return [document for document, _ in SHELF.values()]

    def document(self, document_id: str) -> tuple[Document, list[Provision]]:
        if document_id not in SHELF:
            raise NotFound(f"没有收录 {document_id}。", hint="请从已收录文件里选。")
        return SHELF[document_id]

    def add(self, files: Sequence[tuple[str, bytes]], *, publish: bool, by: str) -> AddReport:
        self.added += [(name, len(data), publish, by) for name, data in files]
        read = [(name, data) for name, data in files if b"\x00" not in data]
        problem = Problem("warn", "第五条", "条号不连续。", "请核对原件。")
        ids = tuple(DISTRICT.id for _ in read)
        return AddReport(
            drafts=tuple(Draft(DISTRICT, (DISTRICT_RULE,), (problem,), data, name) for name, data in read),
            refused=tuple(
                Refusal(name, "unreadable_file", f"“{name}”读不出文字。", "请另存为 docx 再传。")
                for name, data in files
                if b"\x00" in data
            ),
            published=ids if publish else (),
            draft_ids=() if publish else ids,
        )

    def feedback(self, answer_id: str, right: bool, comment: str) -> None:
        if not answer_id.startswith("a-"):
            raise NotFound("没有这条回答。", hint="请从回答下方反馈。")
        self.feedbacks.append((answer_id, right, comment))

    def forwardable(self, answer: Answer, tone: str) -> str:
        return forwardable(answer, tone)

    def health(self) -> dict[str, Any]:
        return {"ready": self.ready, "documents": len(SHELF), "generation": "g1"}
