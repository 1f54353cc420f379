"""What a mutant is: one place of the product, changed in one way, and the target that then answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from assistant.service import Assistant
from evals.targets import InProcess

Change = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """`make` gives the broken assistant from a sound one; `patched` holds while it answers; `says` alters its JSON."""

    room: str  # rules, corpus, reading, finding, saying
    operator: str
    target: str
    make: Callable[[Assistant], Assistant] = lambda assistant: assistant
    patched: Callable[[], AbstractContextManager[Any]] = nullcontext
    says: Change | None = None
    suites: tuple[str, ...] = ("ask",)  # suites whose answers it can change

    @property
    def name(self) -> str:
        return f"{self.room}:{self.operator}:{self.target}"


class Altered(InProcess):
    """The product in this process, with its answers altered on their way out."""

    def __init__(self, assistant: Assistant, says: Change | None) -> None:
        super().__init__(assistant)
        self._says = says

    def answer(self, suite: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        given = super().answer(suite, inputs)
        return given if self._says is None or suite != "ask" else self._says(dict(given))
