"""A notice with its signs → the facts that the rules judge. The strongest evidence per fact wins; nothing is presumed here.

Kind before organizer: what the notice is about is settled first, from its title and what its core clauses do, not from
what it is called. Facts carry the place they were read from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answering.readfact import ReadFact
from assistant.answering.reading import Reader
from assistant.review.signs import APPROVED_CLAIM, APPROVED_HIGH, PRAISE, PRAISING, SELECT, Sign, find, local_approvals
from assistant.review.structure import Notice
from assistant.text.fold import fold
from assistant.text.labels import DOCUMENT_NUMBER

_LAST_UNIT = re.compile(
    r"^(?:中共)?(?:[^省市区县旗]{1,6}(?:省|自治区))?(?:[^省市区县旗]{1,6}市)(?=[^省市区县旗]{1,6}(?:区|县|旗|市))|^(?:中共)?[^省市区县旗]{1,6}(?:省|自治区)(?=[^省市区县旗]{1,6}(?:市|州|区|县))"
)
_SUPERIOR = re.compile(
    r"全国|国家(?!标准)|中央|省(?!略|时|电|力)|市(?=级|委|政府|妇联|总工会|[\u4e00-\u9fff]{1,6}局|里)|上级|转发"
)
_PARTY = re.compile(
    r"两优一先|优秀共产党员|优秀党务工作者|先进基层党组织|先进党(?:支部|组织)|党内(?:功勋)?(?:荣誉)?表彰|光荣在党50年"
)
_CIVIL = re.compile(r"公务员[^,。]{0,10}(?:奖励|嘉奖|记功|[一二三]等功)|(?:记|授予)(?:个人|集体)?[一二三]等功")
_INSTITUTION = re.compile(r"事业单位[^,。]{0,14}(?:嘉奖|记功|奖励)|《事业单位工作人员奖励规定》")
_ADMIN = re.compile(r"见义勇为|举报奖励|有奖举报|无偿献血")
_RECOMMEND = re.compile(r"推荐|推报|申报|选送|候选|转发")
_PUBLICITY = re.compile(r"公示")
_CHOSEN = re.compile(r"表彰|候选|命名|推荐|先进|优秀|模范|最美|十佳|奖")
_OWN_CHOICE = re.compile(r"评委会|评审|评选|打分|投票|评定|测评|考评")
_TASKS = re.compile(
    r"任务分解|分解(?:表|落实|[^,。]{0,26}任务)|迎检|创(?:城|卫|文)|复审|(?:创建|巩固)[^,。]{0,4}(?:全国|国家|省级?)(?:文明|卫生|森林|园林|双拥)"
)
_GRADING = re.compile(
    r"等级评(?:定|审|估)|量化分级|分级(?:管理|评定)|资质(?:评|审|认)|评估等级|[1-5]a级?|信用(?:评价|分级)|职称评审|技能等级|定点(?:医疗|机构)"
)
_LEGAL = re.compile(
    r"(?:根据|依据|依照|按照)[^。;]{0,24}(?:国家|国务院|[\u4e00-\u9fff]{1,8}部(?!门|署)|条例|法律|法规|省[\u4e00-\u9fff]{0,6}(?:办法|规定|厅)|食品安全|法》)|依法"
)
_ASSESS = re.compile(r"考核(?:结果|等次|工作|办法|情况)|年度考核|绩效考核|考核为(?:优秀|称职|合格)")
_OWN_PEOPLE = re.compile(
    r"本(?:院|校|局|单位|公司|集团|企业|中心|馆|机关|所|园|镇机关|街道机关)[\u4e00-\u9fff]{0,12}(?:内|范围|在职|教职工|职工|员工|科室|人员|干部|教师|护士|单元|驾驶员|班主任|部门)|(?:校|院|局|公司|集团|企业|单位|机关)内(?:部)?|内部(?:通报|评选|评优|管理|表扬)|(?:科室|处室|部室|班组|车间|年级组|教研组|护理单元|分公司|项目部|党支部)[^,。]{0,8}(?:评选|推荐|评出)"
)
_OWN_ADDRESS = re.compile(
    r"各(?:科室|处室|部室|股室|班组|车间|年级|分公司|子公司|部门、各分|护理|病区|教研组|所属部门|内设|部门(?=、各分公司|、各项目|$))|局机关|机关各|集团各|公司各|全体(?:职工|员工|教职工|干部职工)|院内各|各年级组"
)
_OUTSIDERS = re.compile(
    r"镇街|各镇|各街道|各乡镇|各村|各社区|居民|企业|商户|经营户|群众|市民|网友|会员|各[^,、。]{0,6}(?:学校|中学|小学|幼儿园)|家庭|农户|物业|各医|各有关单位|合作社|农场|各区|全区|面向社会"
)
_BODY_RUN = re.compile(r"(?:决定|拟|将|定于|计划|组织|举办|现|开展|面向)")
_COMMISSION = re.compile(
    r"受(?P<who>[^,。]{2,20}?)(?:的)?(?:委托|邀请)|(?P<who2>[^,。]{2,20}?)(?:委托|邀请)(?:我会|本会|协会|商会)"
)
_LED = re.compile(
    r"(?:街道|镇|区[\u4e00-\u9fff]{1,8}局|局|机关|政府|办事处)[^,。;]{0,6}(?:负责|牵头)?(?:制定|审定|组织|确定|负责)[^。;]{0,12}(?:标准|方案|名单|检查|验收|经费)|(?:在|受)[^,。]{0,12}(?:街道|镇|局|政府)[^,。]{0,4}(?:指导|领导|部署)下"
)
_NO_HONOUR = re.compile(
    r"光荣牌|门牌|路牌|警示牌|公示牌|指示牌|告示牌|宣传牌|标志牌设置|挂牌(?:督办|出让|整治)|(?:结业|合格|资格|执业|登记|居住|健康|从业)证书?|光荣证|发证机关"
)
_HELD = {
    "festival": re.compile(
        r"(?:文化|旅游|美食|采摘|艺术|丰收|购物|消费|啤酒|文旅|[花茶果]|龙虾|年货|电影)节|庙会|灯会|节庆|庆典|周年庆"
    ),
    "forum": re.compile(r"论坛|峰会|年会|讲坛"),
    "expo": re.compile(r"博览会|展览会|展销会|交易会|展会"),
    "competition": re.compile(r"大赛|竞赛|比赛|比武|运动会|联赛|锦标赛"),
}
_CREATES = re.compile(
    r"创建|示范|样板|标杆|星级|[一二三四五]星|试点|达标|培育|打造|清廉|枫桥|无讼|无废|和美|美丽(?!庭院)|细胞"
)
_COMMENDS = re.compile(
    r"表彰|先进|优秀|十佳|最美|标兵|之星|能手|模范(?!城)|人物|工匠|先锋|卫士|百强|十强|奖项|大奖|颁奖|等奖|奖金|奖章|勋章|名师|企业家|教师|护士|劳动者|邻居|好人|金口碑|案例"
)
_INDICATORS = re.compile(r"验收|达标|指标|考评|测评|细则|标准|复核|有效期|示范期")


_OPENS = re.compile(
    r"^[\u4e00-\u9fffx]{1,20}?(?:局|委员会|(?:区|县|市)委|政府|办事处|协会|商会|学会|中心|学校|小学|中学|医院|公司|集团|街道|[^城乡集]镇|总工会|妇联)(?![长内域])"
)


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who runs it, as far as the paper tells. `start`/`end` in the folded notice; (0, 0) when it was given beside it."""

    kind: str
    levels: tuple[str, ...]
    name: str
    start: int = 0
    end: int = 0


