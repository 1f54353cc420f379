"""What is done: recognition, scoring and the kind of activity, by substance and not by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.cues import UNSETTLED, Cue, Text, asks_kind, number_of_people

_TITLE = re.compile(
    r"称号|先进|优秀|标兵|最美|十佳|十强|之星|能手|模范|示范|标杆|先锋|楷模|命名|功臣|百强|金牌|领军|卫士|大使|红旗手|星级|五星"
)
_PRIZE_ONLY = re.compile(r"奖杯|奖金|奖品|奖状|证书|等奖|奖牌|公布|名次|结果|奖励|慰问")
_MONEY_ONLY = re.compile(r"^(?:发|给|有)?[^,]{0,6}(?:钱|奖金|奖励|红包|慰问金|奖品)$")
_FULLY_NONE = re.compile(
    r"(?:都|什么都?|啥都?|一律|统统)不(?:发|给|授|搞)|不发(?:任何)?东西|(?:不|没)(?:有)?(?:发|授|挂|给)[^,]{0,3}(?:牌|证|称号|匾)|不命名|不评人|没有?评比|不搞评比|不授|不挂牌|不评不授|没有?(?:称号|牌子|证书)|(?:称号|牌子?|匾|名单|证书?)(?:[、,和][\u4e00-\u9fff]{1,4}){0,4}?(?:统统|通通|全都?|都|一概|一律|也)(?:不|没|取消|去掉|拿掉)(?:再)?(?:要|发|搞|设|给|有|了|公布)"
)


def read_recognition(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact]) -> None:
    """Honour, praise or none; a partial denial (“不发奖金”) settles nothing."""
    honor = lexicon.groups["recognition"]["honor"]
    praise = lexicon.groups["recognition"]["praise"]
    cues = [c for c in text.cues(honor) if not c.reported]
    yes = [c for c in cues if not c.denied]
    denied = [c for c in cues if c.denied]
    if lexicon.groups["nature"]["competition"].search(text.text):
        # prizes for places are part of a contest; a title beside the places is not
        yes = [c for c in yes if _TITLE.search(text.text[c.start : c.end])]
        denied = [c for c in denied if not _PRIZE_ONLY.search(text.text[c.start : c.end])]
    if yes:
        facts["recognition"] = ReadFact("recognition", ("honor",), yes[0].start, yes[0].end)
        unsaid = UNSETTLED.search(text.text)
        if unsaid and (len(yes) == 1 or not unsaid[0].startswith(("发", "授", "挂", "给", "评"))):
            facts["recognition"] = ReadFact("recognition", (), unsaid.start(), unsaid.end(), open=True)
        return
    praised = [c for c in text.positive(praise) if not c.reported]
    if praised:
        facts["recognition"] = ReadFact("recognition", ("praise",), praised[0].start, praised[0].end)
        return
    none = _FULLY_NONE.search(text.text)
    if none or len(denied) > 1:
        start, end = (none.start(), none.end()) if none else (denied[0].start, denied[-1].end)
        facts["recognition"] = ReadFact("recognition", ("none",), start, end)
    elif denied and not _MONEY_ONLY.match(text.text[denied[0].start : denied[0].end]):
        facts["recognition"] = ReadFact("recognition", ("none",), denied[0].start, denied[0].end)


def read_scoring(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact]) -> None:
    """Scored, ranked or inspected; or expressly not."""
    cues = [c for c in text.cues(lexicon.single["scoring"]) if not c.reported and not asks_kind(text, c)]
    yes = [c for c in cues if not c.denied]
    chosen = (yes or cues)[:1]
    if chosen:
        facts["scoring"] = ReadFact("scoring", ("yes" if yes else "no",), chosen[0].start, chosen[0].end)


def read_nature(lexicon: Lexicon, text: Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
    """The kind of activity by substance: special kinds first, then what carries an award, then plain business."""
    natures = lexicon.groups["nature"]
    found = {name: cue for name, pattern in natures.items() if (cue := text.first(pattern)) is not None}
    if organizer is not None:  # “培训学校”, “开发区管委会”: part of a name says nothing of what is done
        found = {n: c for n, c in found.items() if not (organizer.start <= c.start and c.end <= organizer.end)}
    creation = [c for c in text.positive(lexicon.single["creation"]) if not c.reported and not asks_kind(text, c)]
    commendation = [
        c for c in text.positive(lexicon.single["commendation"]) if not c.reported and not asks_kind(text, c)
    ]
    select = [c for c in text.positive(lexicon.single["select"]) if not c.reported and not asks_kind(text, c)]
    honored = facts.get("recognition") is not None and facts["recognition"].values == ("honor",)
    festival = text.first(lexicon.single["festival"])

    def say(name: str, cue: Cue) -> None:
        facts["nature"] = ReadFact("nature", (name,), cue.start, cue.end)

    for name in ("science_prize", "party_commendation", "civil_servant_award", "institution_award", "admin_reward"):
        if name in found and _special_holds(lexicon, name, text, found[name], honored):
            return say(name, found[name])
    own = _own_addition(lexicon, text)
    if own is not None and "recommendation" not in found:
        upward = re.search(r"推荐", text.text)
        if upward and re.search(r"省|全国|上级|国家", text.text):
            found["recommendation"] = Cue(upward.start(), upward.end(), 0, False, False)
    if "recommendation" in found and not found["recommendation"].reported:
        say("recommendation", found["recommendation"])
        if own is not None:
            facts["sub_project"] = ReadFact("sub_project", ("yes",), own.start, own.end)
        return None
    if "task_breakdown" in found and not (honored and select):
        return say("task_breakdown", found["task_breakdown"])
    if "assessment" in found and not honored and re.search(r"等次", text.text):
        return say("assessment", found["assessment"])  # “评考核优秀等次”: a grade of the assessment, not a title
    points = _points(lexicon, text, creation, commendation)
    carriers: list[tuple[str, Cue]] = [
        (name, found[name])
        for name in (
            "forum",
            "expo",
            "competition",
            "exchange",
            "case_collection",
            "ranking",
            "subsidy",
            "assessment",
            "publicity",
        )
        if name in found
    ]
    if festival is not None:
        carriers.insert(0, ("festival", festival))
    if "grading" in found and not (honored and (commendation or (points > 0 and creation))):
        return say("grading", found["grading"])
    if honored or select:
        if creation and points >= 0:
            if "pilot" in found and not re.search(r"创建|示范", text.text):
                return say("pilot", found["pilot"])
            return say("creation", creation[0])
        for name, cue in carriers:
            if (honored and name not in ("subsidy", "publicity")) or (name == "competition"):
                return say(name, cue)
        if "praise" in found and not select and not honored:
            return say("praise", found["praise"])
        chosen = select or commendation
        if chosen:
            return say("commendation", chosen[0])
        if creation:
            return say("creation", creation[0])
    strong = [c for c in creation if re.search(r"创建|示范|创评|样板|标杆|达标", text.text[c.start : c.end])]
    if "pilot" in found and not strong:
        return say("pilot", found["pilot"])
    if strong and "business" not in found:
        return say("creation", strong[0])
    if "praise" in found:
        return say("praise", found["praise"])
    if commendation and not carriers and "business" not in found:
        return say("commendation", commendation[0])
    for name, cue in carriers:
        return say(name, cue)
    if "mass_event" in found:
        if number_of_people(text.text) >= 1000 or re.search(r"大型(?:群众性)?活动|演唱会|马拉松", text.text):
            return say("mass_event", found["mass_event"])
        return say("business", found["mass_event"])
    if strong:
        return say("creation", strong[0])
    if "business" in found:
        return say("business", found["business"])
    hint = facts.get("recognition") if honored else facts.get("scoring")
    medals = text.first(lexicon.groups["irregular"]["medals"])
    if hint is not None and (honored or (hint.values == ("yes",) and organizer is not None)):
        facts["nature"] = ReadFact("nature", ("creation", "commendation"), hint.start, hint.end)
    elif medals is not None:
        say("commendation", medals)
    return None


def _special_holds(lexicon: Lexicon, name: str, text: Text, cue: Cue, honored: bool) -> bool:
    """The kind by substance: party commendation is of party members and organizations by the party, and so on."""
    if honored and name != "science_prize" and _tucked_behind(lexicon, text, cue):
        return False
    if name == "party_commendation":
        return not re.search(r"农户|户上|示范户|企业家|挂到|群众|商户", text.text)
    if name == "civil_servant_award":
        return not (honored and re.search(r"牌|匾|锦旗", text.text)) and not re.search(
            r"志愿者|居民|社区的人|企业|综治办", text.text
        )
    if name == "institution_award":
        return not re.search(r"牌匾|发牌|企业|镇街", text.text)
    return True


def doubt_kind(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact]) -> None:
    """A kind that is not governed, and beside it a choosing or an honour that it does not explain: the kind is doubted.

    “七一大会除了两优一先,还另评15个红色商铺”, “先开三场讲座,再从听众里评出…”: the harmless part may not cover the other.
    """
    nature = facts.get("nature")
    if nature is None or len(nature.values) != 1 or nature.values[0] not in _HARMLESS:
        return
    at = next((i for i, c in enumerate(text.clauses) if c.start <= nature.start < c.end), None)
    outside = {c.clause for c in text.positive(lexicon.groups["coverage"]["outside"])}
    for cue in (*text.positive(lexicon.single["select"]), *text.positive(lexicon.groups["recognition"]["honor"])):
        clause = text.clauses[cue.clause]
        if cue.reported or asks_kind(text, cue) or at is None or cue.clause == at:
            continue
        if _ADDED_TO.search(clause.text) or (outside & {cue.clause, cue.clause - 1} and _TITLED.search(clause.text)):
            facts["nature"] = ReadFact("nature", (nature.values[0], "commendation"), cue.start, cue.end, open=True)
            return


def doubt_assessment(text: Text, facts: dict[str, ReadFact]) -> None:
    """Units put in order, and nobody says that it is an assessment: it may as well be a ranking."""
    nature = facts.get("nature")
    if nature is None or not nature.values or not set(nature.values) <= {"assessment", "business"}:
        return
    found = _IN_ORDER.search(text.text)
    if found and not _ASSESSED.search(text.text):
        facts["nature"] = ReadFact("nature", (*nature.values, "ranking"), found.start(), found.end(), open=True)


_IN_ORDER = re.compile(
    r"(?<!不)(?<!没)排(?:个|出|好|了)?(?:名|序|位|行|座次|前后)|(?:红黑|龙虎)榜|晒(?:成绩|排名|进度)"
)
_ASSESSED = re.compile(r"考核|考评|绩效|等次|督查|督办|测评|目标责任")
_HARMLESS = frozenset(
    {"business", "exchange", "grading", "party_commendation", "civil_servant_award", "institution_award", "admin_reward", "assessment",
     "case_collection", "pilot", "publicity", "mass_event", "praise"}
)  # fmt: skip
_ADDED_TO = re.compile(
    r"另外|另评|另选|还(?:想|要|会|准备)?(?:评|选|给|发|授)|顺便|顺带|捎带|同时|再(?:评|选|挑|给|从)|从[^,]{1,10}(?:里|中)(?:评|选|挑)"
)
_TITLED = re.compile(r"\"[^\"]{2,16}\"")


def _tucked_behind(lexicon: Lexicon, text: Text, cue: Cue) -> bool:
    """An honour for outsiders in another clause than the special kind: “顺便给企业也发块铜牌”."""
    if re.search(r"除了[^。?]{0,16}(?:还|另|又)|另外(?:再)?(?:评|给|选)|不限(?:于)?(?:党员|公务员|在编)", text.text):
        return True
    outside = lexicon.groups["coverage"]["outside"]
    honors = [c for c in text.positive(lexicon.groups["recognition"]["honor"]) if c.clause != cue.clause]
    elsewhere = {c.clause for c in text.positive(outside)}
    return any(c.clause in elsewhere for c in honors)


def _own_addition(lexicon: Lexicon, text: Text) -> Cue | None:
    """Something of one's own beside a superior's project: “顺便再评10个区级的”."""
    return text.first(lexicon.groups["irregular"]["sub_project"])


def _points(lexicon: Lexicon, text: Text, creation: Sequence[Cue], commendation: Sequence[Cue]) -> float:
    """Above 0: creation (places and units made to meet a standard); below: commendation (the best of some)."""
    body = text.text
    score = 2.0 * len(creation[:2]) - 1.5 * len(commendation[:2])
    score += 2.0 * bool(re.search(r"创建|创评|示范|样板|标杆", body))
    score += 1.5 * bool(re.search(r"验收|达标|够分|指标|标准|考评表", body))
    score += 1.0 * bool(
        re.search(
            r"(?:户|店|村|社区|小区|楼|街|路|企业|商户|学校|基地|站|点|园|单位)[\"]?(?:创建|挂|授|称号|命名|评)",
            body,
        )
    )
    score -= 2.0 * bool(
        re.search(r"表彰|先进|优秀|十佳|最美(?!庭院)|标兵|之星|能手|颁奖|三好|名师|模范(?!职工之家|城)", body)
    )
    score -= 1.0 * bool(
        re.search(
            r"个人|[名位](?=[\u4e00-\u9fff\"])|护士|教师|老师|医生|司机|企业家|书记|辅导员|志愿者|人物|职工(?!之家|书屋)",
            body,
        )
    )
    return score


_INSIDE = re.compile(r"内部|自己人|自家人|本系统|系统内|局属|下属")
_EXCLUDED, _EVENTS = (
    ("assessment", "grading", "pilot"),
    ("competition", "case_collection", "ranking", "exchange", "publicity"),
)


def read_name(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact]) -> None:
    """The harmless thing that a governed activity is called besides: `called` explains, it decides nothing."""
    natures = lexicon.groups["nature"]
    read = facts["nature"].values if "nature" in facts else ()
    for value, names in (("excluded", _EXCLUDED), ("event", _EVENTS)):
        cues = [c for name in names if name not in read for c in text.cues(natures[name])]
        cues += text.cues(_INSIDE) if value == "excluded" else []
        if cues:
            facts["called"] = ReadFact("called", (value,), cues[0].start, cues[0].end)
            return
