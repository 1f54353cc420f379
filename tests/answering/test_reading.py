"""What is read from what people write: who, what, whom it reaches, and how turns change it.

The phrasings here are ours and are in no gold set; they show behaviour, the evaluation measures it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.answering.dialogue import Situation, understand
from assistant.answering.intent import Intent, aim_of
from assistant.answering.learned.model import load_model
from assistant.answering.lexicon import load_lexicon
from assistant.answering.reading import Reader
from assistant.domain import Turn
from assistant.rules.loading import load
from assistant.service import _known_projects

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def reader() -> Reader:
    catalog = yaml.safe_load((ROOT / "corpus/catalogs/projects.yaml").read_text("utf-8"))
    return Reader(
        load_lexicon(ROOT / "corpus/lexicon/reading.yaml"), _known_projects(catalog["projects"]), load_model()
    )


@pytest.fixture(scope="module")
def book():  # type: ignore[no-untyped-def]
    return load(ROOT / "corpus/rules")


@pytest.fixture
def facts(reader, book):  # type: ignore[no-untyped-def]
    """The facts of a conversation: user and assistant by turns, the last one asked now."""

    def read(*turns: str) -> dict[str, tuple[str, ...] | str]:
        held = _situation(reader, book, *turns).facts
        return {name: "open" if h.fact.open else h.fact.values for name, h in held.items()}

    return read


def _situation(reader, book, *turns: str) -> Situation:  # type: ignore[no-untyped-def]
    context = [Turn("assistant" if i % 2 else "user", text) for i, text in enumerate(turns[:-1])]
    return understand(turns[-1], context, reader, book)


class TestWhoRunsIt:
    @pytest.mark.parametrize(
        ("words", "kind", "level"),
        [
            ("镇里打算给卫生搞得好的人家挂块流动红旗", "township", "lower"),
            ("区水务局准备评一批节水示范单位", "department", "district"),
            ("以区政府名义表彰一批先进工作者", "party_government", "district"),
            ("市餐饮商会想给会员评个诚信奖", "social_organization", "city"),
            ("我在省妇联上班,想在全省评一批最美家庭,妇联自己发个文就行吗", "mass_organization", "province"),
        ],
    )
    def test_names_kind_and_level(self, facts, words, kind, level) -> None:  # type: ignore[no-untyped-def]
        read = facts(words)
        assert read["organizer_kind"] == (kind,)
        assert read["organizer_level"] == (level,)

    def test_the_one_who_approves_is_not_the_one_who_runs_it(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("街道评文明楼栋,报区委宣传部同意了")["organizer_kind"] == ("township",)

    def test_the_one_judged_is_not_the_one_who_runs_it(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("区商务局给十家企业发示范企业的牌子")["organizer_kind"] == ("department",)

    def test_the_name_signed_counts_and_not_the_one_who_runs_errands(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("想表彰一批劳动能手", "以谁的名义发文?", "落款区委、区政府,我们科技局只管跑腿")
        assert read["organizer_kind"] == ("party_government",)

    def test_a_verb_after_the_street_is_not_part_of_its_name(self, reader, book) -> None:  # type: ignore[no-untyped-def]
        organizer = _situation(reader, book, "街道办一场社区拔河赛").current.organizer  # type: ignore[union-attr]
        assert organizer is not None
        assert organizer.name == "街道"

    def test_when_only_others_are_spoken_of_theirs_is_asked_about(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("隔壁社区居委会搞积分榜,居民自己定规则,月底张榜评“热心邻里”,街道没安排。规定里说可以吗")
        assert read["organizer_kind"] == ("village",)
        assert read["nature"] == ("commendation",)

    def test_asking_for_somebody_else_leaves_open_who_wants_it(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("我是区商务局的,替餐饮协会问一句,他们想评几家放心饭店,行吗")
        assert read["organizer_kind"] == ("social_organization",)
        assert read["principal"] == "open"


class TestWhomItReaches:
    def test_own_departments_are_internal(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("我们局只在机关各科室之间评先进科室")["coverage"] == ("internal_units",)

    @pytest.mark.parametrize(
        "words",
        [
            "公交集团年底内部评先进班组,顺便从六个社区里评两个最佳搭档,发奖杯",
            "区医院每季度评本院优秀护士,这次连合作的几家企业也一起评,发奖牌",
        ],
    )
    def test_others_added_to_ones_own_are_outside(self, facts, words) -> None:  # type: ignore[no-untyped-def]
        assert facts(words)["coverage"] in (("outside",), "open")

    def test_others_added_in_a_later_turn_are_outside(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("区司法局在机关科室之间评清爽科室,归不归这个管?", "不归。", "那把八个街道也拉进来一起评呢")
        assert read["coverage"] == ("outside",)

    def test_subordinate_bodies_are_outside_whatever_it_is_called(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("街道内部搞搞,给下辖九个社区排个名,前三名发奖杯,算内部评选吧")["coverage"] == ("outside",)

    @pytest.mark.parametrize(
        "words", ["我们小学想在本校老师里评“春晖班主任”,发个证书", "区自来水公司每年在自家工人里评安全标兵,发点奖金"]
    )
    def test_a_circle_drawn_in_so_many_words_is_not_doubted(self, facts, words) -> None:  # type: ignore[no-untyped-def]
        assert facts(words)["coverage"] == ("internal_staff",)

    def test_the_teachers_of_a_bureau_are_those_of_its_schools(self, facts) -> None:  # type: ignore[no-untyped-def]
        words = "区教体局教师节评三十名师德模范发证书,都是咱教育口自己人,算内部吧"
        assert facts(words)["coverage"] == ("outside",)
        assert facts("我们学校在自己老师里评三名师德模范")["coverage"] != ("outside",)


class TestWhatIsGiven:
    @pytest.mark.parametrize(
        "words", ["打分、名单、牌子统统不要,只请老师来教大家剪枝", "不发牌子也不发证书,名单也不公布", "什么都不发"]
    )
    def test_a_list_denied_as_a_whole_gives_nothing(self, facts, words) -> None:  # type: ignore[no-untyped-def]
        assert facts("街道想评几个漂亮院子,打分后挂牌", "不能办。", words)["recognition"] == ("none",)

    def test_denying_money_is_not_denying_the_plaque(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("镇里想给几家民宿发块示范民宿的牌匾,奖金不发")["recognition"] == ("honor",)

    def test_those_not_chosen_do_not_take_back_what_they_are_given(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("没评上的我们准备发个区级先行企业的牌子")["recognition"] == ("honor",)


class TestWhoCommissions:
    @pytest.mark.parametrize(
        ("words", "level"),
        [
            ("协会受省文旅厅委托承办文明旅游示范单位创建", ("central_province",)),
            ("区科技局出了委托书,委托我们创业协会创建示范门店,区级部门委托过了", ("lower",)),
            ("工商联书面委托家电商会在会员里搞达标创建,商会验收发牌", ("lower",)),
        ],
    )
    def test_its_level_is_that_of_the_body_and_not_of_a_word(self, facts, words, level) -> None:  # type: ignore[no-untyped-def]
        assert facts(words)["commission"] == level

    def test_both_levels_named_settle_nothing(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("区文旅局说省文旅厅也知道,委托我们协会搞示范民宿创建")["commission"] == "open"


class TestWhatKind:
    def test_a_kind_asked_about_is_not_the_kind_done(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("国家发改委批复我们区搞改革试点,只做任务,不挂牌不命名不验收,还要按创建示范报吗")
        assert read["nature"] == ("pilot",)

    @pytest.mark.parametrize(
        "words",
        [
            "街道党工委七一大会表彰优秀党员,另外还想评10个红色店铺,对象是沿街店主,打分后授牌",
            "区图书馆想先办两场读书讲座,再从听众里评出20户书香人家,名单发公众号",
        ],
    )
    def test_a_harmless_part_does_not_cover_what_is_chosen_beside_it(self, facts, words) -> None:  # type: ignore[no-untyped-def]
        assert facts(words)["nature"] in ("open", ("commendation",), ("creation",))

    def test_part_of_a_name_says_nothing_of_what_is_done(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("想搞示范园区创建,要授牌", "由谁主办?", "开发区管委会")
        assert read["nature"] == ("creation",)

    def test_a_grade_of_the_assessment_is_not_a_title(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("区财政局给本机关干部评年度考核优秀等次")["nature"] == ("assessment",)


class TestTurns:
    def test_a_correction_replaces_who_runs_it(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("镇里想评五星级文明户,发牌", "不能办。", "说错了,是以区政府名义评")
        assert read["organizer_kind"] == ("party_government",)
        assert read["recognition"] == ("honor",)

    def test_a_letter_chooses_the_option_that_was_offered(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("街道想组织几个小区交流停车怎么管", "最后发不发称号、牌匾?A. 发;B. 不发,只交流。", "B")
        assert read["recognition"] == ("none",)

    def test_somebody_else_for_the_same_thing_keeps_what_is_given_and_forgets_the_approval(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("区政府想表彰十家企业,授牌,省政府已批准", "可以。", "那先由区商务局表彰,行吗")
        assert read["organizer_kind"] == ("department",)
        assert read["recognition"] == ("honor",)
        assert "approval" not in read

    def test_a_new_topic_forgets_the_old_one(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("镇里想评五星级文明户,发牌", "不能办。", "换个问题,区政府想表彰一批劳模")
        assert read["organizer_kind"] == ("party_government",)

    def test_dropping_the_fee_does_not_drop_the_award(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts(
            "区花卉协会评最美花店,每家交五百报名费",
            "协会评选不得收取任何费用。",
            "那报名费不收了,一个子儿都不要,这样呢",
        )
        assert read["fee"] == ("no",)
        assert read.get("recognition") != ("none",)
        assert read["organizer_kind"] == ("social_organization",)

    def test_a_body_named_when_asked_where_the_task_force_sits_is_its_host(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("治水专班想评十佳河段长", "这个专班设在哪里？", "水务局嘛")
        assert read["host"] == ("department",)
        assert read["organizer_kind"] == ("task_force",)

    def test_the_same_people_may_go_on_to_something_else(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("我们街道办个消防演练", "不用报批。", "再问个别的,给消防搞得好的楼栋评五星楼发牌子呢")
        assert read["organizer_kind"] == ("township",)
        assert read["recognition"] == ("honor",)

    def test_a_doubtful_word_in_a_reply_does_not_unsettle_what_is_done(self, facts) -> None:  # type: ignore[no-untyped-def]
        read = facts("想创建一批示范菜园,达标授牌", "由哪个单位主办？", "噢,红头是镇政府的")
        assert read["nature"] == ("creation",)
        assert read["organizer_kind"] == ("township",)

    def test_a_bare_letter_takes_its_option_and_not_the_next(self, facts) -> None:  # type: ignore[no-untyped-def]
        asked = "还差一项:最后发不发称号、牌匾?A 发。B 不发,只是交流。请回A或B。"
        assert facts("街道想办个楼道展示,各社区互相看看", asked, "A")["recognition"] == ("honor",)
        assert facts("街道想办个楼道展示,各社区互相看看", asked, "B")["recognition"] == ("none",)

    def test_not_knowing_is_an_answer_even_in_a_long_reply(self, reader, book) -> None:  # type: ignore[no-untyped-def]
        held = _situation(
            reader,
            book,
            "河道专班想评先进发证书",
            "这个专班设在哪里？",
            "真说不清,牌子挂过好几个地方,领导也换了两茬,通知上没写",
        )
        assert held.facts["host"].fact.unknowable

    def test_nobody_knowing_what_will_be_done_is_an_answer_too(self, reader, book) -> None:  # type: ignore[no-untyped-def]
        held = _situation(reader, book, "我们镇想办个活动,给村里发点东西", "这项活动具体做什么？", "说不清楚")
        assert held.facts["nature"].fact.unknowable

    def test_units_put_in_order_are_not_an_assessment_unless_somebody_says_so(self, facts) -> None:  # type: ignore[no-untyped-def]
        words = "区统计局每月把各街道的投资进度排个名发群里,不发奖"
        assert facts(words).get("nature") not in (("assessment",), ("business",))

    def test_what_nobody_can_say_of_a_zone_stays_open(self, facts) -> None:  # type: ignore[no-untyped-def]
        assert facts("高新区管委会想评绿色车间挂牌,有没有县级授权我也说不清")["zone_power"] == "open"


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("words", "intent"),
        [
            ("报备和报批是不是一回事?我们乡的文书总写混", Intent.OPEN),
            ("有个协会来函要交钱买奖,我想举报,找谁?", Intent.OPEN),
            ("一家剧团要在广场办露天演唱会,三千人,不评奖。找谁批?", Intent.ACTIVITY),
            ("我们镇想评一批示范农家乐发牌子,行吗", Intent.ACTIVITY),
            ("帮我编一个省里的批文文号", Intent.HARMFUL),
        ],
    )
    def test_rules_activities_and_harm_are_told_apart(self, reader, book, words, intent) -> None:  # type: ignore[no-untyped-def]
        situation = _situation(reader, book, words)
        reading = situation.current
        assert reading is not None
        has = bool({"nature", "organizer_kind"} & set(situation.facts))
        assert aim_of(reading.folded.text, reading, has_activity=has, follow_up=False).intent is intent