def organizer_of(notice: Notice, reader: Reader, given: str | None) -> Organizer | None:
    """The one given, else who signs, else who stands in the title, else whom the first clauses name as doing it.

    The two general offices of a party committee and its government speak for both when they sign together or say that
    the two decided. Several signers: the one with the widest powers is not assumed; the first counts.
    """
    names = [given] if given else []
    title = notice.title_text
    before = re.split(r"关于|印发|转发", title)[0].strip()
    if before == title:  # no 关于: only a name that the title opens with
        opens = _OPENS.match(title)
        before = opens[0] if opens else ""
    if not given:
        names += list(notice.signers)
        names += [piece for piece in re.split(r"[ 、]+", before) if piece]
    offices = {"委" if "委" in name else "政府" for name in names if re.search(r"(?:委|政府|委员会)办公?室$", name)}
    body = notice.masked[notice.title[1] : notice.title[1] + 3000]
    decided = re.search(
        r"(?:区委|县委)?、?(?:区政府|县政府|区人民政府)(?:决定|同意|研究决定)|经(?:区委|县委|区政府|县政府)[^,。]{0,10}同意",
        body,
    )
    if len(offices) == 2 or (offices and decided and not given):
        place = _place(notice, names[0])
        return Organizer("party_government", ("district",), names[0], *place)
    for name in names:
        found = _read_name(reader, name)
        if found is not None:
            return Organizer(found.kind, found.levels, name, *_place(notice, name))
    text = notice.folded.text
    for part in [p for p in notice.parts if p.core][:12]:
        reading = reader.read(part.text)
        one = reading.organizer
        if one is not None and reading.folded.text == part.text:
            levels = (one.level,) if one.level else ("city", "district")
            return Organizer(one.kind, levels, one.name, part.start + one.start, part.start + one.end)
    at = text.find("本会")
    if at >= 0:
        return Organizer("social_organization", ("district",), "本会", at, at + 2)
    return None


