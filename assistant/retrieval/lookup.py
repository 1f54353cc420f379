"""Exact references in a question: a document by title, alias or 发文字号, a label such as 第四条第一款, a quoted phrase. Pure.

`hybrid` looks what is found here up in the library and puts it before everything that was merely similar.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.text.fold import folded
from assistant.text.labels import bare_title, unify_label
from assistant.text.numbers import NUMERAL

_LABEL = re.compile(rf"第{NUMERAL}+条(?:之{NUMERAL}+)?(?:第?[(]?{NUMERAL}+[)]?[款项目])*")
_NUMBER = re.compile(r"[〔\[(]?((?:19|20)\d{2})年?[〕\])]?第?(\d{1,4})号?")
_MARKED = re.compile(r"[〔〕\[\]()号]")
_AGENCY = re.compile(r"[\u4e00-\u9fffa-z]*$")
_AGENCY_CHARS = 20
_QUOTED = re.compile(r"\"([^\"]{4,80})\"|'([^']{4,80})'")
_TRIAL = re.compile(r"\((?:试行|暂行|修订|修正|\d{4}年?(?:修订|修正|版)?)\)$")
_NOTHING = re.compile(
    r"[\s《》\"'、,，。.?？!！:：;；()\[\]〔〕-]|(?:的)?(?:规定|内容|全文|原文|条文|是什么|什么|有哪些|说)?(?:了)?(?:吗|呢)?$"
)
_KEY = 3  # titles are looked up by their first characters


@dataclass(frozen=True, slots=True)
class Name:
    """What one document is called."""

    document_id: str
    title: str
    aliases: Sequence[str] = ()
    document_number: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """Documents a stretch of the question names (versions of one title come together)."""

    documents: frozenset[str]
    start: int
    end: int
    marked: bool  # in 《》, or by document number: nobody says that by chance


@dataclass(frozen=True, slots=True)
class References:
    """What a question refers to. `labels` are (documents that may be meant, unified label); `rest` is what else it says."""

    mentions: tuple[Mention, ...] = ()
    labels: tuple[tuple[frozenset[str], str], ...] = ()
    phrases: tuple[str, ...] = ()
    rest: str = ""

    @property
    def documents(self) -> frozenset[str]:
        return frozenset(document for mention in self.mentions for document in mention.documents)

    @property
    def only_names(self) -> bool:
        """The question is a title or number and nothing else."""
        return bool(self.mentions) and not self.rest and not self.labels


def plain(text: str) -> str:
    """Folded, without white space: how titles and labels are compared."""
    return "".join(folded(text).split())


class NameTable:
    """Finds the documents a question names. Built once for each index generation."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._documents: defaultdict[str, set[str]] = defaultdict(set)
        self._numbers: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for name in names:
            for called in (name.title, *name.aliases):
                full = plain(bare_title(called))
                for key in {full, _TRIAL.sub("", full)}:
                    if len(key) > 1:
                        self._documents[key].add(name.document_id)
            number = plain(name.document_number)
            if found := _NUMBER.search(number):
                self._numbers[found[1], str(int(found[2]))].append((_agency(number, found.start()), name.document_id))
        self._by_head: defaultdict[str, list[str]] = defaultdict(list)
        for key in sorted(self._documents, key=lambda key: (-len(key), key)):  # the longest title wins
            self._by_head[key[:_KEY]].append(key)

    def read(self, question: str) -> References:
        """Everything a question refers to exactly; an empty question refers to nothing."""
        text = plain(question)
        mentions = sorted([*self._numbered(text), *self._titled(text)], key=lambda mention: mention.start)
        labels: list[tuple[frozenset[str], str]] = []
        spans = [(mention.start, mention.end) for mention in mentions]
        for found in _LABEL.finditer(text):
            before = [mention for mention in mentions if mention.end <= found.start()]
            owner = before[-1].documents if before else mentions[0].documents if mentions else frozenset()
            labels.append((owner, unify_label(found[0])))
            spans.append(found.span())
        rest = "".join(char for at, char in enumerate(text) if not any(start <= at < end for start, end in spans))
        rest = rest.replace("中华人民共和国", "")
        phrases = tuple(first or second for first, second in _QUOTED.findall(folded(question)))
        return References(tuple(mentions), tuple(labels), phrases, _NOTHING.sub("", rest))

    def _numbered(self, text: str) -> Iterable[Mention]:
        for found in _NUMBER.finditer(text):
            said, known = _agency(text, found.start()), self._numbers.get((found[1], str(int(found[2]))), ())
            # The characters before the year may hold more than the agency (“请看厅字”), or nothing at all.
            if not said and not _MARKED.search(found[0]):
                continue  # “2022年23” of “2022年23个项目”
            matching = [(agency, document) for agency, document in known if not said or said.endswith(agency)]
            if matching:
                longest = max(len(agency) for agency, _ in matching) if said else 0
                documents = frozenset(document for _, document in matching)
                yield Mention(documents, found.start() - longest, found.end(), True)

    def _titled(self, text: str) -> Iterable[Mention]:
        at = 0
        while at < len(text) - 1:
            heads = {text[at : at + size] for size in (2, _KEY)}
            keys = [key for head in heads for key in self._by_head.get(head, ()) if text.startswith(key, at)]
            if not keys:
                at += 1
                continue
            key = max(keys, key=len)
            marked = at > 0 and text[at - 1] == "《"
            yield Mention(frozenset(self._documents[key]), at, at + len(key), marked)
            at += len(key)


def _agency(text: str, end: int) -> str:
    """The letters that stand right before a position."""
    found = _AGENCY.search(text[max(0, end - _AGENCY_CHARS) : end])
    return found[0] if found else ""
