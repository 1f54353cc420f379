"""What kind of question it is: about an activity (rules decide), open (provisions answer), off-topic or harmful."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.answering.reading import PUBLIC, Reading


class Intent(StrEnum):
    ACTIVITY = "activity"
    OPEN = "open"
    OFF_TOPIC = "off_topic"
    HARMFUL = "harmful"


@dataclass(frozen=True, slots=True)
class Aim:
    intent: Intent
    topic: str = ""  # open: deadline | materials | quota | approver | penalty | definition | validity | …


_HARMFUL = re.compile(
    r"伪造|造假|假(?:的)?(?:批文|批复|公章|文件|证|材料|名单)|p(?:上|个)?(?:公?章|批文)|公章p|倒签|补造|补(?:一份|个)?假|编(?:个|一个|造|一份|份)[^,。]{0,12}(?:文号|批文|批复|材料|证明)|随便编"
    r"|刷票|买票|送礼|行贿|不留痕|两本账|做两本|藏起来|瞒(?:着|过)|糊弄|应付检查|逃避|怎么?绕(?:过|开)|规避|躲过|躲开(?:检查|清查|巡察)|别让人看出|换个叫法(?:躲|避|蒙)|钻空子|打擦边球|瞒报|销毁|改(?:掉)?(?:日期|落款)(?:糊弄|蒙混)"
)
# words of the field; a question without any of them, and without an organization, is not for us
_FIELD = re.compile(
    r"创建|示范|评|表彰|表扬|奖|称号|牌|命名|备案|报批|审批|报备|批复|批文|批准|申报|协调小组|评组|节清|功勋|勋章|荣誉|先进|优秀|模范|标杆|星级|创文|创卫|验收|考核|达标|节庆|论坛|峰会|展会|展销"
    r"|竞赛|比赛|大赛|大型活动|活动|庆典|公示|名单|名额|推荐|负面清单|正面清单|目录|年度计划|减负|台账|回头看|自查|办法|细则|条例|规定|通知|文号|文件|暂行|试行|督查|培训|研讨|协会|社会组织|社团"
    r"|请示|公务员|事业单位|记功|嘉奖|科技奖|质量奖|试点|案例|征集|宣传|排行|榜|收费|赞助|奖补|以奖代补|补贴|集市|灯会|晚会|运动会|内设|镇街|街道办|党工委|可以直接做|主管|商标|广告"
    r"|变更申请|退出申请|变更表|照搬|颁授|机关还是|基层|照着办|单位性质|归口|两审|公示期|一表通|一致性评估|基金会|社会团体|民非|民办非企业|慈善|募捐|公安.{0,6}(?:许可|批|申请)|安全许可|中办发|国办|国务院令|〔(?:19|20)[0-9]{2}〕|条例|[\u4e00-\u9fff]法(?:第|里|的|修|从)|保留项目|的项目|项目名|书面说明|借调|督查|综合性|样稿|备案单|移送单"
)
_OPEN: tuple[tuple[str, str], ...] = (
    ("article", r"第\s*[0-9一二三四五六七八九十百]+\s*条|哪一?条|哪条|第几条|第几款|哪一款|依据是|依据哪|原文|条文|(?:怎么|咋)规定|规定(?:怎么|咋)说|怎么写的|具体写|(?:法|条例|办法|规定|细则|清单)(?:里|的|\(试行\))*第?[0-9一二三四五六七八九十百]+[条项]|原话|哪款|一共(?:有)?多少条|第[0-9一二三四五六七八九十]+章"),
    ("number", r"文号(?:现在)?(?:是|叫)?(?:多少|什么|几)|什么文号|哪个文号|(?:发文)?字号(?:是|叫)?(?:多少|什么|啥|几)|(?:几|多少|哪)号(?:文|令)|令(?:第)?(?:多少|几|[0-9]+)号|文号(?:给|发)|[〔\[(](?:19|20)[0-9]{2}[〕\])][0-9]+号(?:是|说|指)"),
    ("template", r"模板|范本|样本|样表|格式|怎么写|填哪些|要填|申报表(?:长|是|里)|给我看看|样稿|样张|空白(?:的|表|件)|(?:请示|公示|推荐函|备案单|移送单|变更表).{0,8}(?:抬头|主送|在哪|给我|给一份|来一份|可以套|填啥)|(?:同时)?抬头写"),
    ("materials", r"(?:交|要|报|准备|需要?)(?:哪些|什么|啥|几份)(?:材料|资料|东西)?|材料要啥|几份|材料(?:有|是|包括)(?:哪些|什么)|要啥材料|(?:准备|提交|送).{0,8}(?:哪些|什么|啥)(?:材料|资料)?|要(?:写清|写明|填)(?:哪些|什么|啥)|要送.{0,10}什么"),
    ("deadline", r"什么时候|啥时候|几月|何时|多久|几天|多少天|提前(?:几|多少)|期限|截止|几号前|月底前|多长时间|时限|多少个?工作日|哪天|哪一天|哪日|最晚|最迟|几号|截止日|哪个月|(?:几|多少)年(?:不能|内|后)|哪(?:一)?年"),
    ("quota", r"(?:最多|上限|多少)(?:个|项|名|人|次|倍|字|钱|元|块)|最多[^,。?]{0,8}几|几(?:个|项|名|人|次|倍|字|元|块)(?=$|[^\u4e00-\u9fff]|吗|呢|啊|来着|才)|几年一次|名额(?:上限|多少)|占比|多少人以上|有没有上限|人数上限|最高(?:多少|几|发)|发多少|几成|占几|最少(?:要)?(?:多少|几)|至少(?:要)?(?:多少|几)|封顶|多少(?:会员|人数|奖金)|奖金标准|几次|几件"),
    ("penalty", r"怎么(?:罚|处理|处分|处罚)|咋罚|罚多少|会(?:怎么样|怎样|咋)|后果|罚则|处分|罚款|追责|如何处罚|犯哪条|怎么处罚|会(?:被)?(?:没收|吊销|撤销)|被撤销|(?:能|会)怎么处理|背.{0,3}处分"),
    ("definition", r"什么(?:是|叫|意思)|啥(?:是|叫|意思)|是啥|是什么|指(?:啥|什么|的是|哪些)|定义|到底指|区别|一回事|有哪些?(?:种|类)|有哪几(?:种|类)|哪几种|包括哪些|哪些(?:不算|算)|怎么算|算不算(?:在|是|局的|本单位|内设|下属|机关)|含义|怎么理解|从轻到重|区分(?!公司|局|行|院)|哪(?:[二三四五六七八九十几])(?:类|种|档|个奖|个环节)|几档|什么概念|啥样|什么样的.{0,6}算|怎么定义|哪些(?:原则|情形|条件|环节|机构|内容)|什么情况(?:下)?"),
    ("validity", r"(?:还|是否|是不是)(?:有效|现行|管用|在用)|有效(?:吗|么|没)|失效|废止|作废|过期|管用不|生效|现行的?是|用哪(?:份|个|件)|看哪(?:份|个|件)|哪(?:份|个|件)文件|现在管|被.{0,4}取代|新办法|转正|施行|还能当依据|还?算数|作数|哪年(?:的|修订)|什么时候(?:开始|失效|生效|通过|发布)|还有用|开始执行|还在用"),
    ("conflict", r"以哪个为准|听谁的|打架|冲突|不一致|矛盾|哪个优先|能(?:不能)?照搬|按哪个|以谁为准|以哪(?:个|一)?(?:级|份)?为准|照(?:这个|它)来|套用|按哪(?:个|份|级)"),
    ("catalog", r"目录(?:里|中|内)|在不在(?:目录|计划|里)|计划里|在册吗|有没有列|列没列|(?:列|排|写)(?:进|入).{0,6}计划|在.{0,6}计划|目录"),
    ("who", r"(?:归|由|找)(?:谁|哪个|哪家|哪里|哪儿)|哪个(?:部门|单位|局)(?:管|负责|受理)|谁(?:管|负责|来批|批准|审批|决定|能办|有权)|找谁|各找|往哪(?:里|儿)?举报|哪(?:里|儿)举报|设在哪|归口|哪些单位能|谁有权|由谁|谁来|谁组织|哪级(?:来)?(?:审批|批)|哪个(?:机构|机关|平台)|(?:向|往|上|到|去)哪(?:里|儿|个)|问谁|归谁|(?:局|公安)批还是|谁提出|授给谁|管.{0,16}哪一块"),
    ("howto", r"要查哪些|查哪些|交什么|怎么整改|流程|步骤|怎么退出|怎么申报|怎么变更|要我们(?:交|做)|能干(?:点)?(?:啥|什么)|能(?:直接)?做(?:哪些|什么|啥)|有没有(?:正面|负面)清单|能不能写|能写|概要|能不能叫|能叫|查什么|查哪几|有(?:什么|啥)边界|有(?:什么|啥)(?:讲究|规定|要求)|流程怎么|列了哪些|没写(?:批准)?文号.{0,10}怎么办|还要备案"),
)  # fmt: skip
_DIFFERENCE = re.compile(r"一回事|(?:什么|啥|有何|哪些)(?:区别|不同|差别)|(?:区别|差别)(?:在哪|是)|什么意思|啥意思")
_HOW_MUCH = re.compile(r"(?:最高|最多|上限|至多|不超过|封顶)[^,。?]{0,10}(?:多少|几)")
_UNKNOWN = re.compile(r"不知道|不清楚|说不清|不晓得|没定|不确定")
_ASKS = re.compile(r"[吗么?]|能不能|可不可以|什么|啥|哪|几|多少|怎|咋|谁|是不是|有没有|允许|不$|没$")
_PLAINLY_OPEN = frozenset(
    {"article", "number", "definition", "validity", "template", "penalty", "catalog", "conflict", "materials"}
)
_MUST = re.compile(r"(?:要(?:不要)?|用(?:不用)?|需(?:不需)?要?|是否|该(?:不该)?|得)(?:再|还|先)?(?:报|批|备|审|走)")
_THIS = re.compile(r"这个|那个|这种|这事|这项|该活动")
_HARMFUL_SURE, _SURE, _SURE_ACTIVITY = 0.66, 0.8, 0.87  # the model alone decides from here on
_OPEN_PATTERNS = tuple((topic, re.compile(pattern)) for topic, pattern in _OPEN)
_CONCRETE = re.compile(
    r"(?:我们?|咱|俺|本|阿拉|我哋)[\u4e00-\u9fff]{0,8}(?:想|要|准备|打算|拟|计划)|打算|准备(?:搞|办|评|给|在|表彰)|拟(?:评|办|开展|设|表彰|命名)|想(?:搞|办|评|给|在|设|表彰|选|创|弄|把|申)|(?<![几多少])[0-9二三四五六七八九十两百]+(?:个|名|家|户)(?!月|工作日|字|项|规定)"
)
_PLANNED = re.compile(r"(?:要|想|准备|打算|拟|计划)(?:在[^,。]{1,10}?)?(?:办|搞|评|开|弄|设|发|举办|组织)")
_DECIDE = re.compile(
    r"行不行|行吗|可以吗|能办|能不能办|可不可以|可以不|能搞|能评|能不能(?:搞|评|办|设|给|授|发)|要不要(?:报|批|备)|用不用(?:报|批|备)|需不需要|算不算|违规|合规|是否(?:可以|违规|需要)|行不|成吗|中不|来三|可否|报不报|就(?:可以|行|成)|还用(?:报|批)|要报|需要?(?:报|批|备)|怎么(?:报|走程序|办|弄|备案)|咋走|程序|是不是(?:得|要|就)|对不对|没问题"
)


def aim_of(text: str, reading: Reading, *, has_activity: bool, follow_up: bool) -> Aim:
    """Classify one folded utterance. `has_activity`: the conversation already describes one; `follow_up`: there is context.

    An utterance that describes a concrete activity is about it, however it is asked; a bare rule question is open.
    """
    harmful = _HARMFUL.search(text)
    if harmful and not re.search(r"(?:举报|怎么防|被骗|算不算|会不会|违规吗|查处|处罚)", text):
        return Aim(Intent.HARMFUL)
    likely = reading.intents
    if likely.get("harmful", 0.0) >= _HARMFUL_SURE:
        return Aim(Intent.HARMFUL)
    deictic = bool(_THIS.search(text)) and bool(_DECIDE.search(text) or "报" in text)
    nature = reading.facts.get("nature")
    vague = nature is None or nature.open
    alone = not (follow_up or deictic or reading.organizations or _DECIDE.search(text))
    if alone and vague and likely.get("off_topic", 0.0) >= 0.2:
        return Aim(Intent.OFF_TOPIC)
    if likely.get("off_topic", 0.0) >= (0.5 if not follow_up else 0.9) and not deictic:
        return Aim(Intent.OFF_TOPIC)
    if re.search(r"(?:怎么|如何|想|咋|能不能|去哪里?|往哪里?|找谁)(?:举报|反映|投诉)", text):
        return Aim(Intent.OPEN, "who")
    if _HOW_MUCH.search(text):
        return Aim(Intent.OPEN, "quota")
    if _DIFFERENCE.search(text) and not _CONCRETE.search(text):
        return Aim(Intent.OPEN, "definition")
    topics = [name for name, pattern in _OPEN_PATTERNS if pattern.search(text)]
    topic = next((name for name in topics if name in _PLAINLY_OPEN), topics[0] if topics else "")
    if not follow_up and likely.get("open", 0.0) >= _SURE:
        return Aim(Intent.OPEN, topic)
    if not follow_up and likely.get("activity", 0.0) >= _SURE_ACTIVITY and "nature" in reading.facts:
        return Aim(Intent.ACTIVITY)
    if topic and follow_up and has_activity and _UNKNOWN.search(text):
        topic = ""  # “我不知道由谁主办” answers what was asked
    describes = "nature" in reading.facts or "recognition" in reading.facts
    who = reading.organizer is not None or "organizer_kind" in reading.facts
    runs = reading.organizer is not None and reading.organizer.score >= 4 and reading.organizer.kind in PUBLIC
    sure = reading.intents.get("activity", 0.0) >= 0.9 or (
        reading.organizer is not None and reading.organizer.score >= 8
    )
    planned = sure and bool(_PLANNED.search(text))
    concrete = describes and (bool(_CONCRETE.search(text)) or runs or planned)
    if topic and not concrete and (follow_up or describes or who or _FIELD.search(text)):
        decides = bool(_DECIDE.search(text)) and who and describes
        if topic in _PLAINLY_OPEN:
            return Aim(Intent.OPEN, topic)
        if not decides or not who:
            return Aim(Intent.OPEN, topic)
    if "nature" in reading.facts and not topic and _MUST.search(text) and likely.get("open", 0.0) < _SURE:
        return Aim(Intent.ACTIVITY)  # “各科室考核定等次,要报备吗”: a kind of activity, and whether it must be filed
    speaks = bool(_CONCRETE.search(text)) or any(o.speaker for o in reading.organizations)
    if (
        not speaks
        and not deictic
        and reading.intents.get("open", 0.0) >= (0.55 if not runs else 0.8)
        and not (follow_up and not topic)
    ):
        return Aim(Intent.OPEN, topic)  # a rule question that happens to name a kind of body or of activity
    if describes or who or (follow_up and has_activity):
        if follow_up and has_activity and not describes and not who and not _FIELD.search(text) and _is_smalltalk(text):
            return Aim(Intent.OFF_TOPIC)
        return Aim(Intent.ACTIVITY)
    if topic and _FIELD.search(text):
        return Aim(Intent.OPEN, topic)
    if _FIELD.search(text) and _ASKS.search(text) and not _DECIDE.search(text) and not (follow_up and has_activity):
        return Aim(Intent.OPEN)  # nobody and no activity is spoken of: a question about the rules themselves
    if _FIELD.search(text) or _DECIDE.search(text) or (re.search(r"这个|那个|这种|这事|报", text) and len(text) <= 20):
        return Aim(Intent.ACTIVITY)
    if reading.intents.get("activity", 0.0) >= 0.75:
        return Aim(Intent.ACTIVITY)
    return Aim(Intent.OFF_TOPIC)


def _is_smalltalk(text: str) -> bool:
    return bool(re.search(r"天气|吃啥|吃什么|食堂|电影|笑话|股|彩票|诗|代码|python|星座|公积金|旅游攻略", text))