# Names as they are signed, by how they end; the first that fits.
_SIGNED: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(pattern)) for kind, pattern in (
    ("task_force", r"(?:领导小组|指挥部|协调小组|专班|工作组|安全生产委员会|防汛抗旱指挥部|联席会议|安委会|攻坚组)(?:办公室|办)?$|创[城文卫建](?:办|指挥部)"),
    ("department", r"精神文明建设(?:指导)?委员会办公室$|爱国卫生运动委员会办公室$"),
    ("task_force", r"委员会办公室$(?<![省市区县旗]委员会办公室)"),
    ("mass_organization", r"(?:总工会|工会|妇女联合会|妇联|科学技术协会|科协|工商业联合会|工商联|残疾人联合会|残联|文学艺术界联合会|文联|归国华侨联合会|侨联|社会科学界联合会|社科联|红十字会|青年联合会|团[省市区县]?委|共青团.*委员会|计划生育协会|法学会|台胞联谊会)$"),
    ("township", r"(?:街道|镇|乡|街道办事处|[镇乡](?:人民)?政府|党工委|(?:镇|乡)(?:党)?委(?:员会)?|(?:街道|镇|乡)[\u4e00-\u9fff]{1,6}办(?:公室)?)$"),
    ("zone", r"(?:开发区|高新区|园区|度假区|功能区|示范区|新区|片区)(?:管理委员会|管委会)?$"),
    ("party_government", r"^(?:中共|中国共产党)?[\u4e00-\u9fffx]{0,8}(?:区|县|市|省|旗|自治区)(?:委|委员会|(?:人民)?政府)$"),
    ("social_organization", r"(?:协会|商会|学会|联合会|促进会|研究会|基金会|联盟|联谊会|同业公会|慈善会|慈善总会)$"),
    ("department", r"(?:局|厅|法院|检察院|监察委员会|人大常委会|政协|[委府]办公?室|组织部|宣传部|统战部|社会工作部|政法委(?:员会)?|纪律检查委员会|纪委监委|文明办|网信办|编办|机关工委|卫生健康委员会|卫健委|发展和?改革委员会|发改委|武装部|信访办|爱卫办|支队|大队|区委[\u4e00-\u9fff]{1,6}(?:部|办|委员会))$"),
    ("task_force", r"[\u4e00-\u9fff]{2}(?:办|专班)$"),
    ("soe", r"(?:粮食|市政|环卫|供热|热力|燃气|园林|公共交通|公交|城投|城市(?:建设)?投资|水务|交投|文旅|产投|建投|国投|国有|国资|供水|粮油)[\u4e00-\u9fff]{0,10}(?:集团|公司)(?:有限(?:责任)?公司)?$"),
    ("company", r"公司$"),
    ("media", r"(?:报社|电视台|日报|晚报)$"),
    ("institution", r"(?:小学|中学|学校|幼儿园|学院|大学|医院|卫生院|中心|馆|研究院|研究所|站|宫|所|养老院|福利院)$"),
    ("village", r"(?:村|社区|居)(?:民)?(?:委员会|委会|委)$|(?:村|社区)$|合作社$|业主委员会$"),
))  # fmt: skip


