"""Turns → the facts that hold now: carried over, corrected, answered to a question, forgotten when the topic changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.answering.learned.weighing import GOVERNED
from assistant.answering.organizations import Role
from assistant.answering.readfact import ReadFact
from assistant.answering.reading import Reader, Reading
from assistant.domain import Turn
from assistant.rules.engine import Stated
from assistant.rules.model import RuleBook
from assistant.text.fold import fold, folded


@dataclass(frozen=True, slots=True)
class Held:
    """A fact with the turn it was said in (0 is the oldest) and that turn's reading."""

    fact: ReadFact
    turn: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about the activity asked about."""

    facts: Mapping[str, Held] = field(default_factory=dict)
    current: Reading | None = None
    follow_up: bool = False
    asked: tuple[str, ...] = ()  # facts that were asked in earlier turns, in order

    def stated(self) -> dict[str, Stated]:
        """For the rules: only what was said or left open."""
        return {
            name: Stated(frozenset(held.fact.values), held.fact.open, held.fact.unknowable)
            for name, held in self.facts.items()
            if held.fact.values or held.fact.open or held.fact.unknowable
        }


# what an assistant's turn asked for, whoever worded it
_ASKED: tuple[tuple[str, str], ...] = (
    ("approval", r"谁批|批准机关|哪个机关批|批准文号|文号(?:是)?多少|文号\?"),
    ("commission", r"委托"),
    ("zone_power", r"授权|管委会性质"),
    ("host", r"设在哪|挂靠"),
    ("principal", r"(?:方案|经费|名单)[^?]{0,8}谁定|谁定(?:名单|标准)|实际主导"),
    ("project_level", r"上级项目由谁|批准依据|推荐的是|哪一级、哪个机关|哪个机关的(?:表彰|项目)|来文单位"),
    ("pilot_approved", r"试点由哪"),
    ("legal_basis", r"依据哪部|业务法规"),
    ("organizer_kind", r"(?:谁|哪个单位|哪家)[^?]{0,4}(?:主办|办|发文|牵头|名义)|主办单位(?:是)?|主办方|以谁的名义|\"?区里\"?是|区政府还是|由谁|自己(?:办|搞|评|来)[^?]{0,4}还是|还是(?:镇里|街道|镇上|乡里|部门|村里|区里)"),
    ("coverage", r"对象|哪些人|哪些单位|评的是|范围|内设|本单位"),
    ("recognition", r"称号|牌匾|证书|名单|授牌|发牌|挂牌|认定"),
    ("scoring", r"打分|评比|排名|验收"),
    ("fee", r"收费|收不收"),
    ("nature", r"具体做什么|什么活动|办什么"),
)  # fmt: skip
_ASKED_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _ASKED)
_YES = re.compile(
    r"^(?:是的?|对的?|嗯+|有的?|要的?|会的?|发的?|授的?|收的?|挂的?|可以|好的?|当然|肯定|确实|发,)(?:[,。!了啊呀呢 ]|$)|^(?:要|会|有|得)?(?:发|授|挂|给|公布)(?!不)"
)
_NO = re.compile(r"^(?:都|什么都|啥都|全都?|一律)?(?:不|没|无|否|没有|不是|未)(?!知道|清楚|晓得|确定|好说|了解|太)")
_UNKNOWN = re.compile(
    r"(?:哪|鬼|谁|咋)(?:个)?(?:晓得|知道|清楚)|说不好|没人(?:晓得|知道|说得清)|不知道|不清楚|说不清|不晓得|搞不清|没定|还没定|不确定|不好说|不了解|没想好"
)
_LETTER = re.compile(
    r"^\(?([a-h]|[1-8])\)?[.、。:,]?(?:吧|项|选项)?$|^(?:选|回|就是?)\(?([a-h])\)?|^\(?([a-h])\)?(?:吧|项|这项)?[,。:. ]"
)
_ORDINAL = re.compile(r"^(?:就|选|是)?第([一二三四五六1-6])(?:个|项|种)")
_DEPENDS_ON_ORGANIZER = ("coverage", "principal", "commission", "host", "zone_power", "approval", "approval_number")
_OF_THE_ASKER = ("organizer_kind", "organizer_level", "host", "zone_power")
_CARRIED = {("recognition", "honor"), ("scoring", "yes"), ("coverage", "outside"), ("fee", "yes"), ("wording", "yes")}
_HAS_OWN_PEOPLE = frozenset({"institution", "soe", "company", "social_organization"})
_POSITIVE = {"recognition": "honor", "scoring": "yes", "fee": "yes", "legal_basis": "named"}
_NEGATIVE = {
    "recognition": "none", "scoring": "no", "fee": "no", "commission": "none", "approval": "none",
    "zone_power": "other", "legal_basis": "none", "pilot_approved": "no", "principal": "own",
}  # fmt: skip


_HOSTS = {
    "party_government": "party_government", "department": "department", "mass_organization": "department",
    "township": "township",
}  # fmt: skip
_AT_ONCE = 12  # code points
_SHORT_TURN = 60  # code points
_ABOUT_THE_KIND = ("project_level", "approval", "commission", "legal_basis", "pilot_approved", "zone_power", "host")
_TURNS = re.compile(r"改成|换成|不是|改为|那就|算了|不办|更正|说错|纠正|其实|只是(?:往上|帮|负责)|只负责")
_RENAMED = re.compile(r"(?:改|换)(?:个)?(?:叫|名|成|为)|去掉[^,]{0,8}(?:字样|两个字|字)|不叫")


def asked_in(text: str) -> tuple[str, ...]:
    """Facts a reply may answer, most likely first: those of the question sentence."""
    plain = folded(text)
    questions = re.findall(r"[^。!?\n]*[?]|还差一项[^。]*[:：][^。?]*", plain)
    if not questions and len(plain) <= _SHORT_TURN:  # “已批的请给出批准机关和文号。”; not the advice under a verdict
        questions = re.findall(r"[^。!?\n]*请(?:给出|提供|说明|补充|写明|告知)[^。!?\n]*", plain)
    for piece in reversed(questions):
        found = tuple(name for name, pattern in _ASKED_PATTERNS if pattern.search(piece))
        if found:
            return found
    return ()


def _choice(plain: str) -> tuple[str, int]:
    """The letter of the option a reply picks (“b”, “选B”, “2”, “第二个”) and where the rest of it begins; ("", 0)."""
    ordinal = _ORDINAL.match(plain)
    if ordinal:
        return "abcdef"[("一二三四五六" if ordinal[1] in "一二三四五六" else "123456").index(ordinal[1])], ordinal.end()
    found = _LETTER.match(plain)
    if not found:
        return "", 0
    chosen = (found[1] or found[2] or found[3]).strip()
    rest = found.end() if found[3] else len(plain)
    return ("abcdefgh"[int(chosen) - 1] if chosen.isdigit() else chosen), rest


def _option_text(letter: str, said: str) -> str:
    """The words behind a letter in the assistant's turn: “A. 发，…” → “发，…”."""
    plain = folded(said)
    found = re.search(rf"(?:^|[\s,。;:?]){letter}[.、:)\s]\s*([^\n;]+?)(?=[\s;,。][a-h][.、:)\s]|[;\n]|$)", plain)
    return found[1].strip() if found else ""


