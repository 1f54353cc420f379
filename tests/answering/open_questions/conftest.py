"""Open questions against the shipped corpus in a real library with a real index, and against a small shelf of originals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.open_questions import OpenAnswer, OpenQuestions
from assistant.config import Settings
from assistant.domain import Document, Level, PartialDate, Provision
from assistant.library import Library
from assistant.retrieval.hybrid import HybridRetriever, build_index
from ingest.seeding import seed

TODAY = date(2026, 11, 23)
REGION = "XX省XX市XX区"
Ask = Callable[..., OpenAnswer]


def _asker(library: Library, settings: Settings) -> Iterator[Ask]:
    build_index(library, settings)
    retriever = HybridRetriever.open(library, settings)
    questions = OpenQuestions(library, lambda: retriever, settings.corpus_dir, REGION)

    def ask(question: str, *, on: date = TODAY, before: str = "", topic: str = "") -> OpenAnswer:
        return questions.answer(question, topic, on=on, situation_text=before)

    yield ask
    retriever.close()
    library.close()


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library filled from corpus/, for checking what answers cite."""
    settings = Settings(home=tmp_path_factory.mktemp("open-home"))
    library = Library.open(settings.sql_url, settings.originals_dir)
    seed(library, settings)
    return library


@pytest.fixture(scope="session")
def ask(shipped: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    yield from _asker(shipped, Settings(home=tmp_path_factory.mktemp("open-index")))


@pytest.fixture
def ask_originals(tmp_path: Path) -> Iterator[Ask]:
    """One complete original law with a version before it, and nothing of the shipped corpus."""
    old = Document(
        "anjing", "2015", "XX省安静条例", Level.PROVINCE, document_number="省令〔2015〕1号", region="XX省",
        effective_on=PartialDate.parse("2015-01-01"),
    )  # fmt: skip
    new = Document(
        "anjing", "2024", "XX省安静条例", Level.PROVINCE, document_number="省令〔2024〕7号", region="XX省",
        effective_on=PartialDate.parse("2024-07-01"), supersedes=("anjing/2015",),
    )  # fmt: skip
    texts = {
        "第一条": "本条例所称噪声作业，是指产生环境噪声的施工、装修和机械作业。",
        "第二条": "夜间噪声作业应当在作业三日前向街道办事处申请。",
        "第三条": "违反本条例夜间作业的，处五百元以上二千元以下的罚款。",
    }
    drafts = [
        (owner, [Provision(owner.id, label, text, at, article=label) for at, (label, text) in enumerate(texts.items())], None)
        for owner in (old, new)
    ]  # fmt: skip
    settings = Settings(home=tmp_path / "home")
    library = Library.open(settings.sql_url)
    library.publish(drafts, by="test")
    yield from _asker(library, settings)
