"""What an open question wants to know: a day, a number of something, a penalty, a definition, an office, … Pure.

One question may want several things (几天前申请、几天内答复); each is a `Want` with the words around it. What the wanted thing
looks like in a provision stands beside it, so that a sentence without it can never be taken for the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.text.numbers import parse_number

_N = r"(?<![第（(])(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)"
_YEARS = r"(?<![\d第])(?:\d{1,2}|[一二两三四五六七八九十]{1,3})年"  # a span of years, not a year
_BIG = r"(?:\d[\d,.]*\s*万?|[一二两三四五六七八九十百千]+万?)"


@dataclass(frozen=True, slots=True)
class Want:
    """One thing wanted. `shape` is what the answer must hold ("" anything); `clause` the words that ask for it."""

    kind: str
    clause: str
    shape: str = ""
    strict: bool = False  # without the shape there is no answer


# what is asked for → what the answer looks like. First match wins, so the narrow ones stand first.
_SHAPES: tuple[tuple[str, str, str], ...] = (
    ("share", r"占比|占多少|几成|百分之几|比例", r"\d+\s*%|百分之|[一二三四五六七八九]成"),
    ("multiple", r"几倍|多少倍|倍数", rf"{_N}倍"),
    ("prize", r"奖金(?:标准)?.{0,6}(?:多少|几|最高|上限|封顶)|(?:发|给|奖)(?:多少|几)(?:钱|元|块|万|奖金)|(?:多少|几)(?:万|元)?奖金|奖金.{0,4}(?:标准|数额|金额)", rf"{_BIG}元"),
    ("fine", r"罚(?:多少|几)|多少(?:罚款|钱)|罚款.{0,4}(?:多少|几|幅度|标准|数额)|最多罚|几万", rf"{_BIG}元|{_N}倍"),
    ("characters", r"(?:多少|几)个?字|字数|最[长多](?:能?[起写]?多少)?个?字|多长(?!时间)", rf"{_N}个?字"),
    ("copies", r"几份|多少份|份数", rf"{_N}份"),
    ("cycle", r"几年(?:一次|一届|开展|办|评)|多久(?:一次|评一次|开展一次|办一次)|周期(?:是|有)?(?:多|几|怎么定)|隔几年", rf"每?{_YEARS}"),
    ("people", r"(?:多少|几)(?:个)?(?:人|名|会员)|人数|最少要多少|(?:集体|个人).{0,8}(?:上限|几个|多少)|名额.{0,4}(?:多少|上限|几)", rf"{_N}\s*(?:个|名|人)"),
    ("lead", r"(?:几|多少)(?:天|日|个月)(?:之|以)?前|提前(?:几|多)(?:天|日|久|长时间|个月)?|(?:什么时候|啥时候|何时).{0,3}(?:往上)?(?:报|申请|交|提)|(?:报|申请|交).{0,3}(?:什么时候|啥时候|何时)", rf"提前|{_N}\s*个?(?:工作日|日|天|月)(?:之|以)?前|{_N}个月"),
    ("within", r"(?:几|多少)(?:个)?(?:天|日|工作日|月)(?:之|以)?内|最多几天|多(?:久|长时间)(?:之|以)?内", rf"{_N}\s*个?(?:工作日|日|天|月)(?:之|以)?内|{_N}个月内"),
    ("month", r"几月|哪个月|月份|哪天|哪一天|几号|哪日|截止日|最晚|最迟|月底前", rf"\d+月|{_N}月(?:底|初|末|前)|\d+日前|{_N}\s*个?(?:日|天|月)(?:之|以)?内|原定|之前|国庆|纪念日|节日"),
    ("days", r"几天|多少天|几日|多少日|几个?工作日|多少个?工作日|五天|七天|公示多久|公示期", rf"(?<!月){_N}\s*个?(?:工作日|日|天)(?!前)|{_N}个月"),
    ("times", r"(?:几|多少)(?:次|回)", rf"{_N}\s*(?:次|回)|每{_YEARS}"),
    ("count", r"(?:多少|几)(?:个|项)(?!月|工作日|名号|字|奖$)(?!.{0,4}(?:环节|类|词))|一年能.{0,4}几|每年能.{0,4}几", rf"{_N}\s*(?:个|项)(?!月|工作日)"),
    ("time", r"什么时候|啥时候|几月|何时|哪天|哪一天|几号|多久|提前(?:几|多)|截止|期限|时限|多长时间|什么时间|最晚|最迟|月底前|哪年|多少年", rf"{_N}\s*个?(?:工作日|日|天|月|年)|{_N}个月|{_N}月|之日起|之前|以前|当年|每年"),
)  # fmt: skip
_SHAPE_PATTERNS = tuple((kind, re.compile(ask), shape) for kind, ask, shape in _SHAPES)
_CEILING = re.compile(r"最[高多]|上限|封顶|不(?:得|能)?超过|至多")
CEILING_SHAPE = re.compile(r"不超过|最高|上限|以内|以下|至多|一般不")

_KINDS: tuple[tuple[str, str, str, bool], ...] = (
    ("discipline", r"党纪|政纪|(?:纪律|政务)处分|处分(?:档次|等次|等级)|什么处分|背.{0,2}处分", r"处分", True),
    ("list", r"(?:几|多少)(?:种|类|档|级)|哪(?:[二三四五六七八九十]|几)(?:种|类|个奖|档|级|个环节)|几个环节", r"[：:、]", False),
    ("offence", r"犯(?:了)?(?:哪|啥|什么)|违(?:反)?(?:了)?哪|算违法吗", r"不得|禁止|不许", False),
    ("penalty", r"罚|处罚|处分|后果|追责|怎么处理|咋处理|如何处理|怎么样?处置|会(?:怎么样|怎样|咋样|咋)|没收", r"罚|没收|警告|撤销|取缔|吊销|责令|处分|停止|不予承认|不予受理|通报|惩戒|追究|降低|收缴|查处|退回|书面说明", True),
    ("decider", r"谁(?:来)?(?:有权)?(?:批|审批|批准|决定|授予|授|许可|组织|评审|同意|定)|哪(?:级|里|个机关|个部门)(?:来)?(?:审批|批|批准|许可)|审批权|由谁|归谁批|(?:局|公安|市|区|省)批还是|还是.{0,8}批|(?:到|去|上|在|往)哪(?:里|儿|个(?:部门|机关))?(?:去)?(?:登记|申请|办理|办|报)|哪个(?:机构|机关|部门)(?:来)?(?:统筹|协调|批|审)", r"(?:由|归|报|向)[^，。；]{2,30}(?:批准|审批|决定|授予|许可|审核|组织|负责|评审|承担|申请|批)|审批权|登记管理机关是|部门登记|直接授予|授予|分级审批", False),
    ("who_may", r"谁能(?:办|搞|开展|设)|哪些(?:单位|机关|部门)(?:能|可以|有资格)|谁(?:可以|有资格)", r"(?:经批准|经过批准).{0,4}可以|可以(?:申报|开展)", True),
    ("materials", r"(?:哪些|什么|啥|要)(?:材料|资料|东西|手续)|材料(?:要|有|是|包括)?(?:啥|什么|哪些)|交(?:什么|啥|哪些)|报(?:什么|啥|哪些)材料|载明|写(?:清|明)?(?:哪些|什么|啥)|填哪些|送.{0,8}(?:什么|哪些)", r"材料|证明|(?:并|要|应当)交|报送|载明|写明|一式|不用报告|不附|回复", True),
    ("definition", r"什么样的.{0,8}算|啥样的|什么(?:是|叫|意思|概念)|啥(?:是|叫|意思|样)|是啥|是(?:个)?什么(?!时候|部门|文号)|指(?:啥|什么|的是|哪些)|定义|到底指|区别|区分|一回事|一个意思|含义|怎么理解|是指|怎么算|才算|算不算|概念|内设机构(?:具体)?指", r"是指|，指|，是|包括|限于|分为|即|不属于|不按|不归|管的是|同时具备", False),
    ("list", r"(?:几|多少)(?:种|类|档|级)|哪几个|几个环节|有哪(?:些|几)|什么(?:情况|情形|条件|原则)|哪些(?!单位|机关|部门|人)|哪(?:几|些|五|六|七|[二三四八九十])(?:种|类|个|项|档|级|方|件)|(?:几|多少)(?:种|类|档|级)|包括哪|都包括|分(?:哪|几)|有几|从轻到重|哪些(?:不算|算)|查(?:哪些|什么|啥)|干(?:啥|什么|哪)|做(?:哪些|什么|啥)", r"[：:、]", False),
    ("allowed", r"能不能|可不可以|可以.{0,16}(?:吗|(?<![怎什多那这])么|[不没]$)|能.{0,18}(?:吗|(?<![怎什多那这])么|[不没]$)|允许|能否|准不准|行不行|行吗|要不要|得不得|算不算|用不用|会不会|是不是|吗|(?<![怎什多那这])么", r"不得|不能|可以|禁止|不作为|不实行|一概", False),
    ("howto", r"怎么(?:办|走|报|弄|做|申报|退出|变更|整改|写)|咋(?:办|走|弄|写)|流程|步骤|程序|如何", r"应当|重新|申请|报送|程序|应先|应当先|要|按|由.{1,20}(?:报|申请)", False),
    ("basis", r"依据(?:是|在|哪)|哪一?(?:条|款|项)|第几(?:条|款|项)|哪条|出处|原话|原文|凭什么|哪里写|哪儿写", "", False),
)  # fmt: skip
_KIND_PATTERNS = tuple((kind, re.compile(ask), shape, strict) for kind, ask, shape, strict in _KINDS)

_SPLIT = re.compile(r"[,，。;；?？!！\n]|(?<=[天份次个年月日])、|、(?=几|多少|什么|啥|哪|谁|由谁)")
_ASKS = re.compile(
    r"几|多少|什么|啥|哪|谁|何|怎|咋|吗|么$|呢$|能不能|可不可|是不是|有没有|要不要|算不算|会不会|上限|占比|指|含义|定义|行不|允许|不$|没$|没有$|还是|多久|最多|最高|最晚"
)

_OPEN_ASK = re.compile(r"谁|什么|啥|哪|多少|几[^乎]|怎")

# what is looked up rather than read in a provision
NUMBER = re.compile(
    r"(?:发文字号|文号|字号)(?:现在|目前)?(?:是|叫|为|又是)?(?:多少|什么|啥|几|哪)|(?:什么|哪个|哪年哪个|哪一个|多少|啥)(?:发文)?(?:文号|字号)|(?:几|多少|哪)号(?:文|令)|令(?:第)?(?:多少|几)号|(?:文号|字号)(?:给|发|写|报)|(?:发文字号|文号)(?:[吗呢?]|$)"
)
WHICH_DOCUMENT = re.compile(
    r"(?:是|说的是|指的是|叫)?(?:哪|什么)(?:一)?(?:份|个|部|件)(?:文件|办法|条例|规定|通知|法规?|依据)|哪份|是什么文件|(?:用|看|按|依据)(?:的是)?哪(?:份|个|件|部)"
)
VALIDITY = re.compile(
    r"(?:还|是否|是不是|仍)(?:有效|现行|管用|在用|算数|能用|能引|能当依据|作数|适用)|有效(?:吗|么|没|不)|失效|废止|作废|过期|管用|算数|现行|还在用|还能(?:当|用|引)|生效|施行|实施(?:了|的)?(?:没|日期)|被.{0,6}取代|转正|新办法|开始(?:施行|生效|实施|执行|的)|修订|最新版"
)
DAY_OF_FORCE = re.compile(
    r"(?:什么时候|啥时候|何时|哪天|几号|哪年|哪一年|从哪).{0,8}(?:施行|生效|实施|开始|执行|起|失效|废)|(?:施行|生效|实施)(?:日期|时间)|开始施行|哪(?:一)?年(?:的(?=[吗呢啊?]?$)|.{0,4}(?:版|修订|修正|文本|通过|发布|印发|出台|公布))|(?:什么时候|何时|哪年).{0,4}(?:通过|发布|印发|出台|公布)"
)
TEMPLATE = re.compile(
    r"模板|范本|样本|样稿|样表|样张|范文|格式|空白(?:的|表|件)?|表.{0,6}(?:给|发)(?:我)?(?:一份|个|我)|(?:申报表|申请表|请示|公示|推荐函|备案单|征求意见函|移送单|报送单|函)(?:稿)?.{0,6}(?:怎么写|咋写|在哪|哪里下|哪下|长啥样|长什么样|给我|发我|来一份|有没有)|请示.{0,12}(?:一件事|一事|几件|多件|同时|抬头|主送|越级|并)|填哪些栏|要填(?:哪|什么|啥)"
)
CATALOG = re.compile(r"目录|在册|名录里")
PLAN = re.compile(r"计划")
IN_TABLE = re.compile(
    r"(?:在不在|有没有|列没列|列进|列入|查得到|查不到|是不是在|里有|里面有|在.{0,8}(?:目录|计划)|县级.{0,6}(?:环节|干|承担|做)|批准机关|什么时候启动|几月启动|归口)"
)
HANDLER = re.compile(
    r"(?:归|由|找|问|向|到|上|往|去)(?:谁|哪个(?:部门|单位|局|科|平台|机构)?|哪家|哪里|哪儿|哪|什么(?:部门|单位|地方))|哪个(?:部门|单位|局|口)|谁(?:管|负责|受理|主管)|哪个局|设在哪|归口(?:到|在|是)?(?:哪|谁)|各找|主管(?:部门|单位)?(?:是|有)?(?:谁|哪|什么)"
)
REPORT = re.compile(r"举报|投诉|反映.{0,6}(?:骗|诈|违规)|检举")
DECIDES = re.compile(r"批|审批|决定|授予|许可|组织评审|评审|登记(?!管理)")
CONFLICT = re.compile(
    r"以(?:哪|谁)(?:个|份|一级)?为准|听谁的|打架|冲突|不一致|不一样|矛盾|哪个优先|照搬|照着?(?:这个|它|他们)?(?:来|办)|套用|按(?:哪|谁)(?:个|份|一级)?(?:的)?(?:执行|来|办|算)|比.{0,10}[宽松严]"
)
BORROW = re.compile(
    r"照搬|照着?(?:这个|它|他们|人家)?(?:来|办|搞)|套用|参照.{0,6}(?:行|可以|吗)|也(?:按|照|用)|通用吗|适用(?:于)?我们"
)
WHOLE = re.compile(
    r"(?:一共|总共|共有|全文)(?:有)?(?:多少|几)(?:条|章|款)|第[0-9一二三四五六七八九十]+章|全文(?:发|给|是)"
)
BASIS_ONLY = re.compile(
    r"^(?:那|这)?(?:个|条)?(?:的)?(?:依据|出处|原话|原文|条文|规定)?(?:是|在|都)?(?:什么|哪里?|哪一?(?:条|款|项|份)|第几(?:条|款)|怎么(?:说|写|规定)的?|啥)(?:说|写|规定)?的?[吗呢啊?？。]*$"
)
PENALTY = next(shape for kind, _, shape, _ in _KINDS if kind == "penalty")
LOCAL_SLOT = frozenset(
    {
        "share",
        "copies",
        "characters",
        "cycle",
        "people",
        "days",
        "count",
        "times",
        "time",
        "month",
        "lead",
        "within",
        "prize",
    }
)
ALLOW_ASK = re.compile(r"能不能|可不可以|可以|能否|允许|能(?!源|力|够?不)|行不行|准不准")
NEGATED_ASK = re.compile(r"不(?:收|发|授|评|挂|打|搞|设|要)[^能行]{0,6}(?:可以|能|行)")


def wants_of(text: str) -> tuple[Want, ...]:
    """What a folded question wants, in the order it is said; one Want of kind "" when nothing is recognised."""
    out: list[Want] = []
    for clause in _SPLIT.split(text):
        clause = clause.strip()
        if not clause or not _ASKS.search(clause):
            continue
        found = _want_of(clause) or (Want("", clause) if _OPEN_ASK.search(clause) and len(clause) > 3 else None)
        if found and not any(w.kind == found.kind and w.shape == found.shape and not w.strict for w in out):
            out.append(found)
    return tuple(out) or (_want_of(text) or Want("", text),)


def _want_of(clause: str) -> Want | None:
    for kind, pattern, shape in _SHAPE_PATTERNS:
        if pattern.search(clause):
            return Want(kind, clause, shape, strict=True)
    for kind, pattern, shape, strict in _KIND_PATTERNS:
        if pattern.search(clause):
            return Want(kind, clause, shape, strict)
    return None


_QUANTITY = re.compile(
    r"([\d,.]+|[零一二两三四五六七八九十百千万]{1,8}|几)\s*(万)?\s*(?:来|多|余)?\s*(人|元|字|名|倍|%)"
)


def quantities(text: str) -> dict[str, list[int]]:
    """Amounts said, by unit: '六千人' → {'人': [6000]}. Words that are no whole number are left out."""
    out: dict[str, list[int]] = {}
    for number, ten_thousand, unit in _QUANTITY.findall(text):
        try:
            value = parse_number(number.replace(",", "")) * (10_000 if ten_thousand else 1)
        except ValueError:
            continue
        out.setdefault("人" if unit == "名" else unit, []).append(value)
    return out


_RANGE = re.compile(r"(\d+)人以上(?:(\d+)人以下)?")


def clause_of_range(text: str, people: int) -> str:
    """Of clauses that each hold for a range of people, the one this number falls in; '' when there is none."""
    best = ""
    for clause in re.split(r"[；;：:]", text):
        found = _RANGE.search(clause)
        if found and int(found[1]) <= people and (not found[2] or people < int(found[2])):
            best = clause
    return best.strip("。 ")


def wants_ceiling(text: str) -> bool:
    """Whether an upper limit is asked for, which an amount alone does not answer."""
    return bool(_CEILING.search(text))


CONTENTS = re.compile(r"写(?:清|明)(?:哪些|什么)|写哪些内容|载明|要写.{0,4}内容")
BLANK = re.compile(r"模板|范本|样|格式|空白|给我|发我|哪下|在哪")
FIELDS = re.compile(r"栏|填|内容|写")
HANDLER_NOISE = re.compile(r"审批表|批准文号|报批")
PERMISSION = r"(?:不得|可以|不能|不得自行|不能自行)(?:设立、|申报、)?(?:自行)?(?:设立、)?(?:开展|办|举办)|(?:经批准|经过批准|未经批准)"
POSITIVE = re.compile(r"能(?:直接)?(?:干|做)(?:点)?(?:啥|什么|哪些)|(?:可以|能)直接(?:做|办|干)|直接能做|能做的事")
_ASKING_MEANING = re.compile(
    r"到底|文件里|说的|讲的|平常|什么|啥|是(?:不是)?|叫|指|意思|定义|含义|概念|怎么|如何|理解|区分|区别|算|具体|法律|的|个|样|哪些|哪几|[吗呢吧]"
)
_IN_QUOTES = re.compile(r"\"([^\"]{2,16})\"")


def subject_of(clause: str) -> str:
    """What a definition is asked of: the words in quotation marks, else what is left without the asking words."""
    quoted = _IN_QUOTES.search(clause)
    return quoted[1] if quoted else " ".join(_ASKING_MEANING.sub(" ", clause).split())


SUMMARY = re.compile(r"概要|大概|主要(?:内容|讲|说)|列了(?:些)?(?:什么|啥|哪些)")
OVERVIEW = re.compile(
    r"概要|大概|主要(?:内容|讲|说)|讲(?:的)?(?:是)?(?:什么|啥)|管什么|查(?:哪些|什么|啥)|有哪些|有没有|要我们|列了"
)
REGIMES = (re.compile(r"创建|示范(?!文本)|创示"), re.compile(r"表彰|评比|评先|评优|评奖|评选"))
COMPARED = re.compile(
    r"([\u4e00-\u9fff]{2,10}?)(?:活动)?(?:和|跟|与|同|、)([\u4e00-\u9fff]{2,10}?)(?:活动)?(?:到底)?(?:是|算)?(?:不是|是不是)?(?:一回事|一个意思|一码事|有(?:什么|啥)(?:区别|不同|不一样)|的?区别|(?:怎么|如何)区分|哪里不一样)"
)