def _answer_of(reply: str, said: str, reading: Reading, book: RuleBook) -> dict[str, ReadFact]:
    """Facts that a short reply gives only because of what was asked."""
    plain = reading.folded.text.strip(" 。!~")
    asked = asked_in(said)
    letter, _ = _choice(plain)
    if letter and said:
        plain = _option_text(letter, said) or plain
    for fact in book.facts:
        for option in fact.options:
            if fact.question and folded(option.text) == plain:
                return {fact.name: ReadFact(fact.name, option.values, 0, len(reading.folded.text))}
    if not asked:
        return {}
    whole = (0, len(reading.folded.text))
    name = asked[0]
    if _UNKNOWN.search(plain[:_AT_ONCE]):  # “这个我真不清楚”, whatever else is told
        return {name: ReadFact(name, (), *whole, unknowable=True)}
    if any(one in reading.facts for one in asked):
        return {}
    if _UNKNOWN.search(plain):
        return {name: ReadFact(name, (), *whole, unknowable=True)}
    if len(plain) > 24:
        return {}
    named = [o for o in reading.organizations if not o.denied and o.role is not Role.OTHER]
    if len(named) == 1 and name == "organizer_kind":  # asked whose name it bears, and one is given
        best = max(named, key=lambda o: o.score)
        level = (
            {"organizer_level": ReadFact("organizer_level", (best.level,), best.start, best.end)} if best.level else {}
        )
        return {name: ReadFact(name, (best.kind,), best.start, best.end), **level}
    if len(named) == 1 and name == "host" and (host := _HOSTS.get(max(named, key=lambda o: o.score).kind)):
        return {name: ReadFact(name, (host,), *whole)}
    if name in _NEGATIVE and _NO.match(plain):
        return {name: ReadFact(name, (_NEGATIVE[name],), *whole)}
    if name in _POSITIVE and _YES.match(plain):
        return {name: ReadFact(name, (_POSITIVE[name],), *whole)}
    return {}


