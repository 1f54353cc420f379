"""Operators on a labelled phrasing. Each gives a new text (and day, and facts), or None where it does not apply.

A wording operator leaves the facts as they are. A fact operator changes the text and the facts together; whether the
verdict should change is then for the rules to say. `tuned`: was it looked at while the reading was written?
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A text with its labelled facts; `who` names the organizer in it ("" when nobody is named)."""

    id: str
    text: str
    facts: Facts
    who: str
    on: date


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    apply: Callable[[Phrasing, random.Random], Phrasing | None]
    wording: bool  # the facts stay
    tuned: bool = True


def _with(
    one: Phrasing, text: str | None = None, *, on: date | None = None, facts: Mapping[str, str | None] | None = None
) -> Phrasing:
    """A changed copy; a fact given as None is no longer labelled."""
    changed = {name: value for name, value in {**one.facts, **(facts or {})}.items() if value is not None}
    return Phrasing(one.id, one.text if text is None else text, changed, one.who, on or one.on)


# ── wording ──


def _around(before: tuple[str, ...], after: tuple[str, ...]) -> Callable[[Phrasing, random.Random], Phrasing | None]:
    def apply(one: Phrasing, rng: random.Random) -> Phrasing:
        return _with(one, rng.choice(before or ("",)) + one.text + rng.choice(after or ("",)))

    return apply


def _ended(text: str) -> str:
    return text if text[-1:] in "。？！?!" else text + "。"


def _sentence_before(sentences: tuple[str, ...]) -> Callable[[Phrasing, random.Random], Phrasing | None]:
    return lambda one, rng: _with(one, rng.choice(sentences) + one.text)


def _sentence_after(sentences: tuple[str, ...]) -> Callable[[Phrasing, random.Random], Phrasing | None]:
    return lambda one, rng: _with(one, _ended(one.text) + rng.choice(sentences))


@lru_cache(maxsize=1)
def _traditional() -> Any:
    from opencc import OpenCC

    return OpenCC("s2t")


