"""A small convolutional reader in numpy: characters of one utterance → a distribution for every fact, and who runs it.

    characters, bigrams → embeddings → gated dilated convolutions (h, one row a character)
    fact   : its own attention over h, mean and maximum of h, a bag of signals (cues, what the cues alone would read)
    runs it: the row of h at the mark of every organization named, against the chance that none of them does

The weights are int8 with one scale a column; they are widened once at loading. torch is needed only for training.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
BIGRAMS, SIGNALS = 1 << 14, 1 << 10  # rows of the hashed tables; row 0 is “nothing here”
MAX_LENGTH = 320  # characters read of one utterance; longer ones keep their beginning and their end
UNKNOWN = 1  # the row of a character that was not in the training data


def bigram_rows(text: str) -> NDArray[np.int64]:
    """One row a character: the pair it begins."""
    return np.fromiter(
        (1 + zlib.crc32(text[i : i + 2].encode()) % (BIGRAMS - 1) for i in range(len(text))), np.int64, len(text)
    )


def signal_rows(signals: Sequence[str]) -> NDArray[np.int64]:
    return np.unique(np.fromiter((zlib.crc32(s.encode()) % SIGNALS for s in signals), np.int64, len(signals)))


@dataclass(frozen=True, slots=True)
class Input:
    """What the network sees of one utterance.

    `text` begins with ^ and ends with $; names of organizations are one mark each. `classes`: (first, past last, name)
    of every stretch of it that a cue or a word class matches. `marks`: the place of the mark of every organization
    named, None where another name covers it; `mentions` (n, MENTION_FEATURES) describes each.
    """

    text: str
    classes: tuple[tuple[int, int, str], ...]
    signals: tuple[str, ...]
    marks: tuple[int | None, ...]
    mentions: Array


@dataclass(frozen=True, slots=True)
class Output:
    facts: dict[str, dict[str, float]]  # fact → value → probability
    runs_it: tuple[float, ...]  # one an organization named; what is missing to 1 is “none of them”
    attention: Mapping[str, Array]  # fact → (len(text),), adds up to 1


class Network:
    """The trained weights, widened. Stateless; safe to share between threads."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
        """`tensors`: as training wrote them; `meta`: {"vocabulary": str, "heads": {fact: [value]}, "layers": int, "classes": [name]}."""
        self._classes = {name: row for row, name in enumerate(meta["classes"])}
        self._rows = {character: row for row, character in enumerate(meta["vocabulary"], start=2)}
        self.heads: dict[str, tuple[str, ...]] = {fact: tuple(values) for fact, values in meta["heads"].items()}
        self._layers = int(meta["layers"])
        self._w: dict[str, Array] = {}
        for name in tensors:
            if name.endswith(".scale"):
                continue
            value = tensors[name].astype(np.float32)
            self._w[name] = value * tensors[f"{name}.scale"] if f"{name}.scale" in tensors else value

    def rows(self, text: str) -> NDArray[np.int64]:
        return np.fromiter((self._rows.get(c, UNKNOWN) for c in text), np.int64, len(text))

    def _hidden(self, given: Input) -> Array:
        w, text = self._w, given.text
        h = np.concatenate([w["characters"][self.rows(text)], w["bigrams"][bigram_rows(text)]], axis=1)
        h = h @ w["input.weight"] + w["input.bias"]
        for first, last, name in dict.fromkeys(given.classes):
            if name in self._classes:
                h[first:last] += w["classes"][self._classes[name]]
        for layer in range(self._layers):
            step = 2**layer
            mean = h.mean(axis=1, keepdims=True)
            z = (h - mean) / np.sqrt(((h - mean) ** 2).mean(axis=1, keepdims=True) + 1e-5)
            z = z * w[f"norm{layer}.weight"] + w[f"norm{layer}.bias"]
            padded = np.pad(z, ((step, step), (0, 0)))
            wide = np.concatenate([padded[: len(z)], z, padded[2 * step :]], axis=1)
            value, gate = np.split(wide @ w[f"conv{layer}.weight"] + w[f"conv{layer}.bias"], 2, axis=1)
            h = h + value / (1 + np.exp(-gate))
        return np.asarray(h, dtype=np.float32)

    def read(self, given: Input) -> Output:
        """Probabilities of every value of every fact, and of every organization being the one that runs it."""
        w = self._w
        h = self._hidden(given)
        attention = _softmax(h @ w["queries"] * (4 / np.sqrt(h.shape[1])), axis=0)  # (length, facts)
        pooled = attention.T @ h
        signals = w["signals"][signal_rows(given.signals)].sum(axis=0) if given.signals else w["signals"][0] * 0
        shared = np.concatenate([h.mean(axis=0), h.max(axis=0), signals])
        facts: dict[str, dict[str, float]] = {}
        for i, (fact, values) in enumerate(self.heads.items()):
            logits = np.concatenate([pooled[i], shared]) @ w[f"head.{fact}.weight"] + w[f"head.{fact}.bias"]
            facts[fact] = dict(zip(values, _softmax(logits).tolist(), strict=True))
        seen = {fact: attention[:, i] for i, fact in enumerate(self.heads)}
        return Output(facts, self._runs_it(h, shared, given), seen)

    def _runs_it(self, h: Array, shared: Array, given: Input) -> tuple[float, ...]:
        held = [i for i, mark in enumerate(given.marks) if mark is not None]
        if not held:
            return tuple(0.0 for _ in given.marks)
        w = self._w
        rows = h[[mark for mark in given.marks if mark is not None]]
        candidates = np.concatenate(
            [rows, np.repeat(shared[None, : h.shape[1]], len(held), axis=0), given.mentions[held]], axis=1
        )
        middle = np.maximum(candidates @ w["mention.weight"] + w["mention.bias"], 0)
        scores = middle @ w["runs.weight"][:, 0] + w["runs.bias"][0]
        none = shared @ w["none.weight"][:, 0] + w["none.bias"][0]
        chances = _softmax(np.append(scores, none))
        out = [0.0] * len(given.marks)
        for place, chance in zip(held, chances[:-1].tolist(), strict=True):
            out[place] = chance
        return tuple(out)


def _softmax(values: Array, axis: int = -1) -> Array:
    exp = np.exp(values - values.max(axis=axis, keepdims=True))
    return np.asarray(exp / exp.sum(axis=axis, keepdims=True), dtype=np.float32)