def _merge(facts: dict[str, Held], turn: int, reading: Reading, extra: Mapping[str, ReadFact]) -> dict[str, Held]:
    new = {**reading.facts, **extra}
    for name in ("nature", "organizer_kind", "organizer_level"):  # a doubtful hint does not unsettle what was settled
        unsure = name in new and (new[name].open or len(new[name].values) != 1)
        if unsure and name in facts and len(facts[name].fact.values) == 1 and not facts[name].fact.open:
            del new[name]
    another = "organizer_kind" in new and "nature" in new and not reading.corrects
    same = (
        another and not reading.new_topic and "nature" in facts and facts["nature"].fact.values == new["nature"].values
    )
    if same:  # “那就由商务局把牌子发了”: somebody else, the same thing; nothing that loosens is carried over
        facts = {name: held for name, held in facts.items() if (name, *held.fact.values) in _CARRIED}
    elif reading.new_topic or another:  # the same people may go on to ask about something else
        facts = {} if "organizer_kind" in new else {n: h for n, h in facts.items() if n in _OF_THE_ASKER}
    else:
        facts = dict(facts)
    old_kind = facts["organizer_kind"].fact.values if "organizer_kind" in facts else None
    if "organizer_kind" in new and old_kind and new["organizer_kind"].values != old_kind:
        own = "内部" in reading.folded.text or (
            "自己" in reading.folded.text and bool(set(new["organizer_kind"].values) & _HAS_OWN_PEOPLE)
        )
        for name in ("organizer_level", *_DEPENDS_ON_ORGANIZER):
            if name != "coverage" or own:  # “换成学校自己搞呢” may mean its own people
                facts.pop(name, None)
    if "nature" in new and "nature" in facts and new["nature"].values != facts["nature"].fact.values:
        settled = not new["nature"].open and len(new["nature"].values) == 1
        keeps = not settled or new["nature"].values[0] in (
            "creation",
            "commendation",
            "pilot",
            "exchange",
            "competition",
        )
        for name in () if keeps else ("recognition", "scoring", "coverage", "project_level", "sub_project"):
            facts.pop(name, None)
    honored = "recognition" in new and new["recognition"].values == ("honor",)
    if honored and "nature" in facts and "nature" in new and new["nature"].values == ("creation", "commendation"):
        new.pop("nature")  # “那不授牌，只公布名单”: still the activity described before
    if "wording" in facts and "wording" not in new and _RENAMED.search(reading.folded.text):
        new["wording"] = ReadFact("wording", ("no",), 0, len(reading.folded.text))
    for name, fact in new.items():
        facts[name] = Held(fact, turn, reading)
    return facts


