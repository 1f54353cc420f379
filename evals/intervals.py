"""Uncertainty: how far a share or a mean may be off, and whether two runs really differ. Pure; seeded, so it repeats."""

from __future__ import annotations

import math
from collections.abc import Sequence

Interval = tuple[float, float]
_Z95 = 1.959963984540054


def wilson(hits: float, n: int, z: float = _Z95) -> Interval:
    """95 % interval of a share hits / n (Wilson 1927); stays inside 0–1 and is wide, not empty, at 0 of n. n = 0: (0, 1)."""
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    centre = share + z * z / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = (centre - spread) / (1 + z * z / n), (centre + spread) / (1 + z * z / n)
    return max(0.0, low), min(1.0, high)


def bootstrap_mean(values: Sequence[float], *, rounds: int = 2_000, seed: int = 7) -> Interval:
    """95 % percentile interval of the mean (Efron 1979). One value or none gives that value (or 0, 0) twice."""
    import numpy as np

    if len(values) < 2:
        only = float(values[0]) if values else 0.0
        return only, only
    sample = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(sample), size=(rounds, len(sample)))
    means = sample[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def interval_of(values: Sequence[float]) -> Interval:
    """Wilson when every value is 0 or 1, the bootstrap otherwise."""
    if all(value in (0.0, 1.0) for value in values):
        return wilson(sum(values), len(values))
    return bootstrap_mean(values)


def paired_difference(before: Sequence[float], after: Sequence[float]) -> Interval:
    """95 % interval of mean(after − before) over the same cases, in the same order."""
    return bootstrap_mean([late - early for early, late in zip(before, after, strict=True)])


def mcnemar_worse(broke: int, mended: int) -> float:
    """One-sided exact McNemar: how likely are `broke` or more breaks among broke + mended changes, were both as likely?

    Small means the new run is worse. No change at all gives 1.
    """
    n = broke + mended
    if n == 0:
        return 1.0
    return float(sum(math.comb(n, k) for k in range(broke, n + 1)) / 2**n)
