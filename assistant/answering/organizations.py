"""Who is named, and who of them runs the activity.

Every organization in an utterance gets a score for being the organizer from what stands before and after it: “由…主办”,
“以…名义”, “我们…”, a clause that opens with it and goes on with a verb of doing; against it: “报…批”, “给…发”, “隔壁…”.
The scores only rank; the thresholds are few. Pure over folded text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.clauses import Clause, about_others, negated
from assistant.answering.lexicon import Lexicon

_HAN = re.compile(r"[\u4e00-\u9fffa-z]")
# a name never reaches back over these
_BOUNDARY = re.compile(
    r"(?:我们|你们|他们|咱们|俺们|阿拉|我哋|想让|让|由|以|给|对|向|跟|和|与|同|请|叫|找|报|经|为|把|被|是|在|想|要|的|了|着|过|有|说|问|托|合|各|每|个|家|全|从|到|就|换|按|替|我|咱|俺|本|这|那|或|及|等|拟|去|受|邀|可|能|评|发|办|搞|名|位|镇|街道|里|上|下|归|属|因|比如|假如|如果|倘若|要是|万一|听|隔壁|别|其他|一|些|几|只|再|也|都|不|没|先|后|前|将|会同|联合|授权|成|改|用|打着|借|假设|假定|批|返|拟|照|落款|帮|[去今明后往每前]年|[那当今明昨后]天)$"
)
_FILLER = re.compile(
    r"^(?:各位(?:老师|领导)?好?|老师|请问|请教|想请教|想(?:问|咨询)(?:一下|下)?|问(?:一下|下)?|咨询(?:一下)?|你好|您好|在么|急|那么?|那我们?|如果|假如|假设|倘若|要是|万一|若是?|另外|还有|对|就是|比如|譬如|今年|去年|明年|后年|下个?月|本月|这个月|年底|现在|最近|近期|情况是这样的?|先说背景|一是|二是|三是|一个是|另一个是|第[一二三]|[0-9一二三]+[.、)]|[①②③④]|\(|\)|\"|是|其实|反正|所以|然后|原来|听讲|再|换|还是|老问题|我的意思是|领导让我问一?下?|麻烦问|(?:本地|沿街|当地|我们这里?)?的?(?:某|有?一?家|几家|两家|有个|一个)|某|本地|沿街的?|\s)+"
)
_BEFORE_STRONG = re.compile(
    r"(?:由|落款(?:是|为|写的?是?)?\"?|以|主办(?:方|单位|者)?(?:是|为|:)?|发文(?:的|单位)?(?:是|为)|换成?|改成|改由|改为|变成|牵头的?(?:是|为)|(?:这回|这次|现在)(?:是|由)?|(?:说错了?,?|应该|其实|不对,?|^)是(?:以|由)?)(?:我们?|咱们?|俺们?)?\"?(?:中共|xx|x+)?$"
)
_BEFORE_SPEAKER = re.compile(
    r"(?:我们?(?:这边|这里)?(?:是|在)?|咱们?|俺们?|本|阿拉|我哋|我(?:是|在|们是|们在)?|作为|代表|替|帮|我的)$"
)
_AFTER_STRONG = re.compile(
    r"^(?:的)?(?:\"|自己|独立|单独|直接|来)?(?:名义|主办|牵头|发文|出面|来办|印发|盖章|落款|组织实施|主导|举办|发起|定的?方案|主持|召集|办的|搞的|自己(?:搞|办|评|来|定|设|弄|组织|开展|抓)|自办)"
)
_AFTER_SPEAKING = re.compile(r"^(?:的)?(?:同志|老师|领导)?(?:来)?(?:想)?(?:问|咨询)|^这边|^\(|^:|^。")
_BEFORE_OTHER = re.compile(r"(?:隔壁|别的|其他|人家|兄弟|邻|外|另一个)(?:[\u4e00-\u9fff]{0,2})$")
_BEFORE_APPROVER = re.compile(
    r"(?:报|报给|上报|报送|报到|向|跟|找|请示|经|经过|送|请|去|抄送|通过|根据|按照|按|依照|听|等|备案到|送给|交给|归|抄报|报请|须经|凭|陪|借调到)(?:到|给|了)?$"
)
_AFTER_PAPER = re.compile(
    r"^(?:的|单独|下)?(?:发的?)?(?:文件|文(?!明|化|艺|体|旅|联|案|创)|批复|红头|来文|规定里|办法里)"
)
_AFTER_ORDERS = re.compile(r"^(?:也|都|已经|已|里)*(?:要求|通知(?!稿|里)|下发|布置|部署|组织(?!部)|让|叫|安排|规定)")
_AFTER_APPROVER = re.compile(
    r"^(?:也|都|已经|已|就|常务会议?|常委会|领导|那边|里|同志|老师|里面)*(?:能|可以|会|来|口头)?(?:批|同意|审批|批准|备案|审核|点头|通过|签|要求|来文|发文(?:要求|让|叫)|下发|布置|叫|让|通知|转|下达|部署|说|指导|支持|分管|早就|印章|盖章同意|推荐上|交办|安排)"
)
_BEFORE_TARGET = re.compile(
    r"(?:给|对|为|面向|针对|各|每个?|全[区镇市县省街道]*|让|要求|发动|组织|从|选|评|辖区|下属|下面|所有|部分|一批|推荐|表彰|奖励|授予|命名|优秀|先进|示范|十佳|最美|创建|认定|打造|向|把|区级|镇级|市级|省级|星级|红旗|模范|标杆)$"
)
_BEFORE_TARGET_WEAK = re.compile(r"(?:的|\"|在|[0-9一二三四五六七八九十两几百]+(?:个|家|所|名|条|户|档的))$")
_DOES = re.compile(
    r"^(?:也|就|又|再|自己|现在|今年|来)*(?:想|要|准备|打算|拟|计划|能不能|可不可以|可否|能否|给|发|授|挂|统一|组织|验收|打分|办|搞|评|弄|开展|举办|创建|表彰)"
)
_ASIDE = re.compile(
    r"^(?:也|就|只)*(?:挂(?:了|个)?(?:名|指导|支持|牌子)|(?:该|应该)?怎么(?:看|处理|回)|(?:能不能|可不可以|要不要|可以|能)参加|派出)"
)
_BORROWED = re.compile(r"(?:借(?:用|着)?|打着|冒用|假借|盗用)\"?$")
_AFTER_TARGET = re.compile(
    r"^(?:申报|参加|参评|配合|报名|之间|里评|评出来|评上|挂牌|达标|都参加|们|公示|层面|范围|称号|示范|的(?:企业|商户|学校|教师|老师|居民|村民|个人|名单|分馆|人|项目))"
)
_COMMISSIONS = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,3}?,?)(?:发函|书面|正式|已经|想|要|口头)*(?:委托|邀请)|^给[\u4e00-\u9fff]{2,12}出[\u4e00-\u9fff]{0,3}委托"
)
_BEHALF = re.compile(r"(?:让|(?<!邀)请|叫|由|交给|安排|委托)(?:给)?$")


class Role(StrEnum):
    ORGANIZER = "organizer"
    APPROVER = "approver"
    TARGET = "target"
    COMMISSIONER = "commissioner"
    UNDERTAKER = "undertaker"  # 承办、协办, or the one a public body asks to run it
    PARTNER = "partner"
    DIRECTOR = "director"  # orders others to do it: the organizer, unless somebody else is
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Organization:
    """One mention. `start`/`end` in the folded text; `score` is how much it looks like the organizer."""

    kind: str
    level: str  # "" when the words do not say
    name: str
    start: int
    end: int
    clause: int
    role: Role
    score: float
    speaker: bool  # “我们…”
    denied: bool  # “不是水务局”


def _extend(text: str, start: int, floor: int) -> int:
    """Walk back to where the name begins: 区农业农村|局 → 区农业农村局."""
    at = start
    while at > floor and start - at < 9 and _HAN.match(text[at - 1]):
        if _BOUNDARY.search(text[floor:at]):
            break
        at -= 1
    return at


_LEVEL_ORDER = ("central", "province", "city", "district", "lower")


def _level(kind: str, fixed: str, name: str, lexicon: Lexicon) -> str:
    if fixed:
        return fixed
    if kind in ("township", "village"):
        return "lower"
    for level in _LEVEL_ORDER:
        if lexicon.levels[level].search(name):
            return level
    return ""


def _raw(text: str, clauses: Sequence[Clause], lexicon: Lexicon) -> list[tuple[str, str, int, int, int]]:
    """(kind, level, start, end, clause) of every mention, first pattern wins where two overlap."""
    cores: list[tuple[str, str, int, int, int]] = []
    for pattern in lexicon.organizations:
        for match in pattern.pattern.finditer(text):
            start, end = match.span()
            if start == end or any(start < b and a < end for _, _, a, b, _ in cores):
                continue
            index = next((i for i, c in enumerate(clauses) if c.start <= start < c.end), None)
            if index is not None:
                cores.append((pattern.kind, pattern.level, start, end, index))
    found = []
    for kind, level, start, end, index in cores:
        before = max((b for _, _, a, b, _ in cores if a < start), default=0)  # never back over another name
        begin = _extend(text, start, max(clauses[index].start, before))
        found.append((kind, _level(kind, level, text[begin:end], lexicon), begin, end, index))
    return sorted(found, key=lambda item: item[2])


def find_organizations(text: str, clauses: Sequence[Clause], lexicon: Lexicon) -> list[Organization]:
    """Every organization named in a folded utterance, in order, each with its most likely role."""
    plan, run = lexicon.single["plan"], lexicon.single["run"]
    doing = re.compile(rf"^[^,]{{0,10}}?(?:(?:{plan.pattern})|(?:{run.pattern}))")
    planning = re.compile(rf"^[^,]{{0,14}}?(?:{plan.pattern})")
    out: list[Organization] = []
    theirs = about_others(text)
    raw = _raw(text, clauses, lexicon)
    for position, (kind, level, start, end, index) in enumerate(raw):
        clause = clauses[index]
        before = text[clause.start : start]
        after = text[end : clause.end]
        bare = _FILLER.sub("", before)
        score = 0.0
        role = Role.ORGANIZER
        speaker = bool(_BEFORE_SPEAKER.search(before)) or text[start:end].startswith(("我", "咱", "俺", "本"))
        if kind == "individual":
            score += 4
        strong = bool(_BEFORE_STRONG.search(before)) and not _AFTER_APPROVER.match(after)
        if strong and re.search(r"是\"?$", before) and after[:1] in tuple("的派下还书"):
            strong = False  # “都是社区的人”, “是区政府派出机构” say something else
        if strong:
            score += 5
        does = bool(_DOES.match(after))
        weak_target = bool(bare) and bool(_BEFORE_TARGET_WEAK.search(before)) and not (does and kind in _PUBLIC)
        if speaker:
            score += 4
        if _AFTER_STRONG.match(after):
            score += 5
        if _AFTER_SPEAKING.match(after):
            score += 2
        if not bare:
            score += 1
            if doing.match(after) or (
                not after.strip() and index + 1 < len(clauses) and doing.match(clauses[index + 1].text)
            ):
                score += 3
        elif planning.match(after):
            score += 2
        elif doing.match(after):
            score += 1
        if not after.strip() and len(clause.text) <= end - start + 3 and len(clauses) == 1:
            score += 3  # the whole utterance is the name: an answer to “由谁主办”
        # ── against ──
        named = text[start:end]
        if (
            (_BEFORE_OTHER.search(before) and not theirs)
            or _BORROWED.search(before)
            or (re.match(r"^[\u4e00-\u9fff]{0,4}\"?(?:的)?名义(?:评|搞|办)", after) and _BORROWED.search(before))
        ):
            score, role = score - 10, Role.OTHER
        elif (
            not speaker
            and len(raw) > 1
            and re.match(r"^[\u4e00-\u9fff]{0,4}?(?:让|叫|托)我?们?(?:来)?(?:问|打听|咨询)", after)
        ):
            score, role = score - 8, Role.PARTNER  # “综治办老张让问”: they only ask
        elif _ASIDE.match(after):
            score, role = score - 6, Role.PARTNER
        elif kind in ("village", "company", "institution") and (
            lexicon.single["creation"].search(named)
            or lexicon.single["commendation"].search(named)
            or named.startswith(("辖区", "下属", "各", "全", "每"))
        ):
            score, role = score - 8, Role.TARGET
        elif _COMMISSIONS.match(after) and kind not in ("social_organization", "company", "village"):
            role = Role.COMMISSIONER
            score -= 2 if planning.match(after) else 6
        elif _AFTER_PAPER.match(after) and not speaker and not strong:
            score, role = score - 5, Role.APPROVER
        elif _BEFORE_APPROVER.search(before) and not speaker and not _AFTER_STRONG.match(after):
            score, role = score - 6, Role.APPROVER
        elif _AFTER_ORDERS.match(after) and not speaker and kind in _PUBLIC and not bare:
            score, role = score - 4.5, Role.DIRECTOR
        elif (
            _AFTER_APPROVER.match(after)
            and not speaker
            and not (after.startswith("说") and (kind in _PRIVATE or named.endswith("里")))
        ):
            score, role = score - 5, Role.APPROVER
        elif re.match(r"^(?:只是|只|仅|就是?)?(?:管|负责)?(?:承办|协办|配合|参与|跑腿|打杂|跑跑腿|出力)", after):
            score, role = score - 3, Role.UNDERTAKER
        elif (
            (_BEFORE_TARGET.search(before) or weak_target or _AFTER_TARGET.match(after)) and not speaker and not strong
        ):
            score, role = score - 5, Role.TARGET
        elif re.search(r"(?:跟|和|与|同|联合|会同)$", before):
            score, role = score - 2, Role.PARTNER
        if (
            role is Role.ORGANIZER and out and out[-1].role is Role.TARGET and kind == out[-1].kind
            and start - out[-1].end <= 1 and not speaker and not strong
        ):  # fmt: skip
            score, role = score - 5, Role.TARGET  # “中小学幼儿园”: judged together
        if re.search(r"(?:托|让|叫|请)我们?$", before) and re.match(r"^(?:来|帮忙?|代)?(?:问|打听|咨询)", after):
            score, role, speaker = score - 12, Role.PARTNER, False  # “商会托我们街道来问”: we only ask
        if re.search(r"委托(?:给|了)?$", before):
            score, role = (score + 1, Role.ORGANIZER) if speaker else (score - 2, Role.UNDERTAKER)
        if clause.reported and not speaker:
            score -= 4
        denied = bool(re.search(r"(?:不是|不由|不以|不归|没用|没有?以|并非)$", before)) or (
            negated(clause.text, start - clause.start, end - clause.start)
            and bool(re.search(r"(?:不是|没用|不用)[^,]{0,2}$", before))
        )
        if denied:
            score -= 12
        out.append(
            Organization(
                kind,
                level,
                text[start:end],
                start,
                end,
                index,
                role,
                score + 0.01 * (len(raw) - position),
                speaker,
                denied,
            )
        )
    return out


def asked_on_behalf(text: str, clauses: Sequence[Clause], organizations: Sequence[Organization]) -> Organization | None:
    """The association, company, village or medium that a public body wants to run the activity: “想让协会评”."""
    public = [o for o in organizations if o.kind in _PUBLIC and o.role is not Role.OTHER]
    for organization in organizations:
        if organization.kind not in ("social_organization", "company", "village", "media", "soe"):
            continue
        clause = clauses[organization.clause]
        before = text[clause.start : organization.start]
        if organization.name.startswith(("辖区", "下属", "各", "全", "每")):
            continue
        after = text[organization.end : clause.end]
        asked_for = re.search(
            r"(?:替|帮|代)(?:下面|底下|辖区|下属|一家|一个|本地|我们?)?(?:的)?$", before
        ) and re.match(r"^(?:来)?(?:问|打听|咨询)", after)
        if asked_for and any(o.start < organization.start for o in public):
            return organization  # “替协会问一下，他们想评…”: who really wants it is still to be said
        runs = re.match(r"^[^,]{0,6}?(?:评|主办|出面|牵头|组织|搞|办|弄|设|选|发)", after) and not re.match(
            r"^(?:参与|合办|承包|协办|印|做)", after
        )
        if runs and _BEHALF.search(before) and any(o.start < organization.start for o in public):
            return organization
    return None


_PRIVATE = frozenset({"social_organization", "company", "village", "media", "individual", "soe"})
_PUBLIC = frozenset({"party_government", "department", "mass_organization", "township", "task_force", "zone"})
