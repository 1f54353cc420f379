"""The kinds of findings: how severe, what the clerk reads, what to do, and the grounds. Data only.

Grounds are works with a label or an anchor, resolved by the composer as of the day; those not held then are left out.
Central texts come before the model documents, which may forbid or require and never permit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from assistant.domain import Severity
from assistant.rules.model import Cite

NOT, FIX, SAY = Severity.MUST_NOT, Severity.MUST_FIX, Severity.ADVISE


@dataclass(frozen=True, slots=True)
class Kind:
    """`creation`, `commendation` and `social` are grounds for that sort of activity; `always` is added to each."""

    severity: Severity
    message: str
    advice: str
    always: tuple[Cite, ...] = ()
    creation: tuple[Cite, ...] = ()
    commendation: tuple[Cite, ...] = ()
    social: tuple[Cite, ...] = ()  # a social organization runs it

    def grounds(self, *, creation: bool, social: bool) -> tuple[Cite, ...]:
        own = (
            (*self.social, *self.commendation)
            if social and not creation
            else self.creation
            if creation
            else self.commendation
        )
        return tuple(dict.fromkeys((*own, *self.always)))


def _a(work: str, anchor: str) -> Cite:
    return Cite(work, anchor=anchor)


def _p(work: str, provision: str) -> Cite:
    return Cite(work, provision=provision)


_CREATION_CONDUCT = "xx-sheng-chuangjian"
_COMMENDATION_CONDUCT = "xx-sheng-pingbi"

TABLE: Final[Mapping[str, Kind]] = MappingProxyType({
    "organizer": Kind(
        NOT, "从写法看，这项活动疑似由不能开展的单位主办。", "建议先不印发。可以照常做业务指导、培训和服务，不评分排名、不命名、不授牌、不公布名单。",
    ),
    "recognition": Kind(
        NOT, "授称号、发牌证奖金或者公布入选名单，属于认定行为，未经批准不宜写入通知。", "建议删去称号、牌匾、证书、奖金和名单；评分、排名也一并去掉。",
        creation=(_p("chuangjian-shifan", "第三条第一款"),),
        commendation=(_a("pingbi-biaozhang", "no-approval-no-run"), _p("xx-sheng-pingbi", "第三条第一款")),
        social=(_a("shehui-zuzhi-pingbi", "approval-required"),),
    ),
    "disguised": Kind(
        FIX, "名义上是{name}，实际有评选认定的内容，疑似变相开展，看做法不看名称。", "建议只保留{name}本身，不打分排序、不评等次、不发牌证、不公布名单；换个名称仍按变相开展处理。",
        always=(_p("xx-qu-fumian-qingdan", "八、"),),
        creation=(_p("chuangjian-shifan", "第三条第二款"), _p("xx-sheng-chuangjian", "第三条第三款")),
        commendation=(_p("xx-sheng-pingbi", "第三条第二款"),),
    ),
    "filing_as_approval": Kind(
        FIX, "备案不能代替审批；未经批准的活动，不宜以备案、报备方式开展。", "建议删去备案的说法。主办单位可以申报的，先按程序报批；不能开展的，备案也不行。",
        creation=(_a("chuangjian-shifan", "approval-route"), _p("xx-sheng-chuangjian", "第十五条第一款")),
        commendation=(_a("pingbi-biaozhang", "filing"), _p("xx-sheng-pingbi", "第二十四条第二款")),
        social=(_a("shehui-zuzhi-pingbi", "approval-required"),),
        always=(_p("xx-qu-banfa", "第十四条"),),
    ),
    "approval": Kind(
        FIX, "{said}不视为批准；审批权在省委、省政府。", "建议写明批准机关和文号；还没有批准的，先不印发，由区委、区政府研究后经市报省。",
        creation=(_a("chuangjian-shifan", "approval-route"), _p("xx-sheng-chuangjian", "第十一条第二款")),
        commendation=(_a("pingbi-biaozhang", "two-levels"), _p("xx-sheng-pingbi", "第十五条")),
        social=(_a("shehui-zuzhi-pingbi", "approval-required"),),
    ),
    "temporary": Kind(
        FIX, "未列入批准项目和当年计划的，不宜临时加办。", "建议撤下这一项；确有必要的，报下一年度项目。",
        always=(_a("pingbi-biaozhang", "no-temporary"), _p("xx-sheng-pingbi", "第十九条")),
    ),
    "fee": Kind(
        NOT, "疑似向参加对象收费或者变相收费，评前评后都不得收。", "建议删去收费内容，所需经费由主办单位按规定解决。",
        creation=(_a("chuangjian-shifan", "no-fee"),),
        commendation=(_a("pingjiang-fumian-qingdan", "commercial-ranking"), _a("pingbi-biaozhang", "no-fee")),
        social=(_a("shehui-zuzhi-pingbi", "no-fee"),),
    ),
    "sponsorship": Kind(
        NOT, "疑似拉赞助、摊派，属于变相收费。", "建议删去赞助、冠名、摊派内容。",
        creation=(_a("chuangjian-shifan", "no-fee"), _p(_CREATION_CONDUCT, "第十八条第（三）项")),
        commendation=(_a("pingjiang-fumian-qingdan", "commercial-ranking"), _p(_COMMENDATION_CONDUCT, "第二十三条第（三）项")),
    ),
    "wording": Kind(
        NOT, "活动名称疑似含未经批准不得使用的字样。", "建议停用该名称；只改名称、做法不变的，仍按原性质处理。",
        creation=(_a("chuangjian-shifan", "wording"),), commendation=(_a("pingjiang-fumian-qingdan", "wording"),),
        social=(_a("shehui-zuzhi-pingbi", "own-name"),),
    ),
    "medals": Kind(
        NOT, "不得擅自设计、制作、颁发勋章、奖章、纪念章。", "建议取消奖章、纪念章的制作和颁发。",
        always=(_a("pingjiang-fumian-qingdan", "medals-trade"), _a("pingjiang-fumian-qingdan", "medals-title")),
    ),
    "event_award": Kind(
        NOT, "疑似借会议、论坛、节庆等活动设奖颁奖，未经批准不得开展。", "建议去掉设奖、颁奖环节，活动本身另按规定办理。",
        always=(_a("pingjiang-fumian-qingdan", "forum-awards"), _p("xx-qu-fumian-qingdan", "七、")),
    ),
    "matching": Kind(
        FIX, "疑似要求下级配套开展。", "建议删去要求镇街、村（社区）、企业配套开展或者配套经费的内容。",
        creation=(_p(_CREATION_CONDUCT, "第十八条第（二）项"),),
        commendation=(_a("pingbi-biaozhang", "no-matching"), _p(_COMMENDATION_CONDUCT, "第二十三条第（二）项")),
    ),
    "sub_project": Kind(
        NOT, "疑似在上级项目之外另设评选、另授称号或者增设子项目。", "建议去掉自加的部分，只按来文做推荐、公示、报送。",
        creation=(_a("chuangjian-shifan", "no-sub-projects"), _p(_CREATION_CONDUCT, "第十八条第（一）项")),
        commendation=(_a("pingbi-biaozhang", "recommend"), _a("pingbi-biaozhang", "no-sub-projects")),
    ),
    "assessment_tie": Kind(
        FIX, "不宜与考核、评优、资金、项目硬性挂钩。", "建议删去挂钩的内容。",
        creation=(_p(_CREATION_CONDUCT, "第十八条第（五）项"),),
        commendation=(_p(_COMMENDATION_CONDUCT, "第二十三条第（五）项"),),
        always=(_a("jianfu-guiding", "not-in-assessment"),),
    ),
    "coercion": Kind(
        FIX, "疑似强制参加。", "建议改为自愿参加，不参加的不通报、不扣分、不影响评优。",
        creation=(_p(_CREATION_CONDUCT, "第十八条第（七）项"),),
        commendation=(_p(_COMMENDATION_CONDUCT, "第二十三条第（五）项"),),
    ),
    "burden": Kind(
        FIX, "台账、打卡、拍照、投票、频繁报送等要求疑似增加基层负担。", "建议删去；能从已有系统取得的，不再要求报送。",
        creation=(_p(_CREATION_CONDUCT, "第十八条第（六）项"),),
        commendation=(_p(_COMMENDATION_CONDUCT, "第二十三条第（六）项"),),
    ),
    "profit_partner": Kind(
        NOT, "疑似与营利性机构合办或者委托其承办。", "建议取消与营利性机构的合办、委托。",
        always=(_a("shehui-zuzhi-pingbi", "no-commercial-partner"),),
    ),
    "foreign_partner": Kind(
        NOT, "未经批准，不得与境外组织联合开展评选评奖。", "建议取消联合举办、联合发布和“国际”名义的牌证。",
        always=(_a("pingjiang-fumian-qingdan", "foreign-partner"),),
    ),
    "science_prize": Kind(
        NOT, "除省级政府和规定的部门外，其他国家机关、群众团体不得设立科学技术奖。", "建议不设奖，改为推荐参评上级科技奖、做好科技服务。",
        always=(_p("keji-jiangli", "第三十六条"), _p("xx-qu-fumian-qingdan", "十三、")),
    ),
    "privacy": Kind(
        FIX, "公示、公布的内容不宜登载身份证号、手机号、住址等个人信息。", "建议只写姓名、单位等必要信息，重名的加注单位。",
        always=(_p("xx-sheng-pingbi", "第二十二条"),),
    ),
    "publicity_days": Kind(
        FIX, "公示期一般为5个工作日，这里写的不足。", "建议改为不少于5个工作日，写明起止日期和受理单位。",
        always=(_p("xx-sheng-pingbi", "第二十二条"), _a("pingbi-biaozhang", "publicity")),
    ),
    "scoring": Kind(
        SAY, "设指标、打分、排名、验收，与命名授牌合在一起就是创建示范或者评比的要件。", "去掉命名、授牌的同时，评分、排名、验收也一并去掉。",
        creation=(_p("chuangjian-shifan", "第三条第一款"),), commendation=(_p("xx-sheng-pingbi", "第三条"),),
    ),
    "form": Kind(
        SAY, "这段文字看不出是通知稿：没有标题、主送或者落款。", "请粘贴通知、通报、决定、公示等整篇文稿；只问能不能办的，请直接提问。",
    ),
})  # fmt: skip

KINDS: Final[tuple[str, ...]] = tuple(TABLE)

# What a burden sign is about, and the ground that says it best.
BURDEN_GROUNDS: Final[tuple[tuple[str, Cite], ...]] = (
    (r"投票|点赞|拉票|转发|集赞", _a("jianfu-guiding", "no-votes")),
    (r"app|小程序|平台|打卡", _a("jianfu-guiding", "no-forced-app")),
    (r"照片|拍照|留痕|台账|档案", _a("jianfu-guiding", "no-trace")),
    (r"日|周|旬|进度表|报", _a("jianfu-guiding", "no-frequent-forms")),
)
GRAND_NAME_GROUNDS: Final[tuple[Cite, ...]] = (_p("guojia-xunzhang", "第四条"), _a("pingbi-biaozhang", "naming"))
FORUM_NAME_GROUNDS: Final[tuple[Cite, ...]] = (_p("luntan-tongzhi", "二、"),)
ASSEMBLY_AWARD_GROUNDS: Final[tuple[Cite, ...]] = (_a("luntan-tongzhi", "no-awards"),)