def _in_traditional(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = str(_traditional().convert(one.text))
    return _with(one, text) if text != one.text else None


def _full_width(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = "".join(
        chr(ord(c) + 0xFEE0) if "0" <= c <= "9" or ("A" <= c <= "z" and c.isalpha()) else c for c in one.text
    )
    text = text.replace(",", "，").replace("?", "？").replace("!", "！").replace(":", "：")
    return _with(one, text) if text != one.text else None


def _half_width(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = one.text.translate(str.maketrans("，？！：；（）", ",?!:;()"))
    return _with(one, text) if text != one.text else None


def _quotes(one: Phrasing, rng: random.Random) -> Phrasing | None:
    pairs = rng.choice(("「」", "『』", '""', "‘’"))
    text = re.sub(r"[“\"「]([^”\"」]{1,20})[”\"」]", lambda m: pairs[0] + m[1] + pairs[1], one.text)
    return _with(one, text) if text != one.text else None


def _no_last_mark(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = one.text.rstrip("。？！?!~ ")
    return _with(one, text) if text and text != one.text else None


def _marks_repeated(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = re.sub(r"[？?]$", "？？？", one.text)
    return _with(one, text) if text != one.text else None


def _commas_as_spaces(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = re.sub(r"(?<=[\u4e00-\u9fff])[,，](?=[\u4e00-\u9fff])", " ", one.text)
    return _with(one, text) if text != one.text else None


def _line_broken(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = re.sub(r"([。？！?!])(?=.)", r"\1\n", one.text)
    return _with(one, text) if text != one.text else None


_SYNONYMS = (
    ("打算", "准备"), ("准备", "打算"), ("想搞", "想办"), ("牌子", "牌匾"), ("牌匾", "牌子"), ("行不行", "可以吗"),
    ("可以吗", "行吗"), ("能不能", "可不可以"), ("请问", "请教"), ("行吗", "可以吧"), ("需要", "要"), ("年底", "年末"),
    ("下个月", "下月"), ("称号", "荣誉称号"), ("老百姓", "群众"), ("发放", "发"), ("举办", "办"), ("开展", "搞"),
    ("区教育局", "教育局"), ("怎么办理", "怎么办"), ("合不合规", "合规吗"), ("是否", "是不是"), ("如何", "怎么"),
)  # fmt: skip


def _synonym(one: Phrasing, rng: random.Random) -> Phrasing | None:
    fitting = [(a, b) for a, b in _SYNONYMS if a in one.text and b not in one.text and a not in one.who]
    if not fitting:
        return None
    a, b = rng.choice(fitting)
    return _with(one, one.text.replace(a, b, 1))


_TOWN = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2}(?=镇(?!街|里|上)|乡(?!镇|里|贤|村)|街道(?!办事))")


def _renamed(one: Phrasing, rng: random.Random) -> Phrasing | None:
    found = _TOWN.search(one.text)
    if found is None or found[0] in (
        "我们",
        "咱们",
        "他们",
        "隔壁",
        "各个",
        "俺们",
        "有个",
        "一个",
        "下面",
        "全区",
        "某个",
    ):
        return None
    name = rng.choice(("白鹭", "双桥", "青岗", "梅溪"))
    return _with(one, one.text.replace(found[0], name))


_NUMBER = re.compile(r"(?<![0-9〔\[])([2-9]|1[0-9]|2[0-9])(?=(?:个|名|户|家|位|块|面)[^月年])")


def _other_number(one: Phrasing, rng: random.Random) -> Phrasing | None:
    text = _NUMBER.sub(lambda m: str(int(m[1]) + 1), one.text)
    return _with(one, text) if text != one.text else None


_TYPOS = (("打算", "大算"), ("准备", "准被"), ("请问", "清问"), ("需要", "须要"), ("可以", "可已"), ("这样", "这洋"),
          ("怎么", "咋么"), ("今年", "今念"), ("我们", "我门"), ("行不行", "行步行"), ("自己", "自已"), ("知道", "知到"))  # fmt: skip


def _typo(one: Phrasing, rng: random.Random) -> Phrasing | None:
    fitting = [(a, b) for a, b in _TYPOS if a in one.text and a not in one.who]
    if not fitting:
        return None
    a, b = rng.choice(fitting)
    return _with(one, one.text.replace(a, b, 1))


def _letter_doubled(one: Phrasing, rng: random.Random) -> Phrasing | None:
    """One function word typed twice: 的的, 了了."""
    places = [m.start() for m in re.finditer("[的了吗呢]", one.text)]
    if not places:
        return None
    at = rng.choice(places)
    return _with(one, one.text[:at] + one.text[at] + one.text[at:])


def _another_day(days: int) -> Callable[[Phrasing, random.Random], Phrasing | None]:
    return lambda one, rng: _with(one, on=one.on + timedelta(days=days))


# ── facts ──


# words that would still speak of the old organizer, or of somebody else who might run it
_OWN = re.compile(
    r"我|咱|俺|本(?:镇|局|街道|区|会|村|单位|校|院)|自己|内部|[镇乡区局会](?:里|上)|街道|镇政府|主任|局长|镇长|书记|领导|办公室|委托|联合"
)


def _organizer(name: str, kind: str, level: str | None) -> Callable[[Phrasing, random.Random], Phrasing | None]:
    """Another organizer in the place of the one named; what is its own (staff, sections) is no longer that."""

    def apply(one: Phrasing, rng: random.Random) -> Phrasing | None:
        facts = one.facts
        depends = ("coverage", "principal", "commission", "host", "zone_power", "approval", "approval_number")
        if (
            not one.who or one.text.count(one.who) != 1 or len(one.who) < 3 or facts.get("organizer_kind") == kind
            or any(facts.get(fact) not in (None, "outside") for fact in depends)
            or facts.get("nature") not in ("creation", "commendation")
            or _OWN.search(one.text.replace(one.who, "", 1))
        ):  # fmt: skip
            return None
        text = one.text.replace(one.who, name)
        return _with(one, text, facts={"organizer_kind": kind, "organizer_level": level})

    return apply


def _added(
    sentence: str, fact: str, value: str, *more: tuple[str, str], only: Mapping[str, tuple[str, ...]] | None = None
) -> Callable[[Phrasing, random.Random], Phrasing | None]:
    """One more sentence, which says one more fact, where the labels do not say it yet."""

    def apply(one: Phrasing, rng: random.Random) -> Phrasing | None:
        if fact in one.facts or any(name in one.facts for name, _ in more):
            return None
        if only and any(one.facts.get(name) not in values for name, values in only.items()):
            return None
        return _with(one, _ended(one.text) + sentence, facts={fact: value, **dict(more)})

    return apply


_RUN = {"nature": ("creation", "commendation")}
OPERATORS: tuple[Operator, ...] = (
    Operator("礼貌开头", _around(("您好,", "你好，请教一下，", "老师好，", "麻烦问一下："), ()), True),
    Operator("致谢结尾", _sentence_after(("谢谢！", "多谢多谢。", "辛苦了。")), True),
    Operator("催促", _sentence_after(("急！", "在线等。", "明天就要答复。")), True),
    Operator("无关的话在前", _sentence_before(("今天开了一上午会。", "刚从外面回来。", "昨晚加班到很晚。")), True),
    Operator("无关的话在后", _sentence_after(("另外今天天气真冷。", "我下午在办公室。", "回头请你喝茶。")), True),
    Operator("领导让问", _around(("领导让我问一下，", "主任叫我打听：", "科长让我问问，"), ()), True),
    Operator("别处的说法", _sentence_after(("听说别的区备案就行。", "隔壁区说报个备就可以。")), True),
    Operator("繁体", _in_traditional, True),
    Operator("全角", _full_width, True),
    Operator("半角标点", _half_width, True),
    Operator("换引号", _quotes, True),
    Operator("去掉句末标点", _no_last_mark, True),
    Operator("逗号成空格", _commas_as_spaces, True),
    Operator("同义词", _synonym, True),
    Operator("换地名", _renamed, True),
    Operator("换数量", _other_number, True),
    Operator("错别字", _typo, True),
    Operator("后一天", _another_day(1), True),
    Operator("前一天", _another_day(-1), True),
    Operator("问号连打", _marks_repeated, True, tuned=False),
    Operator("句子分行", _line_broken, True, tuned=False),
    Operator("虚词打重", _letter_doubled, True, tuned=False),
    Operator("语气结尾", _sentence_after(("拜托了哈。", "先谢过。", "盼复。")), True, tuned=False),
    Operator("表情", _around((), ("🙏", "😂", " [抱拳]")), True, tuned=False),
    Operator("换主办：区政府", _organizer("区政府", "party_government", "district"), False),
    Operator("换主办：镇", _organizer("白鹭镇", "township", "lower"), False),
    Operator("换主办：区局", _organizer("区水务局", "department", "district"), False),
    Operator("换主办：协会", _organizer("区餐饮协会", "social_organization", None), False),
    Operator("换主办：市政府", _organizer("市政府", "party_government", "city"), False),
    Operator("换主办：村委会", _organizer("柳河村村委会", "village", "lower"), False, tuned=False),
    Operator("换主办：企业", _organizer("一家民营企业", "company", None), False, tuned=False),
    Operator("加收费", _added("每家交300元报名费。", "fee", "yes", only=_RUN), False),
    Operator("加不收费", _added("不收取任何费用。", "fee", "no", only=_RUN), False),
    Operator("加口头批准", _added("区里常委会已经研究同意了。", "approval", "local", only=_RUN), False),
    Operator("加自称已批", _added("手续上说是已经批过了。", "approval", "claimed", only=_RUN), False),
    Operator("加授牌", _added("最后发牌匾。", "recognition", "honor"), False),
    Operator("加什么都不发", _added("不发任何牌子证书，也不公布名单。", "recognition", "none",
             only={"nature": ("business", "exchange", "assessment", "pilot", "case_collection")}), False, tuned=False),
)  # fmt: skip
