"""Hashed linear heads in int8: features → a probability for every value of a fact. numpy only."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelMissing

WEIGHTS = Path(__file__).parent / "reading.safetensors"
UNSAID = "unsaid"  # the value “the utterance does not say”


def rows_of(features: Sequence[str], size: int) -> NDArray[np.int64]:
    """Rows of the weight table that these features select, each once."""
    return np.unique(
        np.fromiter((zlib.crc32(f.encode()) % size for f in features), dtype=np.int64, count=len(features))
    )


@dataclass(frozen=True)
class Head:
    """One fact: `weights` (rows, values) int8 with a scale a value, and a bias."""

    values: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, rows: NDArray[np.int64]) -> dict[str, float]:
        """Softmax over the values; rows are scaled by their number, as in training."""
        score = self.weights[rows].sum(axis=0, dtype=np.int32) * self.scale / np.sqrt(max(1, len(rows))) + self.bias
        exp = np.exp(score - score.max())
        return dict(zip(self.values, (exp / exp.sum()).tolist(), strict=True))


class ReadingModel:
    """All heads of the shipped weights. Raises ModelMissing when the file is not there."""

    def __init__(self, heads: Mapping[str, Head], fingerprint: str) -> None:
        self._heads = heads
        self.fingerprint = fingerprint

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(self._heads)

    def predict(self, features: Sequence[str], facts: Sequence[str]) -> dict[str, dict[str, float]]:
        """fact → value → probability, for the facts asked that have a head."""
        out: dict[str, dict[str, float]] = {}
        rows: dict[int, NDArray[np.int64]] = {}
        for fact in facts:
            head = self._heads.get(fact)
            if head is not None:
                size = len(head.weights)
                if size not in rows:
                    rows[size] = rows_of(features, size)
                out[fact] = head.probabilities(rows[size])
        return out


@lru_cache(maxsize=2)
def load_model(path: Path = WEIGHTS) -> ReadingModel:
    """Read the weights once a process."""
    from safetensors import safe_open

    if not path.is_file():
        raise ModelMissing(f"找不到阅读模型 {path.name}。", hint="重新安装，或者运行 make train-reader 训练。")
    heads: dict[str, Head] = {}
    with safe_open(str(path), framework="np") as held:
        meta: dict[str, Any] = held.metadata()
        for fact, values in json.loads(meta["heads"]).items():
            heads[fact] = Head(
                tuple(values), held.get_tensor(f"{fact}.weights"), held.get_tensor(f"{fact}.scale"),
                held.get_tensor(f"{fact}.bias"),
            )  # fmt: skip
    return ReadingModel(heads, meta["fingerprint"])
