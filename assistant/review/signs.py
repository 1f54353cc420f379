"""What the clauses of a notice say: signs with their place, denial and background respected. Pure.

A sign is evidence, not a judgement: whether “颁发证书” is a fault depends on the verdict, which the rules give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.clauses import negated
from assistant.review.structure import Notice

_HAN = "\u4e00-\u9fff"
_MANY = r"[0-9一二三四五六七八九十两几百千万]+"


@dataclass(frozen=True, slots=True)
class Sign:
    """One match: `start`/`end` of the clause (or title) that carries it, `at` the matched words, in the folded text."""

    kind: str
    start: int
    end: int
    at: tuple[int, int]
    sentence: int  # -1 in the title
    core: bool
    denied: bool = False

    @property
    def in_title(self) -> bool:
        return self.sentence < 0


def _compiled(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in parts))


# What is done to honour somebody.
HONOR = _compiled(
    r"授予|授牌|授匾|授旗|颁授|颁牌|颁奖|颁发(?=[^,。;]{0,24}(?:奖|牌|证|称号|旗|匾|章|杯|荣誉|\"))|颁给|命名(?!规则|方式|规范)|挂牌(?!督办|出让|成立|交易|销号|上市|营业|作战|整治|整改|督导|转让|办公)|挂匾|悬挂(?:标牌|牌匾|铭牌|匾)",
    rf"(?:发(?:放|给)?|授|赠?送|制作|悬挂|设立)[{_HAN}0-9\"]{{0,10}}(?:奖牌|牌匾|匾牌|铜牌|铭牌|标识牌|标志牌|称号牌|证书|奖金|锦旗|奖状|奖杯|奖品|标牌|红旗)(?!遗失|查询)|发证授牌|发牌",
    r"挂\"[^\"]{2,16}\"[^,。]{0,4}(?:牌|匾)|(?:发给|发放|颁给|挂)[^,。]{0,6}(?:牌子|奖金|奖状|红旗)|通报表彰|荣誉(?:称号|证书|牌匾)|(?:获|给)(?:评|得)[^,。]{0,8}称号|流动红旗",
    rf"予以(?:表彰|奖励|授牌|命名|嘉奖|通报命名|挂牌|颁奖)|(?:进行|给予)(?:[{_HAN}]{{0,4}})(?:表彰|奖励|嘉奖)|表彰(?!大会精神|活动管理|办法|工作的通知|对象)(?=[{_HAN}0-9\"]{{0,10}}(?:先进|优秀|一批|{_MANY}[个名家户]|集体|个人|企业|单位))|(?:各|每[名人家户个])奖励",
    rf"评(?:出|为|选出)[{_HAN}0-9\"、]{{0,16}}(?:星|等|佳|优秀|先进|示范|标兵|模范|最美|{_MANY}[个名户家]|[\"])|设[{_HAN}0-9、]{{0,10}}[一二三特]等?、?[{_HAN}、]{{0,6}}等?奖|[一二三特]等奖|(?:下列|以下)[^。;\n]{{0,24}}(?:获得?|荣获)[^。;\n]{{0,24}}(?:奖|称号|荣誉)|(?:最佳|优秀|优胜|组织|贡献|特别|突出)[{_HAN}]{{0,6}}奖(?!励|学|惩|金)|另评|(?:评定|选树)[{_HAN}\"]{{0,4}}(?:示范|标杆|样板|先进|优秀)[{_HAN}\"]{{0,8}}{_MANY}[个名户家]|(?:评|认定|确定|评定)(?:[^,。\"]{{0,24}})为[{_HAN}]{{0,4}}\"|(?:认定|确定|评定)[^,。;]{{1,40}}为(?:首批|第[{_HAN}0-9]{{1,3}}批|[0-9]{{4}}年度?)?[{_HAN}]{{0,6}}\"|光荣榜|荣誉榜|评选发布|认定为[{_HAN}]{{0,10}}(?:示范|标杆|样板|星级|先进)",
    rf"(?:公布|发布|公告|通报|张榜)[{_HAN}0-9\"、]{{0,14}}(?:入选|获奖|获评|评选|示范|先进|优秀|达标|十佳|最美|合格)[{_HAN}\"]{{0,8}}(?:名单|结果)|(?:入选|获奖|获评|评选|示范)[{_HAN}\"]{{0,6}}(?:名单|结果)[{_HAN}]{{0,10}}(?:公布|发布|公告|通报)|评选结果[{_HAN}]{{0,10}}(?:发文|公布)|发布[{_HAN}\"0-9]{{0,20}}榜(?:单)?|登上?[{_HAN}]{{0,4}}光荣榜",
)
_NOT_HONOR = re.compile(
    r"(?:结业|合格|资格|执业|登记|从业|学历|学位|产权|毕业)证书|授权|证书遗失|(?:许可|驾驶|居住|救护员|上岗|健康|老年|优待|产权|身份|工作|残疾人|准考|通行)证|营业执照"
)
# Words that praise, as they stand in the name of a title.
PRAISING = r"(?:先进|优秀|示范|样板|标杆|最美|最佳|金牌|银牌|十佳|十大|十强|百强|百佳|[三四五]星|星级|之星|模范|标兵|楷模|先锋|典范|功臣|能手|卫士|达人|领军|放心|满意|文明|清廉|平安|书香|和美|红旗)"
SELECT = _compiled(
    rf"{PRAISING}[{_HAN}\"]{{0,10}}(?:评审|推举|推介|选拔|遴选|认定|确定|评定|发布)|(?:评审|推举|推介|选拔|遴选|认定|确定|评定|发布|打造|选树)[{_HAN}\"]{{0,8}}{PRAISING}",
    r"推举|争先创优|评审(?!标准|专家组成立)(?=[^,。]{0,6}(?:活动|工作))",
    r"评选|推选(?!代表)|选树|评出|评比|评优|评先|创评|遴选|海选|票选|选出|评定(?!标准化?文件)|达标创建|开展[^,。]{0,16}创建|创建(?:活动|工作|示范|任务)|示范[^,。]{0,8}创建|命名|表彰|星级评|认定(?:为|一批)|培育(?:工作)?[^,。]{0,8}(?:标杆|示范|样板)|(?:标杆|示范|样板)[^,。]{0,8}(?:培育|评选|创建|打造)|排出名次|颁奖|颁授|授予|另评|设立[^,。]{0,14}奖(?!学金|惩)",
)
SCORING = _compiled(
    r"打分|评分|百分制|满分|得分|考评(?:细则|标准|指标|办法)|考核得分|测评(?:表|指标|认定)|组织验收|验收(?=[^,。]{0,8}(?:命名|授牌|认定|合格的))|排名(?!不分)|排序|排出名次|名次|按[^,。]{0,8}分数|[0-9]+分以上|逐项达标",
)

FEE = _compiled(
    rf"(?:缴纳|交纳|收取|缴|须交|需交|应交|另缴|预收|支付)[{_HAN}0-9.\"]{{0,14}}(?:费|元|款)(?!用发票)",
    r"(?:评审|报名|参评|参赛|参展|会务|资料|申报|测评|认证|冠名|成本|工本|制作|服务|培训|年)费(?:为|每|[0-9]|由(?:参|获|各|申报|企业|会员|个人|学校|单位|作者|选手))[^,。]{0,10}",
    rf"每(?:家|户|校|人|个|店|单位)[{_HAN}]{{0,6}}[0-9]+(?:\.[0-9]+)?(?:万|千|百)?元(?=$|[,。;]|用于|作为)",
    r"(?:须|需|应|可|必须)?购买[^,。]{0,12}(?:展位|席位|版面|广告|投票|礼物|票数|会员|指定|门票|产品)|(?:入场券|门票)每张[0-9]+|(?:加付|另付|另交|参评费用[:为])[^,。]{0,8}[0-9]|每(?:项|件|份)(?:案例|作品|项目|产品|申报)[^,。]{0,4}[0-9]+元|指定消费|工本费|有偿(?:参评|报名)",
)
_NOT_FEE = re.compile(
    r"财政|预算|专项(?:资金|经费)|(?:主办(?:方|单位)?|[本我]局|街道|镇|区(?:财政)?|集团|工会|公司)(?:[^,。]{0,6})(?:承担|列支|支付|负担)|税费|罚款|水费|电费|医保费|党费|社保费|物业费(?!.*评)|保证金|免费|奖励|奖补|给予|补助|补贴"
)
SPONSORSHIP = _compiled(
    r"赞助(?!商标)|冠名(?:支持|费|单位|赞助|企业)|摊派|拉赞|认捐|(?:企业|商户|会员)[^,。]{0,6}(?:出资支持|捐助)|支持单位[^,。]{0,8}(?:出资|缴)",
)
BURDEN = _compiled(
    r"台账|打卡|拍照|(?:现场|对比|生产|工作)照片|上传[^,。]{0,8}(?:照片|图片|视频)|留痕",
    r"(?:每日|每天|每周|每旬|逐日|逐周|按周|按日|每月[0-9]{1,2}日前)[^,。]{0,6}(?:报送|上报|填报|上传|报)(?!废|告会|警|价|名|到|考)|周报(?!道)|日报制|日报告|进度表",
    r"网络(?:投票|评选|点赞|拉票)|(?:投票|点赞|转发|关注|阅读|票)(?:数|量)|投票[^,。]{0,6}(?:占|计入|计分|排名)|拉票|集赞|点赞|微信投票|线上投票|网上投票",
    r"迎检(?:材料|资料|台账|档案)|档案盒|佐证材料[^,。]{0,6}(?:装订|成册|归档)|(?:小程序|app|平台)[^,。]{0,10}(?:上传|填报|签到|打卡)",
    r"后[一二三四五六七八九十0-9]+[名位个](?:的)?[^,。]{0,8}(?:检讨|表态|约谈|通报)|末位[^,。]{0,6}(?:约谈|通报|检讨)|(?:作|做)(?:检讨|表态|检查发言)",
)
TIE = _compiled(
    rf"(?:纳入|列入|计入|记入|折算|作为|与)[{_HAN}、\"和]{{0,18}}(?:考核|绩效|考评|评优|评先|经费|资金|项目|指标|晋升|职称|奖金|补贴|报酬|用地)[{_HAN}、]{{0,10}}(?:依据|挂钩|内容|指标|成绩|总分|分配)?",
    r"(?:考核|绩效)[^,。]{0,4}(?:加|扣)[0-9]*分|(?:加|扣)[0-9]+分|取消[^,。]{0,10}(?:评优|评先|评选)资格|优先(?:安排|拨付|享受|给予)[^,。]{0,10}(?:资金|项目|补贴|经费)|(?:不得|不予|不再)享受[^,。]{0,10}(?:补贴|资金|政策|奖补)",
)
_TIE_WORDS = re.compile(r"考核|绩效|考评|评优|评先|挂钩|资格|[加扣][0-9]*分|享受|报酬|职称|晋升|依据|优先")
COERCION = _compiled(
    r"(?:必须|务必|一律|全部|均须|应当?全员|人人)(?:都)?(?:要)?(?:参加|参与|申报|报名|参评|创建|推荐)(?!会议|培训|会)|全员(?:参与|参评|参加|申报)|参(?:与|评|创)率(?:要|须|应|必须|达|不低于)[^,。]{0,6}|强制",
    r"(?:未|不)(?:申报|报送|参加|参评|参与|推荐|报名|创建|完成|达标|按时|按要求|评上)[^。;]{0,22}(?:不得|取消|扣|通报|约谈|问责|一票否决|不予)",
)
MATCHING = _compiled(
    r"配套(?:开展|评选|创建|资金|奖励|经费|搞|设|出台|投入)|(?:同步|相应|对应|参照|分级|分别|逐级)[^,。]{0,6}(?:开展|组织|制定|评选|设立|出台)[^,。]{0,8}(?:本级|镇级|村级|区级|街道级|校级|组级|各自)|相应(?:开展|组织)[^,。]{0,14}(?:评比|评选|创建|评定)",
    r"(?:各|每个?)(?:镇|街道|镇街|村|社区|村居|单位|部门|学校|乡镇)[^,。]{0,10}(?:同步|相应|对应|配套|参照)[^,。]{0,12}(?:开展|评选|创建|设立|评定|命名)|层层(?:评选|创建|开展|设立)|经费由(?:村|社区|镇|街道|各)[^,。]{0,8}(?:承担|负担|解决|自筹)|每(?:村|社区|镇|校|街道|个村)(?:须|要|应|必须|至少)[^,。]{0,6}(?:完成|创建|评|创|打造)",
)
SUB_PROJECT = _compiled(
    r"(?:增设|另设|增加|拆分|细分|分设)[^,。]{0,16}(?:子项目|子活动|奖项|单项|称号|类别|评选)|子项目",
    r"(?:另外?|同时|一并|另行|顺便|再|还将|额外)(?:评(?!审|估|价|议)|授予|命名|表彰|设(?!在|备|施)|评选|颁发)|(?:同时|另|一并|再|还)[^,。]{0,12}(?:评选|授予|命名|设立|表彰|评定)[^,。]{0,16}(?:区级|镇级|街道|本级|县级|校级|\")|推荐(?:的)?(?:基础上|之外)[^,。]{0,4}(?:另|再)",
)
FILING = _compiled(
    r"(?:已|已经|经|并|均|业)?(?:报|向|到|经|由|送|在)[^,。]{0,18}(?:备案|报备)(?:即可|后[^,。]{0,8}(?:实施|开展|执行|组织|启动|举办)|同意|通过|完毕|[^,。;\n]{0,2}(?=[,。;\n]|$))|(?:已|经)(?:履行)?备案|备案(?:后)?(?:即可|即视为|同意)|完成备案|备案(?:号|编号)|(?:实行|采取|采用)备案制?",
)
_NOT_FILING = re.compile(
    r"推荐[^,。]{0,8}备案|域名|icp|(?:奖励)?决定[^,。]{0,12}备案|(?:医保|税务|施工|消防|食品|项目)备案|备案查询"
)
APPROVAL_LOCAL = _compiled(
    r"(?:经|报|已经?|由|并|请示)[^,。]{0,16}(?:区委|区政府|县委|县政府|常委会|常务会|党组|党委|党工委|党委会|理事会|班子会|办公会|书记|区长|镇长|局长|主任|领导)[^,。]{0,16}(?:研究|同意|批准|审议|审定|批示|通过|讨论|决定|签批)",
    r"(?:区委|区政府|区领导|主要领导|分管领导|局党组|镇党委|党工委|常委会|常务会)[^,。]{0,8}(?:已|批示|同意|批准|审议通过|研究同意)",
    r"列入[^,。]{0,20}(?:要点|预算|计划|工作报告|实事|安排)|写入[^,。]{0,10}(?:报告|要点)|(?:根据|按照)[^,。]{0,14}(?:批示|领导(?:同志)?(?:指示|要求|批示))",
    r"市(?:委|政府|[\u4e00-\u9fff]{1,8}局)[^,。]{0,10}(?:批准|批复|同意)",
)
APPROVED_HIGH = re.compile(r"(?:党中央|国务院|中央|省委|省政府|省人民政府)[^,。]{0,12}(?:批准|批复|审批同意|同意)")
APPROVED_CLAIM = re.compile(
    r"(?:经|已|已经|业经|获|获得)(?:有关部门|上级|上级部门|上级机关|有关方面)?(?:批准|审批|批复)(?!后)|已批(?:准|复)的?项目|(?:批准|批复)文号"
)
TEMPORARY = _compiled(
    r"(?:未|没有|尚未)(?:列入|纳入)[^,。]{0,10}(?:计划|目录|项目)|作为临时|临时(?:增设|加办|增加|安排|开展|性)[^,。]{0,8}(?:项目|表彰|评选|活动|奖)?(?:办理)?|追加[^,。]{0,6}(?:表彰|评选)",
)
MEDALS = re.compile(r"(?:勋章|奖章|纪念章|功勋章|金质章|徽章(?=[^,。]{0,4}(?:颁|授)))(?!管理|法)")
_NOT_MEDALS = re.compile(r"(?:五一|劳动|五四|青年|国家)(?:劳动|五四|青年)?(?:勋章|奖章)|奖章(?:获得者|候选)")
HELD_EVENT = re.compile(
    r"论坛|峰会|盛典|典礼|晚会|年会|大会(?!堂)|庆典|博览会|展会|展销|交易会|(?:消费|文化|旅游|购物|美食|艺术|电影|丰收|采摘|啤酒|文旅|[\u4e00-\u9fff]花)节|节庆"
)
EVENT = re.compile(
    r"(?:论坛|峰会|盛典|典礼|晚会|年会|庆典|博览会|展会|展销会|[\u4e00-\u9fff]{2}(?<![环情调季细礼章关过使拜时春])节)[^,。]{0,3}(?:期间|上|现场|同期|举行|举办|中)|颁奖(?:盛典|典礼|晚会)"
)
AWARD = re.compile(r"颁奖|颁授|颁发|评选|授予|设[^,。]{0,6}奖|评出|表彰|揭晓|授牌")
PROFIT = re.compile(
    rf"(?:由|与|和|委托|联合|会同|交由|授权|联手)[{_HAN}a-z某\"()]{{0,18}}(?:公司|传媒|企业|机构|集团|工作室|平台)(?!.{{0,4}}监管)[{_HAN}]{{0,10}}(?:承办|协办|合办|主办|运营|开展|举办|执行|策划|联合|合作)|[{_HAN}a-z]{{2,16}}(?:公司|传媒)(?:具体)?(?:承办|协办|合办|联合主办|运营|执行)"
)
FOREIGN = re.compile(
    rf"境外|国\(境\)外|国外|海外|港澳台|国际[{_HAN}]{{0,8}}(?:联盟|组织|协会|联合会|基金会|理事会|学会|机构|总会)|世界[{_HAN}]{{0,6}}(?:联盟|组织|协会|联合会|总会)"
)
_JOINT = re.compile(r"联合|共同|合作|与该|会同|协同|携手|(?:与|和)[^,。]{0,14}(?:评选|举办|主办|颁)")
SCIENCE = re.compile(
    r"(?:科学技术|科技(?:进步|创新|成果|突出贡献|发明|功臣|英才)?|技术发明|自然科学|科学)(?:进步|成果|创新|人才|突出贡献)?[\u4e00-\u9fff]{0,4}奖(?!励(?:条例|办法|规定|大会|工作)|学金)"
)
SCIENCE_DO = re.compile(r"设立|设(?!备|施|置)|评选|颁发|授予|开展|评审|申报")
WORDING = re.compile(
    r"全国|国家级?|中国|中华(?!优秀|传统|民族|文化)|亚洲|全球|世界(?!观)|国际(?!化|标准|惯例|劳动|妇女)"
)
WORDING_GRAND = re.compile(
    r"^(?:首届|第[一二三四五六七八九十0-9]+届|[0-9]{4}年?)?(?:[\u4e00-\u9fff]{0,4})?(?:人民|功勋)[\u4e00-\u9fff]"
)
_WORDING_OK = re.compile(
    r"中国共产党|中国(?:移动|电信|联通|银行|人寿|石化|石油|邮政|铁塔|人民)|中华人民共和国|中国特色|中国式|中国梦|中国人|全国(?:人大|政协|总工会|妇联|文明[城村单家]|道德模范|劳动?模|三八|五一|先进|各地|统一|一体|范围|两会|爱国卫生|工商联|科协|人民代表)|国家(?:卫生|森林|园林|标准|规定|法律|有关|安全|机关|统计|级贫困|公祭|通用|发展|节水|赔偿|宪法|食品|税务|电网|粮食|医保)|国家(?:质量|知识)|世界(?:读书|环境|卫生|水日|红十字|地球|无烟|艾滋)日?"
)
_UPWARD_USE = re.compile(
    r"(?:推荐|申报|推报|争创|创建|学习|观看|收看|收听|转发|获|荣获|参加|参评|落实|贯彻|争取|迎接|被评为|获得|入选|报考|根据|按照|依据|关于转发)[^,。;]{0,10}\"?$"
)
PRIVACY = _compiled(
    r"(?:公民)?身份证(?:号码?|件?号)?[:为是]?[0-9x×*]{4,}[0-9x×*]*|(?<![0-9a-z])[1-9][0-9]{5}(?:19|20)[0-9x*×]{6,10}[0-9x*×](?![0-9])",
    r"(?:手机(?:号码?)?|联系电话|电话|联系方式)[:为是]?1[3-9][0-9][0-9x*×]{8}|(?<![0-9])1[3-9][0-9]{9}(?![0-9])",
    rf"(?:现?住址?|家庭住址|住所|家住|居住地址?|家庭地址|地址)[:为在是]?[{_HAN}0-9a-z]{{2,20}}(?:[0-9]+号|路|街|巷|弄|村|小区|栋|幢|单元|室|组)[{_HAN}0-9a-z]{{0,14}}|银行(?:卡|账)号?[:为]?[0-9x*]{{6,}}",
)
_OFFICIAL_CONTACT = re.compile(
    r"联系人|咨询|监督|举报|受理|反映|受理单位|联系地址|地点|邮箱|报名|来信|来访|传真|办公(?:室|地)|值班|报送至|投诉"
)
PUBLICITY_DAYS = re.compile(
    rf"(?:公示(?:期|时间|期限)?(?:为|是|不少于|共|:)?|公示)(?P<n>{_MANY})(?:个)?(?P<unit>工作日|日|天)"
)
PUBLICITY_RANGE = re.compile(
    r"公示[^。]{0,16}?(?:(?P<y>20[0-9]{2})年)?(?P<m1>[0-9]{1,2})月(?P<d1>[0-9]{1,2})日?(?:起)?(?:至|到|-|~)(?:20[0-9]{2}年)?(?:(?P<m2>[0-9]{1,2})月)?(?P<d2>[0-9]{1,2})日"
)
KEY_DATE = re.compile(
    r"(?:围绕|迎接|献礼|庆祝|结合)[^,。]{0,10}(?:党代会|两会|建党|建国|党的二十|周年|重大活动|亚运|奥运|进博)"
)
COMMERCIAL = re.compile(
    r"名人录|功勋谱|购买[^,。]{0,6}(?:投票|票数|礼物)|入榜[^,。]{0,6}(?:费|元)|付费(?:上榜|入选|投票)"
)
PRAISE = re.compile(r"通报表扬|予以表扬|给予表扬|提出表扬|表扬(?=的?通报|[\u4e00-\u9fff]{2,20}的通报)|致以?感谢|感谢信")

# Names under which a selection is run without being called one.
DISGUISE = {
    "征集": re.compile(r"(?:案例|成果|作品|经验|做法|创新|故事|方案)[^,。]{0,6}征集|征集[^,。]{0,20}(?:案例|成果|作品|经验|做法|方案)"),
    "会议": re.compile(r"研讨|交流会|现场会|观摩|座谈|推进会|总结会|培训班|沙龙|分享会|现场推进"),
    "试点": re.compile(r"试点|先行区|试验区"),
    "排行": re.compile(r"排行|指数|榜单|红黑榜|十强|百强|按(?:得分|投票数?)排名|以投票数排名|龙虎榜"),
    "星级": re.compile(r"[一二三四五0-9]星级?(?!酒店|饭店)|星级"),
    "推介": re.compile(r"推介|推选发布|信息发布|标准认定|认证"),
    "大赛": re.compile(r"大赛|竞赛|比武|比赛"),
    "培育": re.compile(r"培育(?=[^,。]{0,8}(?:工作|对象|计划|[个家户]|标杆|示范|样板|单位|库))"),
}  # fmt: skip

_EXTRA_NEGATION = re.compile(
    r"严禁|禁止|杜绝|避免|防止|不得|不准|不允许|一律不|严防|严控|停止|不搞|不再|不作|不要求|不与|不以|不设|不另|不向|并未|无需|无须|不得以|坚决不"
)
_RELATIVE = re.compile(r"[无未没零不][^,。、的]{1,12}的")
_ANY_FORM = re.compile(r"任何|各种|形式|专门|相关|有关|类似|其他|此类|一切|所谓|同类|不得|严禁|禁止")
_NEG_BREAK = re.compile(r"但|而(?!且)|只(?!评)|仅|改为|确保|应当|方可|才|就")


def denied(clause: str, start: int, end: int) -> bool:
    """Is what stands at [start, end) of this clause ruled out? Reaches over an official list: 不要求建台账、上传照片或者报送进度."""
    of_others = _RELATIVE.search(clause, 0, start)
    if of_others and start - of_others.end() <= 12 and not _ANY_FORM.search(clause, of_others.start(), start):
        return False  # “对无违章的户授予…”: what is denied is said of those honoured
    if negated(clause, start, end):
        return True
    last = None
    for found in _EXTRA_NEGATION.finditer(clause, 0, start):
        last = found
    return last is not None and not _NEG_BREAK.search(clause, last.end(), start)


def find(notice: Notice, kind: str, pattern: re.Pattern[str], *, title: bool = True) -> list[Sign]:
    """Every match of a pattern in the body, and in the title when asked, in order. A match belongs to the clause it starts in."""
    out: list[Sign] = []
    first, last = notice.title
    if title and last > first:
        found = pattern.search(notice.folded.text, first, last)
        if found:
            out.append(Sign(kind, first, last, found.span(), -1, True))
    for found in pattern.finditer(notice.masked, last):
        part = notice.part_at(found.start())
        if part is None or found.start() == found.end():
            continue
        end = min(found.end(), part.end)
        # “未申报的不得评优” denies nothing: the cue itself is the penalty
        penalty = kind in ("coercion", "assessment_tie") and found[0][0] in "未不取"
        is_denied = not penalty and denied(part.text, found.start() - part.start, end - part.start)
        out.append(
            Sign(
                kind,
                part.start,
                max(part.end, _part_end(notice, found.end())),
                found.span(),
                part.sentence,
                part.core,
                is_denied,
            )
        )
    return out


def _part_end(notice: Notice, position: int) -> int:
    part = notice.part_at(position - 1)
    return part.end if part else position


def honors(notice: Notice) -> list[Sign]:
    """Recognition in the core of the body; a title that only names it is left to the organizer finding."""
    out = []
    for sign in find(notice, "recognition", HONOR, title=False):
        around = notice.masked[max(0, sign.at[0] - 4) : sign.at[1] + 4]
        if not _NOT_HONOR.search(around):
            out.append(sign)
    return out


def fees(notice: Notice) -> list[Sign]:
    return [s for s in find(notice, "fee", FEE) if not _NOT_FEE.search(notice.masked[s.start : s.end])]


def ties(notice: Notice) -> list[Sign]:
    return [s for s in find(notice, "assessment_tie", TIE) if _TIE_WORDS.search(notice.masked[s.at[0] : s.at[1]])]


def filings(notice: Notice) -> list[Sign]:
    return [
        s for s in find(notice, "filing_as_approval", FILING) if not _NOT_FILING.search(notice.masked[s.start : s.end])
    ]


def medals(notice: Notice) -> list[Sign]:
    return [
        s
        for s in find(notice, "medals", MEDALS)
        if not _NOT_MEDALS.search(notice.masked[max(0, s.at[0] - 6) : s.at[1] + 4])
    ]


def event_awards(notice: Notice) -> list[Sign]:
    """An award given at a forum, fair, gala or festival: event and award in one sentence, or the event in the title."""
    held = bool(re.search(r"举办|召开|主办", notice.title_text) and HELD_EVENT.search(notice.title_text))
    out: list[Sign] = []
    for sign in find(notice, "event_award", AWARD, title=False):
        if sign.denied or not sign.core:
            continue
        whole = "".join(part.text + "," for part in notice.sentence(sign.sentence))
        if EVENT.search(whole) or (held and re.search(r"会上|期间|现场|同期", whole)):
            out.append(sign)
    if not out and held and re.search(r"颁奖|授奖|设奖", notice.title_text):
        found = re.search(r"颁奖|授奖|设奖", notice.title_text)
        assert found is not None
        at = (notice.title[0] + found.start(), notice.title[0] + found.end())
        out.append(Sign("event_award", *notice.title, at, -1, True))
    return out


def science_prizes(notice: Notice) -> list[Sign]:
    out = []
    for sign in find(notice, "science_prize", SCIENCE):
        clause = notice.folded.text[sign.start : sign.end]
        if (
            not sign.denied
            and SCIENCE_DO.search(clause)
            and not _UPWARD_USE.search(notice.folded.text[max(0, sign.at[0] - 12) : sign.at[0]])
        ):
            out.append(sign)
    return out


def foreign_partners(notice: Notice) -> list[Sign]:
    """A joint clause where a foreign organization is named somewhere; the clause that says it is done together comes first."""
    named = [s for s in find(notice, "foreign_partner", FOREIGN) if not s.denied]
    if not named:
        return []
    joint = [s for s in find(notice, "foreign_partner", _JOINT) if not s.denied]
    beside = [s for s in joint if not s.in_title and (re.search(r"该(?:联盟|组织|协会|机构|基金会)", notice.masked[s.start : s.end])
                                                     or FOREIGN.search(notice.masked[s.start : s.end]))]  # fmt: skip
    if beside:
        return beside
    return [s for s in named if any(s.start == j.start for j in joint)]


def wording(notice: Notice) -> list[Sign]:
    """Forbidden words where they name this activity: in a quoted name, or in the title outside a superior's name."""
    text = notice.folded.text
    allowed = [m.span() for m in _WORDING_OK.finditer(text)]
    quoted = [m.span() for m in re.finditer(r"\"[^\"\n]{2,30}\"", text)]
    out: list[Sign] = []
    seen: set[str] = set()
    for found in [*WORDING.finditer(text)]:
        at = found.span()
        if any(a <= at[0] < b for a, b in allowed):
            continue
        inside = next(((a, b) for a, b in quoted if a < at[0] < b), None)
        titled = notice.title[0] <= at[0] < notice.title[1]
        part = notice.part_at(at[0])
        if not titled and (part is None or not part.core or denied(part.text, at[0] - part.start, at[1] - part.start)):
            continue
        if notice.masked[at[0] : at[1]] != found[0] and not titled:
            continue
        start = inside[0] if inside else at[0]
        if _UPWARD_USE.search(text[max(0, start - 14) : start]):
            continue
        if inside:
            name, span = text[inside[0] : inside[1]], inside
        else:
            tail = re.match(
                r"[\u4e00-\u9fff]{0,14}?(?:大会|大奖|奖|榜|百强|十强|称号|示范[\u4e00-\u9fff]{1,3}|标杆|论坛|峰会|盛典|大赛|[文旅游化艺术]节|节|认证奖牌|联赛|之星|名校|名镇|名村|案例|活动)",
                text[at[1] : at[1] + 18],
            )
            if not tail or (found[0] == "国际" and not re.search(r"论坛|峰会|大会|节|奖", tail[0])):
                continue
            lead = re.search(r"(?:首届|第[一二三四五六七八九十0-9]+届)$", text[: at[0]])
            span = ((lead.start() if lead else at[0]), at[1] + tail.end())
            name = text[span[0] : span[1]]
        if name.strip('"') in seen:
            continue
        seen.add(name.strip('"'))
        out.append(Sign("wording", span[0], span[1], at, part.sentence if part else -1, True))
    for a, b in quoted:
        name = text[a + 1 : b - 1]
        if (
            WORDING_GRAND.match(name)
            and name not in seen
            and not re.search(r"人民(?:政府|法院|检察院|医院|路|公园|广场|调解|陪审)", name)
            and not _UPWARD_USE.search(text[max(0, a - 14) : a])
        ):
            seen.add(name)
            out.append(Sign("wording", a, b, (a + 1, b - 1), 0, True))
    return out


