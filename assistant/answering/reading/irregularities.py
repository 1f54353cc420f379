"""What would be irregular: fees, forbidden words, partners, medals and the rest, said or denied."""

from __future__ import annotations

import re

from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.cues import Text, number_of_people


def read_irregularities(
    lexicon: Lexicon, text: Text, organizer: Organization | None, facts: dict[str, ReadFact]
) -> None:
    """Every irregularity that is said or denied; what nobody mentions stays out."""
    for name, pattern in lexicon.groups["irregular"].items():
        if name in facts:
            continue
        cues = [c for c in text.cues(pattern) if not c.reported]
        yes = [c for c in cues if not c.denied]
        if name == "fee":
            yes = [
                c
                for c in yes
                if not re.search(
                    r"(?:经费|局里|街道|财政|公司|集团|工会)[\u4e00-\u9fff]{0,4}$",
                    text.text[max(0, c.start - 8) : c.start],
                )
            ]
            if re.search(
                r"(?:不|没|免|分文不?|一分(?:钱)?(?:都|也)?不|唔使|伐)(?:用|向[\u4e00-\u9fff]{0,4})?(?:收|交|取)",
                text.text,
            ):
                yes = [c for c in yes if re.search(r"每|[0-9]|买", text.text[c.start : c.end])]
        if yes:
            facts[name] = ReadFact(name, ("yes",), yes[0].start, yes[0].end)
        elif cues:
            facts[name] = ReadFact(name, ("no",), cues[0].start, cues[0].end)
    _wording(lexicon, text, facts)
    if number_of_people(text.text) >= 1000 and not re.search(
        r"(?:全年|一年|累计)[\u4e00-\u9fff]{0,3}|单场[\u4e00-\u9fff]{0,4}[几一二三四五六七八九]百", text.text
    ):
        facts["crowd"] = ReadFact("crowd", ("yes",), 0, len(text.text))


def _wording(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact]) -> None:
    """Forbidden words count where they name the activity, not inside 中国共产党 or 全国文明城市."""
    if facts.get("nature") and facts["nature"].values in (("recommendation",), ("task_breakdown",)):
        return
    allowed = [(m.start(), m.end()) for m in lexicon.single["wording_ok"].finditer(text.text)]
    quoted = [(m.start(), m.end()) for m in re.finditer(r"\"[^\"]{2,30}\"|《[^》]{2,30}》", text.text)]
    for cue in text.positive(lexicon.single["wording"]):
        if (cue.reported and not re.search(r"\"", text.text)) or any(a <= cue.start < b for a, b in allowed):
            continue
        after = text.text[cue.end : cue.end + 12]
        named = any(a < cue.start < b for a, b in quoted) or re.match(
            r"[\u4e00-\u9fff]{0,8}(?:大?奖|榜|百强|十强|称号|示范|标杆|家庭|评选|名头|之星|名人)", after
        )
        about = re.search(
            r"(?:名称|名字|冠名|冠|叫|取名|挂)[^,。?]{0,8}$", text.text[max(0, cue.start - 12) : cue.start]
        )
        if named or about:
            facts["wording"] = ReadFact("wording", ("yes",), cue.start, cue.end)
            return
