"""Where it stands: approval, step, commission, who is behind it, the superior project it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, Role
from assistant.answering.readfact import ReadFact
from assistant.answering.reading.cues import PRIVATE, PUBLIC, UNSETTLED, Text
from assistant.text.labels import unify_document_number

_UNSURE = re.compile(r"讲不清|闹不清|说不准|吃不准|没数|搞不清|不清楚|说不清|不确定|不知道|弄不清|拿不准")


def read_standing(
    lexicon: Lexicon, text: Text, organizations: Sequence[Organization], organizer: Organization | None, kind: str,
    nature: tuple[str, ...], facts: dict[str, ReadFact],
    projects: Sequence[tuple[str, str]],
) -> None:  # fmt: skip
    """Approval, step, principal, commission, host, basis and the superior project, as far as they are said."""
    _approval(lexicon, text, facts)
    for value, pattern in lexicon.groups["step"].items():
        cue = text.first(pattern)
        if cue is not None and not cue.reported:
            facts["step"] = ReadFact("step", (value,), cue.start, cue.end)
            break
    if kind in PRIVATE or not kind:
        _principal(lexicon, text, organizations, organizer, facts)
    if kind == "social_organization":
        _commission(lexicon, text, organizations, facts)
    if kind == "task_force":
        _host(lexicon, text, organizer, facts)
    if kind == "zone" and _UNSURE.search(text.text):
        facts["zone_power"] = ReadFact("zone_power", (), 0, len(text.text), open=True)
    elif kind == "zone":
        at = (organizer.start, organizer.end) if organizer else (0, len(text.text))
        if re.search(
            r"(?<!有)(?:没有|无|没其他|没)[\u4e00-\u9fff]{0,6}授权|派出机构|普通(?:的)?(?:产业)?园区?", text.text
        ):
            facts["zone_power"] = ReadFact("zone_power", ("other",), *at)
        elif re.search(r"(?:省|国务院)[\u4e00-\u9fff、]{0,8}授权|县级(?:管理|经济|行政)?权限|行使县级", text.text):
            facts["zone_power"] = ReadFact("zone_power", ("county",), *at)
    if "grading" in nature:
        basis = lexicon.single["legal_basis"].search(text.text)
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
            r"(?:经|获|已)?(?:国家|中央|省|部|国务院)[\u4e00-\u9fff]{0,8}(?:批准|批复|皮准|批|确定|部署)(?:的)?[\u4e00-\u9fff]{0,18}试[点店]|批准的[\u4e00-\u9fff]{0,4}试点|试点[\u4e00-\u9fff]{0,8}经(?:国家|中央|省|国务院)[\u4e00-\u9fff]{0,4}批准",
            text.text,
        )
        if approved:
            facts["pilot_approved"] = ReadFact("pilot_approved", ("yes",), approved.start(), approved.end())
        elif "scoring" in facts and facts["scoring"].values == ("yes",) and not UNSETTLED.search(text.text):
            scored = facts["scoring"]
            facts["pilot_approved"] = ReadFact("pilot_approved", ("no",), scored.start, scored.end)
    if nature in (("recommendation",), ("task_breakdown",)):
        _project(lexicon, text, facts, projects)
    if nature == ("festival",):
        day = text.first(lexicon.single["statutory_day"])
        if day is not None:
            facts["statutory_day"] = ReadFact("statutory_day", ("yes",), day.start, day.end)
    if nature in (("forum",), ("expo",), ("festival",), ("exchange",)):
        closed = re.search(
            r"不对(?:外|社会)|不面向(?:社会|公众)|不公开|(?:谢绝|不许|不让|不请|没有)外人|外人(?:不|进不)|关(?:起|上|着)?门|内部(?:会议|业务|研讨|召开|搞|论坛|展|交流)|(?:只|仅|光)(?:是|限|给|让|供|对)?(?:各?局办|我们|内部|系统内|校内|院内|本[\u4e00-\u9fff]{1,3}|机关|职工|员工|学员|干部)[\u4e00-\u9fff]{0,6}(?:参加|看|进|听|开|职工|医生|学员|$)",
            text.text,
        )
        if closed:
            facts["open_to_public"] = ReadFact("open_to_public", ("no",), closed.start(), closed.end())


def _approval(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact]) -> None:
    for value, pattern in lexicon.groups["approval"].items():
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
    number = lexicon.single["approval_number"].search(text.text)
    if number and "approval" in facts and facts["approval"].values in (("central_province",), ("claimed",)):
        facts["approval_number"] = ReadFact(
            "approval_number", ("given",), number.start(), number.end(), note=unify_document_number(number[0])
        )
        if facts["approval"].values == ("claimed",):
            facts["approval"] = replace(facts["approval"], values=("central_province",))


def _principal(
    lexicon: Lexicon, text: Text, organizations: Sequence[Organization], organizer: Organization | None,
    facts: dict[str, ReadFact],
) -> None:  # fmt: skip
    cues = text.cues(lexicon.groups["principal"]["lower_public"])
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


def _commission(
    lexicon: Lexicon, text: Text, organizations: Sequence[Organization], facts: dict[str, ReadFact]
) -> None:
    group = lexicon.groups["commission"]
    none = group["none"].search(text.text)
    cue = text.first(group["any"])
    if none and not cue:
        facts["commission"] = ReadFact("commission", ("none",), none.start(), none.end())
    elif cue is not None:
        high, low = _commissioners(text, organizations)
        if none and not high:
            facts["commission"] = ReadFact("commission", ("none",), none.start(), none.end())
            return
        value: tuple[str, ...] = (("central_province",) if high else ()) + (("lower",) if low else ())
        facts["commission"] = ReadFact("commission", value, cue.start, cue.end, open=len(value) != 1)


def _commissioners(text: Text, organizations: Sequence[Organization]) -> tuple[bool, bool]:
    """Is a central or provincial body, is a lower one, among those who may have commissioned it?"""
    high = bool(
        re.search(
            r"(?:省|中央|国家)(?:里|级)?[\u4e00-\u9fff]{0,10}(?:厅|部(?!门)|主管部门|行业(?:主管|管理)部门|单位|局|委(?!托))|(?<![\u4e00-\u9fff])部里|部委",
            text.text,
        )
    )
    low = bool(
        re.search(
            r"(?:区|县|市|镇)(?:里|级)?[\u4e00-\u9fff]{0,6}(?:主管部门|部门|单位)[\u4e00-\u9fff]{0,4}委托", text.text
        )
    )
    for organization in organizations:
        if organization.role is not Role.COMMISSIONER and organization.kind not in PUBLIC:
            continue
        # “工商联委托”: the askers work in a district, and so do those they name without a level
        level = organization.level or ("district" if organization.kind == "mass_organization" else "")
        high = high or level in ("central", "province")
        doubtful = re.search(
            r"(?:报|报到|向|找|经|送|去|要|往)$", text.text[max(0, organization.start - 2) : organization.start]
        )
        low = low or (level in ("city", "district", "lower") and not doubtful)
    return high, low


def _host(lexicon: Lexicon, text: Text, organizer: Organization | None, facts: dict[str, ReadFact]) -> None:
    start, end = (organizer.start, organizer.end) if organizer else (0, 0)
    rest = text.text[:start] + "□" * (end - start) + text.text[end:]
    found = re.search(r"(?:设在|挂靠|挂在|办公室在|在|用|以|落款|盖)[\u4e00-\u9fff]{0,8}(?:局|委|办|部门|厅)", rest)
    township = re.search(r"(?:镇|乡|街道)(?:里)?的?$", text.text[:start]) or re.search(
        r"^(?:[\u4e00-\u9fff]{0,2}镇|街道|乡(?!村))", text.text[start:end]
    )
    government = re.search(
        r"(?:以|落款[用是为写]?的?(?:还是)?|盖的?|用的?)\"?(?:中共)?[\u4e00-\u9fff]{0,2}(?:区|县)(?:委|政府)(?![办组宣统政])|(?:区|县)委、?(?:区|县)政府名义",
        rest,
    )
    if government:
        facts["host"] = ReadFact("host", ("party_government",), government.start(), government.end())
    elif found:
        facts["host"] = ReadFact("host", ("department",), found.start(), found.end())
    elif township or (organizer is not None and organizer.level == "lower"):
        facts["host"] = ReadFact("host", ("township",), start, end)


def _project(lexicon: Lexicon, text: Text, facts: dict[str, ReadFact], projects: Sequence[tuple[str, str]]) -> None:
    doubt = re.search(
        r"(?:没|未|无)(?:见|看到|附|写|说)?[\u4e00-\u9fff]{0,6}(?:批文|批准|文号|依据|谁批)|批没批不知道|看不清|口头说|不知道谁",
        text.text,
    )
    if doubt:
        facts["project_level"] = ReadFact(
            "project_level", ("city_department", "district", "city"), doubt.start(), doubt.end()
        )
        return
    for name, level in projects:
        at = text.text.find(name)
        if at >= 0 and not re.search(r"(?:区级|镇级|市级)[\"]?$", text.text[:at]):
            facts["project_level"] = ReadFact("project_level", (level,), at, at + len(name))
            return
    for value, pattern in lexicon.groups["project_level"].items():
        cue = text.first(pattern)
        if cue is not None:
            facts["project_level"] = ReadFact("project_level", (value,), cue.start, cue.end)
            return