def _read_name(reader: Reader, name: str) -> Organizer | None:
    short = _LAST_UNIT.sub("", fold(name).text.strip())
    for kind, pattern in _SIGNED:
        if pattern.search(short):
            return Organizer(kind, _levels(kind, short), name)
    for words in (short, f"{short}决定开展活动"):
        reading = reader.read(words)
        one = reading.organizer
        if one is None and reading.organizations:
            one = max(reading.organizations, key=lambda o: o.end)
        if one is not None:
            kind = one.kind
            if kind == "village" and re.search(r"(?:局|委|办|镇|街道|协会|中心)$", short):
                continue
            levels = (
                (one.level,) if one.level else ("district",) if re.search(r"区|县", short) else ("city", "district")
            )
            return Organizer(kind, levels, name)
    return None


def _levels(kind: str, short: str) -> tuple[str, ...]:
    """Levels a signed name leaves open: “教育局” alone may be a city's or a district's."""
    if kind in ("township", "village"):
        return ("lower",)
    if re.search(r"^(?:中央|国务院|国家|全国|教育部|民政部)", short):
        return ("central",)
    if re.search(r"^(?:中共)?[^市区县旗]{1,8}(?:省|自治区)|厅$", short):
        return ("province",)
    if re.search(r"区|县|旗", short):
        return ("district",)
    if re.search(r"^(?:中共)?[^市]{1,6}市(?!场|政|容)", short):
        return ("city",)
    return ("city", "district")


