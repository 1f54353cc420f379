"""Writing the weights folder: int8 rows with a scale each, a word-level tokenizer, and the files sentence-transformers wants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNKNOWN = "[UNK]"


def quantize(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """(rows as int8, scale per row) with rows ≈ int8 × scale; a zero row has scale 0."""
    peak = np.abs(vectors).max(axis=1)
    scale = (peak / 127.0).astype(np.float32)
    rows = np.rint(vectors / np.maximum(scale, 1e-12)[:, None]).clip(-127, 127).astype(np.int8)
    return rows, scale


def write_weights(folder: Path, vocabulary: Sequence[str], vectors: NDArray[np.float32], card: str) -> None:
    """Write the folder. `vocabulary[0]` must be UNKNOWN and its row zero: an unknown word then adds nothing."""
    from safetensors.numpy import save_file

    if vocabulary[0] != UNKNOWN or np.any(vectors[0]):
        raise ValueError("the first row is the unknown word and must be zero")
    folder.mkdir(parents=True, exist_ok=True)
    rows, scale = quantize(vectors)
    save_file({"embeddings": rows, "weights": scale}, folder / "model.safetensors")
    tokenizer: dict[str, object] = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: row for row, word in enumerate(vocabulary)}, "unk_token": UNKNOWN},
    }  # fmt: skip
    _write_json(folder / "tokenizer.json", tokenizer, compact=True)
    package = "sentence_transformers"
    _write_json(folder / "modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": f"{package}.sentence_transformer.modules.static_embedding.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{package}.base.modules.normalize.Normalize"},
    ])  # fmt: skip
    (folder / "1_Normalize").mkdir(exist_ok=True)
    _write_json(folder / "1_Normalize" / "config.json", {
        "module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding",
    })  # fmt: skip
    _write_json(folder / "config_sentence_transformers.json", {
        "model_type": "SentenceTransformer", "prompts": {"query": "", "document": ""}, "default_prompt_name": None, "similarity_fn_name": "cosine",
    })  # fmt: skip
    (folder / "README.md").write_text(card, encoding="utf-8")


def _write_json(path: Path, value: object, *, compact: bool = False) -> None:
    text = json.dumps(
        value, ensure_ascii=False, indent=None if compact else 2, separators=(",", ":") if compact else None
    )
    path.write_text(text + "\n", encoding="utf-8")
