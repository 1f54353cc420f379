"""One utterance → stated facts, each with the words it was read from. Unsure is left unsaid; nothing is presumed here.

Reads substance, not names: a “研讨会” that hands out plaques is an exchange with recognition. Cues come from the
lexicon; clauses.py settles denial and hearsay; organizations.py settles who runs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.clauses import Clause, negated, split
from assistant.answering.learned.model import ReadingModel
from assistant.answering.learned.weighing import Predictions, predictions, rescored, weigh, weigh_nature
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, Role, asked_on_behalf, find_organizations
from assistant.answering.readfact import ReadFact
from assistant.text.fold import Folded, fold
from assistant.text.labels import unify_document_number
from assistant.text.numbers import NUMERAL, parse_number

PRIVATE = frozenset({"social_organization", "company", "village", "media", "individual", "soe"})
PUBLIC = frozenset({"party_government", "department", "mass_organization", "township", "task_force", "zone"})


@dataclass(frozen=True, slots=True)
class Cue:
    """One match of the lexicon with its scope."""

    start: int
    end: int
    clause: int
    denied: bool
    reported: bool


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


class _Text:
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


_TITLE = re.compile(
    r"称号|先进|优秀|标兵|最美|十佳|十强|之星|能手|模范|示范|标杆|先锋|楷模|命名|功臣|百强|金牌|领军|卫士|大使|红旗手|星级|五星"
)
_PRIZE_ONLY = re.compile(r"奖杯|奖金|奖品|奖状|证书|等奖|奖牌|公布|名次|结果|奖励|慰问")
_MONEY_ONLY = re.compile(r"^(?:发|给|有)?[^,]{0,6}(?:钱|奖金|奖励|红包|慰问金|奖品)$")
_UNSAID_RECOGNITION = re.compile(
    r"(?:发不发|授不授|挂不挂|给不给|评不评)|(?:还没|没|未)(?:定|想好|说)[^,]{0,6}(?:发|授|挂)|暂时没说授|(?:还|尚)?[没未](?:商量好|想好|定下来|定好|说准|最后定)|说不上来|(?:还没|没|未)定(?=$|[,。?!])|也可能|拿不准"
)
# a named award is meant for the public; “评先进”, “评优” alone may be for one's own people
_SPECIFIC_TITLE = re.compile(
    r"\"[^\"]{2,24}\"|十佳[\u4e00-\u9fff]{2}|最美[\u4e00-\u9fff]{2}|[\u4e00-\u9fff]{2}(?:标兵|之星|能手|先锋|卫士|英才奖|大奖|达人|楷模)"
    r"|(?:优秀|先进|模范|示范|星级|标杆)(?!(?:个人|集体|单位|工作者|员工|职工|干部|人员|科室|处室|医生|护士|教师|老师|班主任|学生|等次)(?=[,。?!的发和与、评给]|$)|的|[,。?!]|$)[\u4e00-\u9fff]{2}|区级[\u4e00-\u9fff]{2}|五一劳动|三八红旗"
)
_UNCLEAR_ORGANIZER = re.compile(
    r"(?:谁(?:来)?(?:主办|定标准|牵头)|主办(?:单位|方)?|落款)[^,。?]{0,8}(?:说不清|不清楚|看不清|不知道|没定|不晓得)|不知道(?:由)?谁(?:主办|定|办)|还是哪个"
)
_FULLY_NONE = re.compile(
    r"(?:都|什么都?|啥都?|一律|统统)不(?:发|给|授|搞)|不发(?:任何)?东西|(?:不|没)(?:有)?(?:发|授|挂|给)[^,]{0,3}(?:牌|证|称号|匾)|不命名|不授|不挂牌|不评不授|没有?(?:称号|牌子|证书)"
)


def _asks_kind(text: _Text, cue: Cue) -> bool:
    """“算不算创建示范”, “会不会被当成评比”: the word is asked about, not done."""
    return bool(_KIND_ASKED.search(text.text[max(0, cue.start - 8) : cue.start]))


_UNSURE = re.compile(r"搞不清|不清楚|说不清|不确定|不知道|弄不清|拿不准")
_KIND_ASKED = re.compile(
    r"(?:算不算|属不属于|算是?|算作|当成|当作|叫不叫|归不归|是不是(?:就)?(?:算|属于)?|是否(?:属于|算)|属于|也?要按|按|跟|和|与)(?:是|到|搞|在|变相)?$"
)


def _number_of_people(text: str) -> int:
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


def _pick_organizer(organizations: Sequence[Organization]) -> Organization | None:
    """The best candidate; None when nobody looks like one."""
    fit = [o for o in organizations if not o.denied and o.role is not Role.OTHER]
    if not fit:
        return None
    best = max(fit, key=lambda o: o.score)
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
    if re.match(r"本|我们?|咱|自己", best.name) or best.speaker:  # “本公司”: the one that was named in full
        named = [o for o in fit if o.score >= 1 and _same_family(o.kind, best.kind)]
        if len(named) > 1:
            return max(named, key=lambda o: (o.kind == "soe", o.score))
    return best


def _same_family(a: str, b: str) -> bool:
    return {a, b} <= {"soe", "company"}


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
        text = _Text(folded)
        lexicon = self._lexicon
        organizations = find_organizations(text.text, text.clauses, lexicon)
        unclear = _UNCLEAR_ORGANIZER.search(text.text)
        if self._model is not None:
            organizations = rescored(organizations, text.text, text.clauses, self._model)
        organizer = None if unclear else _pick_organizer(organizations)
        facts: dict[str, ReadFact] = {}
        behalf = asked_on_behalf(text.text, text.clauses, organizations)
        if (
            behalf is not None
            and organizer is not None
            and (organizer.kind in PUBLIC or organizer.start == behalf.start)
        ):
            organizer = behalf
            facts["principal"] = ReadFact("principal", (), behalf.start, behalf.end, open=True)
        self._organizer(text, organizer, facts)
        self._recognition(text, facts)
        self._scoring(text, facts)
        self._nature(text, organizer, facts)
        said: Predictions = {}
        if self._model is not None:
            said = predictions(text.text, text.clauses, organizations, self._lexicon, self._model)
            weigh_nature(facts, said, len(text.text))  # before what depends on the kind is read
        if keep_kind and "nature" in known:
            facts.pop("nature", None)
        kind = organizer.kind if organizer else known.get("organizer_kind", "")
        nature = facts["nature"].values if "nature" in facts else tuple(filter(None, [known.get("nature")]))
        self._coverage(text, organizer, kind, facts)
        self._standing(text, organizations, organizer, kind, nature, facts)
        self._irregularities(text, organizer, facts)
        weigh(facts, said, len(text.text))
        return Reading(
            folded=folded, clauses=text.clauses, organizations=tuple(organizations), organizer=organizer, facts=facts,
            plans=self._plans(text, organizations),
            corrects=bool(lexicon.single["correction"].search(text.text)),
            new_topic=bool(lexicon.single["new_topic"].search(text.text)),
            intents=said.get("intent", {}),
        )  # fmt: skip

    # ── who ──

    def _organizer(self, text: _Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
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

    def _plans(self, text: _Text, organizations: Sequence[Organization]) -> bool:
        plan, run = self._lexicon.single["plan"].pattern, self._lexicon.single["run"].pattern
        return bool(
            re.search(rf"(?:{plan})[^,。?]{{0,10}}(?:{run})", text.text)
            or any(o.speaker or o.score >= 4 for o in organizations)
        )

    # ── what ──

    def _recognition(self, text: _Text, facts: dict[str, ReadFact]) -> None:
        honor = self._lexicon.groups["recognition"]["honor"]
        praise = self._lexicon.groups["recognition"]["praise"]
        cues = [c for c in text.cues(honor) if not c.reported]
        yes = [c for c in cues if not c.denied]
        denied = [c for c in cues if c.denied]
        if self._lexicon.groups["nature"]["competition"].search(text.text):
            # prizes for places are part of a contest; a title beside the places is not
            yes = [c for c in yes if _TITLE.search(text.text[c.start : c.end])]
            denied = [c for c in denied if not _PRIZE_ONLY.search(text.text[c.start : c.end])]
        if yes:
            facts["recognition"] = ReadFact("recognition", ("honor",), yes[0].start, yes[0].end)
            unsaid = _UNSAID_RECOGNITION.search(text.text)
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

    def _scoring(self, text: _Text, facts: dict[str, ReadFact]) -> None:
        cues = [c for c in text.cues(self._lexicon.single["scoring"]) if not c.reported]
        yes = [c for c in cues if not c.denied]
        chosen = (yes or cues)[:1]
        if chosen:
            facts["scoring"] = ReadFact("scoring", ("yes" if yes else "no",), chosen[0].start, chosen[0].end)

    def _nature(self, text: _Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
        natures = self._lexicon.groups["nature"]
        found = {name: cue for name, pattern in natures.items() if (cue := text.first(pattern)) is not None}
        creation = [
            c for c in text.positive(self._lexicon.single["creation"]) if not c.reported and not _asks_kind(text, c)
        ]
        commendation = [
            c for c in text.positive(self._lexicon.single["commendation"]) if not c.reported and not _asks_kind(text, c)
        ]
        select = [c for c in text.positive(self._lexicon.single["select"]) if not c.reported]
        honored = facts.get("recognition") is not None and facts["recognition"].values == ("honor",)
        festival = text.first(self._lexicon.single["festival"])

        def say(name: str, cue: Cue) -> None:
            facts["nature"] = ReadFact("nature", (name,), cue.start, cue.end)

        for name in ("science_prize", "party_commendation", "civil_servant_award", "institution_award", "admin_reward"):
            if name in found and self._special_holds(name, text, found[name], honored):
                return say(name, found[name])
        own = self._own_addition(text)
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
        points = self._points(text, creation, commendation)
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
            if _number_of_people(text.text) >= 1000 or re.search(r"大型(?:群众性)?活动|演唱会|马拉松", text.text):
                return say("mass_event", found["mass_event"])
            return say("business", found["mass_event"])
        if strong:
            return say("creation", strong[0])
        if "business" in found:
            return say("business", found["business"])
        hint = facts.get("recognition") if honored else facts.get("scoring")
        medals = text.first(self._lexicon.groups["irregular"]["medals"])
        if hint is not None and (honored or (hint.values == ("yes",) and organizer is not None)):
            facts["nature"] = ReadFact("nature", ("creation", "commendation"), hint.start, hint.end)
        elif medals is not None:
            say("commendation", medals)
        return None

    def _special_holds(self, name: str, text: _Text, cue: Cue, honored: bool) -> bool:
        """The kind by substance: party commendation is of party members and organizations by the party, and so on."""
        if honored and name != "science_prize" and self._tucked_behind(text, cue):
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

    def _tucked_behind(self, text: _Text, cue: Cue) -> bool:
        """An honour for outsiders in another clause than the special kind: “顺便给企业也发块铜牌”."""
        outside = self._lexicon.groups["coverage"]["outside"]
        honors = [c for c in text.positive(self._lexicon.groups["recognition"]["honor"]) if c.clause != cue.clause]
        elsewhere = {c.clause for c in text.positive(outside)}
        return any(c.clause in elsewhere for c in honors)

    def _own_addition(self, text: _Text) -> Cue | None:
        """Something of one's own beside a superior's project: “顺便再评10个区级的”."""
        return text.first(self._lexicon.groups["irregular"]["sub_project"])

    def _points(self, text: _Text, creation: Sequence[Cue], commendation: Sequence[Cue]) -> float:
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

    def _coverage(self, text: _Text, organizer: Organization | None, kind: str, facts: dict[str, ReadFact]) -> None:
        group = self._lexicon.groups["coverage"]
        spans = [(organizer.start, organizer.end)] if organizer else []

        def free(cues: Iterable[Cue]) -> list[Cue]:
            return [c for c in cues if not any(a <= c.start and c.end <= b for a, b in spans) and not c.reported]

        units = free(text.positive(group["internal_units"]))
        staff = free(text.positive(group["internal_staff"]))
        inner = [(c.start, c.end) for c in (*units, *staff)]
        spans += inner
        outside = [
            c for c in free(text.positive(group["outside"]))
            if not re.match(r"[^,]{0,4}(?:一个没有|一家不参加|没有|不参加|不算|除外|不评|不涉及)", text.text[c.end : c.end + 10])
        ]  # fmt: skip
        if kind in ("institution", "soe", "company", "social_organization"):
            # a school's own teachers, a company's own workers: the bare word does not say that others are meant
            outside = [
                c for c in outside
                if not re.fullmatch(r"护士|医生|教师|学校|企业|单位|各部门|药店", text.text[c.start : c.end])
                or re.search(r"(?:全区|各|全系统|外)[\u4e00-\u9fff]{0,3}$", text.text[: c.start])
            ]  # fmt: skip
            own = re.search(
                r"(?:自己|本)(?:的)?(?:学校|院|公司|集团|企业|馆|校|单位|会(?=[秘员工的]))|院内|校内|内部|自己(?:员工|职工|人)|(?:员工|职工)(?!之家)",
                text.text,
            )
            if own and organizer is not None and own.start() < organizer.end and organizer.start <= own.end():
                own = None  # “本公司要主办…” names who runs it, not who is judged
            if own and not staff and not outside:
                facts["coverage"] = ReadFact("coverage", ("internal_staff",), own.start(), own.end())
                return
        if re.search(r"可能[\u4e00-\u9fff]{0,6}(?:也|还)|还没定|没想好", text.text) and (units or staff):
            cue = (units or staff)[0]
            facts["coverage"] = ReadFact("coverage", (), cue.start, cue.end, open=True)
            return
        only = re.search(
            r"只(?:评|限|面向|针对|有|在(?:我们?|本|自己|单位|局|院|校|公司|集团|机关))|仅限|内部|自己|本(?:单位|局|院|校|集团|公司|机关)|不(?:涉及|面向|含|包括)|一家不参加|都没有",
            text.text,
        )
        internal = units or staff
        if internal and (not outside or (only and not re.search(r"顺手|也评|还有|连同|以及下属", text.text))):
            value = "internal_units" if units and not staff else "internal_staff"
            facts["coverage"] = ReadFact("coverage", (value,), internal[0].start, internal[0].end)
        elif outside:
            facts["coverage"] = ReadFact("coverage", ("outside",), outside[0].start, outside[0].end)
        elif not kind or kind in PUBLIC or kind in ("institution", "soe"):
            title = _SPECIFIC_TITLE.search(text.text)
            if title and not re.search(r"单位(?:内部|里)?评|科室", text.text):
                facts["coverage"] = ReadFact("coverage", ("outside",), title.start(), title.end())

    # ── standing ──

    def _standing(
        self, text: _Text, organizations: Sequence[Organization], organizer: Organization | None, kind: str,
        nature: tuple[str, ...], facts: dict[str, ReadFact],
    ) -> None:  # fmt: skip
        self._approval(text, facts)
        for value, pattern in self._lexicon.groups["step"].items():
            cue = text.first(pattern)
            if cue is not None and not cue.reported:
                facts["step"] = ReadFact("step", (value,), cue.start, cue.end)
                break
        if kind in PRIVATE or not kind:
            self._principal(text, organizations, organizer, facts)
        if kind == "social_organization":
            self._commission(text, organizations, facts)
        if kind == "task_force":
            self._host(text, organizer, facts)
        if kind == "zone" and _UNSURE.search(text.text):
            facts["zone_power"] = ReadFact("zone_power", (), 0, len(text.text), open=True)
        elif kind == "zone":
            at = (organizer.start, organizer.end) if organizer else (0, len(text.text))
            if re.search(
                r"(?:没有|无|没其他|没)[\u4e00-\u9fff]{0,6}授权|派出机构|普通(?:的)?(?:产业)?园区?", text.text
            ):
                facts["zone_power"] = ReadFact("zone_power", ("other",), *at)
            elif re.search(r"(?:省|国务院)[\u4e00-\u9fff、]{0,8}授权|县级(?:管理|经济|行政)?权限|行使县级", text.text):
                facts["zone_power"] = ReadFact("zone_power", ("county",), *at)
        if "grading" in nature:
            basis = self._lexicon.single["legal_basis"].search(text.text)
            nobasis = re.search(
                r"(?:没有?写?|查?无|未|于法无)[\u4e00-\u9fff]{0,6}(?:依据|据|法规|法条|法律|业务规定|上级文件)|法规[\u4e00-\u9fff]{0,3}(?:没|无)|自(?:己|个儿?)?(?:定|订|设|弄|出|创|编|拟)(?:的|了|等级|标准)?|拟?出台|没写依据|拍脑",
                text.text,
            )
            if nobasis:
                facts["legal_basis"] = ReadFact("legal_basis", ("none",), nobasis.start(), nobasis.end())
            elif basis:
                facts["legal_basis"] = ReadFact("legal_basis", ("named",), basis.start(), basis.end())
        if nature == ("pilot",):
            approved = re.search(
                r"(?:经|获|已)?(?:国家|中央|省|部|国务院)[\u4e00-\u9fff]{0,8}(?:批准|批复|皮准|批|确定|部署)(?:的)?[\u4e00-\u9fff]{0,12}试[点店]|批准的[\u4e00-\u9fff]{0,4}试点|试点[\u4e00-\u9fff]{0,8}经(?:国家|中央|省|国务院)[\u4e00-\u9fff]{0,4}批准",
                text.text,
            )
            if approved:
                facts["pilot_approved"] = ReadFact("pilot_approved", ("yes",), approved.start(), approved.end())
            elif (
                "scoring" in facts and facts["scoring"].values == ("yes",) and not _UNSAID_RECOGNITION.search(text.text)
            ):
                scored = facts["scoring"]
                facts["pilot_approved"] = ReadFact("pilot_approved", ("no",), scored.start, scored.end)
        if nature in (("recommendation",), ("task_breakdown",)):
            self._project(text, facts)
        if nature == ("festival",):
            day = text.first(self._lexicon.single["statutory_day"])
            if day is not None:
                facts["statutory_day"] = ReadFact("statutory_day", ("yes",), day.start, day.end)
        if nature in (("forum",), ("expo",), ("festival",), ("exchange",)):
            closed = re.search(
                r"不对(?:外|社会)|不面向(?:社会|公众)|不公开|(?:谢绝|不许|不让|不请|没有)外人|外人(?:不|进不)|关(?:起|上|着)?门|内部(?:会议|业务|研讨|召开|搞|论坛|展|交流)|(?:只|仅|光)(?:是|限|给|让|供|对)?(?:各?局办|我们|内部|系统内|校内|院内|本[\u4e00-\u9fff]{1,3}|机关|职工|员工|学员|干部)[\u4e00-\u9fff]{0,6}(?:参加|看|进|听|开|职工|医生|学员|$)",
                text.text,
            )
            if closed:
                facts["open_to_public"] = ReadFact("open_to_public", ("no",), closed.start(), closed.end())

    def _approval(self, text: _Text, facts: dict[str, ReadFact]) -> None:
        for value, pattern in self._lexicon.groups["approval"].items():
            for cue in text.cues(pattern):
                clause = text.clauses[cue.clause]
                before = text.text[max(clause.start, cue.start - 6) : cue.start]
                if (
                    cue.reported
                    or clause.hearsay
                    or re.search(r"(?:须|需要?|应当?|得|要|必须|还要|不用|怎么|谁|哪)[\u4e00-\u9fff]{0,2}$", before)
                ):
                    continue
                after = text.text[cue.end : cue.end + 4]
                if re.match(r"(?:吗|么|不|没|才|后|之?前|呢)", after) and not re.match(r"后", after):
                    continue
                if cue.denied or re.search(r"(?:没|未|没有)(?:批|见|拿)", text.text[cue.start : cue.end + 2]):
                    facts.setdefault("approval", ReadFact("approval", ("none",), cue.start, cue.end))
                    continue
                if value == "claimed" and re.search(r"没有?批文|没见过?批文|无批文", text.text):
                    continue
                facts["approval"] = ReadFact("approval", (value,), cue.start, cue.end)
                break
            if "approval" in facts and facts["approval"].values != ("none",):
                break
        number = self._lexicon.single["approval_number"].search(text.text)
        if number and "approval" in facts and facts["approval"].values in (("central_province",), ("claimed",)):
            facts["approval_number"] = ReadFact(
                "approval_number", ("given",), number.start(), number.end(), note=unify_document_number(number[0])
            )
            if facts["approval"].values == ("claimed",):
                facts["approval"] = replace(facts["approval"], values=("central_province",))

    def _principal(
        self, text: _Text, organizations: Sequence[Organization], organizer: Organization | None,
        facts: dict[str, ReadFact],
    ) -> None:  # fmt: skip
        cues = text.cues(self._lexicon.groups["principal"]["lower_public"])
        yes = [
            c for c in cues
            if not c.denied and not c.reported and not re.search(r"[不没未]|自己", text.text[c.start : c.end])
        ]  # fmt: skip
        if yes:
            facts["principal"] = ReadFact("principal", ("lower_public",), yes[0].start, yes[0].end)
            return
        own = re.search(
            r"(?:镇|街道|区里|机关|部门|政府|局里|上面)(?:里|上)?(?:也)?(?:没|不|未)(?:有)?(?:插手|参与|管|过问|出钱|部署|干预|发)|自己(?:定|商量|评|搞|出钱|发起|办)|自发|没打政府旗号|没有上面的要求",
            text.text,
        )
        if own:
            facts["principal"] = ReadFact("principal", ("own",), own.start(), own.end())
            return
        if organizer is not None and organizer.kind in ("social_organization", "company", "media", "village"):
            public = next(
                (o for o in organizations if o.kind in PUBLIC and o.role in (Role.COMMISSIONER, Role.PARTNER)
                 and o.level not in ("central", "province")), None,
            )  # fmt: skip
            guided = re.search(
                r"(?:局|办|委|部|镇|街道|政府)[\u4e00-\u9fff]{0,4}(?:挂了?|作为|当|是)?(?:指导单位|支持单位|冠名指导)|(?:街道|镇里?|局里?)(?:发文)?(?:部署|要求)",
                text.text,
            )
            if public is not None or guided or "principal" in facts:
                start, end = (guided.start(), guided.end()) if guided else (organizer.start, organizer.end)
                facts["principal"] = ReadFact("principal", (), start, end, open=True)

    def _commission(self, text: _Text, organizations: Sequence[Organization], facts: dict[str, ReadFact]) -> None:
        group = self._lexicon.groups["commission"]
        none = group["none"].search(text.text)
        cue = text.first(group["any"])
        levels = [o.level for o in organizations if o.role is Role.COMMISSIONER or o.kind in PUBLIC]
        high = re.search(
            r"(?:省|中央|国家|部)(?:里|级)?[\u4e00-\u9fff]{0,10}(?:厅|部|主管部门|行业(?:主管|管理)部门|单位|局|委)",
            text.text,
        )
        if none and not (cue and high):
            facts["commission"] = ReadFact("commission", ("none",), none.start(), none.end())
        elif cue is not None:
            if any(level in ("central", "province") for level in levels) or high:
                value: tuple[str, ...] = ("central_province",)
            elif any(level in ("city", "district", "lower") for level in levels):
                value = ("lower",)
            else:
                value = ()
            facts["commission"] = ReadFact("commission", value, cue.start, cue.end, open=not value)

    def _host(self, text: _Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
        start, end = (organizer.start, organizer.end) if organizer else (0, 0)
        rest = text.text[:start] + "□" * (end - start) + text.text[end:]
        found = re.search(r"(?:设在|挂靠|挂在|办公室在|在|用|以|落款|盖)[\u4e00-\u9fff]{0,8}(?:局|委|办|部门|厅)", rest)
        township = re.search(r"(?:镇|乡|街道)(?:里)?的?$", text.text[:start]) or re.search(
            r"^(?:[\u4e00-\u9fff]{0,2}镇|街道|乡)", text.text[start:end]
        )
        government = re.search(r"以(?:区|县)委|以(?:区|县)政府|(?:区|县)委、?(?:区|县)政府名义", rest)
        if government:
            facts["host"] = ReadFact("host", ("party_government",), government.start(), government.end())
        elif found:
            facts["host"] = ReadFact("host", ("department",), found.start(), found.end())
        elif township or (organizer is not None and organizer.level == "lower"):
            facts["host"] = ReadFact("host", ("township",), start, end)

    def _project(self, text: _Text, facts: dict[str, ReadFact]) -> None:
        doubt = re.search(
            r"(?:没|未|无)(?:见|看到|附|写|说)?[\u4e00-\u9fff]{0,6}(?:批文|批准|文号|依据|谁批)|批没批不知道|看不清|口头说|不知道谁",
            text.text,
        )
        if doubt:
            facts["project_level"] = ReadFact(
                "project_level", ("city_department", "district", "city"), doubt.start(), doubt.end()
            )
            return
        for name, level in self._projects:
            at = text.text.find(name)
            if at >= 0 and not re.search(r"(?:区级|镇级|市级)[\"]?$", text.text[:at]):
                facts["project_level"] = ReadFact("project_level", (level,), at, at + len(name))
                return
        for value, pattern in self._lexicon.groups["project_level"].items():
            cue = text.first(pattern)
            if cue is not None:
                facts["project_level"] = ReadFact("project_level", (value,), cue.start, cue.end)
                return

    # ── irregularities ──

    def _irregularities(self, text: _Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
        for name, pattern in self._lexicon.groups["irregular"].items():
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
        self._wording(text, facts)
        if _number_of_people(text.text) >= 1000 and not re.search(
            r"(?:全年|一年|累计)[\u4e00-\u9fff]{0,3}|单场[\u4e00-\u9fff]{0,4}[几一二三四五六七八九]百", text.text
        ):
            facts["crowd"] = ReadFact("crowd", ("yes",), 0, len(text.text))

    def _wording(self, text: _Text, facts: dict[str, ReadFact]) -> None:
        """Forbidden words count where they name the activity, not inside 中国共产党 or 全国文明城市."""
        if facts.get("nature") and facts["nature"].values in (("recommendation",), ("task_breakdown",)):
            return
        allowed = [(m.start(), m.end()) for m in self._lexicon.single["wording_ok"].finditer(text.text)]
        quoted = [(m.start(), m.end()) for m in re.finditer(r"\"[^\"]{2,30}\"|《[^》]{2,30}》", text.text)]
        for cue in text.positive(self._lexicon.single["wording"]):
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
