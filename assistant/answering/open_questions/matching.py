"""How well a stretch answers: which of the question's words it holds, what it means, whether it has the wanted shape.

Word weights come from a sample of the library; meaning from the shipped word vectors. No index is opened here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.retrieval.embedder import StaticVectors, Vectors
from assistant.text.fold import folded
from assistant.text.words import words

_SAMPLE = 3_000  # provisions that word weights are learnt from
_STOP = frozenset(
    "的 了 是 在 和 与 或 或者 及 有 有没有 没有 吗 呢 吧 啊 呀 么 嘛 这 那 这个 那个 这种 哪 哪个 哪些 什么 啥 谁 怎么 怎样 咋 如何 多少 几 几个"
    " 到底 具体 一下 请问 问 问下 想 想问 能 能不能 可以 可不可以 要 要不要 会 不会 得 就 都 也 还 又 再 来 去 给 让 把 被 对 对于 关于 按 按照 我 我们 你"
    " 你们 他们 咱们 自己 人家 说 讲 写 看 听 叫 算 算是 不 没 里 里面 上 下 中 时候 什么时候 现在 今天 今年 最 最多 最高 最少 最长 多 久 多久 天 日 个 项"
    " 次 份 种 类 条 款 一 一个 一共 总共 规定 内容 意思 是不是 是否 行 行不行 吧 啦 哦 嗯 那么 所以 因为 如果 但是 不过 之后 以后 之前 以前 知道 需要 应该 应当"
    " 问题 那换个 换 要交 前交 月底 几份 最多能 能报 一级 不算 定义 含义 概念 还要 直接 准备 不能 能否 走 流程 想换个 换个 主要 下来 批下来 会不会 局 管 局管 搞会 结果 归 区分 区别 发个 挂个 能搞 能办 能报 能开 一年 几项 几个 咋说 咋写 搞出来 里面 里头 要干 要填 去说 得报 最后 到底 一份 说法 有啥 有何 是啥 算吗 算不算 怎么写 怎么说 该 该找 说的 说过 收到 允许 准许 可否 违规 事 事情 东西 情况 方面 部分 一般 大概 左右 左右 么 咱 俺 老师 您好 你好 谢谢 麻烦 原文 条文 办 搞 弄 做 用 拿 发 用不用 吗 几天 几月 几号 多长 时间 哪里 哪儿"
    " 哪家 各 只 才 跟 同 向 由 到 从 为 以 等 其 其他 其它 它 他 她 您 之 而 并 且 则 即 若 所 于 将 已 已经 比如 听说 有人 一样 平常 多大 怎么办".split()
)
_SAME_SHARE, _NEAR_SHARE = 0.75, 0.45
_TRIVIAL = re.compile(r"^[\d.]+$")

# Words that mean the same in this field; one of a group stands for all. Only what the question lexicon (corpus/lexicon) has not.
_SAME = (
    "社会团体 社团 协会 商会 学会 社会组织", "民非 民办非企业单位 民办非企业 社会服务机构", "罚 处罚 罚款 咋罚 罚则", "报名费 收费 费用 收钱 收取 工本费 评审费 要钱",
    "举办 开展 办 承办 主办", "县 县级 区 区县 区级 县市区", "市里 设区市 设区的市 市级", "省里 省级 省委省政府", "写明 载明 写清 填 填写", "申请 申报 报 上报 请示 往上报",
    "名字 名称 名儿 冠名", "退出 不办了 退", "不办许可 没有许可 未经许可 没有经过安全许可 没拿到许可 许可", "工作人员 职工 员工", "合办 合作举办 联合举办 合作 联合办 一起办 联合", "公司 企业 营利性机构 营利机构", "换个名称 换名称 换个名字 改名 改名称 变更名称 更名 要改名称 改变项目名称 名称", "改 变更 改名 换 更改 更名", "牌子 牌匾 授牌 铜牌", "住址 家庭住址 地址", "处级 县处级 处级干部", "奖金 奖励 一次性奖金",
    "领导 负责人 主要领导", "年检 年度检查 工作报告 年检报告", "会员 成员", "审批 批准 批 许可", "大会 会议 工作会议", "公众号 公众账号 政务新媒体 新媒体 媒体",
    "监察 监委", "几档 等次 档次", "上级 上面 来文单位", "评先进 评优 评选先进 评选 表彰", "招聘会 招聘 人才招聘", "音乐会 音乐节 演唱会 文艺演出", "内设机构 科室 下属单位 下属 二级单位",
    "手机号 身份证号 个人信息 电话", "没办 未办 没办成 未办理 没有办", "书面说明 说明", "报备 备案 留存 报送", "施行 生效 实施 执行", "公安 公安机关 公安局 公安分局 派出所",
    "事业单位 学校 医院 教师 老师 护士 医生", "公务员 科员", "几成 占比 比例", "县里 县 县级", "节庆 办节 节庆活动", "来文 上面来文", "没写 未载明 没有写明 未写明 没说 没写明", "超范围 超出 业务范围 超章程", "不按章程 章程", "去 申请", "改时间 变更时间 改", "处理 处罚 责令 不予承认 停止", "灯会 音乐会 音乐节 演唱会 大型活动 大型群众性活动 露天音乐会", "工作部门 部门 区直部门",
)  # fmt: skip


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for line in _SAME:
        group = tuple(line.split())
        for word in group:
            out[word] = tuple(dict.fromkeys((*out.get(word, ()), *group)))
    return out


class WordWeights:
    """Inverse document frequency of words over (at most 3,000) provisions."""

    def __init__(self, texts: Sequence[str]) -> None:
        step = max(1, len(texts) // _SAMPLE)
        sample = texts[::step]
        self._size = max(1, len(sample))
        self._frequency: Counter[str] = Counter()
        for text in sample:
            self._frequency.update(set(words(text)))

    def weight(self, word: str) -> float:
        """Rare words weigh up to about 6, words of every second provision under 1.

        A word we hold nowhere is most often a lay word and weighs little; Latin letters (ai, app) are a thing asked about.
        """
        found = self._frequency.get(word, 0)
        if not found:
            return 5.0 if word.isascii() else 1.0
        return math.log(1 + (self._size - found + 0.5) / (found + 0.5))

    def known(self, word: str) -> bool:
        return word in self._frequency


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question, its weight, and what may stand for it: all of it, or some of it."""

    word: str
    weight: float
    same: tuple[str, ...] = ()  # other words for it
    near: tuple[str, ...] = ()  # official words the lexicon brings along with it


