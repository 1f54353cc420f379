"""The hybrid retriever keeps the contract, embedded and on a Chroma server; swaps, explanations and staleness."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.library import Library
from assistant.retrieval.hybrid import HybridRetriever, build_index, ensure_index
from tests.retrieval.conftest import articles, document
from tests.retrieval.contracts import NOW, RetrieverContract, ids


class TestCold(RetrieverContract):
    """As a command asks: the vectors are read from their copy, Chroma stays closed."""

    @pytest.fixture
    def retriever(self, hybrid: HybridRetriever) -> HybridRetriever:
        return hybrid


class TestWarm(RetrieverContract):
    """As a service asks: Chroma is open."""

    @pytest.fixture
    def retriever(self, hybrid: HybridRetriever) -> HybridRetriever:
        hybrid.warm()
        return hybrid


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma")
    command = [
        str(Path(sys.executable).parent / "chroma"),
        "run",
        "--path",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


class TestOnChromaServer(RetrieverContract):
    @pytest.fixture
    def retriever(self, library: Library, settings: Settings, chroma_url: str) -> Iterator[HybridRetriever]:
        remote = settings.model_copy(update={"chroma_url": chroma_url, "home": settings.home / "remote"})
        build_index(library, remote)
        opened = HybridRetriever.open(library, remote)
        opened.warm()
        yield opened
        opened.close()


def test_an_explanation_names_terms_expansions_and_parts(hybrid: HybridRetriever) -> None:
    first = hybrid.explain("发牌子算不算创建示范", on=NOW)[0]
    assert first.passage.provision_id == "chuangjian/2022/第三条"
    assert first.expansions == {"发牌子": ("授牌", "命名")}
    assert "创建" in first.terms
    assert first.cosine > 0


def test_an_article_asked_for_that_is_not_held_is_not_made_up(hybrid: HybridRetriever) -> None:
    found = hybrid.search("创建示范活动管理办法第九十九条", on=NOW)
    assert all(passage.why["exact"] < 1 for passage in found)


def test_a_published_document_is_found_after_the_next_build_without_reopening(
    hybrid: HybridRetriever, library: Library, settings: Settings
) -> None:
    before = hybrid.generation
    added = document("luntan", "2023", "关于加强论坛活动管理的通知")
    library.publish([(added, articles(added, {"第五条": "未经批准不得举办峰会论坛。"}), None)], by="test")
    assert hybrid.stale
    ensure_index(library, settings)
    assert ids(hybrid, "峰会论坛")[0] == "luntan/2023/第五条"
    assert hybrid.generation != before
    assert not hybrid.stale


def test_a_retired_document_is_gone_at_once_and_not_after_the_next_build(
    hybrid: HybridRetriever, library: Library
) -> None:
    assert ids(hybrid, "乡镇开展创建示范活动")[0] == "chuangjian/2022/第四条"
    library.retire("chuangjian/2022", by="test", note="")
    assert not any(found.startswith("chuangjian/") for found in ids(hybrid, "乡镇开展创建示范活动", 100))


def test_the_same_words_in_two_versions_are_shown_once(library: Library, settings: Settings) -> None:
    later = document("pingbi", "2026", "评比达标表彰活动管理办法")
    library.publish([(later, articles(later, {"第二条": "评比达标表彰项目实行中央和省两级审批。"}), None)], by="test")
    build_index(library, settings)
    found = ids(HybridRetriever.open(library, settings), "评比达标表彰项目两级审批", 100)
    assert len([one for one in found if one.startswith("pingbi/") and one.endswith("第二条")]) == 1


def test_chroma_and_its_copy_give_the_same_answers(hybrid: HybridRetriever) -> None:
    questions = ["乡镇能不能开展创建示范活动", "评审委员会收咨询费", "节庆论坛报批", "创示办法收费"]
    cold = [hybrid.search(question, on=NOW) for question in questions]
    hybrid.warm()
    for before, question in zip(cold, questions, strict=True):
        warm = hybrid.search(question, on=NOW)
        assert [one.provision_id for one in warm] == [one.provision_id for one in before]
        assert [one.score for one in warm] == pytest.approx([one.score for one in before], abs=1e-4)


def test_a_fresh_index_is_not_built_again(library: Library, settings: Settings) -> None:
    assert ensure_index(library, settings) == ensure_index(library, settings)


def test_one_question_to_a_small_library_imports_no_heavy_package(library: Library, settings: Settings) -> None:
    build_index(library, settings)
    code = (
        "import sys; from pathlib import Path; from assistant.config import Settings; from assistant.library import Library\n"
        "from assistant.retrieval.hybrid import HybridRetriever\n"
        f"s = Settings(home=Path({str(settings.home)!r}), corpus_dir=Path({str(settings.corpus_dir)!r}))\n"
        "r = HybridRetriever.open(Library.open(s.sql_url), s)\n"
        "from datetime import date; assert r.search('创建示范', on=date(2026, 1, 1))\n"
        "print([m for m in ('chromadb', 'torch', 'langchain_core', 'langchain_chroma', 'sentence_transformers', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