def _place(notice: Notice, name: str) -> tuple[int, int]:
    words = fold(name).text
    at = notice.folded.text.find(words)
    return (at, at + len(words)) if at >= 0 else (0, 0)


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs that facts rest on, each list in order of the text."""

    honors: Sequence[Sign]
    selects: Sequence[Sign]
    scoring: Sequence[Sign]
    faults: Mapping[str, Sequence[Sign]]  # irregularities, by fact name


def read_facts(notice: Notice, organizer: Organizer | None, signs: Signs, reader: Reader) -> dict[str, ReadFact]:
    """Facts for the rules. A notice that does nothing in this field is plain business without recognition."""
    facts: dict[str, ReadFact] = {}
    if organizer is not None:
        at = (organizer.start, organizer.end)
        facts["organizer_kind"] = ReadFact("organizer_kind", (organizer.kind,), *at)
        levels = ("lower",) if organizer.kind in ("township", "village") else organizer.levels
        facts["organizer_level"] = ReadFact("organizer_level", levels, *at)
    honors = own_honors(notice, signs)
    selects = _own_selects(signs)
    nature, at = _nature(notice, organizer, signs, reader)
    facts["nature"] = ReadFact("nature", nature, *at)
    refused = [s for s in signs.honors if s.denied and "另" not in notice.folded.text[s.at[0] : s.at[1]]]
    inner = _internal(notice, organizer, signs)
    if nature[0] in ("party_commendation", "institution_award", "civil_servant_award", "admin_reward"):
        return facts
    if honors and (
        nature[0] not in ("recommendation", "grading", "task_breakdown") or (nature[0] == "task_breakdown" and selects)
    ):
        contest = nature[0] == "competition" and not any(gives_title(notice, s) for s in honors)
        value = "none" if contest else "honor"
        facts["recognition"] = ReadFact("recognition", (value,), *honors[0].at)
    elif nature[0] in ("praise",):
        facts["recognition"] = ReadFact("recognition", ("praise",), *at)
    elif nature[0] not in ("creation", "commendation"):
        facts["recognition"] = ReadFact("recognition", ("none",), *at)
    elif selects and len(refused) > 1 and not honors:
        facts["recognition"] = ReadFact("recognition", ("none",), *refused[0].at)
    scoring = [s for s in signs.scoring if s.core and not s.denied]
    if scoring:
        facts["scoring"] = ReadFact("scoring", ("yes",), *scoring[0].at)
    elif any(s.denied for s in signs.scoring):
        facts["scoring"] = ReadFact("scoring", ("no",), *next(s for s in signs.scoring if s.denied).at)
    if inner is not None:
        value = (
            "internal_units"
            if re.search(r"科室|处室|部室|班组|单元|部门", notice.folded.text[inner[0] : inner[1]])
            else "internal_staff"
        )
        facts["coverage"] = ReadFact("coverage", (value,), *inner)
    elif nature[0] in (
        "creation",
        "commendation",
        "praise",
        "case_collection",
        "exchange",
        "ranking",
        "assessment",
        "subsidy",
        "pilot",
    ):
        facts["coverage"] = ReadFact("coverage", ("outside",), *at)
    _standing(notice, organizer, nature[0], facts, reader)
    for name, found in signs.faults.items():
        if name == "wording" and nature[0] in ("recommendation", "task_breakdown"):
            continue  # the name is the superior's
        yes = [s for s in found if not s.denied]
        if yes:
            facts[name] = ReadFact(name, ("yes",), *yes[0].at)
        elif found:
            facts[name] = ReadFact(name, ("no",), *found[0].at)
    return facts


def own_honors(notice: Notice, signs: Signs) -> list[Sign]:
    """The honours this notice itself gives: not denied, not background, not what a superior gave."""
    if governs(notice.title_text):
        return []
    return [s for s in signs.honors if s.core and not s.denied and not _after_others(notice, s)]


def _own_selects(signs: Signs) -> list[Sign]:
    return [s for s in signs.selects if s.core and not s.denied]


def gives_title(notice: Notice, sign: Sign) -> bool:
    """Does this recognition give a title, beside the places of a contest?"""
    clause = notice.folded.text[sign.start : sign.end]
    return bool(re.search(r"称号|授予|命名|标兵|能手|领军|先进|示范|授牌|优秀组织|先锋|之星", clause))


def _internal(notice: Notice, organizer: Organizer | None, signs: Signs) -> tuple[int, int] | None:
    """Where the notice says that only the organizer's own people or units are meant; None when others are."""
    if organizer is not None and organizer.kind in (
        "party_government",
        "social_organization",
        "village",
        "media",
        "individual",
    ):
        return None
    address = notice.addressee
    at = notice.folded.text.find(address, notice.title[0]) if address else -1
    if address and _OUTSIDERS.search(address):
        return None
    aimed = notice.title_text + "".join(notice.masked[s.start : s.end] for s in signs.selects if not s.denied)
    if _OUTSIDERS.search(
        re.sub(r"(?:本|各|全体)(?:企业|集团|公司)|企业(?:员工|职工|班组|内部)|面向(?:本|我)", "", aimed)
    ):
        return None
    body = notice.masked[notice.title[1] : notice.title[1] + 3000]
    own = _OWN_PEOPLE.search(body)
    if address and _OWN_ADDRESS.search(address):
        return (at, at + len(address)) if own is None else (notice.title[1] + own.start(), notice.title[1] + own.end())
    if own is not None and not _OUTSIDERS.search(body):
        return notice.title[1] + own.start(), notice.title[1] + own.end()
    return None


