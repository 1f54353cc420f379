"""Two small readers of ours, averaged: hashed linear heads (int8) and a convolutional network. numpy only."""

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

from assistant.answering.clauses import Clause
from assistant.answering.learned.features import observe
from assistant.answering.learned.network import Network
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization
from assistant.answering.readfact import ReadFact
from assistant.errors import ModelMissing

WEIGHTS = Path(__file__).parent / "reading.safetensors"
UNSAID = "unsaid"  # the value “the utterance does not say”
OPEN = "open"  # the value “said to be undecided”


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


@dataclass(frozen=True, slots=True)
class Prediction:
    """fact → value → probability; each organization's chance of running it; and where each fact was looked for."""

    facts: Mapping[str, Mapping[str, float]]
    runs_it: tuple[float, ...]
    spans: Mapping[str, tuple[int, int]]  # in the folded text


class ReadingModel:
    """All that was trained. Stateless between calls."""

    def __init__(
        self, heads: Mapping[str, Head], networks: Sequence[Network], fingerprint: str, *, cues: bool = True
    ) -> None:
        self._cues = cues
        self._heads = heads
        self._networks = tuple(networks)
        self.fingerprint = fingerprint

    @property
    def facts(self) -> tuple[str, ...]:
        """What it reads."""
        return tuple(self._heads)

    def without_cues(self) -> ReadingModel:
        """The same weights, shown no cue: what they read from the letters and the word classes. For measuring."""
        return ReadingModel(self._heads, self._networks, self.fingerprint, cues=False)

    def predict(
        self, text: str, clauses: Sequence[Clause], organizations: Sequence[Organization], lexicon: Lexicon,
        cues_read: Mapping[str, ReadFact], asked: Sequence[str] = (),
    ) -> Prediction:  # fmt: skip
        """`text` is folded; `cues_read`: what the cues alone read of it, which the model may trust or not.

        `asked`: the facts that the turn before asked for, most likely first.
        """
        seen = observe(text, clauses, organizations, lexicon, cues_read if self._cues else None, asked)
        rows = rows_of(seen.features, next((len(h.weights) for h in self._heads.values()), 1))
        outputs = [network.read(seen.given) for network in self._networks]
        ballots: dict[str, list[Mapping[str, float]]] = {}
        for fact, head in self._heads.items():
            ballots.setdefault(fact, []).append(head.probabilities(rows))
        for output in outputs:
            for fact, chances in output.facts.items():
                ballots.setdefault(fact, []).append(chances)
        runs_it = tuple(float(sum(x) / len(outputs)) for x in zip(*(o.runs_it for o in outputs), strict=True))
        read_from = {}
        if outputs and seen.whole:
            for fact, attention in outputs[0].attention.items():
                read_from[fact] = _clause_of(attention, seen.offsets, clauses, len(text))
        return Prediction({fact: _mean(votes) for fact, votes in ballots.items()}, runs_it, read_from)


def _mean(votes: Sequence[Mapping[str, float]]) -> dict[str, float]:
    values = {value for vote in votes for value in vote}
    return {value: sum(vote.get(value, 0.0) for vote in votes) / len(votes) for value in sorted(values)}


def _clause_of(
    attention: NDArray[np.float32], offsets: Sequence[int], clauses: Sequence[Clause], length: int
) -> tuple[int, int]:
    """The clause that drew most of the attention: the words a fact was read from."""
    places = np.asarray(offsets)
    weight = [float(attention[(places >= c.start) & (places < c.end)].sum()) for c in clauses]
    if not weight:
        return 0, length
    best = clauses[int(np.argmax(weight))]
    return best.start, best.end


@lru_cache(maxsize=2)
def load_model(path: Path = WEIGHTS) -> ReadingModel:
    """Read the weights once a process."""
    from safetensors import safe_open

    if not path.is_file():
        raise ModelMissing(f"找不到阅读模型 {path.name}。", hint="重新安装，或者运行 make train-reader 训练。")
    with safe_open(str(path), framework="np") as held:
        meta: dict[str, Any] = {name: json.loads(value) for name, value in held.metadata().items()}
        tensors = {name: held.get_tensor(name) for name in held.keys()}  # noqa: SIM118
    return assembled(tensors, meta)


def assembled(tensors: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> ReadingModel:
    """`meta`: {"heads": {fact: [value]}, "networks": [meta of each], "fingerprint": str}."""
    heads = {
        fact: Head(
            tuple(values), tensors[f"{fact}.weights"], tensors[f"{fact}.scale"], tensors[f"{fact}.bias"]
        )
        for fact, values in meta["heads"].items()
    }  # fmt: skip
    networks = []
    for number, described in enumerate(meta["networks"]):
        prefix = f"network{number}/"
        own = {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
        networks.append(Network(own, described))
    return ReadingModel(heads, networks, str(meta["fingerprint"]))
