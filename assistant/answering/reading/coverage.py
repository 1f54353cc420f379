"""Whom it reaches: own units, own staff, or others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.cues import PUBLIC, Cue, Text

# a named award is meant for the public; “评先进”, “评优” alone may be for one's own people
_SPECIFIC_TITLE = re.compile(
    r"\"[^\"]{2,24}\"|十佳[\u4e00-\u9fff]{2}|最美[\u4e00-\u9fff]{2}|[\u4e00-\u9fff]{2}(?:标兵|之星|能手|先锋|卫士|英才奖|大奖|达人|楷模)"
    r"|(?:优秀|先进|模范|示范|星级|标杆)(?!(?:个人|集体|单位|工作者|员工|职工|干部|人员|科室|处室|医生|护士|教师|老师|班主任|学生|等次)(?=[,。?!的发和与、评给]|$)|的|[,。?!]|$)[\u4e00-\u9fff]{2}|区级[\u4e00-\u9fff]{2}|五一劳动|三八红旗"
)

_HONOREES = re.compile(r"(?:先进|优秀|模范|示范)(?:集体|个人|单位|工作者)|表彰(?:项目|决定)|评选(?:项目|表彰)")
# “下辖十三个社区”, “全区中小学”: never a body's own departments, whatever it is called
_NOT_ONES_OWN = re.compile(
    r"(?:全[区县市镇乡]|全街道|全系统|下辖|下属|所辖|辖区内?|各)(?:的)?[\u4e00-\u9fff0-9]{0,6}?(?:学校|中小学|小学|中学|幼儿园|社区|村|镇|街道|医院|卫生院|企业|商户|小区|园区)"
)
# a bureau has no teachers and no nurses: they are its subordinates', and a “system” is more than the bureau
_OF_OTHERS = re.compile(
    r"(?:教师|老师(?!好|您|,|们好|让|说|问)|班主任|校长|园长|护士|医生|医护|村医|村干部|村支书)(?:[^,。?]{0,12})(?:评|发|奖|表彰|选|颁)"
    r"|(?:评|表彰|选|奖励|给)[^,。?]{0,14}(?:教师|老师|班主任|校长|园长|护士|医生|医护|村医|村干部|村支书)|系统(?:内|里|上下)?的?(?:各|所有)?(?:单位|学校|医院|人员|职工|干部)"
)
# “在本校老师里评”, “给自家职工发”: the circle is drawn in so many words
_CIRCLE = re.compile(
    r"(?:在|从|给|对|只评|就评|评)(?:我们?|咱们?|本|自己|自家)(?:的)?[\u4e00-\u9fff]{1,6}(?:里|中|之间|内部|内|当中)|(?:只有|只限|仅限|限)(?:我们?|本|自己|自家)[\u4e00-\u9fff]{1,8}(?:参加|参评|报名)|(?:机关|单位|局|院|校|公司|集团)(?:内部|里头)(?:的)?(?:科室|职工|员工|人员|老师|处室)[\u4e00-\u9fff]{0,2}(?:里|中|之间)"
)
# “顺带从八个街道里评两个”, “连社区医院也一起评”: others are added to one's own
_ADDED = re.compile(
    r"顺手|顺带|顺便|捎带|也(?:想|要|准备|打算|把|给|一起|一并|一块|拉|请|评|选)|一块|一起(?:评|选|比|表彰|发)|一并|同时|另外|还有|还(?:想|要|给|把)|连同|连[^,]{1,16}也|外加|再(?:从|给|评|选|加)|以及|拉进来|纳入"
)


def read_coverage(
    lexicon: Lexicon, text: Text, organizer: Organization | None, kind: str, facts: dict[str, ReadFact]
) -> None:
    """Own units, own staff or outside, from cues that are not part of the organizer's name; nothing when the words do not say."""
    group = lexicon.groups["coverage"]
    spans = [(organizer.start, organizer.end)] if organizer else []

    def free(cues: Iterable[Cue]) -> list[Cue]:
        return [c for c in cues if not any(a <= c.start and c.end <= b for a, b in spans) and not c.reported]

    units = free(text.positive(group["internal_units"]))
    staff = free(text.positive(group["internal_staff"]))
    inner = [(c.start, c.end) for c in (*units, *staff)]
    spans += inner
    outside = [
        c for c in free(text.positive(group["outside"]))
        if not re.match(r"[^,]{0,10}(?:一个没有|一家不参加|没有|不参加|不算|除外|不评|不涉及)", text.text[c.end : c.end + 10])
    ]  # fmt: skip
    if kind in ("institution", "soe", "company", "social_organization"):
        # a school's own teachers, a company's own workers: the bare word does not say that others are meant
        outside = [
            c for c in outside
            if not re.fullmatch(r"护士|医生|教师|老师|司机|学校|企业|单位|各部门|药店", text.text[c.start : c.end])
            or re.search(r"(?:全区|各|全系统|外)[\u4e00-\u9fff]{0,3}$", text.text[: c.start])
            or _ADDED.search(text.clauses[c.clause].text)
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
    always = _NOT_ONES_OWN.search(text.text) if kind in PUBLIC else None
    if always is not None and any(always.start() <= c.start and c.end <= always.end() for c in outside):
        facts["coverage"] = ReadFact("coverage", ("outside",), always.start(), always.end(), sure=True)
        return
    theirs = _OF_OTHERS.search(text.text) if kind in PUBLIC else None
    if theirs is not None:
        facts["coverage"] = ReadFact("coverage", ("outside",), theirs.start(), theirs.end(), sure=True)
        return
    internal = units or staff
    added = [c for c in outside if _ADDED.search(text.clauses[c.clause].text)] if internal else []
    if added:
        facts["coverage"] = ReadFact("coverage", ("outside",), added[0].start, added[0].end)
        return
    if internal and (not outside or only):
        value = "internal_units" if units and not staff else "internal_staff"
        sure = not outside and bool(_CIRCLE.search(text.text))
        facts["coverage"] = ReadFact("coverage", (value,), internal[0].start, internal[0].end, sure=sure)
    elif outside:
        facts["coverage"] = ReadFact("coverage", ("outside",), outside[0].start, outside[0].end)
    elif (
        organizer is not None
        and kind in PUBLIC
        and organizer.level in ("central", "province", "city")
        and _HONOREES.search(text.text)
    ):
        # a department above the district commends the units of its line; for its own staff people say so
        at = _HONOREES.search(text.text)
        assert at is not None
        facts["coverage"] = ReadFact("coverage", ("outside",), at.start(), at.end())
    elif not kind or kind in PUBLIC or kind in ("institution", "soe"):
        title = _SPECIFIC_TITLE.search(text.text)
        if title and not re.search(r"单位(?:内部|里)?评|科室", text.text):
            facts["coverage"] = ReadFact("coverage", ("outside",), title.start(), title.end())