def _nature(
    notice: Notice, organizer: Organizer | None, signs: Signs, reader: Reader
) -> tuple[tuple[str, ...], tuple[int, int]]:
    """What the notice is about, and the words that say so."""
    honors, selects = own_honors(notice, signs), _own_selects(signs)
    title = notice.title_text
    text = notice.masked
    start, end = notice.title if notice.title != (0, 0) else (0, min(len(text), 30))
    head = title + "\n" + "".join(p.text + "," for p in notice.parts[:8])

    def titled(name: str) -> tuple[tuple[str, ...], tuple[int, int]]:
        return (name,), (start, end)

    if _PARTY.search(head) and not re.search(r"群众|企业|居民|商户", title):
        return titled("party_commendation")
    if any(not s.denied for s in signs.faults.get("science_prize", ())):
        return ("science_prize",), next(s for s in signs.faults["science_prize"] if not s.denied).at
    if _INSTITUTION.search(notice.folded.text[start : start + 1200]) and not re.search(r"企业|镇街|居民", title):
        return titled("institution_award")
    if _CIVIL.search(head):
        return titled("civil_servant_award")
    if _ADMIN.search(title):
        return titled("admin_reward")
    if _is_recommendation(notice, organizer, title, head) or _announces(notice, title):
        return titled("recommendation")
    if (
        _GRADING.search(title + head)
        and _LEGAL.search(notice.folded.text[: end + 1200])
        and not any(re.search(r"牌|称号|奖", notice.folded.text[s.start : s.end]) for s in honors)
    ):
        return titled("grading")
    if _TASKS.search(title) and not honors:
        return titled("task_breakdown")
    acts = [*honors, *selects]
    carrier = next((name for name, pattern in _HELD.items() if pattern.search(title)), "")
    if _ASSESS.search(title) and not honors:
        return titled("assessment")
    if honors or _runs(notice, selects, title):
        anchor = next((s for s in acts if not s.in_title), acts[0]) if acts else None
        at = anchor.at if anchor is not None else (start, end)
        if carrier in ("festival", "forum", "expo", "competition"):
            return (carrier,), (start, end)
        return (("creation",) if _is_creation(notice, title, honors, selects) else ("commendation",)), at
    praise = next((s for s in find(notice, "praise", PRAISE) if not s.denied), None)
    if carrier:
        return titled(carrier)
    if praise is not None:
        return ("praise",), praise.at
    if re.search(r"奖补|补贴|补助", title):
        return titled("subsidy")
    if re.search(r"排行|排名|榜单|红黑榜", title):
        return titled("ranking")
    second = _second_view(notice, signs, reader)
    if second is not None:
        return second
    if re.search(r"试点", title) and signs.scoring and any(not s.denied for s in signs.scoring):
        return titled("pilot")
    return titled("business")


def _after_others(notice: Notice, sign: Sign) -> bool:
    """An honour that somebody else gave or gives: 获得…称号的, 全国道德模范事迹."""
    words = notice.masked[max(sign.start, sign.at[0] - 8) : sign.at[0]]
    return bool(re.search(r"(?:荣获|获得|获|被|曾|已被|受到)[^,。]{0,6}$|已$", words))


def _second_view(notice: Notice, signs: Signs, reader: Reader) -> tuple[tuple[str, ...], tuple[int, int]] | None:
    """Before a paper passes as plain business: what the reader of questions makes of its title and core.

    Two views that were made apart rarely miss the same thing; only an honour that the reader sees counts here.
    """
    if governs(notice.title_text) or not (SELECT.search(notice.title_text) or signs.selects):
        return None
    digest = notice.title_text + "。" + "".join(part.text + "。" for part in notice.parts[:60] if part.core)[:700]
    reading = reader.read(_NO_HONOUR.sub("", digest))
    nature, honour = reading.facts.get("nature"), reading.facts.get("recognition")
    if nature is None or honour is None or honour.values != ("honor",):
        return None
    if set(nature.values) & {"creation", "commendation", "case_collection", "exchange", "ranking", "publicity"}:
        return ("creation",) if nature.values == ("creation",) else ("commendation",), notice.title
    return None


