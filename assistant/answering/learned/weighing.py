"""Cues and model together. The model may add a fact, confirm one, or cast doubt; doubt is a set of values, not a guess.

What could loosen a verdict (a kind that is not governed, an exclusion, an approval) needs more certainty than what could
only make it stricter.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace

from assistant.answering.clauses import Clause
from assistant.answering.learned.features import organization_features, utterance_features
from assistant.answering.learned.model import UNSAID, ReadingModel
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, Role
from assistant.answering.readfact import ReadFact

_GOVERNED = frozenset({"creation", "commendation"})
_LOOSE = {
    ("coverage", "internal_units"), ("coverage", "internal_staff"), ("recognition", "none"), ("commission", "central_province"),
    ("legal_basis", "named"), ("pilot_approved", "yes"), ("project_level", "central_province"), ("principal", "own"),
    ("approval", "central_province"), ("statutory_day", "yes"), ("open_to_public", "no"), ("scoring", "no"),
}  # fmt: skip
_YES_NO = frozenset({"yes", "no", UNSAID})
_INTERNAL = ("internal_units", "internal_staff")
_SURE, _LOOSE_SURE, _DOUBT = 0.6, 0.8, 0.35
_NEVER_ALONE = {
    ("approval", "central_province"),
    ("project_level", "central_province"),
    ("commission", "central_province"),
}

Predictions = Mapping[str, Mapping[str, float]]


def predictions(
    text: str, clauses: Sequence[Clause], organizations: Sequence[Organization], lexicon: Lexicon, model: ReadingModel
) -> Predictions:
    """fact → value → probability for this utterance."""
    features = utterance_features(text, clauses, organizations, lexicon)
    return model.predict(features, [fact for fact in model.facts if fact != "organizer"])


def rescored(
    organizations: Sequence[Organization], text: str, clauses: Sequence[Clause], model: ReadingModel
) -> list[Organization]:
    """The same organizations with the model's word on who runs it: scores in the range of the hand-set ones."""
    out = []
    for index, organization in enumerate(organizations):
        said = model.predict(organization_features(text, clauses, organizations, index), ["organizer"])
        if not said or organization.denied or organization.role is Role.OTHER:
            out.append(organization)
            continue
        chance = said["organizer"].get("yes", 0.0)
        if organization.role is Role.APPROVER and organization.score <= -3:
            out.append(organization)
            continue
        if organization.score >= 8 or (organization.speaker and organization.score >= 5):
            out.append(replace(organization, score=max(organization.score, 10 * chance)))
            continue  # “以…名义”, “落款是…”, “我是…的”: the words themselves say it
        score = 10 * chance + 0.4 * organization.score - 1.7  # weights chosen by cross-validation; 1 is the threshold
        out.append(replace(organization, score=score + 0.001 * (len(organizations) - index)))
    return out


def weigh(facts: MutableMapping[str, ReadFact], said: Predictions, length: int) -> None:
    """Correct `facts` in place by what the model says. `length` of the folded text bounds the span of what it adds."""
    for fact, chances in said.items():
        if fact in ("nature", "intent"):
            continue
        known = facts.get(fact)
        if known is not None and known.sure:
            continue
        best, chance = max(chances.items(), key=lambda pair: pair[1])
        if known is None:
            needed = _LOOSE_SURE if (fact, best) in _LOOSE else _SURE
            if best != UNSAID and chance >= needed and (fact, best) not in _NEVER_ALONE:
                facts[fact] = ReadFact(fact, (best,), 0, length)
            elif fact == "recognition" and chances.get("honor", 0.0) >= _DOUBT and not _governed(facts):
                facts[fact] = ReadFact(fact, (), 0, length, open=True)  # may not be presumed away
        elif (
            fact == "coverage"
            and known.values[:1]
            and known.values[0] in _INTERNAL
            and chances.get("outside", 0.0) >= 0.42
        ):
            facts[fact] = replace(known, values=(known.values[0], "outside"), open=True)
        elif len(known.values) == 1 and best not in (UNSAID, known.values[0]) and chance >= 0.5:
            loosens = (fact, known.values[0]) in _LOOSE
            own = chances.get(known.values[0], 0.0)
            if set(chances) <= _YES_NO:
                if best == "yes" and chance >= 0.7:
                    facts[fact] = replace(known, values=("yes",))
            elif loosens or (own < 0.1 and chance >= 0.7):
                facts[fact] = replace(known, values=(known.values[0], best), open=True)
    _settle_recognition(facts, said.get("recognition", {}))


