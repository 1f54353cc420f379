"""The convolutional reader in torch: the same arithmetic as learned/network.py, with dropout; quantized when done."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from assistant.answering.learned.features import MENTION_FEATURES
from assistant.answering.learned.network import BIGRAMS, SIGNALS, UNKNOWN, bigram_rows, signal_rows
from assistant.answering.learned.training.data import MIN_EXAMPLES, Example

WIDTH, LAYERS, SIGNAL_WIDTH, MENTION_WIDTH = 128, 3, 64, 48
EPOCHS, BATCH, RATE = 12, 32, 2.5e-3
_HIDE_CHARACTER, _HIDE_BIGRAM, _HIDE_CLASS, _HIDE_SIGNAL = 0.05, 0.2, 0.1, 0.15  # so that no single word is relied on
_WEIGHT = {"nature": 3.0, "recognition": 2.0, "coverage": 2.0, "organizer_kind": 2.0}


class Net(nn.Module):
    def __init__(self, characters: int, classes: int, values: dict[str, list[str]]) -> None:
        super().__init__()
        self.characters = nn.Embedding(characters + 2, 64, padding_idx=0)
        self.bigrams = nn.Embedding(BIGRAMS, 48, padding_idx=0)
        self.signals = nn.EmbeddingBag(SIGNALS + 1, SIGNAL_WIDTH, mode="sum", padding_idx=SIGNALS)
        self.input = nn.Linear(112, WIDTH)
        self.classes = nn.Embedding(classes, WIDTH)
        self.convs = nn.ModuleList(nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=2**i, dilation=2**i) for i in range(LAYERS))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(LAYERS))
        self.queries = nn.Parameter(torch.randn(len(values), WIDTH) * 0.1)
        self.heads = nn.ModuleDict({f: nn.Linear(3 * WIDTH + SIGNAL_WIDTH, len(v)) for f, v in values.items()})
        self.mention = nn.Linear(2 * WIDTH + MENTION_FEATURES, MENTION_WIDTH)
        self.runs = nn.Linear(MENTION_WIDTH, 1)
        self.none = nn.Linear(2 * WIDTH + SIGNAL_WIDTH, 1)
        self.drop = nn.Dropout(0.3)

    def forward(
        self, x: Any, b: Any, spots: Any, rows: Any, s: Any, places: Any, mentions: Any
    ) -> tuple[list[Any], Any]:
        """Logits of every fact, and (batch, n + 1) of the organizations and “none”; absent ones are -1e4."""
        mask = x > 0
        h = self.input(self.drop(torch.cat([self.characters(x), self.bigrams(b)], -1)))
        h = h.reshape(-1, WIDTH).index_add(0, spots, self.classes(rows)).reshape(*x.shape, WIDTH) * mask[..., None]
        for conv, norm in zip(self.convs, self.norms, strict=True):
            value, gate = conv((norm(h) * mask[..., None]).transpose(1, 2)).chunk(2, 1)
            h = (h + self.drop((value * torch.sigmoid(gate)).transpose(1, 2))) * mask[..., None]
        attention = (h @ self.queries.T) * (4 / WIDTH**0.5)
        attention = attention.masked_fill(~mask[..., None], -1e4).softmax(1)
        pooled = torch.einsum("btf,btd->bfd", attention, h)
        mean = h.sum(1) / mask.sum(1, keepdim=True)
        top = h.masked_fill(~mask[..., None], -1e4).max(1)[0]
        shared = torch.cat([mean, top, self.signals(s)], -1)
        logits = [head(self.drop(torch.cat([pooled[:, i], shared], -1))) for i, head in enumerate(self.heads.values())]
        marks = h.gather(1, places.clamp(min=0)[..., None].expand(-1, -1, WIDTH))
        seen = torch.cat([marks, mean[:, None].expand(-1, marks.shape[1], -1), mentions], -1)
        scores = self.runs(functional.relu(self.mention(self.drop(seen))))[..., 0].masked_fill(places < 0, -1e4)
        return logits, torch.cat([scores, self.none(shared)], 1)


def _batch(
    examples: Sequence[Example], rows: dict[str, int], classes: dict[str, int], hide: np.random.Generator | None
) -> tuple[Any, ...]:
    length = max(len(e.given.text) for e in examples)
    named = max(1, *(len(e.given.marks) for e in examples))
    lists = [signal_rows(e.given.signals) for e in examples]
    x = np.zeros((len(examples), length), np.int64)
    b = np.zeros_like(x)
    s = np.full((len(examples), max(1, *(len(row) for row in lists))), SIGNALS, np.int64)
    places = np.full((len(examples), named), -1, np.int64)
    mentions = np.zeros((len(examples), named, MENTION_FEATURES), np.float32)
    spots: list[int] = []
    which: list[int] = []
    for i, (example, signals) in enumerate(zip(examples, lists, strict=True)):
        text = example.given.text
        ids = np.fromiter((rows.get(c, UNKNOWN) for c in text), np.int64, len(text))
        pairs = bigram_rows(text)
        if hide is not None:
            ids = np.where(hide.random(len(ids)) < _HIDE_CHARACTER, UNKNOWN, ids)
            pairs = np.where(hide.random(len(pairs)) < _HIDE_BIGRAM, 0, pairs)
            signals = signals[hide.random(len(signals)) >= _HIDE_SIGNAL]
        for first, last, name in dict.fromkeys(example.given.classes):
            if name in classes and (hide is None or hide.random() >= _HIDE_CLASS):
                spots += range(i * length + first, i * length + last)
                which += [classes[name]] * (last - first)
        x[i, : len(text)], b[i, : len(text)], s[i, : len(signals)] = ids, pairs, signals
        for n, mark in enumerate(example.given.marks):
            if mark is not None:
                places[i, n] = mark
                mentions[i, n] = example.given.mentions[n]
    return tuple(
        torch.from_numpy(a) for a in (x, b, np.array(spots, np.int64), np.array(which, np.int64), s, places, mentions)
    )


def _loss(
    logits: Sequence[Any], runs: Any, places: Any, examples: Sequence[Example], values: dict[str, list[str]]
) -> Any:
    total = torch.zeros(())
    for (fact, known), scores in zip(values.items(), logits, strict=True):
        gold = torch.tensor([known.index(v) if (v := e.labels[fact]) in known else -100 for e in examples])
        if (gold >= 0).any():
            loss = functional.cross_entropy(scores, gold, label_smoothing=0.03)
            total = total + _WEIGHT.get(fact, 1.0) * loss
    right = torch.zeros_like(runs, dtype=torch.bool)
    counts = torch.tensor([e.labels["intent"] == "activity" for e in examples])
    for i, example in enumerate(examples):
        for n, yes in enumerate(example.runs_it):
            right[i, n] = yes and bool(places[i, n] >= 0)
        right[i, -1] = not bool(right[i, :-1].any())
    chosen = torch.logsumexp(runs.masked_fill(~right, -1e4), 1) - torch.logsumexp(runs, 1)
    if counts.any():
        total = total - 2.0 * chosen[counts].mean()
    return total


def _quantized(tensor: Any) -> tuple[Any, Any]:
    array = np.ascontiguousarray(tensor.detach().numpy(), dtype=np.float32)  # safetensors writes memory as it lies
    scale = np.maximum(np.abs(array).max(axis=0), 1e-8) / 127
    return np.rint(array / scale).astype(np.int8), scale.astype(np.float32)


def train_network(
    examples: Sequence[Example], values: dict[str, list[str]], *, seed: int, epochs: int = EPOCHS
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(tensors, meta) for learned.network.Network."""
    torch.manual_seed(seed)
    shuffle, hide = random.Random(seed), np.random.default_rng(seed)
    counts = Counter(c for e in examples for c in set(e.given.text))
    vocabulary = "".join(sorted({c for c, n in counts.items() if n >= 2} | {"^", "$"}))
    rows = {character: row for row, character in enumerate(vocabulary, start=2)}
    seen_classes = Counter(name for e in examples for name in {name for _, _, name in e.given.classes})
    named = sorted(name for name, n in seen_classes.items() if n >= MIN_EXAMPLES)
    classes = {name: row for row, name in enumerate(named)}
    net = Net(len(vocabulary), len(classes), values)
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=epochs * (len(examples) // BATCH + 1) + 1
    )
    for epoch in range(epochs):
        # batches of like length, in random order
        order = sorted(range(len(examples)), key=lambda i: len(examples[i].given.text) // 12 + shuffle.random() * 3)
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        shuffle.shuffle(batches)
        net.train()
        seen = 0.0
        for chosen in batches:
            some = [examples[i] for i in chosen]
            x, b, spots, which, s, places, mentions = _batch(some, rows, classes, hide)
            logits, runs = net(x, b, spots, which, s, places, mentions)
            loss = _loss(logits, runs, places, some, values)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            seen += loss.item()
        print(f"  epoch {epoch + 1}/{epochs}: loss {seen / len(batches):.3f}", file=sys.stderr, flush=True)
    return _tensors(net, values), {"vocabulary": vocabulary, "classes": named, "heads": values, "layers": LAYERS}


def _tensors(net: Net, values: dict[str, list[str]]) -> dict[str, Any]:
    """int8 matrices (inputs in rows) with a scale a column; small vectors as they are."""
    matrices = {
        "characters": net.characters.weight, "bigrams": net.bigrams.weight, "signals": net.signals.weight[:SIGNALS],
        "input.weight": net.input.weight.T, "classes": net.classes.weight, "queries": net.queries.T, "mention.weight": net.mention.weight.T,
        "runs.weight": net.runs.weight.T, "none.weight": net.none.weight.T,
    }  # fmt: skip
    vectors = {
        "input.bias": net.input.bias, "mention.bias": net.mention.bias, "runs.bias": net.runs.bias,
        "none.bias": net.none.bias,
    }  # fmt: skip
    for i, (conv, norm) in enumerate(zip(net.convs, net.norms, strict=True)):
        weight: Any = conv.weight  # (out, in, 3) → (3 · in, out), oldest step first, as numpy concatenates them
        matrices[f"conv{i}.weight"] = weight.permute(2, 1, 0).reshape(3 * WIDTH, 2 * WIDTH)
        vectors[f"conv{i}.bias"] = conv.bias  # type: ignore[assignment]
        vectors[f"norm{i}.weight"], vectors[f"norm{i}.bias"] = norm.weight, norm.bias  # type: ignore[assignment]
    for fact in values:
        head: Any = net.heads[fact]
        matrices[f"head.{fact}.weight"], vectors[f"head.{fact}.bias"] = head.weight.T, head.bias
    out = {name: v.detach().numpy().astype(np.float32) for name, v in vectors.items()}
    for name, matrix in matrices.items():
        out[name], out[f"{name}.scale"] = _quantized(matrix)
    return out