def terms_of(text: str, weights: WordWeights, expansions: Mapping[str, Sequence[str]]) -> tuple[Term, ...]:
    """The telling words of a question, each once. A word inside a longer one of the same question counts half."""
    spoken = plain(text)
    found = [w for w in dict.fromkeys(words(text)) if w not in _STOP and not _TRIVIAL.match(w)]
    said = list(found)
    for word in found:
        # 报到 stands in no document, 报 does: an unknown word of two characters is heard by its parts.
        if len(word) == 2 and not weights.known(word) and word not in _groups():
            said += [c for c in word if c not in said and c not in _STOP and weights.known(c)]
    said += [w for w in _groups() if len(w) > 1 and w in spoken and w not in said and w not in _STOP]
    out = []
    for word in said:
        if len(word) == 1 and not weights.known(word):
            continue
        official = tuple(
            one for lay, stands_for in expansions.items() if word in lay or lay in word for one in stands_for
        )
        same = _groups().get(word, ())
        weight = weights.weight(word) * (0.4 if len(word) == 1 else 1.0)
        if not weights.known(word) and not word.isascii():
            # A lay word weighs what it stands for weighs.
            weight = max([weight, *(0.8 * weights.weight(one) for one in (*same, *official) if weights.known(one))])
        if any(word != other and word in other for other in said):
            weight *= 0.5
        out.append(Term(word, weight, same, official))
    return tuple(out)


def weight_of(terms: Sequence[Term]) -> float:
    return sum(term.weight for term in terms)


def coverage(terms: Sequence[Term], *texts: str, shares: Sequence[float] = (1.0,)) -> float:
    """Weighted share of the terms found, 0 to 1: each counts in the first text that holds it, at that text's share."""
    total = sum(term.weight for term in terms)
    if not total:
        return 0.0
    got = 0.0
    for term in terms:
        best = 0.0
        for text, share in zip(texts, shares, strict=True):
            if term.word in text:
                best = max(best, share)
            elif best < share * _SAME_SHARE and any(other in text for other in term.same):
                best = share * _SAME_SHARE
            elif best < share * _NEAR_SHARE and any(other in text for other in term.near):
                best = share * _NEAR_SHARE
        got += best * term.weight
    return got / total


class Meaning:
    """Cosines of short texts by the shipped word vectors, remembered."""

    def __init__(self, vectors: StaticVectors | None = None) -> None:
        self._vectors = vectors or StaticVectors()
        self._held: dict[str, Vectors] = {}

    def cosines(self, question: str, texts: Sequence[str]) -> list[float]:
        """One for each text; 0 when either has no known word."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._held]
        if len(self._held) + len(missing) > 50_000:  # bounded: texts come from the library, questions do not stay
            self._held.clear()
            missing = list(dict.fromkeys(texts))
        for text, row in zip(missing, self._vectors.embed(missing), strict=True):
            self._held[text] = row
        if not texts:
            return []
        query = self._vectors.embed([question])[0]
        return [float(x) for x in np.stack([self._held[text] for text in texts]) @ query]


def plain(text: str) -> str:
    """Folded without white space, for matching."""
    return _plain(text)


@lru_cache(maxsize=50_000)
def _plain(text: str) -> str:
    return "".join(folded(text).split())


def all_of(texts: Iterable[str]) -> str:
    return " ".join(texts)


# A rule for a special class of things does not answer a question that does not speak of the class.
_CLASSES = tuple(
    re.compile(cue)
    for cue in (
        "社会组织|社会团体|民办非企业|基金会|行业协会|协会|商会|社团|民非", "学生|竞赛|比赛", "科学技术奖|科技奖", "慈善|募捐", "广告|商标",
        "论坛|峰会|年会", "节庆|庆典|办节", "展会|展览|办展", "大型群众性活动|大型活动|灯会|音乐|演唱会|庙会|花会|焰火|晚会|集市|招聘会|安全许可|公安|演出|展销", "公务员|科员|干部|机关人员|记功|三等功|嘉奖",
        "事业单位|学校|医院|老师|教师|护士|记功|嘉奖", "党内|党员|党务|党组织|两优一先|七一", "勋章|荣誉称号|纪念章|奖章|功勋",
    )
)  # fmt: skip


def outside_class(title: str, spoken: str) -> bool:
    """Whether a document is for a special class that the question does not speak of."""
    special = [cue for cue in _CLASSES if cue.search(title)]
    return bool(special) and not any(cue.search(spoken) for cue in special)
