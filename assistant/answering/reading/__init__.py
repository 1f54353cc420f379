"""One utterance → stated facts, each with the words it was read from. Unsure is left unsaid; nothing is presumed here.

Reads substance, not names: a “研讨会” that hands out plaques is an exchange with recognition. Cues come from the
lexicon; clauses.py settles denial and hearsay; organizations.py settles who runs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.clauses import Clause
from assistant.answering.learned.model import UNSAID, Prediction, ReadingModel
from assistant.answering.learned.weighing import organizer_by_model, weigh
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, asked_on_behalf, find_organizations
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.coverage import read_coverage
from assistant.answering.reading.cues import PRIVATE, PUBLIC, Text
from assistant.answering.reading.irregularities import read_irregularities
from assistant.answering.reading.standing import read_standing
from assistant.answering.reading.what import (
    doubt_assessment,
    doubt_kind,
    read_name,
    read_nature,
    read_recognition,
    read_scoring,
)
from assistant.answering.reading.who import UNCLEAR_ORGANIZER, pick_organizer, plans_something, read_organizer
from assistant.text.fold import Folded, fold

__all__ = ["PRIVATE", "PUBLIC", "Reader", "Reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    folded: Folded
    clauses: tuple[Clause, ...]
    organizations: tuple[Organization, ...]
    organizer: Organization | None
    facts: dict[str, ReadFact] = field(default_factory=dict)
    plans: bool = False  # somebody is about to do something
    corrects: bool = False
    new_topic: bool = False
    intents: Mapping[str, float] = field(default_factory=dict)  # what the model takes the utterance for; {} without one


# “落款是…”, “以…名义”: scores that only such words give; the lower one counts where the model sees nobody
_SETTLED_BY_WORDS, _NAMED_BY_WORDS = 8, 5


class Reader:
    """Reads utterances with one lexicon. Stateless between calls; safe to share between threads."""

    def __init__(
        self, lexicon: Lexicon, projects: Sequence[tuple[str, str]] = (), model: ReadingModel | None = None
    ) -> None:
        """`projects`: (name or alias, level) of projects known to be approved, longest first. Without a model: cues only."""
        self._lexicon = lexicon
        self._model = model
        self._projects = tuple((fold(name).text, level) for name, level in projects)

    @property
    def lexicon(self) -> Lexicon:
        return self._lexicon

    @property
    def model(self) -> ReadingModel | None:
        return self._model

    def variant(self, *, lexicon: Lexicon | None = None, model: ReadingModel | None = None) -> Reader:
        """The same reader with another lexicon or model, to see what would change."""
        made = Reader(lexicon or self._lexicon, (), model or self._model)
        made._projects = self._projects
        return made

    def read(
        self, utterance: str, known: Mapping[str, str] | None = None, *, keep_kind: bool = False,
        asked: Sequence[str] = (),
    ) -> Reading:  # fmt: skip
        """Facts of one utterance. Empty or meaningless text gives a reading without facts.

        `known`: organizer_kind and nature from earlier turns, for a reply that does not repeat them; `keep_kind`: the
        utterance answers a question about the known kind and names no other. `asked`: the facts that were asked for.
        """
        known = known or {}
        folded = fold(utterance)
        text = Text(folded)
        organizations = find_organizations(text.text, text.clauses, self._lexicon)
        facts, organizer = self._by_cues(text, organizations, known, keep_kind)
        said: Prediction | None = None
        if self._model is not None:
            said = self._model.predict(text.text, text.clauses, organizations, self._lexicon, facts, asked)
            facts, organizer = self._by_model(text, organizations, facts, organizer, said, known, keep_kind, asked)
        read_name(self._lexicon, text, facts)
        return Reading(
            folded=folded, clauses=text.clauses, organizations=tuple(organizations), organizer=organizer, facts=facts,
            plans=plans_something(self._lexicon, text, organizations),
            corrects=bool(self._lexicon.single["correction"].search(text.text)),
            new_topic=bool(self._lexicon.single["new_topic"].search(text.text)),
            intents=said.facts.get("intent", {}) if said is not None else {},
        )  # fmt: skip

    def _by_cues(
        self, text: Text, organizations: Sequence[Organization], known: Mapping[str, str], keep_kind: bool
    ) -> tuple[dict[str, ReadFact], Organization | None]:
        """What the lexicon and the syntax read without the model: facts, and who runs it."""
        lexicon = self._lexicon
        facts: dict[str, ReadFact] = {}
        organizer = None if UNCLEAR_ORGANIZER.search(text.text) else pick_organizer(organizations)
        behalf = asked_on_behalf(text.text, text.clauses, organizations)
        if behalf is not None and organizer is not None and (organizer.kind in PUBLIC or organizer.kind == behalf.kind):
            organizer = behalf
            facts["principal"] = ReadFact("principal", (), behalf.start, behalf.end, open=True)
        read_organizer(lexicon, text, organizer, facts)
        read_recognition(lexicon, text, facts)
        read_scoring(lexicon, text, facts)
        read_nature(lexicon, text, organizer, facts)
        if keep_kind and "nature" in known:
            facts.pop("nature", None)
        self._depending(text, organizations, organizer, facts, known)
        return facts, organizer

    def _depending(
        self, text: Text, organizations: Sequence[Organization], organizer: Organization | None,
        facts: dict[str, ReadFact], known: Mapping[str, str],
    ) -> None:  # fmt: skip
        """What is read differently for another organizer or another kind."""
        kind = organizer.kind if organizer else known.get("organizer_kind", "")
        nature = facts["nature"].values if "nature" in facts else tuple(filter(None, [known.get("nature")]))
        read_coverage(self._lexicon, text, organizer, kind, facts)
        read_standing(self._lexicon, text, organizations, organizer, kind, nature, facts, self._projects)
        read_irregularities(self._lexicon, text, organizer, facts)
        doubt_kind(self._lexicon, text, facts)

    def _by_model(
        self, text: Text, organizations: Sequence[Organization], by_cues: Mapping[str, ReadFact],
        organizer: Organization | None, said: Prediction, known: Mapping[str, str], keep_kind: bool, asked: Sequence[str],
    ) -> tuple[dict[str, ReadFact], Organization | None]:  # fmt: skip
        """What the model takes the cues for."""
        facts = dict(by_cues)
        length = len(text.text)
        best, kinds = organizer_by_model(organizations, said)
        enough = _SETTLED_BY_WORDS if kinds else _NAMED_BY_WORDS
        by_words = organizer is not None and organizer.score >= enough
        if not UNCLEAR_ORGANIZER.search(text.text) and not by_words:
            for name in ("organizer_kind", "organizer_level"):
                facts.pop(name, None)
            organizer = best
            read_organizer(self._lexicon, text, organizer, facts)
            if kinds and (organizer is None or len(kinds) > 1):
                span = (organizer.start, organizer.end) if organizer is not None else (0, length)
                facts["organizer_kind"] = ReadFact("organizer_kind", kinds, *span)
                level = said.facts.get("organizer_level", {})
                likely = max(level, key=lambda v: level[v]) if level else UNSAID
                if likely != UNSAID and level[likely] >= 0.5:
                    facts["organizer_level"] = ReadFact("organizer_level", (likely,), *span)
        weigh(
            facts,
            said,
            text.text,
            leave=("nature",) if keep_kind and "nature" in known else (),
            asked=asked,
            kind=known.get("nature", ""),
        )
        doubt_assessment(text, facts)
        return facts, organizer