def understand(question: str, context: Sequence[Turn], reader: Reader, book: RuleBook) -> Situation:
    """The situation after the last turn. Assistant turns only tell what a short reply answers."""
    facts: dict[str, Held] = {}
    asked: list[str] = []
    said = ""
    turns = [*context, Turn("user", question)]
    reading: Reading | None = None
    for number, turn in enumerate(turns):
        if turn.role != "user":
            said = turn.content
            asked += asked_in(said)[:1]
            continue
        known: dict[str, str] = {
            name: facts[name].fact.values[0]
            for name in ("organizer_kind", "nature")
            if name in facts and len(facts[name].fact.values) == 1
        }
        reply = folded(turn.content).strip(" 。!~")
        letter, rest = _choice(reply)
        spoken = turn.content
        option = _option_text(letter, said) if letter and said else ""
        if option:
            spoken = f"{option}。{reply[rest:]}" if rest < len(reply) else option
        slots = asked_in(said)
        # “是全国的，国务院那边的表彰” answers whose project it is; what is done stays recommending
        keep = bool(slots) and slots[0] in _ABOUT_THE_KIND and "nature" not in slots
        reading = reader.read(spoken, known, keep_kind=keep and not _TURNS.search(folded(spoken)), asked=slots)
        extra = _answer_of(turn.content, said, reading, book)
        who = reading.organizer
        renamed = reading.corrects or bool(
            re.search(r"改由|换成?|由[^,。]{2,12}(?:主办|牵头|发文)|名义", reading.folded.text)
        )
        if slots and "organizer_kind" not in slots and who is not None and "organizer_kind" in facts and not renamed:
            # “中央部委，委托函有” answers who commissioned it; it does not change who runs it
            kept = {n: f for n, f in reading.facts.items() if n not in ("organizer_kind", "organizer_level")}
            reading = replace(reading, facts=kept, organizer=None)
        for name in _unsettled_by(slots):  # what was asked was open, whatever was read of it before
            facts.pop(name, None)
        facts = _merge(facts, number, reading, extra)
        if option:
            facts = {n: _as_written(h, turn.content, option, rest) if h.turn == number else h for n, h in facts.items()}
        if slots[:1] == ("project_level",) and "nature" in facts and facts["nature"].turn < number:
            # it was taken for a superior's project: then neither that nor an activity of one's own is settled
            earlier = facts["nature"].fact
            if len(earlier.values) == 1 and earlier.values[0] in GOVERNED:
                both = replace(earlier, values=("recommendation", *earlier.values), open=True)
                facts["nature"] = replace(facts["nature"], fact=both)
        said = ""
    assert reading is not None
    return Situation(facts, reading, follow_up=len(turns) > 1, asked=tuple(asked))


def _as_written(held: Held, written: str, option: str, rest: int) -> Held:
    """The same fact with its place in what was typed: “选B” stands for the words of the option, the rest for itself."""
    as_typed = fold(written)
    lead = len(as_typed.text) - len(as_typed.text.lstrip(" 。!~"))
    inserted = len(folded(option))
    start, end = held.fact.start, held.fact.end
    if start < inserted:
        start, end = lead, lead + rest
    else:
        start, end = (min(len(as_typed.text), lead + rest + offset - inserted - 1) for offset in (start, end))
    return replace(held, fact=replace(held.fact, start=start, end=end), reading=replace(held.reading, folded=as_typed))


def _unsettled_by(slots: Sequence[str]) -> tuple[str, ...]:
    """The fact that a question shows to have been open, whatever was read of it before.

    Whose activity it is and what is done are not forgotten: a question about them may be meant more narrowly.
    """
    asked = slots[0] if slots else ""
    return () if asked in ("", "organizer_kind", "nature") else (asked,)


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of several: what they share, then its own words, and where both stand in the question."""

    text: str
    shared: int  # code points of `text` that come before the list
    start: int  # of its own words, in the question

    def place(self, offset: int) -> int:
        """Where this offset of `text` stands in the question."""
        return offset if offset < self.shared else offset - self.shared + self.start


def split_activities(question: str) -> list[Part]:
    """Several activities asked at once, as parts; one part when there is no list. What comes before the list is shared."""
    counted = re.search(r"[两二三四五几2345](?:个|件)(?:事|问题|活动)", question)
    loose = r"(?:(?<=[\s:：;；。，,问])|^)[1-5](?=[\u4e00-\u9fff])|" if counted else ""
    marks = list(
        re.finditer(
            loose
            + r"[①②③④⑤]|(?:(?<=[\s:：;；。，,])|^)[1-5一二三四][.、．)）](?!\d)|(?:一个是|另一个是|一是|二是|三是)",
            question,
        )
    )
    whole = [Part(question, 0, 0)]
    if len(marks) < 2:
        return whole
    shared = question[: marks[0].start()]
    if re.search(r"[。?？]$", shared):
        shared = ""
    parts = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(question)
        piece = question[mark.end() : end]
        own = piece.strip(" ,，;；。")
        parts.append(Part(shared + own, len(shared), mark.end() + piece.index(own)))
    return whole if any(len(part.text) - part.shared < 4 for part in parts) else parts
