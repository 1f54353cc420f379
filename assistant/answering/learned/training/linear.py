"""Hashed linear heads, one a fact: logistic regression over named features, quantized to int8."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.answering.learned.model import rows_of
from assistant.answering.learned.training.data import SEED, Example

ROWS = 1 << 14
STRENGTH = 60.0  # C of the regression, by cross-validation


def _matrix(features: Sequence[Sequence[str]]) -> Any:
    from scipy.sparse import csr_matrix

    data, columns, starts = [], [], [0]
    for names in features:
        rows = rows_of(names, ROWS)
        columns.append(rows)
        data.append(np.full(len(rows), 1 / np.sqrt(max(1, len(rows)))))
        starts.append(starts[-1] + len(rows))
    return csr_matrix((np.concatenate(data), np.concatenate(columns), np.array(starts)), shape=(len(features), ROWS))


def _quantized(model: Any) -> tuple[Any, Any, Any]:
    """(weights int8 [rows, values], scale, bias); a two-class model becomes two columns."""
    coefficients, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        coefficients, bias = np.vstack([-coefficients / 2, coefficients / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    scale = np.abs(coefficients).max(axis=1) / 127
    weights = np.rint(coefficients / scale[:, None]).astype(np.int8).T
    return np.ascontiguousarray(weights), scale.astype(np.float32), bias.astype(np.float32)


def train_linear(examples: Sequence[Example], values: dict[str, list[str]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(tensors, {fact: values}) of every head."""
    from sklearn.linear_model import LogisticRegression

    x = _matrix([e.features for e in examples])
    tensors: dict[str, Any] = {}
    heads: dict[str, list[str]] = {}
    for fact, known in values.items():
        chosen = [i for i, e in enumerate(examples) if e.labels[fact] in known]
        labels = [str(examples[i].labels[fact]) for i in chosen]
        model = LogisticRegression(C=STRENGTH, max_iter=400, random_state=SEED).fit(x[chosen], labels)
        heads[fact] = [str(v) for v in model.classes_]
        tensors[f"{fact}.weights"], tensors[f"{fact}.scale"], tensors[f"{fact}.bias"] = _quantized(model)
    return tensors, heads
