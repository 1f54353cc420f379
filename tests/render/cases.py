"""Answers as the composer makes them, written out by hand so that rendering can be tested without the brain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.domain import (
    Abstention,
    ActivityAnswer,
    Advice,
    Answer,
    Citation,
    Document,
    Fact,
    Finding,
    Level,
    Missing,
    Outcome,
    PartialDate,
    Passage,
    Provision,
    Reason,
    Review,
    Severity,
    Source,
    Span,
    TextStatus,
)

DAY = date(2026, 11, 23)

CREATION = Document(
    work="chuangjian-shifan",
    version="2022",
    title="创建示范活动管理办法（试行）",
    level=Level.CENTRAL,
    document_number="厅字〔2022〕23号",
    issuer="中共中央办公厅、国务院办公厅",
    issued_on=PartialDate.parse("2022-04-20"),
    effective_on=PartialDate.parse("2022-04-20"),
    text_status=TextStatus.PARAPHRASE,
    complete=False,
    note="第一至四条为转述。",
)
DISTRICT = Document(
    work="xx-qu-banfa",
    version="2026",
    title="XX区创建示范和评比达标表彰活动管理办法",
    level=Level.DISTRICT,
    region="XX省XX市XX区",
    issuer="XX区人民政府",
    effective_on=PartialDate.parse("2026"),
    text_status=TextStatus.MODEL,
)
CIVIL_SERVANTS = Document(
    work="gongwuyuan-fa",
    version="2018",
    title="中华人民共和国公务员法",
    level=Level.CENTRAL,
    effective_on=PartialDate.parse("2019-06-01"),
    text_status=TextStatus.ORIGINAL,
)

WHO_MAY = Provision(
    document_id=CREATION.id,
    label="第四条第一款",
    text="中央和省级的党政机关、群团机关，以及市、县级的党委和政府，经批准可以开展创建示范活动。市县级其他党政机关和群团机关、乡镇（街道）不得开展。",
    ordinal=3,
    article="第四条",
    number=(4, 1),
)
WHAT_IT_IS = Provision(
    document_id=CREATION.id,
    label="第三条第一款",
    text="创建示范活动，是指各地区各部门围绕一项工作设定考评指标，动员地方或单位参加，经评估验收后以通报、命名、授牌等方式认定的活动。",
    ordinal=1,
    article="第三条",
    number=(3, 1),
)
NO_FEE = Provision(
    document_id=CREATION.id,
    label="",
    locator="条号未核",
    anchor="no-fee",
    text="创建示范活动不得以任何形式向创建对象收取费用。",
    ordinal=5,
)
DISTRICT_RULE = Provision(
    document_id=DISTRICT.id,
    label="第六条",
    text="区直部门、区群团机关和镇、街道不得自行设立创建示范和评比达标表彰项目。",
    ordinal=5,
    article="第六条",
    number=(6,),
)
AWARD_LAW = Provision(
    document_id=CIVIL_SERVANTS.id,
    label="第五十一条第一款",
    text="对工作表现突出，有显著成绩和贡献，或者有其他突出事迹的公务员或者公务员集体，给予奖励。",
    ordinal=50,
    article="第五十一条",
    number=(51, 1),
)


def cite(document: Document, provision: Provision) -> Citation:
    return Citation(
        document_id=document.id,
        document=document.title,
        document_number=document.document_number,
        provision=provision.label,
        quote=provision.text,
        text_status=document.text_status,
        provision_id=provision.id,
        locator=provision.locator,
        level=document.level,
    )


PROHIBITED = Answer(
    answer_id="a-prohibited",
    question="我们镇想选一批“示范农家乐”，打分够了就发牌，备个案行吧？",
    outcome=Outcome.PROHIBITED,
    label="不得以本单位名义开展",
    text="不能办，备案也不行。按指标打分、给经营户授“示范”牌，属于创建示范，镇街不能开展。请先不发通知。可以照常做业务指导和培训，但不评分排名、不命名、不授牌。",
    reasons=(
        Reason("镇、街道不在可以开展创建示范活动的主体之列。", "creation-by-township", "decides", (0,)),
        Reason("区办法同样写明不得自设。", "xx-qu-no-own", "lost", (1,)),
        Reason("上级条线要求不改变结论。", "superior-demand", "warns"),
    ),
    citations=(cite(CREATION, WHO_MAY), cite(DISTRICT, DISTRICT_RULE), cite(CREATION, NO_FEE)),
    conditions=("以尚未获批为前提。", "以不向经营户收费为前提。", "以镇为真实主办为前提。", "第四个条件不显示。"),
    advice=(
        Advice("评分、命名、授牌、名单一并去掉，只做培训和业务指导。", Outcome.OUT_OF_SCOPE),
        Advice("只换名称、换主办、不改做法的，仍按变相开展处理。", None),
    ),
    route="区委、区政府可依规定经市逐级报省委、省政府审批。",
    facts=(
        Fact("organizer_kind", "township", "我们镇", Span(0, 3, 0)),
        Fact("approved", "no", "", None, Source.PRESUMED),
    ),
    as_of=DAY,
    fingerprint="f1",
    notices=("示范文本为演示数据，不可引用。",),
)

ASKING = Answer(
    answer_id="a-asking",
    question="街道想办一次交流活动",
    outcome=Outcome.NEEDS_MORE_INFO,
    label="还需补充一项情况",
    text="还差一项才能定。答复前先不要发通知。",
    citations=(cite(CREATION, WHAT_IT_IS),),
    missing=(
        Missing(
            "recognition",
            "活动最后，是否给参加的村社、企业或个人发称号、牌匾、证书，或公布入选名单？",
            ("发", "不发，只培训交流"),
        ),
    ),
    as_of=DAY,
)

ORIGINAL = Answer(
    answer_id="a-original",
    question="公务员奖励的对象是谁？",
    outcome=None,
    label="",
    text="公务员奖励的对象是公务员和公务员集体。",
    citations=(cite(CIVIL_SERVANTS, AWARD_LAW),),
    as_of=DAY,
)

SEVERAL = Answer(
    answer_id="a-several",
    question="评“十佳”和内部考核能不能办",
    outcome=Outcome.PROHIBITED,
    label="不得开展",
    text="两件事分开答，以较严的为准。",
    activities=(
        ActivityAnswer("评选“十佳社区”", Outcome.PROHIBITED),
        ActivityAnswer("科室年度考核", Outcome.OUT_OF_SCOPE),
    ),
    as_of=DAY,
)

OFF_TOPIC = Answer(
    answer_id="a-off",
    question="今天天气",
    outcome=None,
    label="",
    text="",
    abstained=Abstention("off_topic", "这里只答创建示范、评比达标表彰和相邻事项。"),
    as_of=DAY,
)

REVIEW = Review(
    outcome=Outcome.PROHIBITED,
    label="不得以本单位名义开展",
    findings=(
        Finding(
            kind="forbidden_organizer",
            severity=Severity.MUST_NOT,
            span="经考评验收合格的，命名为“示范社区”并授牌",
            start=20,
            end=41,
            message="考评、验收、命名、授牌连在一起，疑似创建示范活动，街道不得开展。",
            citations=(cite(CREATION, WHO_MAY),),
            advice="去掉评分、验收、命名和授牌，改为业务指导。",
        ),
        Finding(
            kind="fee",
            severity=Severity.MUST_FIX,
            span="每户交纳工本费50元",
            start=60,
            end=70,
            message="不得向参加对象收费。",
            citations=(cite(CREATION, NO_FEE),),
            advice="删去收费内容。",
        ),
    ),
    answer=None,
    as_of=DAY,
)


@dataclass(frozen=True)
class Found:
    passage: Passage
    document: Document
    provision: Provision


HITS = (
    Found(Passage(WHO_MAY.id, CREATION.id, 0.91, {"lexical": 0.5, "dense": 0.41}), CREATION, WHO_MAY),
    Found(Passage(DISTRICT_RULE.id, DISTRICT.id, 0.62), DISTRICT, DISTRICT_RULE),
)

ANSWERS = {
    "prohibited": PROHIBITED,
    "asking": ASKING,
    "original": ORIGINAL,
    "several": SEVERAL,
    "off_topic": OFF_TOPIC,
}
