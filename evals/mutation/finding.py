"""Mutants of retrieval: an index lost, the day ignored, the order turned, exact references overlooked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant.library import Library
from assistant.retrieval import fusion, hybrid, lexical
from assistant.retrieval.hybrid import HybridRetriever
from evals.mutation.mutants import Mutant

_BOTH = ("ask", "retrieval")


def finding_mutants() -> Iterator[Mutant]:
    def of(operator: str, target: str, owner: Any, name: str, value: Any) -> Mutant:
        def held() -> AbstractContextManager[Any]:
            return patch.object(owner, name, value)

        return Mutant("finding", operator, target, patched=held, suites=_BOTH)

    found = HybridRetriever._find
    yield of("lose", "dense index", HybridRetriever, "_cosines", lambda *_, **__: {})
    yield of("lose", "word index", lexical.LexicalIndex, "search", lambda *_, **__: [])
    yield of("lose", "exact references", HybridRetriever, "_exact", lambda *_, **__: [])
    yield of("lose", "named documents", HybridRetriever, "_inside_named", lambda *_, **__: {})
    yield of("lose", "quoted phrases", HybridRetriever, "_phrase_keys", lambda *_, **__: ())
    yield of(
        "ignore",
        "day",
        Library,
        "in_force_ids",
        lambda self, on, region=None: frozenset(d.id for d in self.documents()),
    )
    yield of("ignore", "expansions", hybrid, "_EXPANSION_VECTOR", 0.0)
    yield of("ignore", "authority", hybrid, "fuse", lambda c, **_: _FUSE(c, authority_weight=0.0))
    yield of("ignore", "siblings", hybrid, "spread", lambda ranked, *_, **__: ranked)

    def turned(self: Any, *given: Any, **more: Any) -> Any:
        passages, terms, ranked = found(self, *given, **more)
        return passages[::-1], terms, ranked

    def without_first(self: Any, *given: Any, **more: Any) -> Any:
        passages, terms, ranked = found(self, *given, **more)
        return passages[1:], terms, ranked

    def noise(self: Any, *_: Any, **__: Any) -> Any:
        return np.ones(self._embedder.dim, dtype=np.float32) / np.sqrt(self._embedder.dim)

    def yesterday(self: Any, query: str, k: int, *, on: date, **more: Any) -> Any:
        return found(self, query, k, on=date(on.year - 6, on.month, min(on.day, 28)), **more)

    yield of("turn", "order", HybridRetriever, "_find", turned)
    yield of("lose", "first hit", HybridRetriever, "_find", without_first)
    yield of("spoil", "question vector", HybridRetriever, "_vector", noise)
    yield of("shift", "day by six years", HybridRetriever, "_find", yesterday)


_FUSE = fusion.fuse
