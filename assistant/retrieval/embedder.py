"""Texts → vectors. The shipped word vectors need numpy alone; any sentence-transformers model is one setting away.

`dense` stores the vectors, `hybrid` embeds queries. The fingerprint goes into the stamp of every index generation: vectors
of two embedders never meet.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.config import Settings
from assistant.errors import ModelMissing
from assistant.text.words import words

WEIGHTS = Path(__file__).resolve().parent / "weights"
Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Anything that turns texts into rows of unit length (a text without a known word gives a zero row)."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text could give another vector."""
        ...

    @property
    def dim(self) -> int: ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim)."""
        ...


def known_words(found: Iterable[str], vocabulary: Mapping[str, int]) -> list[str]:
    """The words that have a vector; an unknown word of three or more characters is read as its known two-character pieces."""
    out: list[str] = []
    for word in found:
        if word in vocabulary:
            out.append(word)
        elif len(word) > 2:
            out += [piece for i in range(len(word) - 1) if (piece := word[i : i + 2]) in vocabulary]
    return out


def known_rows(found: Iterable[str], vocabulary: Mapping[str, int]) -> list[int]:
    """Row numbers of `known_words`."""
    return [vocabulary[word] for word in known_words(found, vocabulary)]


class StaticVectors:
    """A bag of word vectors read from a weights folder: the text's words are summed and scaled to unit length.

    The folder is also a sentence-transformers StaticEmbedding: `segment` gives the text that it must be fed there.
    Raises ModelMissing when the folder is not whole.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        from safetensors.numpy import load_file

        try:
            arrays = load_file(folder / "model.safetensors")
            tokenizer = (folder / "tokenizer.json").read_bytes()
            self._vocabulary: dict[str, int] = json.loads(tokenizer)["model"]["vocab"]
            self._rows, self._scale = arrays["embeddings"], arrays["weights"]
        except Exception as error:  # the reader has its own error family; whatever it says, the weights are unusable
            raise ModelMissing(
                f"词向量文件缺失或损坏:{folder.name}({error})",
                hint="请重新安装本软件,或运行 make train-embedder DATA=… 重新训练。",
            ) from error
        digest = hashlib.blake2b(tokenizer, digest_size=8)
        digest.update(np.ascontiguousarray(self._rows).tobytes())
        digest.update(np.ascontiguousarray(self._scale).tobytes())
        self._fingerprint = f"static-{digest.hexdigest()}"

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dim(self) -> int:
        return int(self._rows.shape[1])

    @property
    def vocabulary(self) -> Mapping[str, int]:
        return self._vocabulary

    def segment(self, text: str) -> str:
        """The known words of a text joined by spaces: what the tokenizer of the folder splits again."""
        return " ".join(known_words(words(text), self._vocabulary))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dim), rows of unit length or zero; no texts give shape (0, dim)."""
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            if found := known_rows(words(text), self._vocabulary):
                # A product of scales and rows: the float copy of all rows of a text is never made.
                out[row] = self._scale[found] @ self._rows[found]
        return unit(out)

    embed_queries = embed
    embed_passages = embed


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, named by a folder or a hub name. Imports torch on first use.

    The hub is reached only when the user wrote a hub name and the model is not on disk yet. Raises ModelMissing.
    """

    def __init__(self, model: str, *, query_prompt: str = "", passage_prompt: str = "", device: str = "cpu") -> None:
        local = Path(model).expanduser()
        if local.is_dir():
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelMissing(
                f"设置了模型 {model},但没有安装 sentence-transformers。", hint="请运行:pip install 'minggui[models]'"
            ) from error
        try:
            self._model: Any = SentenceTransformer(
                str(local) if local.is_dir() else model, device=device, local_files_only=local.is_dir()
            )
        except Exception as error:  # the loader raises whatever its files or the hub gave it
            raise ModelMissing(
                f"载入不了模型 {model}:{error}",
                hint="请核对 MINGGUI_EMBEDDING_MODEL 写的文件夹或模型名;留空则用自带词向量。",
            ) from error
        self._prompts = (query_prompt, passage_prompt)
        parts = "|".join([model, query_prompt, passage_prompt, str(self.dim), _weights_mark(local)])
        self._fingerprint = f"st-{hashlib.blake2b(parts.encode(), digest_size=8).hexdigest()}"

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    @property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension())

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, self._prompts[0])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embed(texts, self._prompts[1])

    def _embed(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        # A text of spaces only gives some models no token at all, and then no row.
        full = [prompt + (text if text.strip() else "。") for text in texts]
        out = self._model.encode(full, convert_to_numpy=True, show_progress_bar=False, normalize_embeddings=True)
        return unit(np.asarray(out, dtype=np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Scale rows to unit length; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


def _weights_mark(folder: Path) -> str:
    """Sizes of the weight files of a local model, so that a retrained model has another fingerprint."""
    if not folder.is_dir():
        return ""
    files = sorted(folder.rglob("*.safetensors")) + sorted(folder.rglob("pytorch_model.bin"))
    return ",".join(f"{file.name}:{file.stat().st_size}:{file.stat().st_mtime_ns}" for file in files)


def make_embedder(settings: Settings) -> Embedder:
    """The embedder the settings name; the shipped one is loaded once a process."""
    if not settings.embedding_model:
        return _shipped()
    return SentenceTransformerEmbedder(
        settings.embedding_model,
        query_prompt=settings.query_prompt,
        passage_prompt=settings.passage_prompt,
        device=settings.embedding_device,
    )


@lru_cache(maxsize=1)
def _shipped() -> StaticVectors:
    return StaticVectors()
