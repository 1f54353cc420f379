"""Vectors: shape, length, unknown words, and the same weights in sentence-transformers."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.config import Settings
from assistant.errors import ModelMissing
from assistant.retrieval.embedder import WEIGHTS, SentenceTransformerEmbedder, StaticVectors, known_words, make_embedder
from assistant.text.words import words

TEXTS = [
    "我们镇想选一批示范农家乐,打分够了就发牌,备个案行吧?",
    "第四条 市县级其他党政机关和群团机关不得开展创建示范活动。",
    "評比達標表彰項目實行中央和省兩級審批",
    "劳动合同解除后经济补偿怎么算",
    "Ω不认识的字🙂 zzzz",
]
FIELD = (
    "创建示范 评比达标表彰 备案 报批 授牌 挂牌 命名 评选 表彰 示范 称号 负面清单 目录 乡镇 街道 论坛 节庆 收费 领导小组"
)
models = pytest.mark.models
needs_models = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="sentence-transformers is absent"
)


@pytest.fixture(scope="module")
def shipped() -> StaticVectors:
    return StaticVectors()


def test_rows_have_unit_length_and_the_stated_shape(shipped: StaticVectors) -> None:
    vectors = shipped.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), shipped.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors[:4], axis=1), 1, atol=1e-5)


def test_nothing_gives_no_rows_and_no_words_a_zero_row(shipped: StaticVectors) -> None:
    assert shipped.embed_queries([]).shape == (0, shipped.dim)
    assert not shipped.embed_queries(["", "🙂🙂", "\x00"]).any()


def test_the_words_of_our_field_have_vectors(shipped: StaticVectors) -> None:
    missing = [word for word in words(FIELD) if word not in shipped.vocabulary]
    assert missing == []


def test_every_word_of_the_shipped_lexicons_is_known(shipped: StaticVectors) -> None:
    unknown = []
    for path in sorted((Settings().corpus_dir / "lexicon").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found = words(line.split("#", 1)[0])
            unknown += [word for word in found if not known_words([word], shipped.vocabulary) and not word.isdigit()]
    assert len(unknown) < 10, unknown


def test_an_unknown_long_word_is_read_by_its_known_pieces() -> None:
    assert known_words(["示范户", "创建", "龘"], {"示范": 1, "创建": 2}) == ["示范", "创建"]


def test_related_words_lie_nearer_than_unrelated_ones(shipped: StaticVectors) -> None:
    plaque, naming, divorce = shipped.embed_queries(["给先进单位授牌表彰", "命名表彰先进集体", "夫妻离婚财产分割"])
    assert plaque @ naming > plaque @ divorce + 0.2


def test_the_weights_are_small(shipped: StaticVectors) -> None:
    assert (WEIGHTS / "model.safetensors").stat().st_size <= 5_000_000


def test_missing_or_damaged_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        StaticVectors(tmp_path)
    shutil.copytree(WEIGHTS, tmp_path / "copy")
    (tmp_path / "copy" / "model.safetensors").write_bytes(b"x" * 100)
    with pytest.raises(ModelMissing) as error:
        StaticVectors(tmp_path / "copy")
    assert error.value.hint


def test_the_fingerprint_follows_the_weights(tmp_path: Path, shipped: StaticVectors) -> None:
    from safetensors.numpy import load_file, save_file

    shutil.copytree(WEIGHTS, tmp_path / "copy")
    assert StaticVectors(tmp_path / "copy").fingerprint == shipped.fingerprint
    arrays = load_file(tmp_path / "copy" / "model.safetensors")
    arrays["embeddings"][5, 5] ^= 1
    save_file(arrays, tmp_path / "copy" / "model.safetensors")
    assert StaticVectors(tmp_path / "copy").fingerprint != shipped.fingerprint


def test_without_the_package_a_configured_model_is_refused_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelMissing) as error:
        make_embedder(Settings(embedding_model="some/model"))
    assert "pip install" in error.value.hint


@models
@needs_models
class TestInSentenceTransformers:
    @pytest.fixture(scope="class")
    def other(self) -> SentenceTransformerEmbedder:
        return SentenceTransformerEmbedder(str(WEIGHTS))

    def test_both_loaders_give_the_same_vectors(
        self, shipped: StaticVectors, other: SentenceTransformerEmbedder
    ) -> None:
        ours = shipped.embed_passages(TEXTS[:4])
        theirs = other.embed_passages([shipped.segment(text) for text in TEXTS[:4]])
        assert np.abs(ours - theirs).max() <= 1e-4

    def test_prompts_are_put_before_the_text(self, other: SentenceTransformerEmbedder) -> None:
        asking = SentenceTransformerEmbedder(str(WEIGHTS), query_prompt="表彰 ")
        assert np.allclose(asking.embed_queries(["备案"]), other.embed_queries(["表彰 备案"]), atol=1e-6)
        assert np.allclose(asking.embed_passages(["备案"]), other.embed_passages(["备案"]), atol=1e-6)
        assert asking.fingerprint != other.fingerprint

    def test_no_text_gives_no_rows(self, other: SentenceTransformerEmbedder) -> None:
        assert other.embed_queries([]).shape == (0, other.dim)
        assert other.embed_queries([""]).shape == (1, other.dim)

    def test_a_model_that_is_nowhere_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(ModelMissing):
            SentenceTransformerEmbedder(str(tmp_path / "empty"))
