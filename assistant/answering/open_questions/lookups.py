"""What is looked up exactly: a place in a document, a document number, whether and since when a document is in force.

Nothing here is guessed: a place that is not held is said to be not held, a number or a day that is not known is said to be
unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answering.open_questions.finding import Finder, visible
from assistant.answering.open_questions.matching import Term, coverage, plain
from assistant.answering.open_questions.naming import Named
from assistant.answering.open_questions.stretches import Stretch, shown, stretches_of
from assistant.answering.open_questions.wording import (
    LIMIT,
    OpenAnswer,
    cite,
    clip,
    no_basis,
    notices_of,
    place,
    titled,
)
from assistant.domain import Citation, Document, DocumentStatus, PartialDate, Precision, Provision, TextStatus
from assistant.errors import ProvisionNotFound
from assistant.library import Library
from assistant.library.labels import last_label
from assistant.library.names import age_key, sees
from assistant.text.labels import article_number
from assistant.text.numbers import NUMERAL, chinese_number, parse_number

_START = re.compile(r"自.{0,16}起施行|起施行|施行日期|同时废止")
_POINT = re.compile(rf"第({NUMERAL}+)[项点款行件]")
_CHAPTER = re.compile(r"第[0-9一二三四五六七八九十]+章")


class Lookups:
    """Exact answers from the library."""

    def __init__(self, library: Library, finder: Finder, region: str) -> None:
        self._library, self._finder, self._region = library, finder, region

    # ── places ──

    def places(self, named: Named, *, on: date, terms: Sequence[Term] = ()) -> OpenAnswer | None:
        """What a named place says; None when the question names no place in a document we know.

        Of a place too long to be told whole, the sentence that holds most of `terms` is told.
        """
        answers: list[tuple[Document, Provision]] = []
        for owners, label in named.labels[:3]:
            document = self._finder.shelf.names.version(named, owners, on)
            if document is None:
                continue
            held = self._place(document, label)
            if held is None:
                return self._not_held(document, label, on)
            answers.append((document, held))
        if not answers:
            return None
        document, _ = answers[0]
        limit = (LIMIT - 12 * len(answers)) // len(answers)
        parts = [f"{place(p)}：{_whole(d, p, limit - len(place(p)) - 2, terms)}" for d, p in answers]
        citations = tuple(cite(d, p, p.text) for d, p in answers)
        text = clip("；".join(parts))
        return OpenAnswer(text, citations, notices=(*self._version_notice(document, on), *notices_of(citations)))

    def _place(self, document: Document, label: str) -> Provision | None:
        """The provision of a label; 第五项 of a document that numbers otherwise may be printed （五）, 五、, 5. or 第5行."""
        point = _POINT.fullmatch(label)
        spellings = [label]
        if point:
            number = parse_number(point[1])
            chinese = chinese_number(number)
            spellings += [f"（{chinese}）", f"{chinese}、", f"{number}.", f"要点{chinese}", f"第{number}行"]
        for spelling in spellings:
            try:
                return self._library.provision(f"{document.id}/{spelling}")
            except ProvisionNotFound:
                continue
        return None

    def _not_held(self, document: Document, label: str, on: date) -> OpenAnswer:
        held = self._library.provisions(document.id)
        last = last_label([p for p in held if p.label])
        numbered = any("条" in p.label for p in held)
        total = document.known_articles or (self._library.articles(document.id) if document.complete else 0)
        beyond = article_number(label)
        if numbered and total and (document.complete or (beyond and beyond[0] > total)):
            text = f"{titled(document)}全文共{total}条，没有{label}，请核对条号。"
        else:
            tail = f"（已收录的条文到{last}）" if numbered and last else "（正文未读到，只有要点）" if last else ""
            text = f"{titled(document)}{label}没有收录{tail}，未收录不等于未规定。请查原件，核对前不要引用。"
        if document.status is DocumentStatus.SUPERSEDED:
            text = f"{text.rstrip('。')}；该文件已被取代。"
        return no_basis(clip(text))

    def whole(self, question: str, named: Named, *, on: date) -> OpenAnswer | None:
        """How many articles, or what a chapter holds; None when no document is named."""
        document = self._finder.shelf.names.version(named, named.documents, on)
        if document is None:
            return None
        held = self._library.provisions(document.id)
        chapter = _CHAPTER.search(question)
        if chapter:
            inside = [p for p in held if any(step.startswith(chapter[0]) for step in p.path)]
            if inside:
                heading = next(step for step in inside[0].path if step.startswith(chapter[0]))
                labels = [p.label for p in inside if not p.parent]
                text = (
                    f"{heading}，已收录{labels[0]}至{labels[-1]}。" if len(labels) > 1 else f"{heading}，{labels[0]}。"
                )
                return OpenAnswer(clip(text), (cite(document, inside[0], inside[0].text),))
        total = document.known_articles or (self._library.articles(document.id) if document.complete else None)
        if total and not chapter:
            own = "，本库已全部收录" if document.complete else "，本库只收录一部分"
            return OpenAnswer(f"{titled(document)}共{total}条{own}。", (cite(document, held[-1], held[-1].text),))
        text = f"{titled(document)}的总条数和章节没有读到，本库收录不全，未收录不等于未规定。请查原件。"
        return no_basis(clip(text))

    def overview(self, document: Document) -> OpenAnswer | None:
        """What a document consists of: its headings, else the opening words of its places."""
        held = [p for p in self._library.provisions(document.id) if not p.parent and (p.label or p.path)]
        headings = list(dict.fromkeys(p.path[-1] for p in held if p.path))
        if len(headings) > 1:
            parts, unit = [re.sub(r"^[A-Z一二三四五六七八九十]+[、 .]\s*", "", h) for h in headings], "部分"
        else:
            parts, unit = [_opening(p) for p in held], "项"
        parts = [p for p in parts if p]
        if not parts:
            return None
        kept: list[str] = []
        lead = f"{titled(document)}分{len(parts)}{unit}："
        for part in parts:
            if len(lead) + sum(map(len, kept)) + len(kept) + len(part) > LIMIT - 20:
                break
            kept.append(part)
        text = lead + "、".join(kept) + ("等" if len(kept) < len(parts) else "")
        if document.text_status is TextStatus.MODEL:
            text += "（示范文本）"
        citations = tuple(cite(document, p, p.text) for p in held[:2])
        return OpenAnswer(clip(text), citations, notices=notices_of(citations))

    # ── document numbers ──

    def number(self, named: Named, documents: Sequence[str], *, on: date) -> OpenAnswer | None:
        """The document number; None when no document is meant."""
        document = self._finder.shelf.names.version(named, documents, on)
        if document is None:
            return None
        first = self.witness(document)
        if not document.document_number:
            text = f"{titled(document)}的文号没有核到，请查原件，不要凭记忆引用。"
            return no_basis(clip(text))
        text = f"{titled(document)}的文号是{document.document_number}"
        if document.issued_on.value:
            text += f"，{_chinese(document.issued_on)}印发"
        successor = self.successor(document, on)
        if successor is not None:
            number = f"（{successor.document_number}）" if successor.document_number else ""
            text += f"。该文件已被{titled(successor)}{number}取代，不能再作现行依据"
        citations = tuple(
            cite(d, w, w.text) for d, w in ((document, first), (successor, self.witness(successor))) if d and w
        )
        return OpenAnswer(clip(text), citations, notices=notices_of(citations))

    def title(self, named: Named, *, on: date) -> OpenAnswer | None:
        """Which document a number is; None when none is named."""
        document = self._finder.shelf.names.version(named, named.documents, on)
        if document is None:
            return None
        text = f"是{titled(document)}（{document.document_number}），{document.issuer}"
        return self._with_state(text, document, on)

    # ── validity ──

    def validity(self, question: str, named: Named, documents: Sequence[str], *, on: date) -> OpenAnswer | None:
        """Whether a document is in force on the day, since when, replaced by what; None when none is meant."""
        document = self._finder.shelf.names.version(named, documents, on)
        return None if document is None else self._with_state("", document, on)

    def current(self, documents: Sequence[str], *, on: date, subject: str = "") -> OpenAnswer | None:
        """Which document governs, of those that were found to bear on it; None when none was in force."""
        held = [self._library.document(d) for d in documents]
        held = [d for d in held if d.maybe_in_force(on)]
        if not held:
            return None
        document = held[0]
        number = f"（{document.document_number}）" if document.document_number else ""
        older = [
            d for d in self._library.versions(document.work) if age_key(d) < age_key(document) and not d.in_force(on)
        ]
        when = "现行的" if on >= date.today() else f"{_chinese_day(on)}有效的"
        text = f"{when}是{_year(document)}{titled(document)}{number}"
        if older:
            text += f"，{_year(older[-1])}{titled(older[-1])}已被取代"
        citations = [c for c in (self._witness_citation(document),) if c]
        return OpenAnswer(clip(text), tuple(citations), notices=notices_of(citations))

    def _with_state(self, text: str, document: Document, on: date) -> OpenAnswer:
        start = document.effective_on if document.effective_on.value else document.issued_on
        successor = self.successor(document, on)
        name = text or titled(document)
        if start.value and start.earliest > on:
            said = f"{titled(document)}截至{_chinese_day(on)}还没有生效，{_chinese(start)}起施行"
            # Nothing of a document that is not yet in force may be cited as a ground.
            return OpenAnswer(clip(said), notices=("所问日期该文件尚未施行，不引用其条文。",))
        citations = [c for c in (self._witness_citation(document),) if c]
        if successor is not None and not document.in_force(on):
            citations.clear()
            number = f"（{successor.document_number}）" if successor.document_number else ""
            verb = f"，{_chinese(document.repealed_on)}起失效" if document.repealed_on.value else ""
            said = f"{'' if text else '不能再用。'}{name}已被{_year(successor)}{titled(successor)}{number}取代{verb}，不能作现行依据"
            if witness := self._witness_citation(successor):
                citations.insert(0, witness)
        elif document.status is DocumentStatus.REPEALED and not document.in_force(on):
            said = f"{name}已废止{f'（{_chinese(document.repealed_on)}起）' if document.repealed_on.value else ''}，不能作现行依据"
        else:
            said = name + self._in_force_words(document, start, on, bool(text))
        return OpenAnswer(clip(said), tuple(citations), notices=notices_of(citations))

    def _in_force_words(self, document: Document, start: PartialDate, on: date, brief: bool) -> str:
        trial = "试行" in document.title or "暂行" in document.title
        words = "，现行有效" if brief else "现行有效"
        if document.text_status is TextStatus.MODEL:
            words += "（示范文本）"
        if document.issued_on.value and document.issued_on != start:
            words += f"，{_chinese(document.issued_on)}的文本"
        if start.value:
            words += (
                f"，自{_chinese(start)}起施行"
                if document.effective_on.value
                else f"，{_chinese(start)}印发，施行日待核"
            )
        else:
            words += "，印发和施行日期待核"
        if trial:
            words += "；试行不等于到期失效"
        if document.text_status is not TextStatus.MODEL:
            words += "，未见废止" if trial or not document.complete else ""
        older = [d for d in self._library.versions(document.work) if d.id in document.supersedes]
        if older:
            words += f"；已取代{_year(older[-1])}{titled(older[-1])}"
        return words

    def successor(self, document: Document, on: date) -> Document | None:
        """What replaced a document, when that had happened by the day; None otherwise."""
        followers = [
            d
            for d in self._library.documents()
            if (document.id in d.supersedes or (d.work == document.work and age_key(d) > age_key(document)))
            and d.maybe_in_force(on)
        ]
        if not followers or document.status not in (DocumentStatus.SUPERSEDED, DocumentStatus.REPEALED):
            return None
        return max(followers, key=age_key)

    def witness(self, document: Document | None) -> Provision | None:
        """The provision that stands for a document as a whole: the one that says when it starts, else its first."""
        if document is None:
            return None
        held = [p for p in self._library.provisions(document.id) if p.text.strip()]
        starts = [p for p in held if _START.search(p.text) and not p.parent]
        return starts[-1] if starts else held[0] if held else None

    def _witness_citation(self, document: Document) -> Citation | None:
        provision = self.witness(document)
        return None if provision is None else cite(document, provision, provision.text)

    def _version_notice(self, document: Document, on: date) -> tuple[str, ...]:
        successor = self.successor(document, on)
        if successor is None or document.in_force(on):
            return ()
        return (f"{titled(document)}已被{titled(successor)}取代，只能说明沿革，不能作现行依据。",)

    def local_documents(self, on: date) -> list[Document]:
        """Province and below, in force here, highest level first."""
        here = [
            d
            for d in visible(self._library.documents(), self._region, on)
            if d.level.rank and sees(self._region, d.region)
        ]
        return sorted(here, key=lambda d: (d.level.rank, d.id))


def _whole(document: Document, provision: Provision, limit: int, terms: Sequence[Term]) -> str:
    stretches = stretches_of(provision)
    if len(stretches) == 1 or (stretches and stretches[0].items and not _others(stretches)):
        words = shown(stretches[0], limit)
    else:
        words = " ".join("".join(s.text for s in stretches if not s.lead).split()) or " ".join(provision.text.split())
        if len(words) > limit:
            best = max(stretches, key=lambda s: coverage(terms, plain(s.full)), default=None)
            told = best if best is not None and coverage(terms, plain(best.full)) > 0 else Stretch(provision, words)
            words = shown(told, limit)
    words = words.rstrip("。")
    return f"“{words}”" if document.text_status is TextStatus.ORIGINAL and "……" not in words else words


def _opening(provision: Provision) -> str:
    """The first words of a place, up to its first stop: what it is about."""
    return re.split(r"[。：:；，,\n]", provision.text.strip(), maxsplit=1)[0][:16]


def _others(stretches: Sequence[Stretch]) -> bool:
    return any(not s.items and not s.lead for s in stretches)


def _year(document: Document) -> str:
    day = document.issued_on if document.issued_on.value else document.effective_on
    return f"{day.value.year}年" if day.value else ""


def _chinese(day: PartialDate) -> str:
    if day.value is None:
        return ""
    value = day.value
    if day.precision is Precision.YEAR:
        return f"{value.year}年"
    if day.precision is Precision.MONTH:
        return f"{value.year}年{value.month}月"
    return _chinese_day(value)


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
