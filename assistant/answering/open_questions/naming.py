"""Which documents a question names, in any wording; which place it speaks of. Pure but for the documents it is built from.

`NameTable` of retrieval reads exact titles, aliases and numbers; people also drop words (展会管理办法, 创建示范那个办法), which
is read here: a name may leave characters of the title out, never change their order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.domain import Document, DocumentStatus
from assistant.library.names import choose_version
from assistant.retrieval.lookup import Name, NameTable, plain
from assistant.text.labels import bare_title, unify_label
from assistant.text.numbers import NUMERAL

_KIND = re.compile(r"办法|条例|规定|细则|通知|清单|法(?![律规院治定])")
_FILLER = re.compile(
    r"那[个份件]|这[个份件]|的|里头?|中|(?:19|20)\d{2}年?版?|现行|新版?|旧版?|老版?|那|《|》|\"|\(|\)| |关于"
)
_BREAK = re.compile(r"[,。?!;:、\n]")
_TAIL = re.compile(
    r"^(?:的|里的?|中的?)*(?:活动|管理|实施|有关|相关|专门|上级|这些?|那些?|什么|哪[个份部]|新|旧|老|试行|暂行|现行)*$"
)
_SUBJECT_CHARS = 2  # besides the kind word, at least this much must be said; of a notice or a list, one more
_ORDER = re.compile(r"令第?(\d+)号")
_REACH = 26
_RARE = 2  # other works that may use an alias before it becomes a common word
_STRONG = re.compile(r"(?:办法|条例|规定|细则|通知|法|试行|暂规|..清单|..目录|..计划)(?:\(.*\))?$")
_VERSION = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TRIAL = re.compile(r"试行|暂行|旧|老(?:办法|规定|版)")
_BARE_LABEL = re.compile(rf"^(?:\(试行\)|》|\"|里|中|的|\s)*((?:{NUMERAL})+)条((?:第?\(?(?:{NUMERAL})+\)?[款项目])*)")

_POINT = re.compile(rf"第((?:{NUMERAL})+)([项点款行件])")

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_CITIES = "广州|深圳|杭州|南京|苏州|成都|武汉|西安|青岛|济南|厦门|福州|宁波|长沙|郑州|合肥|沈阳|大连|昆明|贵阳|无锡|佛山|东莞|芜湖|渭南|衢州|韶关"
_PLACE = re.compile(
    rf"(?:{_PROVINCES}|{_CITIES})(?=省|市|区|那边|那儿|这边|的|要求|规定|是|和|说|写|为|有|里|办|今年|去年|每|评|创|申|\d|口径|细则|标准|做法|报|$)"
)
_OTHER_PLACE = re.compile(r"(?:别|外|其他|隔壁|邻)(?:的)?(?:省|市|区|县)(?!级)")


@dataclass(frozen=True, slots=True)
class Named:
    """Documents named, most telling first; `strict` when a name is one nobody says by chance."""

    documents: tuple[str, ...] = ()
    strict: bool = False
    labels: tuple[tuple[tuple[str, ...], str], ...] = ()  # (documents it may belong to, unified label)
    years: tuple[int, ...] = ()
    trial: bool = False
    rest: str = ""  # the folded question without the names
    by_number: bool = False
    words: tuple[str, ...] = field(default=())  # the names as they were said


class DocumentNames:
    """Reads names in questions. Built once per library revision."""

    def __init__(self, documents: Iterable[Document], bodies: Sequence[tuple[str, str]] = ()) -> None:
        """`bodies` are (work, text) of some documents: an alias that few of them use is one nobody says by chance."""
        self._documents = {d.id: d for d in documents if d.status is not DocumentStatus.RETIRED}
        held = list(self._documents.values())
        self._table = NameTable(Name(d.id, d.title, d.aliases, d.document_number) for d in held)
        self._by_pair: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self._rare = {
            key
            for document in held
            for alias in document.aliases
            if len(key := plain(alias)) >= 3
            and sum(key in text for work, text in bodies if work != document.work) <= _RARE
        }
        self._orders: defaultdict[str, set[str]] = defaultdict(set)  # 国务院令第505号 carries no year
        for document in held:
            if order := _ORDER.search(plain(document.document_number)):
                self._orders[order[1]].add(document.id)
            for called in (document.title, *document.aliases):
                key = plain(bare_title(called))
                for at in range(len(key) - 1):
                    self._by_pair[key[at : at + 2]].add((key, document.id))

    def read(self, question: str) -> Named:
        """Everything the question names; a question that names nothing gives an empty Named."""
        references = self._table.read(question)
        text = plain(question)
        spans: list[tuple[int, int, frozenset[str], bool]] = [
            (
                m.start,
                m.end,
                m.documents,
                m.marked or text[m.start : m.end] in self._rare or _says_enough(text[m.start : m.end]),
            )
            for m in references.mentions
        ]
        ordered = False
        for found in _ORDER.finditer(text):
            if owners := self._orders.get(found[1]):
                spans.append((*found.span(), frozenset(owners), True))
                ordered = True
        by_number = ordered or any(m.marked and re.search(r"\d", text[m.start : m.end]) for m in references.mentions)
        for start, end, documents in self._loose(text):
            inside = [s for s in spans if s[0] < end and start < s[1]]
            if any(s[1] - s[0] >= end - start for s in inside):
                continue
            spans = [s for s in spans if s not in inside]
            spans.append((start, end, documents, True))
        spans.sort()
        strict = [s for s in spans if s[3]]
        chosen = strict or spans
        named = tuple(dict.fromkeys(d for s in sorted(chosen, key=lambda s: s[0] - s[1]) for d in sorted(s[2])))
        labels = [(tuple(sorted(owner)), label) for owner, label in references.labels]
        # A longer name read here may cover the one the table found: 社会组织评比办法, not 评比办法.
        labels = [(owner if set(owner) & set(named) else named, label) for owner, label in labels]
        if not labels:
            labels = list(self._bare_labels(text, spans))
        if not labels and strict and (point := _POINT.search(text)):
            labels = [(named, f"第{point[1]}{point[2]}")]
        rest = "".join(c for at, c in enumerate(text) if not any(s[0] <= at < s[1] for s in spans))
        return Named(
            documents=named,
            strict=bool(strict),
            labels=tuple(labels),
            years=tuple(int(y) for y in _VERSION.findall(text)),
            trial=bool(_TRIAL.search(text)),
            rest=rest,
            by_number=by_number,
            words=tuple(text[s[0] : s[1]] for s in chosen),
        )

    @staticmethod
    def _bare_labels(
        text: str, spans: Sequence[tuple[int, int, frozenset[str], bool]]
    ) -> Iterable[tuple[tuple[str, ...], str]]:
        """公务员法五十一条: a number right after a name, without 第."""
        for _, end, documents, _ in spans:
            found = _BARE_LABEL.match(text[end:])
            if found:
                steps = re.sub(rf"(?<![第(])((?:{NUMERAL})+)(?=[款项目])", r"第\1", found[2])
                yield tuple(sorted(documents)), unify_label(f"第{found[1]}条{steps}")

    def _loose(self, text: str) -> Iterable[tuple[int, int, frozenset[str]]]:
        """Stretches that are a title with words left out, longest first for each kind word."""
        for kind in _KIND.finditer(text):
            end = kind.end()
            head = text[max(0, end - _REACH) : end]
            cut = [m.end() for m in _BREAK.finditer(head)]
            low = max(0, end - _REACH) + (cut[-1] if cut else 0)
            best: tuple[int, int, frozenset[str]] | None = None
            for start in range(low, kind.start() - _SUBJECT_CHARS + 1):
                said = _FILLER.sub("", text[start:end])
                subject = said[: -len(kind[0])]
                if len(subject) < _SUBJECT_CHARS + (kind[0] in ("通知", "清单")) or _TAIL.match(subject):
                    continue
                documents = self._matching(said)
                if documents:
                    best = (start, end, documents)
                    break
            if best:
                yield best

    def _matching(self, said: str) -> frozenset[str]:
        """Documents whose title or alias holds the characters of `said` in order, its first two side by side."""
        found: list[tuple[int, str]] = []
        for key, document_id in self._by_pair.get(said[:2], ()):
            at = 0
            for char in said:
                at = key.find(char, at) + 1
                if not at:
                    break
            else:
                found.append((len(key), document_id))
        if not found:
            return frozenset()
        shortest = min(found)
        work = self._documents[shortest[1]].work
        return frozenset(d for _, d in found if self._documents[d].work == work)

    def version(self, named: Named, documents: Sequence[str], on: date) -> Document | None:
        """Of versions named together, the one meant: by the year said, by 试行, else the one in force, else the latest."""
        held = [self._documents[d] for d in documents if d in self._documents]
        if not held:
            return None
        for year in named.years:
            dated = [d for d in held if year in _years_of(d)]
            if len(dated) == 1:
                return dated[0]
        if len({d.work for d in held}) > 1:
            held = [d for d in held if d.work == held[0].work]
        if named.trial and len(held) > 1:
            trial = [d for d in held if _TRIAL.search(d.title)]
            if len(trial) == 1:
                return trial[0]
        return choose_version(held, on) or held[-1]


def _says_enough(name: str) -> bool:
    """Whether a title or alias is one that nobody says by chance: 创示办法 is, 目录, 年度计划 and 正面清单 are not."""
    return bool(_STRONG.search(name)) and (
        len(name) > 4 or name.endswith(("办法", "条例", "规定", "细则", "法", "试行", "暂规"))
    )


def _years_of(document: Document) -> set[int]:
    years = {int(y) for y in _VERSION.findall(f"{document.version} {document.document_number}")}
    for day in (document.issued_on, document.effective_on):
        if day.value:
            years.add(day.value.year)
    return years


def foreign_place(text: str, own_region: str, held_regions: Iterable[str]) -> str:
    """Another province or city whose rules are asked about; '' when none, or when we hold documents of it."""
    regions = " ".join([own_region, *held_regions])
    for found in _PLACE.finditer(text):
        if found[0] not in regions:
            return found[0]
    other = _OTHER_PLACE.search(text)
    return other[0] if other else ""
