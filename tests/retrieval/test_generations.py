"""Index folders: swapped whole, cleaned, refused when damaged, rebuilt from the library."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.config import Settings
from assistant.errors import IndexDamaged
from assistant.library import Library
from assistant.retrieval import generations
from assistant.retrieval.dense import connect
from assistant.retrieval.embedder import StaticVectors, Vectors
from assistant.retrieval.generations import Generation, build_generation, collection_name, current_name
from assistant.retrieval.hybrid import HybridRetriever, build_index, ensure_index
from assistant.retrieval.lexical import Lexicon
from tests.retrieval.conftest import articles, document
from tests.retrieval.contracts import NOW, ids


def publish(library: Library, work: str, text: str) -> None:
    added = document(work, "1", f"关于{work}的办法")
    library.publish([(added, articles(added, {"第一条": text}), None)], by="test")


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.index_dir.iterdir() if path.is_dir())


def test_a_missing_index_is_refused_with_a_hint(library: Library, settings: Settings) -> None:
    with pytest.raises(IndexDamaged) as error:
        HybridRetriever.open(library, settings)
    assert "minggui corpus index" in error.value.hint


@pytest.mark.parametrize("part", ["stamp.json", "units.json", "lexical", "lexical/meta.json"])
def test_a_damaged_index_is_refused_and_a_rebuild_mends_it(library: Library, settings: Settings, part: str) -> None:
    folder = settings.index_dir / build_index(library, settings)
    target = folder / part
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.write_bytes(b"\x00broken")
    with pytest.raises(IndexDamaged):
        HybridRetriever.open(library, settings)
    build_index(library, settings)
    assert ids(HybridRetriever.open(library, settings), "乡镇开展创建示范活动")


def test_lost_vectors_are_noticed_on_first_use(library: Library, settings: Settings) -> None:
    folder = settings.index_dir / build_index(library, settings)
    shutil.rmtree(folder / "dense")
    retriever = HybridRetriever.open(library, settings)
    with pytest.raises(IndexDamaged):
        retriever.search("创建示范", on=NOW)


def test_without_the_copy_chroma_is_asked(library: Library, settings: Settings) -> None:
    folder = settings.index_dir / build_index(library, settings)
    (folder / "dense" / "vectors.npy").write_bytes(b"broken")
    assert ids(HybridRetriever.open(library, settings), "乡镇开展创建示范活动")[0] == "chuangjian/2022/第四条"


def test_current_pointing_nowhere_is_refused(library: Library, settings: Settings) -> None:
    shutil.rmtree(settings.index_dir / build_index(library, settings))
    with pytest.raises(IndexDamaged):
        HybridRetriever.open(library, settings)
    assert ensure_index(library, settings) == current_name(settings.index_dir)


def test_only_the_serving_generation_and_the_one_before_are_kept(library: Library, settings: Settings) -> None:
    names = []
    for round_ in range(4):
        publish(library, f"lun{round_}", f"第{round_}轮评比办法")
        names.append(build_index(library, settings))
    assert folders(settings) == sorted(names[-2:])
    assert current_name(settings.index_dir) == names[-1]


def test_a_half_built_folder_is_swept_and_never_serves(library: Library, settings: Settings) -> None:
    serving = build_index(library, settings)
    (settings.index_dir / "r9-half").mkdir()
    assert current_name(settings.index_dir) == serving
    build_index(library, settings)
    assert "r9-half" not in folders(settings)


class Failing:
    """An embedder whose machine stops half way."""

    fingerprint, dim = "failing", 256

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), self.dim), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise MemoryError


def test_a_build_that_fails_leaves_the_old_generation_serving(library: Library, settings: Settings) -> None:
    serving = build_index(library, settings)
    with pytest.raises(MemoryError):
        build_generation(library, settings, Failing())
    assert current_name(settings.index_dir) == serving
    assert folders(settings) == [serving]
    assert ids(HybridRetriever.open(library, settings), "乡镇开展创建示范活动")[0] == "chuangjian/2022/第四条"


def test_an_index_of_another_embedder_is_refused(library: Library, settings: Settings) -> None:
    build_index(library, settings)
    retriever_embedder = Failing()
    with pytest.raises(IndexDamaged, match="另一个向量模型"):
        HybridRetriever(library, settings, retriever_embedder, Lexicon([]))


def test_a_small_change_is_copied_and_gives_the_same_answers_as_a_fresh_build(
    library: Library, settings: Settings
) -> None:
    build_index(library, settings)
    publish(library, "biandong", "新设的评比项目须重新报批。")
    library.retire("yy-qu/2026", by="test", note="")
    copied = HybridRetriever.open(library, settings)
    build_index(library, settings)
    stamp = json.loads(
        (settings.index_dir / current_name(settings.index_dir) / "stamp.json").read_text(encoding="utf-8")
    )
    assert stamp["dead"] == 1, "the vector of the retired provision was taken out of a copy"
    questions = ["评比项目重新报批", "乡镇创建示范", "评选表彰", "科学技术奖评审回避"]
    from_copy = [copied.search(question, on=NOW) for question in questions]
    build_index(library, settings, fresh=True)
    from_fresh = [copied.search(question, on=NOW) for question in questions]
    for one, other in zip(from_copy, from_fresh, strict=True):
        assert [passage.provision_id for passage in one] == [passage.provision_id for passage in other]
    assert from_copy[0][0].provision_id == "biandong/1/第一条"


def test_a_copy_keeps_the_old_generation_as_it_was(library: Library, settings: Settings) -> None:
    first = build_index(library, settings)
    before = json.loads((settings.index_dir / first / "stamp.json").read_text(encoding="utf-8"))
    publish(library, "xinde", "新的办法。")
    build_index(library, settings)
    old = Generation(settings.index_dir / first, settings, Lexicon([]))
    assert old.dense.count() == before["vectors"]
    old.close()


def test_chroma_holds_ids_and_vectors_alone(library: Library, settings: Settings) -> None:
    name = build_index(library, settings)
    client = connect(settings.index_dir / name / "dense")
    held = client.get_collection(collection_name(name), embedding_function=None).get(include=["documents", "metadatas"])
    client.close()
    assert held["ids"]
    assert not any(held["documents"] or [])
    assert not any(held["metadatas"] or [])


def test_two_writers_take_turns(library: Library, settings: Settings) -> None:
    built: list[str] = []
    threads = [threading.Thread(target=lambda: built.append(build_index(library, settings))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(built)) == 2
    assert current_name(settings.index_dir) in built
    assert ids(HybridRetriever.open(library, settings), "乡镇开展创建示范活动")


def test_a_writer_that_never_ends_is_reported(
    library: Library, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    settings.index_dir.mkdir(parents=True)
    monkeypatch.setattr(generations, "_LOCK_TIMEOUT_S", 0.1)
    with FileLock(settings.index_dir / "lock"), pytest.raises(IndexDamaged, match="另一个进程"):
        build_index(library, settings)


def test_progress_says_what_is_done(library: Library, settings: Settings) -> None:
    said: list[tuple[int, int, str]] = []
    build_index(library, settings, progress=lambda done, of, what: said.append((done, of, what)))
    assert said[0][2] == "读取条文"
    assert said[-1][0] == said[-1][1] > 0


def test_the_stamp_says_what_was_indexed_with_what(library: Library, settings: Settings) -> None:
    name = build_index(library, settings)
    stamp = json.loads((settings.index_dir / name / "stamp.json").read_text(encoding="utf-8"))
    assert stamp["revision"] == library.revision
    assert stamp["library"] == library.fingerprint()
    assert stamp["embedder"] == StaticVectors().fingerprint
    assert "rjieba" in stamp["words"]


def test_an_empty_library_gives_an_index_that_finds_nothing(tmp_path: Path) -> None:
    empty = Settings(home=tmp_path / "empty", corpus_dir=tmp_path)
    with Library.open(empty.sql_url) as library:
        build_index(library, empty)
        assert HybridRetriever.open(library, empty).search("创建示范", on=NOW) == []