def privacy(notice: Notice) -> list[Sign]:
    """Personal data of somebody put up for the public; a contact number of the office is none. Neighbours are merged."""
    text = notice.folded.text
    if not re.search(r"公示|公布|公告|名单|对象|候选", text):
        return []
    out: list[Sign] = []
    for found in PRIVACY.finditer(text, notice.title[1]):
        lead = text[max(0, found.start() - 24) : found.start()]
        line = lead.rsplit("\n", 1)[-1]
        official = _OFFICIAL_CONTACT.search(re.split(r"[。;]", line)[-1]) or _OFFICIAL_CONTACT.search(found[0])
        if official and "身份证" not in found[0]:
            continue
        if out and found.start() - out[-1].end <= 12 and "\n" not in text[out[-1].end : found.start()]:
            out[-1] = Sign("privacy", out[-1].start, found.end(), (out[-1].at[0], found.end()), 0, True)
        else:
            out.append(Sign("privacy", found.start(), found.end(), found.span(), 0, True))
    return out


def disguises(notice: Notice) -> Iterator[tuple[str, Sign]]:
    """(what it is called, where) for every carrier in the core or the title; the body comes before the title."""
    for name, pattern in DISGUISE.items():
        signs = [s for s in find(notice, "disguised", pattern) if s.core and not s.denied]
        for sign in sorted(signs, key=lambda s: s.in_title):
            yield name, sign


def local_approvals(notice: Notice) -> list[Sign]:
    """Claims that a meeting, a leader, a plan or a budget approved it. 根据…部署 alone claims nothing."""
    out = []
    for sign in find(notice, "approval", APPROVAL_LOCAL, title=False):
        words = notice.masked[sign.at[0] : sign.at[1]]
        if (
            sign.denied
            or APPROVED_HIGH.search(words)
            or re.search(r"未列入|没有列入|省委|省政府", notice.masked[max(0, sign.at[0] - 2) : sign.at[1]])
        ):
            continue
        if re.search(r"列入", words) and not re.search(r"要点|预算|计划|工作报告|实事", words):
            continue
        out.append(sign)
    return out
