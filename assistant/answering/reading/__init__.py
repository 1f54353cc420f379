"""One utterance → stated facts, each with the words it was read from. Unsure is left unsaid; nothing is presumed here.

Reads substance, not names: a “研讨会” that hands out plaques is an exchange with recognition. Cues come from the
lexicon; clauses.py settles denial and hearsay; organizations.py settles who runs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answering.clauses import Clause
from assistant.answering.learned.model import ReadingModel
from assistant.answering.learned.weighing import Predictions, predictions, rescored, weigh, weigh_nature
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, asked_on_behalf, find_organizations
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.coverage import read_coverage
from assistant.answering.reading.cues import PRIVATE, PUBLIC, Text
from assistant.answering.reading.irregularities import read_irregularities
from assistant.answering.reading.standing import read_standing
from assistant.answering.reading.what import doubt_kind, read_nature, read_recognition, read_scoring
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


class Reader:
    """Reads utterances with one lexicon. Stateless between calls; safe to share between threads."""

    def __init__(
        self, lexicon: Lexicon, projects: Sequence[tuple[str, str]] = (), model: ReadingModel | None = None
    ) -> None:
        """`projects`: (name or alias, level) of projects known to be approved, longest first. Without a model: cues only."""
        self._lexicon = lexicon
        self._model = model
        self._projects = tuple((fold(name).text, level) for name, level in projects)

    def read(self, utterance: str, known: Mapping[str, str] | None = None, *, keep_kind: bool = False) -> Reading:
        """Facts of one utterance. Empty or meaningless text gives a reading without facts.

        `known`: organizer_kind and nature from earlier turns, for a reply that does not repeat them; `keep_kind`: the
        utterance answers a question about the known kind and names no other.
        """
        known = known or {}
        folded = fold(utterance)
        text = Text(folded)
        lexicon = self._lexicon
        organizations = find_organizations(text.text, text.clauses, lexicon)
        unclear = UNCLEAR_ORGANIZER.search(text.text)
        if self._model is not None:
            organizations = rescored(organizations, text.text, text.clauses, self._model)
        organizer = None if unclear else pick_organizer(organizations)
        facts: dict[str, ReadFact] = {}
        behalf = asked_on_behalf(text.text, text.clauses, organizations)
        if behalf is not None and organizer is not None and (organizer.kind in PUBLIC or organizer.kind == behalf.kind):
            organizer = behalf
            facts["principal"] = ReadFact("principal", (), behalf.start, behalf.end, open=True)
        read_organizer(self._lexicon, text, organizer, facts)
        read_recognition(self._lexicon, text, facts)
        read_scoring(self._lexicon, text, facts)
        read_nature(self._lexicon, text, organizer, facts)
        said: Predictions = {}
        if self._model is not None:
            said = predictions(text.text, text.clauses, organizations, self._lexicon, self._model)
            weigh_nature(facts, said, len(text.text))  # before what depends on the kind is read
        if keep_kind and "nature" in known:
            facts.pop("nature", None)
        kind = organizer.kind if organizer else known.get("organizer_kind", "")
        nature = facts["nature"].values if "nature" in facts else tuple(filter(None, [known.get("nature")]))
        read_coverage(self._lexicon, text, organizer, kind, facts)
        read_standing(self._lexicon, text, organizations, organizer, kind, nature, facts, self._projects)
        read_irregularities(self._lexicon, text, organizer, facts)
        doubt_kind(self._lexicon, text, facts)
        weigh(facts, said, len(text.text))
        return Reading(
            folded=folded, clauses=text.clauses, organizations=tuple(organizations), organizer=organizer, facts=facts,
            plans=plans_something(self._lexicon, text, organizations),
            corrects=bool(lexicon.single["correction"].search(text.text)),
            new_topic=bool(lexicon.single["new_topic"].search(text.text)),
            intents=said.get("intent", {}),
        )  # fmt: skip
