"""Chances → facts. What is likely enough is read; where two values stay likely, both stay open; the rest was not said.

What could loosen a verdict (a kind that is not governed, an exclusion, an approval) needs more certainty than what could
only make it stricter; and the words that settle a fact themselves (`sure`) are not weighed at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace

from assistant.answering.learned.model import OPEN, UNSAID, Prediction
from assistant.answering.organizations import Organization, Role
from assistant.answering.readfact import ReadFact

GOVERNED = frozenset({"creation", "commendation"})
_LOOSE = {
    ("coverage", "internal_units"), ("coverage", "internal_staff"), ("recognition", "none"), ("commission", "central_province"),
    ("legal_basis", "named"), ("pilot_approved", "yes"), ("project_level", "central_province"), ("principal", "own"),
    ("approval", "central_province"), ("statutory_day", "yes"), ("open_to_public", "no"), ("scoring", "no"),
}  # fmt: skip
# the chance that something was said at all, and the share of it that the values kept must hold together
SAID, SAID_WHEN_ASKED, MASS, LOOSE_MASS = 0.5, 0.25, 0.5, 0.7
DESPITE_CUES = 0.95  # a looser value must be this likely where the cues read a stricter one
BARELY = 0.15  # less likely than this, a stricter reading of the cues is dropped
NAMED = 0.8  # an organization this likely to run it settles the kind
HINTED = 0.3  # a stricter value at least this likely is not presumed away
# an approval from above, in one form or another: “听他讲是省里批的” against “文没见着” stays open
_NEVER_DESPITE_CUES = frozenset({"approval", "project_level", "commission", "pilot_approved", "legal_basis"})
# nothing is given only where something that could be given, or “nothing at all”, is spoken of
_OF_HONOURS = re.compile(
    r"[牌匾旗榜冠奖]|证(?![明据件])|称号|名单|名头|名次|荣誉|命名|表彰|表扬|通报|授|颁|挂|光荣|评(?![审估价])|选|排名|打分|(?:什么|啥)[也都]?[不没]|发(?![文现展改票])|送"
)
_BY_OTHERS = frozenset({"organizer_kind", "organizer_level", "intent"})


def is_loose(fact: str, value: str) -> bool:
    return (fact, value) in _LOOSE or (fact == "nature" and value not in GOVERNED)


def likely_values(fact: str, chances: Mapping[str, float], needed: float = SAID) -> tuple[str, ...]:
    """The fewest values, most likely first, that hold enough of what was said; () when probably nothing was.

    `needed`: the chance that something was said at all, from which on it is read.
    """
    said = sum(p for value, p in chances.items() if value != UNSAID)
    if said < needed:
        return ()
    ranked = sorted(((p, v) for v, p in chances.items() if v != UNSAID), reverse=True)
    if fact == "nature":  # the two governed kinds count as one: they lead to the same place more often than not
        governed = sum(p for p, v in ranked if v in GOVERNED)
        if governed >= MASS * said:
            first = next(v for _, v in ranked if v in GOVERNED)
            return (first,)
    kept: list[str] = []
    held = 0.0
    for chance, value in ranked:
        kept.append(value)
        held += chance
        if held >= (LOOSE_MASS if all(is_loose(fact, v) for v in kept) else MASS) * said:
            break
    return tuple(kept)


def weigh(
    facts: MutableMapping[str, ReadFact], said: Prediction, text: str, *, leave: Sequence[str] = (),
    asked: Sequence[str] = (), kind: str = "",
) -> None:  # fmt: skip
    """Make `facts`, as the cues read them, what the model takes them for.

    `leave`: facts settled elsewhere; `asked`: what the turn before asked for, which a reply most often gives; `kind`:
    the kind of activity known from earlier turns.
    """
    length = len(text)
    for fact, chances in said.facts.items():
        known = facts.get(fact)
        if fact in _BY_OTHERS or fact in leave or (known is not None and (known.sure or known.unknowable)):
            continue
        start, end = (known.start, known.end) if known is not None else said.spans.get(fact, (0, length))
        values = likely_values(fact, chances, SAID_WHEN_ASKED if fact in asked[:1] else SAID)
        if values and is_loose(fact, values[0]):
            values = likely_values(fact, chances)
        unsettled = known is not None and known.open and not known.values  # “还没定”, “搞不清有没有授权”
        if unsettled and chances.get(values[0] if values else "", 0.0) < DESPITE_CUES:
            continue
        loosened = bool(values) and all(is_loose(fact, v) for v in values)
        if known is not None and loosened:
            stricter = tuple(v for v in known.values if not is_loose(fact, v))
            sure = sum(chances[v] for v in values) >= DESPITE_CUES and fact not in _NEVER_DESPITE_CUES
            if stricter and (known.open or not sure):
                facts[fact] = ReadFact(fact, (*values, *stricter), start, end, open=True)
                continue
        if OPEN in values:
            facts[fact] = ReadFact(fact, (), start, end, open=True)
        elif len(values) == 1:
            note = known.note if known is not None else ""
            facts[fact] = ReadFact(fact, values, start, end, note=note)
        elif values:
            facts[fact] = ReadFact(fact, values, start, end, open=not set(values) <= GOVERNED)
        elif known is not None and len(known.values) == 1 and not is_loose(fact, known.values[0]):
            if chances.get(known.values[0], 0.0) < BARELY:
                del facts[fact]
        elif known is not None:
            del facts[fact]
    nothing = "recognition" in facts and facts["recognition"].values == ("none",) and "recognition" not in asked
    if nothing and not _OF_HONOURS.search(text):
        del facts["recognition"]  # “啥钱都不收了” denies something, but no honour
    honor = said.facts.get("recognition", {}).get("honor", 0.0)
    governed = (
        set(facts["nature"].values if "nature" in facts else (kind,)) <= GOVERNED
    )  # an honour is presumed there anyway
    if "recognition" not in facts and honor >= HINTED and not governed:
        start, end = said.spans.get("recognition", (0, length))
        facts["recognition"] = ReadFact("recognition", (), start, end, open=True)  # may not be presumed away


def organizer_by_model(
    organizations: Sequence[Organization], said: Prediction
) -> tuple[Organization | None, tuple[str, ...]]:
    """(the organization that runs it, the kinds it may be); (None, ()) where probably nobody was said to.

    Half the votes come from the organizations named, half from what the whole utterance says of the kind.
    """
    votes = {kind: chance / 2 for kind, chance in said.facts.get("organizer_kind", {}).items() if kind != UNSAID}
    for organization, chance in zip(organizations, said.runs_it, strict=True):
        votes[organization.kind] = votes.get(organization.kind, 0.0) + chance / 2
    total = sum(votes.values())
    if total < SAID:
        return None, ()
    for organization, chance in zip(organizations, said.runs_it, strict=True):
        if chance >= NAMED:  # its name says what it is
            votes = {organization.kind: total}
    ranked = sorted(((p, kind) for kind, p in votes.items()), reverse=True)
    kept, held = [], 0.0
    for chance, kind in ranked:
        kept.append(kind)
        held += chance
        if held >= MASS * total:
            break
    same = [(p, o) for p, o in zip(said.runs_it, organizations, strict=True) if o.kind == kept[0] and not o.denied]
    best = max(same, key=lambda pair: pair[0])[1] if same else None
    if best is not None and not best.level:  # “我在省妇联,…妇联自己研究就行”: the same body, named in full before
        full = [o for _, o in same if o.level and o.name.endswith(best.name) and o.role is Role.ORGANIZER]
        best = replace(best, level=full[0].level) if full else best
    return best, tuple(kept)
