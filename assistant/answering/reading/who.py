"""Who runs it: the organizer of an utterance, when one of those named is, and what is said of nobody in particular."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, Role
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.cues import PUBLIC, Text

UNCLEAR_ORGANIZER = re.compile(
    r"(?:谁(?:来)?(?:主办|定标准|牵头)|主办(?:单位|方)?|落款)[^,。?]{0,8}(?:说不清|不清楚|看不清|不知道|没定|不晓得)|不知道(?:由)?谁(?:主办|定|办)|还是哪个"
)


def pick_organizer(organizations: Sequence[Organization]) -> Organization | None:
    """The best candidate; None when nobody looks like one."""
    fit = [o for o in organizations if not o.denied and o.role is not Role.OTHER]
    if not fit:
        return None
    best = max(fit, key=lambda o: o.score)
    if best.role is Role.TARGET:  # “给辖区企业发奖牌,街道发”: whoever else is named runs it
        doers = [o for o in fit if o.role is Role.ORGANIZER and o.score >= 1]
        best = max(doers, key=lambda o: o.score) if doers else best
    if best.kind == "company" and re.search(r"国企|国有|国资|区属|市属", "".join(o.name for o in organizations)):
        best = replace(best, kind="soe")
    if best.score < 1:
        # nobody does anything, but one public body is named without another part in it
        fit = [o for o in fit if o.kind in PUBLIC and o.role is Role.ORGANIZER and o.score > -0.5] or [
            o for o in fit if o.kind == "party_government" and re.search(r"常务会|常委会", o.name)
        ]
        if (
            not fit
            and len(organizations) == 1
            and organizations[0].role is Role.ORGANIZER
            and not organizations[0].denied
        ):
            fit = [o for o in organizations if o.score > -0.5]
        if fit:
            return fit[0]
        named = [o for o in organizations if not o.denied]
        if any(o.role is Role.COMMISSIONER for o in named):  # “某局委托协会评…”: the association runs it
            undertakers = [o for o in named if o.role is Role.UNDERTAKER]
            if undertakers:
                return undertakers[0]
        return next((o for o in named if o.role is Role.DIRECTOR), None)
    if not best.level:  # “我在省妇联,…妇联自己研究就行”: the same body, named in full before
        same = [o for o in fit if o.kind == best.kind and o.level and o.name.endswith(best.name)]
        if same and all(o.role is Role.ORGANIZER for o in same):
            best = replace(best, level=same[0].level)
    if re.match(r"本|我们?|咱|自己", best.name) or best.speaker:  # “本公司”: the one that was named in full
        named = [o for o in fit if o.score >= 1 and _same_family(o.kind, best.kind)]
        if len(named) > 1:
            return max(named, key=lambda o: (o.kind == "soe", o.score))
    return best


def _same_family(a: str, b: str) -> bool:
    return {a, b} <= {"soe", "company"}


def read_organizer(lexicon: Lexicon, text: Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
    """The organizer's kind and level; a vague “我区” leaves several kinds open."""
    if organizer is not None:
        span = (organizer.start, organizer.end)
        facts["organizer_kind"] = ReadFact("organizer_kind", (organizer.kind,), *span)
        if organizer.level:
            facts["organizer_level"] = ReadFact("organizer_level", (organizer.level,), *span)
        elif organizer.kind in ("department", "mass_organization", "task_force"):
            # “局里”, “妇联” without a level: the askers are district staff, and a stricter level does not exist
            facts["organizer_level"] = ReadFact("organizer_level", ("district",), *span)
        elif organizer.kind == "party_government":
            facts["organizer_level"] = ReadFact("organizer_level", ("city", "district"), *span)
        return
    vague_at = re.search(
        r"(?<!报)(?<!跟)(?<!向)(?:(?:我们?|本)(?:区|县|旗)(?:里)?|(?:区|县|旗)(?:里|上))(?=[^,]{0,8}(?:想|准备|打算|要|拟|评|搞|办|表彰|的|推荐|\"))",
        text.text,
    )
    if vague_at:
        # “省里批给我县的”, “常委会过了”: what the province approved for a county, and what its committee passed
        granted = re.search(r"(?:省|中央|国务院)[\u4e00-\u9fff]{0,4}批(?:给|准|复|的|了)|常委会|常务会", text.text)
        kinds = ("party_government",) if granted else ("party_government", "department", "mass_organization")
        facts["organizer_kind"] = ReadFact("organizer_kind", kinds, vague_at.start(), vague_at.end())
        facts["organizer_level"] = ReadFact("organizer_level", ("district",), vague_at.start(), vague_at.end())
    government = re.search(r"(?<![\u4e00-\u9fff区县市省镇乡])政府(?=$|[,。?名主发])|是政府", text.text)
    if government:
        facts["organizer_kind"] = ReadFact(
            "organizer_kind", ("party_government", "township"), government.start(), government.end()
        )


def plans_something(lexicon: Lexicon, text: Text, organizations: Sequence[Organization]) -> bool:
    """Is somebody about to do something, rather than asking about rules?"""
    plan, run = lexicon.single["plan"].pattern, lexicon.single["run"].pattern
    return bool(
        re.search(rf"(?:{plan})[^,。?]{{0,10}}(?:{run})", text.text)
        or any(o.speaker or o.score >= 4 for o in organizations)
    )
