"""The training itself: PPMI → SVD → contrastive tuning of a bag of words. Arrays in, arrays out; scipy and torch come late."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = Sequence[NDArray[np.int32]]
log = logging.getLogger(__name__)


def ppmi_svd(texts: Ids, size: int, dim: int, *, window: int = 8, seed: int = 7) -> NDArray[np.float32]:
    """Shape (size, dim): singular vectors of the positive pointwise mutual information of words within `window`."""
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    gap = np.full(window, -1, dtype=np.int32)
    stream = np.concatenate([piece for text in texts for piece in (text, gap)])
    counts: Any = sparse.csr_matrix((size, size), dtype=np.float32)
    for step in range(1, window + 1):
        left, right = stream[:-step], stream[step:]
        keep = (left >= 0) & (right >= 0)
        ones = np.full(int(keep.sum()), 1.0 / step, dtype=np.float32)
        counts = counts + sparse.coo_matrix((ones, (left[keep], right[keep])), shape=(size, size)).tocsr()
    counts = (counts + counts.T).tocoo()
    total = counts.data.sum()
    row = np.asarray(counts.tocsr().sum(axis=1)).ravel()
    smooth = row**0.75  # context-distribution smoothing (Levy, Goldberg, Dagan, TACL 2015)
    smooth = smooth / smooth.sum() * total
    pmi = np.log(np.maximum(counts.data * total / (row[counts.row] * smooth[counts.col]), 1e-12))
    keep = pmi > 0
    matrix = sparse.csr_matrix((pmi[keep].astype(np.float32), (counts.row[keep], counts.col[keep])), shape=(size, size))
    log.info("PPMI: %d words, %d cells", size, matrix.nnz)
    left_vectors, strengths, _ = randomized_svd(matrix, n_components=dim, n_iter=3, random_state=seed)
    vectors = (left_vectors * np.sqrt(strengths)).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-6), dtype=np.float32)


def sif_weights(texts: Ids, size: int, *, a: float = 1e-3) -> NDArray[np.float32]:
    """Shape (size,): a / (a + p(word)) (Arora, Liang, Ma, ICLR 2017): frequent words count less."""
    frequency = np.bincount(np.concatenate(list(texts)), minlength=size).astype(np.float64)
    weights: NDArray[np.float32] = (a / (a + frequency / frequency.sum())).astype(np.float32)
    return weights


def contrast(
    start: NDArray[np.float32],
    draw: Callable[[int], tuple[Ids, Ids]],
    *,
    steps: int,
    batch: int = 1024,
    rate: float = 1e-3,
    scale: float = 20.0,
    seed: int = 7,
) -> NDArray[np.float32]:
    """Tune word vectors so that the sum over a query lies near the sum over its passage (symmetric InfoNCE).

    `draw(batch)` gives that many pairs of id arrays, none empty. Returns an array of the shape of `start`.
    """
    import torch
    from torch import nn

    torch.manual_seed(seed)
    bag = nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), freeze=False, mode="sum")
    optimizer = torch.optim.AdamW(bag.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 50) * max(0.05, 1 - step / steps)
    )

    def pooled(texts: Ids) -> Any:
        flat = torch.from_numpy(np.concatenate(list(texts)).astype(np.int64))
        offsets = torch.from_numpy(np.cumsum([0] + [len(text) for text in texts[:-1]]))
        return nn.functional.normalize(bag(flat, offsets), dim=1)

    running = 0.0
    for step in range(steps):
        queries, passages = draw(batch)
        similar = scale * pooled(queries) @ pooled(passages).T
        target = torch.arange(len(queries))
        loss = (nn.functional.cross_entropy(similar, target) + nn.functional.cross_entropy(similar.T, target)) / 2
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        running = loss.item() if step == 0 else 0.98 * running + 0.02 * loss.item()
        if step % 50 == 0:
            log.info("step %d of %d, loss %.3f", step, steps, running)
    return bag.weight.detach().numpy().copy()