def governs(title: str) -> bool:
    """A paper about the rules themselves: it cleans up or regulates selections and runs none."""
    named = re.split(r"关于", title, maxsplit=1)[-1]
    generic = r"(?:创建示范|示范创建|评比达标|达标表彰|评选评奖|评比表彰|评选表彰|评比评选|评比创建|创建达标|(?:各类|违规|变相|未经批准的?)(?:创建|评比|评选|表彰))"
    return bool(
        re.search(rf"(?:清理|规范|整治|核查|摸底|摸排|严禁|停止|取消|撤销|加强)[^,。先优]{{0,12}}{generic}", named)
        or re.search(
            rf"{generic}[^,。先优]{{0,12}}(?:管理|\"?回头看|清理|自查|规范|整治|负面清单|正面清单|摸底|摸排)", named
        )
    )


def _runs(notice: Notice, selects: Sequence[Sign], title: str) -> bool:
    """Is a selection or a creation run here, though no honour is named?"""
    if governs(title):
        return False
    if _PUBLICITY.search(title) and _CHOSEN.search(title):
        return True
    if re.search(
        r"(?:公布|发布|确定|认定)[^,。]{0,20}\"[^\"]{2,18}\"[^,。]{0,8}(?:名单|名录|单位)", title
    ) and not re.search(r"候选|推荐", title):
        return True
    if re.search(r"百佳|十佳|百强|十强|盛典|大奖|评奖", title) and not re.search(r"学习|观看|收看|宣讲|宣传", title):
        return True
    if re.search(
        rf"(?:评审|推举|推介|选拔|遴选|认定|确定|评定|发布|公布|打造|选树|表扬)[\u4e00-\u9fff\"]{{0,8}}{PRAISING}|{PRAISING}[\u4e00-\u9fff\"]{{0,10}}(?:评审|推举|评比|选拔|遴选|认定|评定)",
        title,
    ) and not re.search(r"清理|规范|回头看|自查|学习|培训|检查", title):
        return True
    if re.search(
        r"评选|创建(?:活动|工作|示范|实施)|命名|表彰|选树|推选|推举|评定|颁奖|授予|授牌|评比|遴选|流动红旗|设立\"[^\"]{1,12}奖\"",
        title,
    ) and not re.search(r"清理|规范|回头看|自查|停止|取消|禁止|管理办法|技术|操作|值班|培训|检查|征求", title):
        return True
    for sign in selects:
        if sign.in_title:
            continue
        clause = notice.masked[sign.start : sign.end]
        if _BODY_RUN.search(clause) and re.search(r"评选|创建|命名|表彰|选树|推选|评定|授予", clause):
            return True
    return False


def _is_recommendation(notice: Notice, organizer: Organizer | None, title: str, head: str) -> bool:
    """A step of a superior's project: the title recommends or forwards, and the level named is above the organizer's."""
    if not _RECOMMEND.search(title) or (
        re.search(r"推荐[^,。]{0,6}评选|评选推荐", title) and not _SUPERIOR.search(title)
    ):
        return False
    lower = organizer is not None and organizer.kind in ("township", "village")
    if (
        organizer is not None
        and organizer.kind in ("social_organization", "company", "media")
        and not re.search(r"全国先进社会组织|省|民政部|[\u4e00-\u9fff](?:局|厅|委员会)", head)
    ):
        return False  # passing on another club's invitation is no step of an approved project
    above = _SUPERIOR.search(title) or re.search(r"(?:根据|按照|转发)[^,。]{0,14}(?:全国|国家|中央|省|市)", head)
    if not above and lower:
        above = re.search(r"区级|县级|区委|区政府|区[\u4e00-\u9fff]{1,6}局|根据区", title + head)
    return bool(above)


def _announces(notice: Notice, title: str) -> bool:
    """A 公示 of people to be commended that names no choosing of its own: whose project it is must be asked."""
    return bool(
        _PUBLICITY.search(title) and _CHOSEN.search(title) and not _OWN_CHOICE.search(notice.masked[notice.title[1] :])
    )