def _governed(facts: Mapping[str, ReadFact]) -> bool:
    """Creation or commendation, whatever else remains open: an honour belongs to it anyway."""
    return "nature" in facts and set(facts["nature"].values) <= _GOVERNED


def _settle_recognition(facts: MutableMapping[str, ReadFact], chances: Mapping[str, float]) -> None:
    """“不授牌” with an honour elsewhere: when the model is sure of the honour, doubt is settled to the stricter side."""
    known = facts.get("recognition")
    if known is not None and set(known.values) == {"none", "honor"} and chances.get("honor", 0.0) >= 0.75:
        facts["recognition"] = replace(known, values=("honor",), open=False)


def weigh_nature(facts: MutableMapping[str, ReadFact], said: Predictions, length: int) -> None:
    """Keep the kind that the cues name unless the model is sure of another; add one only where it is sure.

    A governed kind (creation, commendation) gives way only to near certainty; a kind that would loosen the verdict is
    doubted as soon as a governed one is likely.
    """
    chances = said.get("nature", {})
    known = facts.get("nature")
    cue = known.values[0] if known is not None and len(known.values) == 1 else ""
    ranked = sorted(((v, p) for v, p in chances.items() if v != UNSAID), key=lambda pair: -pair[1])
    if not ranked:
        return
    best, chance = ranked[0]
    if known is None:
        if chance >= (0.55 if best in _GOVERNED else 0.65):
            facts["nature"] = ReadFact("nature", (best,), 0, length)
        return
    span = (known.start, known.end)
    if not cue:  # creation or commendation, by the cues
        if best in known.values and chance >= 0.5:
            facts["nature"] = replace(known, values=(best,), open=False)
        return
    governed = sum(p for v, p in ranked if v in _GOVERNED)
    if cue in _NAMED:
        return  # 两优一先, 记三等功, 科学技术奖: the name of the thing is in the text
    if cue == best or (cue in _GOVERNED and best in _GOVERNED and chance < 0.75):
        return
    if cue in _GOVERNED:
        if chance >= 0.8:
            facts["nature"] = ReadFact("nature", (best,), *span)
        elif chance >= 0.6 and best not in _GOVERNED:
            facts["nature"] = ReadFact("nature", (cue, best), *span, open=True)
        elif best in _GOVERNED:
            facts["nature"] = ReadFact("nature", (best,), *span)
    elif best in _GOVERNED and chance >= 0.6:
        facts["nature"] = ReadFact("nature", (best,), *span)
    elif governed >= (0.65 if _nothing_given(facts) else 0.4) and cue in _UNGOVERNED:
        strict = max(((v, p) for v, p in ranked if v in _GOVERNED), key=lambda pair: pair[1])[0]
        facts["nature"] = ReadFact("nature", (cue, strict), *span, open=True)
    elif chance >= 0.6 and chances.get(cue, 0.0) < 0.25:
        facts["nature"] = ReadFact("nature", (best,), *span)


def _nothing_given(facts: Mapping[str, ReadFact]) -> bool:
    """“打分、名单、牌子统统不要”: neither an honour nor a score, in so many words."""
    return all(
        fact in facts and facts[fact].values == (value,) for fact, value in (("recognition", "none"), ("scoring", "no"))
    )


_NAMED = frozenset({"party_commendation", "civil_servant_award", "institution_award", "admin_reward", "science_prize"})
# kinds that by themselves end outside the measures
_UNGOVERNED = frozenset(
    {"business", "exchange", "case_collection", "assessment", "grading", "pilot", "subsidy", "recommendation", "task_breakdown",
     "party_commendation", "civil_servant_award", "institution_award", "admin_reward", "mass_event", "publicity"}
)  # fmt: skip
