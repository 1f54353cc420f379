"""ReadFact: what one utterance says of one fact. The noun that reading, the model and the dialogue share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadFact:
    """Values that remain possible for a fact, and where in the folded text it was read. `open`: hinted, not settled."""

    name: str
    values: tuple[str, ...]
    start: int
    end: int
    open: bool = False
    unknowable: bool = False
    sure: bool = False  # the words settle it themselves (“在本校老师里评”); the model may not doubt it
    note: str = ""  # e.g. the document number that was given
