"""Cues: matches of the lexicon with their scope, and the few questions that every part of reading asks of a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answering.clauses import negated, split
from assistant.text.fold import Folded
from assistant.text.numbers import NUMERAL, parse_number

PRIVATE = frozenset({"social_organization", "company", "village", "media", "individual", "soe"})
PUBLIC = frozenset({"party_government", "department", "mass_organization", "township", "task_force", "zone"})
# “还没商量好发不发证书”: said, and not settled
UNSETTLED = re.compile(
    r"(?:发不发|授不授|挂不挂|给不给|评不评)|(?:还没|没|未)(?:定|想好|说)[^,]{0,6}(?:发|授|挂)|暂时没说授|(?:还|尚)?[没未](?:商量好|想好|定下来|定好|说准|最后定)|说不上来|(?:还没|没|未)定(?=$|[,。?!])|也可能|拿不准"
)
_KIND_ASKED = re.compile(
    r"(?:算不算|属不属于|算是?|算作|当成|当作|叫不叫|归不归|是不是(?:就)?(?:算|属于)?|是否(?:属于|算)|属于|走|归|套|也?要按|按|跟|和|与)(?:是|到|搞|在|变相)?(?:创建|评比|达标|评选)?$"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One match of the lexicon with its scope."""

    start: int
    end: int
    clause: int
    denied: bool
    reported: bool


class Text:
    """An utterance with its clauses, and cue search over it."""

    def __init__(self, folded: Folded) -> None:
        self.text = folded.text
        self.clauses = tuple(split(folded.text))

    def cues(self, pattern: re.Pattern[str], *, within: Iterable[int] | None = None) -> list[Cue]:
        out = []
        wanted = set(within) if within is not None else None
        for found in pattern.finditer(self.text):
            if found.start() == found.end():
                continue
            index = next((i for i, c in enumerate(self.clauses) if c.start <= found.start() < c.end), None)
            if index is None or (wanted is not None and index not in wanted):
                continue
            clause = self.clauses[index]
            end = min(found.end(), clause.end)
            out.append(
                Cue(
                    found.start(),
                    found.end(),
                    index,
                    negated(clause.text, found.start() - clause.start, end - clause.start),
                    clause.reported,
                )
            )
        return out

    def positive(self, pattern: re.Pattern[str]) -> list[Cue]:
        return [cue for cue in self.cues(pattern) if not cue.denied]

    def first(self, pattern: re.Pattern[str]) -> Cue | None:
        return next(iter(self.positive(pattern)), None)


def asks_kind(text: Text, cue: Cue) -> bool:
    """“算不算创建示范”, “会不会被当成评比”: the word is asked about, not done."""
    return bool(_KIND_ASKED.search(text.text[max(0, cue.start - 8) : cue.start]))


def number_of_people(text: str) -> int:
    best = 0
    for found in re.finditer(
        rf"({NUMERAL}+)(?:多|来|余|几)?(?:人次|人(?!大|社|才|员|民|选|家|气)|个人|名群众|观众)", text
    ):
        try:
            best = max(best, parse_number(found[1]))
        except ValueError:
            continue
    if re.search(r"上千人|几千人|千人(?!以下)|数千", text):
        best = max(best, 1000)
    if re.search(r"上万人|几万人|万人", text):
        best = max(best, 10_000)
    return best