def _is_creation(notice: Notice, title: str, honors: Sequence[Sign], selects: Sequence[Sign]) -> bool:
    """Creation of demonstrations rather than commendation of the best."""
    near = " ".join(notice.folded.text[s.start : s.end] for s in (*honors[:4], *selects[:4]))
    points = (
        2 * bool(_CREATES.search(title)) + 2 * bool(_CREATES.search(near)) + bool(_INDICATORS.search(notice.masked))
    )
    points += bool(re.search(r"创建|示范", title)) * 2
    points -= 2 * bool(_COMMENDS.search(title)) + 2 * bool(_COMMENDS.search(near))
    return points > 0


def _standing(
    notice: Notice, organizer: Organizer | None, nature: str, facts: dict[str, ReadFact], reader: Reader
) -> None:
    text, title = notice.masked, notice.title_text
    body = (notice.title[1], len(text))
    kind = organizer.kind if organizer else ""
    high = next(
        (m for m in APPROVED_HIGH.finditer(text, *body) if not re.search(r"[未需须报请待]$", text[: m.start()])), None
    )
    claim = next(
        (m for m in APPROVED_CLAIM.finditer(text, *body) if not re.search(r"[未须应需]$|未$", text[: m.start()])), None
    )
    local = next(iter(local_approvals(notice)), None)
    if high is not None:
        facts["approval"] = ReadFact("approval", ("central_province",), *high.span())
        number = DOCUMENT_NUMBER.search(notice.folded.text.upper(), high.start(), min(len(text), high.end() + 60))
        if number:
            facts["approval_number"] = ReadFact("approval_number", ("given",), *number.span(), note=number[0])
    elif local is not None:
        facts["approval"] = ReadFact("approval", ("local",), *local.at)
    elif claim is not None:
        facts["approval"] = ReadFact("approval", ("claimed",), *claim.span())
    if nature in ("recommendation", "task_breakdown"):
        if _announces(notice, title) and not re.search(r"推荐|推报|申报", title):
            # a district's own commendation may be announced: whose project it is, and its number, are checked first
            facts["project_level"] = ReadFact("project_level", ("city", "city_department", "district"), *notice.title)
        elif high is not None or (
            nature == "task_breakdown" and re.search(r"全国|国家|省级?(?=文明|卫生|双拥)", title)
        ):
            high_at = high.span() if high is not None else notice.title
            facts["project_level"] = ReadFact("project_level", ("central_province",), *high_at)
        else:
            lead = "" if "推荐" in title else "推荐"  # the reader looks for a project's level in a recommendation only
            reading = reader.read(f"{lead}{title}。{text[body[0] : body[0] + 300]}")
            found = reading.facts.get("project_level")
            values = found.values if found is not None and found.values else ("city_department", "district")
            facts["project_level"] = ReadFact("project_level", values, *notice.title)
    if nature == "grading":
        legal = _LEGAL.search(text)
        at = legal.span() if legal else notice.title
        facts["legal_basis"] = ReadFact("legal_basis", ("named",), *at)
    if kind == "social_organization":
        asked = _COMMISSION.search(text, body[0])
        if asked:
            who = asked["who"] or asked["who2"] or ""
            upper = re.search(r"省|国家|中央|全国|部(?!门)", who)
            facts["commission"] = ReadFact("commission", ("central_province" if upper else "lower",), *asked.span())
    if kind in ("social_organization", "village", "company", "media"):
        led = _LED.search(text, body[0])
        if led:
            facts["principal"] = ReadFact("principal", ("lower_public",), *led.span())
    if kind == "task_force" and organizer is not None:
        if re.search(r"街道|镇|乡", organizer.name):
            facts["host"] = ReadFact("host", ("township",), organizer.start, organizer.end)
        else:
            found_host = re.search(r"办公室设在[^,。]{0,8}(?:局|委|办|部)", text)
            if found_host:
                facts["host"] = ReadFact("host", ("department",), *found_host.span())
    if nature in ("festival", "forum", "expo"):
        closed = re.search(r"不面向社会|系统内部|内部召开|不对外", text)
        if closed:
            facts["open_to_public"] = ReadFact("open_to_public", ("no",), *closed.span())


def selects_of(notice: Notice) -> list[Sign]:
    return find(notice, "select", SELECT)
