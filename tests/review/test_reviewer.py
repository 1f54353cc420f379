"""What the clerk sees when a draft is checked before it goes out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import Outcome, Review, Severity
from assistant.review import KINDS, Reviewer
from assistant.review.kinds import TABLE
from evals.cases import read_cases
from evals.notices import Found, Reviewed, score_review
from tests.review.conftest import CORPUS, DAY, ReviewText

CASES = Path(__file__).resolve().parents[2] / "evals" / "cases"
PAIRS = yaml.safe_load((CORPUS / "notices" / "index.yaml").read_text(encoding="utf-8"))["notices"]

TOWN = """XX镇人民政府关于开展“示范庭院”创建活动的通知
各村：
镇政府决定在全镇开展“示范庭院”创建。{rule}
XX镇人民政府
2026年3月2日"""
BAD_RULE = "镇政府组织验收，90分以上的授予“示范庭院”牌匾。"


def pressed(result: Review) -> list[str]:
    return [finding.kind for finding in result.findings if finding.severity is not Severity.ADVISE]


def kinds(result: Review) -> set[str]:
    return {finding.kind for finding in result.findings}


def notice(who: str, title: str, to: str, body: str) -> str:
    return f"{who}关于{title}的通知\n{to}：\n{body}\n{who}\n2026年5月8日"


# ── pairs and cases ──


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["key"])
def test_every_flaw_of_a_shipped_bad_notice_is_shown_at_its_words(pair: dict, review: ReviewText) -> None:
    text = (CORPUS / "notices" / pair["bad"]).read_text(encoding="utf-8")
    result = review(text)
    assert result.outcome == Outcome(pair["outcome"])
    for flaw in pair["flaws"]:
        start = text.index(flaw["quote"])
        assert any(f.start < start + len(flaw["quote"]) and start < f.end for f in result.findings), flaw["quote"]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["key"])
def test_the_corrected_notice_is_left_alone(pair: dict, review: ReviewText) -> None:
    result = review((CORPUS / "notices" / pair["corrected"]).read_text(encoding="utf-8"))
    assert (result.outcome, result.findings) == (Outcome.OUT_OF_SCOPE, ())


@pytest.mark.parametrize("split", ["open", "extra"])
def test_the_written_cases_hold_without_a_false_permit_and_without_a_false_alarm(
    split: str, review: ReviewText
) -> None:
    scores: dict[str, list[float]] = {}
    for case in read_cases(CASES / f"review-{split}.jsonl"):
        result = review(case.text, case.organizer or None, case.as_of or DAY)
        found = Reviewed(
            result.outcome, tuple(Found(f.kind, f.severity, f.span, f.start, f.end) for f in result.findings)
        )
        for name, score in score_review(case, found).items():
            if score.value is not None:
                scores.setdefault(name, []).append(score.value)
    means = {name: sum(values) / len(values) for name, values in scores.items()}
    assert means["false_permit"] == 0
    assert means["false_finding"] == 0
    assert means["span_exact"] == 1
    assert means["verdict_or_acceptable"] >= 0.97
    assert means["finding_recall"] >= 0.95
    assert means["finding_precision"] >= 0.95


# ── who ──


def test_the_signature_tells_who_runs_it(review: ReviewText) -> None:
    body = "定于三季度评选“十佳商户”10家，颁发奖牌。"
    assert (
        review(f"关于评选“十佳商户”的通知\n各商户：\n{body}\n青禾区商务局\n2026年6月1日").outcome is Outcome.PROHIBITED
    )
    assert (
        review(f"关于评选“十佳商户”的通知\n各商户：\n{body}\n青禾区人民政府\n2026年6月1日").outcome
        is Outcome.APPROVAL_REQUIRED
    )


def test_the_organizer_given_beside_the_paper_overrules_the_signature(review: ReviewText) -> None:
    text = notice("XX区商务局", "评选“十佳商户”", "各商户", "评选“十佳商户”10家，颁发奖牌。")
    assert review(text).outcome is Outcome.PROHIBITED
    assert review(text, organizer="中共XX区委、XX区人民政府").outcome is Outcome.APPROVAL_REQUIRED


@pytest.mark.parametrize(
    "who", ["XX区工商业联合会", "XX区科学技术协会", "XX区妇女联合会", "共青团XX区委员会", "XX区残疾人联合会"]
)
def test_a_mass_organization_under_its_full_name_is_not_taken_for_an_association(who: str, review: ReviewText) -> None:
    result = review(notice(who, "评选“十佳青年”", "各镇街", "评选“十佳青年”10名，授予称号。"))
    assert result.outcome is Outcome.PROHIBITED
    assert "organizer" in kinds(result)


def test_a_district_department_written_with_province_and_city_is_still_a_district_one(review: ReviewText) -> None:
    result = review(notice("XX省XX市XX区教育局", "评选“书香示范校”", "各中小学", "达标的命名为“书香示范校”。"))
    assert result.outcome is Outcome.PROHIBITED


def test_two_general_offices_speak_for_committee_and_government(review: ReviewText) -> None:
    text = ("中共XX区委办公室 XX区人民政府办公室\n关于开展“诚信商圈”创建示范活动的通知\n各镇街：\n区委、区政府决定开展“诚信商圈”创建，"
            "年底验收命名。\n中共XX区委办公室\nXX区人民政府办公室\n2026年4月1日")  # fmt: skip
    assert review(text).outcome is Outcome.APPROVAL_REQUIRED


# ── what it says, and what it denies ──


def test_scoring_alone_is_advice_and_the_plaque_is_the_fault(review: ReviewText) -> None:
    result = review(TOWN.format(rule=BAD_RULE))
    by_kind = {finding.kind: finding for finding in result.findings}
    assert by_kind["recognition"].severity is Severity.MUST_NOT
    assert by_kind["scoring"].severity is Severity.ADVISE
    assert by_kind["organizer"].span == "镇政府决定在全镇开展“示范庭院”创建"


@pytest.mark.parametrize("sentence", [
    "活动不评比、不排名、不授牌、不发证书，不收取任何费用。",
    "不得要求村（社区）建立专门台账、上传照片或者报送进度表。",
    "严禁向经营户收取报名费、工本费，严禁拉赞助。",
    "参加情况不与考核挂钩，不参加的不通报。",
    "本通知不作为备案、审批依据，区里不另设评选，不层层配套。",
])  # fmt: skip
def test_what_a_notice_rules_out_is_no_fault(sentence: str, review: ReviewText) -> None:
    result = review(
        notice("XX街道办事处", "开展消防业务培训", "各社区", f"定于5月举办消防业务培训，自愿参加。{sentence}")
    )
    assert (result.outcome, pressed(result)) == (Outcome.OUT_OF_SCOPE, [])


@pytest.mark.parametrize("sentence", [
    "坚持以人民为中心，学习全国先进经验，认真贯彻《全国优秀案例推广办法》。",
    "街道成立工作领导小组，由主任任组长，成员名单附后。",
    "请中国移动、中国电信区分公司做好通信保障，区人民医院派员到场。",
    "请组织收看全国道德模范事迹报告会直播。",
    "对重大隐患实行挂牌督办，企业应当建立隐患台账。",
    "培训合格的，由应急管理部门发给合格证书。",
])  # fmt: skip
def test_official_phrases_that_only_sound_like_faults_are_passed_over(sentence: str, review: ReviewText) -> None:
    result = review(notice("XX街道办事处", "做好安全生产工作", "各社区", f"{sentence}请各社区认真落实。"))
    assert (result.outcome, pressed(result)) == (Outcome.OUT_OF_SCOPE, [])


@pytest.mark.parametrize(("sentence", "kind"), [
    ("每户缴纳评审费200元。", "fee"),
    ("欢迎企业赞助，冠名费2万元。", "sponsorship"),
    ("结果纳入村干部绩效考核。", "assessment_tie"),
    ("各村必须参加。", "coercion"),
    ("未申报的村不得参加年度评优。", "coercion"),
    ("各村每周五报送台账和照片。", "burden"),
    ("点赞量占总分的20%。", "burden"),
    ("各村要配套开展村级评选。", "matching"),
    ("本活动报区农业农村局备案后实施。", "filing_as_approval"),
    ("活动已报区里备案。", "filing_as_approval"),
    ("本活动经镇党委会议研究同意。", "approval"),
    ("本活动未列入年度计划，作为临时项目办理。", "temporary"),
    ("同时颁发“示范庭院”纪念章。", "medals"),
    ("由某某传媒有限公司承办。", "profit_partner"),
    ("与境外环保组织联合评选。", "foreign_partner"),
    ("增设“示范小院”子项目。", "sub_project"),
    ("获评名单公示3天。", "publicity_days"),
])  # fmt: skip
def test_each_fault_is_found_at_its_own_words(sentence: str, kind: str, review: ReviewText) -> None:
    text = TOWN.format(rule=BAD_RULE + sentence)
    finding = next((f for f in review(text).findings if f.kind == kind), None)
    assert finding is not None
    assert finding.span in sentence
    assert finding.citations


def test_a_forbidden_word_counts_in_the_name_of_the_activity_only(review: ReviewText) -> None:
    named = review(notice("XX区茶业协会", "评选“全国十佳茶企”", "各会员", "评选“全国十佳茶企”，颁发证书。"))
    passing = review(notice("XX区茶业协会", "评选“十佳茶企”", "各会员", "学习全国同行经验，评选“十佳茶企”，颁发证书。"))
    assert "wording" in kinds(named)
    assert "wording" not in kinds(passing)


def test_a_recommendation_is_free_until_something_of_its_own_is_added(review: ReviewText) -> None:
    plain = "根据省委、省政府批准的评选计划，请各单位推荐省劳动模范候选人1名，做好公示、报送。"
    clean = review(notice("XX区总工会", "推荐省劳动模范", "各单位", plain))
    added = review(notice("XX区总工会", "推荐省劳动模范", "各单位", plain + "区总工会同时评选“区级劳动之星”10名。"))
    assert (clean.outcome, pressed(clean)) == (Outcome.ALLOWED_NO_PROCEDURE, [])
    assert (added.outcome, pressed(added)) == (Outcome.PROHIBITED, ["sub_project"])


def test_a_number_that_nobody_checked_never_permits(review: ReviewText) -> None:
    text = notice("中共XX区委、XX区人民政府", "开展“XX工匠”评选表彰", "各镇街",
                  "经省委、省政府批准（X委〔2026〕12号），开展“XX工匠”评选表彰，授予称号。")  # fmt: skip
    result = review(text)
    assert result.outcome is Outcome.NEEDS_MORE_INFO
    assert [f.severity for f in result.findings if f.kind == "approval"] == [Severity.ADVISE]


def test_a_commendation_without_any_approval_named_is_told_so(review: ReviewText) -> None:
    result = review(notice("XX区人民政府", "表彰优秀企业", "各镇街", "授予10家企业“优秀企业”称号。"))
    finding = next(f for f in result.findings if f.kind == "approval")
    assert result.outcome is Outcome.APPROVAL_REQUIRED
    assert "批准文号" in finding.message


def test_a_science_prize_of_a_department_is_told_by_its_own_law(review: ReviewText) -> None:
    result = review(notice("XX区科学技术局", "设立科技进步奖", "各企业", "设立XX区科技进步奖，每年评选一次。"))
    finding = next(f for f in result.findings if f.kind == "science_prize")
    assert result.outcome is Outcome.PROHIBITED
    assert finding.citations[0].provision == "第三十六条"


@pytest.mark.parametrize(
    "lead", ["一、受理电话：13800001234", "联系人：王某，电话13800001234", "监督举报电话：13800001234"]
)
def test_the_number_of_the_office_is_no_personal_data(lead: str, review: ReviewText) -> None:
    result = review(f"关于拟表彰对象的公示\n现将名单公示5个工作日。{lead}\nXX区人社局\n2026年5月6日")
    assert "privacy" not in kinds(result)


def test_printed_days_that_make_too_few_workdays_are_counted(review: ReviewText) -> None:
    short = review("关于拟表彰对象的公示\n现予公示，公示时间为2026年5月6日至5月8日。\nXX区人社局\n2026年5月6日")
    enough = review("关于拟表彰对象的公示\n现予公示，公示时间为2026年5月11日至5月15日。\nXX区人社局\n2026年5月11日")
    assert "publicity_days" in kinds(short)
    assert "publicity_days" not in kinds(enough)


def test_a_paper_about_the_rules_runs_nothing(review: ReviewText) -> None:
    text = notice("XX区评比达标表彰工作协调小组办公室", "开展评比达标表彰活动“回头看”", "各镇街",
                  "未经批准的，立即停止，已发的牌匾、证书不再使用；要求下级配套、收费的，立即纠正。")  # fmt: skip
    assert (review(text).outcome, pressed(review(text))) == (Outcome.OUT_OF_SCOPE, [])


def test_of_two_activities_in_one_paper_the_stricter_decides(review: ReviewText) -> None:
    training = "一、举办业务培训，自愿参加，不收费。"
    contest = "二、街道决定评选“最美楼长”20名，颁发证书。"
    result = review(notice("XX街道办事处", "举办业务培训和有关活动", "各社区", f"{training}\n{contest}"))
    assert result.outcome is Outcome.PROHIBITED
    assert all(
        finding.start >= notice("XX街道办事处", "举办业务培训和有关活动", "各社区", training).index("一、")
        for finding in result.findings
    )


# ── form ──


@pytest.mark.parametrize(
    "text", ["", " \n\u3000", "今天天气很好，公园里的花都开了。", "我们街道想评十佳商户，要报批吗？"]
)
def test_what_is_no_notice_gets_no_verdict_and_one_piece_of_advice(text: str, review: ReviewText) -> None:
    result = review(text)
    assert (result.outcome, result.answer) == (None, None)
    assert [(f.kind, f.severity) for f in result.findings] == [("form", Severity.ADVISE)]
    assert result.findings[0].span == text[result.findings[0].start : result.findings[0].end]


def test_fifty_thousand_characters_are_reviewed_and_their_findings_stay_few(review: ReviewText) -> None:
    one = TOWN.format(rule=BAD_RULE + "每户缴纳评审费200元。各村每周五报送台账和照片。")
    text = one + "\n" + "\n".join(f"（{n}）各村必须参加第{n}批创建，结果纳入考核，授予牌匾。" for n in range(2000))
    text = text[:50_000]
    result = review(text)
    assert result.outcome is Outcome.PROHIBITED
    assert len(result.findings) < 100


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spans_are_exact_whatever_invisible_or_wide_characters_are_strewn_in(
    data: st.DataObject, reviewer: Reviewer
) -> None:
    text = list(TOWN.format(rule=BAD_RULE + "每户缴纳评审费２００元，各村每周五报送台账。"))
    for _ in range(data.draw(st.integers(0, 12))):
        text.insert(
            data.draw(st.integers(0, len(text))),
            data.draw(st.sampled_from(["\u200b", "\ufeff", "\r", "①", "㎡", " ", "𠀀", "\u3000"])),
        )
    whole = "".join(text)
    for finding in reviewer.review(whole, organizer=None, on=DAY).findings:
        assert finding.span == whole[finding.start : finding.end]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(
        alphabet=st.sampled_from(list("关于开展评选通知各镇街：。，；\n一、（）“”《》授予称号牌0123年月日不XX区局 \t")),
        max_size=200,
    )
)
def test_any_text_at_all_is_reviewed_without_an_error(text: str, reviewer: Reviewer) -> None:
    result = reviewer.review(text, organizer=None, on=DAY)
    assert all(finding.span == text[finding.start : finding.end] for finding in result.findings)


def test_traditional_characters_and_crlf_are_read_alike(review: ReviewText) -> None:
    plain = TOWN.format(rule=BAD_RULE)
    crlf = review(plain.replace("\n", "\r\n"))
    assert crlf.outcome is review(plain).outcome
    assert kinds(crlf) == kinds(review(plain))
    assert (
        review("XX區教育局關於評選“優秀學校”的通知\n各中小學：\n授予“優秀學校”稱號。\nXX區教育局").outcome
        is Outcome.PROHIBITED
    )


# ── what is said ──


def test_citations_are_those_in_force_on_the_day(review: ReviewText) -> None:
    text = TOWN.format(rule=BAD_RULE + "每户缴纳评审费200元。")
    today = {c.document_id for f in review(text).findings for c in f.citations}
    before = {c.document_id for f in review(text, on=date(2015, 1, 1)).findings for c in f.citations}
    assert "chuangjian-shifan/2022" in today
    assert "chuangjian-shifan/2022" not in before


def test_every_ground_named_for_a_finding_is_held_today(reviewer: Reviewer) -> None:
    for name, kind in TABLE.items():
        cites = {*kind.always, *kind.creation, *kind.commendation, *kind.social}
        missing = [cite for cite in cites if reviewer._composer.citation(cite, DAY) is None]
        assert not missing, (name, missing)


def test_nothing_accuses(review: ReviewText) -> None:
    accusing = re.compile(r"违法|违纪|违规|弄虚作假|严肃处理")
    for split in ("open", "extra"):
        for case in read_cases(CASES / f"review-{split}.jsonl"):
            for finding in review(case.text, case.organizer or None).findings:
                assert not accusing.search(finding.message + finding.advice), finding


def test_findings_come_in_the_order_of_the_text_and_under_known_kinds(review: ReviewText) -> None:
    result = review(TOWN.format(rule=BAD_RULE + "每户缴纳评审费200元。各村必须参加。"))
    assert [f.start for f in result.findings] == sorted(f.start for f in result.findings)
    assert kinds(result) <= set(KINDS)


def test_the_answer_of_the_rules_comes_with_the_review(review: ReviewText) -> None:
    result = review(TOWN.format(rule=BAD_RULE))
    assert result.answer is not None
    assert (result.answer.outcome, result.answer.as_of) == (result.outcome, DAY)
    said = {fact.name: fact.said for fact in result.answer.facts}
    assert said["organizer_kind"] == "XX镇人民政府"


@pytest.mark.parametrize("sentence", [
    "对无违章建筑的户授予“和谐之家”牌匾。",
    "全年未发生安全事故的企业，评为“安全示范企业”，予以授牌。",
    "不仅公开表扬，还颁发“和谐之家”证书。",
    "零投诉的商户颁发“放心商户”铜牌。",
])  # fmt: skip
def test_a_denial_said_of_those_honoured_does_not_deny_the_honour(sentence: str, review: ReviewText) -> None:
    result = review(notice("XX街道办事处", "做好社区服务工作", "各社区", sentence))
    assert (result.outcome, "recognition" in kinds(result)) == (Outcome.PROHIBITED, True)


@pytest.mark.parametrize("to", ["各科室", "各科室、各社区"])
def test_an_inner_address_does_not_hide_that_others_are_chosen(to: str, review: ReviewText) -> None:
    result = review(notice("XX区商务局", "评选优秀商户", to, "请各科室做好“优秀商户”评选，颁发牌匾。"))
    assert result.outcome is Outcome.PROHIBITED


@pytest.mark.parametrize("what", [
    "开展平安楼栋选树", "公布最美阳台名单", "打造和美乡村样板村", "通报表彰先进集体", "授牌一批爱心驿站", "评定放心药店", "开展金牌调解员评比",
    "遴选优秀案例", "确定五星社区", "开展最佳志愿者推举", "表扬先进集体和先进个人", "发布十大民生人物", "设立“金牛奖”", "开展市容整治先进集体评选",
])  # fmt: skip
@pytest.mark.parametrize("how", [
    "请按时申报，经评议后择优确定10个，发给牌子和奖金。", "年底组织检查，合格的挂“合格单位”牌子。", "经审定，现将名单印发，予以通报表彰。",
])  # fmt: skip
def test_no_other_word_for_choosing_and_honouring_passes_as_plain_business(
    what: str, how: str, review: ReviewText
) -> None:
    assert (
        review(notice("XX街道办事处", what, "各社区、各商户", f"街道研究决定{what}。{how}")).outcome
        is Outcome.PROHIBITED
    )


@pytest.mark.parametrize("what", [
    "做好汛期安全防范工作", "开展反诈宣传进社区活动", "优秀历史建筑保护巡查", "星级酒店消防检查", "先进制造业企业用工服务", "平安校园周边交通整治",
    "评审专家库征集", "办理居住证发证", "学习贯彻全国劳动模范先进事迹", "拨付高龄津贴", "示范文本推广使用",
])  # fmt: skip
@pytest.mark.parametrize("how", [
    "请各单位按时报送名单。", "发给符合条件的群众补助金每人500元，公布发放名单。", "请做好登记，发放证件，建立台账备查。",
    "对拒不整改的予以通报，依法处罚，结果公开。",
])  # fmt: skip
def test_daily_business_in_words_that_sound_alike_is_left_alone(what: str, how: str, review: ReviewText) -> None:
    result = review(notice("XX街道办事处", what, "各社区", f"现就{what}有关事项通知如下。{how}"))
    assert (result.outcome, pressed(result)) == (Outcome.OUT_OF_SCOPE, [])


def test_results_that_only_list_who_won_are_recognition_too(review: ReviewText) -> None:
    text = ("各街道：\n为弘扬先进，经评定，下列单位获得“文明在社区”活动奖项：\n一、最佳组织奖：城南社区\n二、最佳实践奖：北海社区\n"
            "中共XX区委宣传部\n2026年8月26日")  # fmt: skip
    assert (review(text).outcome, "recognition" in kinds(review(text))) == (Outcome.PROHIBITED, True)


def test_a_superior_s_award_that_is_only_reported_is_nobody_s_fault(review: ReviewText) -> None:
    text = ("XX区人民政府办公室关于我区部分街道被评为省先进街道有关情况的通报\n各街道：\n近年来，我区积极组织开展创建活动。日前，在省人社厅开展的评选活动中，"
            "我区和平街道被评为省先进街道。希望各单位向上述单位学习。\nXX区人民政府办公室\n2026年3月3日")  # fmt: skip
    assert (review(text).outcome, review(text).findings) == (Outcome.OUT_OF_SCOPE, ())
