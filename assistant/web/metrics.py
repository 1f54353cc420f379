"""Counters in the Prometheus text format: requests by route and status, how long they took, verdicts given.

In-process: each worker counts its own. Nothing that people typed becomes a label.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Seen:
    """What a middleware learned about one request."""

    status: int = 500


class Metrics:
    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._buckets: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._timed: Counter[str] = Counter()

    @contextmanager
    def request(self, scope: Mapping[str, Any]) -> Iterator[Seen]:
        """Time one request. The route is read afterwards, when routing has named it; unrouted paths count as one."""
        seen, start = Seen(), time.perf_counter()
        try:
            yield seen
        finally:
            elapsed_s = time.perf_counter() - start
            route = getattr(scope.get("route"), "path", None) or "other"
            method = scope["method"] if scope["method"] in _METHODS else "other"
            with self._lock:
                self._requests[(method, route, seen.status)] += 1
                self._timed[route] += 1
                self._seconds[route] += elapsed_s  # type: ignore[assignment]
                for bound in _BUCKETS_S:
                    if elapsed_s <= bound:
                        self._buckets[(route, bound)] += 1

    def count_verdict(self, verdict: str | None) -> None:
        with self._lock:
            self._verdicts[verdict or "none"] += 1

    def render(self) -> str:
        """The exposition text, version 0.0.4, series in a fixed order."""
        with self._lock:
            lines = ["# HELP minggui_http_requests_total HTTP requests.", "# TYPE minggui_http_requests_total counter"]
            for (method, route, status), count in sorted(self._requests.items()):
                labels = f'method="{_safe(method)}",route="{_safe(route)}",status="{status}"'
                lines.append(f"minggui_http_requests_total{{{labels}}} {count}")
            name = "minggui_http_request_duration_seconds"
            lines += [f"# HELP {name} Time to the end of the response.", f"# TYPE {name} histogram"]
            for route in sorted(self._timed):
                label = f'route="{_safe(route)}"'
                lines += [
                    f'{name}_bucket{{{label},le="{bound}"}} {self._buckets[(route, bound)]}' for bound in _BUCKETS_S
                ]
                lines.append(f'{name}_bucket{{{label},le="+Inf"}} {self._timed[route]}')
                lines.append(f"{name}_sum{{{label}}} {self._seconds[route]:.6f}")
                lines.append(f"{name}_count{{{label}}} {self._timed[route]}")
            lines += ["# HELP minggui_answers_total Answers by verdict.", "# TYPE minggui_answers_total counter"]
            for verdict, count in sorted(self._verdicts.items()):
                lines.append(f'minggui_answers_total{{verdict="{_safe(verdict)}"}} {count}')
        return "\n".join(lines) + "\n"


def _safe(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
