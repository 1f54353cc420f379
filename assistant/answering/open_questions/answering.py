"""The order of business for an open question: exact look-ups first, then tables, then the answering span.

Whatever comes out rests on a provision of the library or says that it has none; a number, an article or a document number
is never made up.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering.open_questions import asking
from assistant.answering.open_questions.asking import Want, wants_of
from assistant.answering.open_questions.finding import Finder, Found
from assistant.answering.open_questions.lookups import Lookups
from assistant.answering.open_questions.matching import plain
from assistant.answering.open_questions.naming import Named, foreign_place
from assistant.answering.open_questions.tables import Tables
from assistant.answering.open_questions.wording import (
    LIMIT,
    REPORTED_NOTICE,
    OpenAnswer,
    cite,
    clip,
    is_reported_locally,
    local_text,
    no_basis,
    notices_of,
    place,
    real_text,
    reply_word,
    span_text,
    titled,
)
from assistant.domain import Citation, Level, TextStatus
from assistant.errors import NotFound
from assistant.library import Library
from assistant.text.fold import folded

if TYPE_CHECKING:
    from assistant.retrieval.hybrid import HybridRetriever

_UNHELD = re.compile(r"([\u4e00-\u9fff]{2,20}(?:法|条例|办法|规定|细则|通知))[^\u4e00-\u9fff]{0,3}(?:的|里)?第")
_FORBIDDING = re.compile(r"不得|未经批准|经批准|可以")
_TITLE_DRESS = re.compile(
    r"^关于|\((?:试行|暂行)\)|活动|管理|实施|若干|暂行|试行|办法|条例|规定|细则|的通知|通知|中华人民共和国|中国共产党"
)
log = logging.getLogger(__name__)

# Below these a stretch is not taken for the answer (see docs/decisions for how they were chosen).
_COVERED = 0.42
_KNOWN, _KNOWN_SHAPED, _KNOWN_UNSHAPED = 0.15, 0.25, 0.35
_COVERED_SHAPED = 0.34
_UNHEARD, _COVERED_UNHEARD = 0.1, 0.55  # nobody who knows was asked the like of it: the words must carry it
_COVERED_CAREFUL = 0.6
_CAREFUL = frozenset({"prize", "discipline"})  # money and discipline: only what plainly speaks of the very thing
_OWN, _OWN_CAREFUL = 0.18, 0.5
_SAME_MATTER = 0.6  # a companion speaks of at least this share of what the first does
_OUTRANKS = 0.82  # a central place is told before a sample one that scores a little better
_NAMED_SCORE = 1.0
_NEAR = 0.25  # from here on a place is worth naming as near
_MAX_SPANS = 2
_MAX_CITATIONS = 4
_SECOND = 0.65  # a companion must score at least this share of the first
_SECOND_LOCAL = 0.55  # our own province's text beside another province's practice
_SLOT_NAMES = {"prize": "奖金数额", "penalty": "处分或者处罚", "discipline": "处分档次", "fine": "处罚数额"}
_ONLY_NAMED = 4  # “是什么” and its like: nothing is asked but what the number stands for
_SHORT = 14  # a question this short speaks of what was said before


@dataclass(frozen=True, slots=True)
class _Ask:
    """One question on its way through the steps; `about` is what was said before, when the question leans on it."""

    text: str
    topic: str
    named: Named
    on: date
    about: str


class OpenQuestions:
    """Answers questions that ask what the rules say rather than whether something may be done. Thread-safe."""

    def __init__(
        self, library: Library, retriever: Callable[[], HybridRetriever], corpus_dir: Path, region: str
    ) -> None:
        self._library, self._region = library, region
        self._finder = Finder(library, retriever, region)
        self._tables = Tables(library, corpus_dir, region)
        self._lookups = Lookups(library, self._finder, region)

    def answer(self, question: str, topic: str, *, on: date, situation_text: str = "") -> OpenAnswer:
        """The answer in at most 120 characters with its citations, or an abstention `no_basis`.

        `topic` is a hint of the caller and may be ""; `situation_text` is what was said before (and what was cited then),
        for a question that goes on from it.
        """
        text = folded(question)
        names = self._finder.shelf.names
        named = names.read(question)
        about = folded(situation_text) if situation_text and _leans_back(text) else ""
        if about and not named.documents:
            earlier = names.read(situation_text)
            if asking.BASIS_ONLY.match(text) and earlier.labels:
                named = replace(earlier, rest=text)
            elif named.labels:
                named = replace(named, labels=tuple((earlier.documents, label) for _, label in named.labels))
            elif earlier.documents:
                named = replace(named, documents=earlier.documents, strict=earlier.strict)
        ask = _Ask(text, topic, named, on, about)
        steps: tuple[Callable[[_Ask], OpenAnswer | None], ...] = (
            self._elsewhere, self._exact, self._number, self._report, self._template, self._listed, self._conflict,
            self._handler, self._validity, self._difference, self._positive,
        )  # fmt: skip
        for step in steps:
            found = step(ask)
            if found is not None:
                return found
        return self._spans(ask)

    # ── exact ──

    def _elsewhere(self, ask: _Ask) -> OpenAnswer | None:
        text, named, on = ask.text, ask.named, ask.on
        where = foreign_place(text, self._region, self._finder.shelf.regions)
        if not where:
            return None
        if asking.BORROW.search(text) or asking.CONFLICT.search(text):
            return self._borrowed(where, on)
        if any(self._library.document(d).level is Level.CENTRAL for d in named.documents) and named.strict:
            return None
        return no_basis(f"没有收录{where}的规定，不能替它回答，也不能拿本省或者示范数据套用。请查当地正式文件。")

    def _borrowed(self, where: str, on: date) -> OpenAnswer:
        want = Want("time", "集中申报 截止 每年 月", r"\d+月")
        found = self._finder.find("每年集中申报一次 截止月份 统一报送 以本省通知为准", want, Named(), on=on)
        local = next((f for f in found if f.document.level is Level.PROVINCE and f.shaped), None)
        central = next((f for f in found if f.document.level is Level.CENTRAL and "本省" in f.stretch.text), None)
        chosen = [f for f in (local, central) if f]
        citations = tuple(self._cite(f) for f in chosen)
        text = f"不能照搬{where}的。月份、份数、限额各省不同，不能跨省套用，请以本省通知为准"
        if local is not None and local.document.text_status is TextStatus.MODEL:
            text += f"；本地规定未导入，演示数据为{span_text(local, 40, want)}，不可引用"
        return OpenAnswer(clip(text), citations, notices=notices_of(citations))

    def _exact(self, ask: _Ask) -> OpenAnswer | None:
        text, named, on = ask.text, ask.named, ask.on
        if asking.WHOLE.search(text) and named.documents:
            return self._lookups.whole(text, named, on=on)
        if not named.labels:
            return None
        if not any(owners for owners, _ in named.labels):
            label = named.labels[0][1]
            unheld = _UNHELD.search(text)
            if unheld:
                return no_basis(clip(f"资料库没有收录“{unheld[1]}”，答不了{label}。请查原件，或者导入后再问"))
            return no_basis(f"没有说是哪份文件的{label}。请写明文件名称，例如“公务员法第五十三条”。")
        terms = self._finder.terms(f"{named.rest} {ask.about}")
        return self._lookups.places(named, on=on, terms=terms)

    def _difference(self, ask: _Ask) -> OpenAnswer | None:
        """Two things compared: what each is, side by side."""
        text, on = ask.text, ask.on
        compared = asking.COMPARED.search(text)
        if compared is None:
            return None
        found: list[Found] = []
        for subject in (compared[1], compared[2]):
            clause = f"{subject}是什么意思"
            ranked = self._finder.find(clause, Want("definition", clause, "是指|指|，是"), Named(), on=on)
            best = next((f for f in ranked if f.defines), None)
            if best is None or any(f.stretch == best.stretch for f in found):
                return None
            found.append(best)
        share = (LIMIT - 16) // 2
        said = "；".join(span_text(f, share) for f in found)
        citations = tuple(self._cite(f) for f in found)
        return OpenAnswer(clip(f"不是一回事，按两套规定管。{said}"), citations, notices=notices_of(citations))

    def _number(self, ask: _Ask) -> OpenAnswer | None:
        text, named, on = ask.text, ask.named, ask.on
        if named.by_number and (asking.WHICH_DOCUMENT.search(text) or len(named.rest) <= _ONLY_NAMED):
            return self._lookups.title(named, on=on)
        if not asking.NUMBER.search(text):
            return None
        documents = named.documents or self._governing(text, named, on)
        found = self._lookups.number(named, documents, on=on)
        rest = [
            w
            for w in wants_of(text)
            if w.kind not in ("time", "count", "", "definition") and not asking.NUMBER.search(w.clause)
        ]
        if found is None or found.abstained or not rest or not named.documents:
            return found
        best = self._best(text, rest[0], named, on, within=named.documents)
        if best is None or best.document.id not in named.documents:
            return found
        room = LIMIT - len(found.text) - 8
        more = f"{reply_word(rest[0].clause, rest, best.stretch.text)}{span_text(best, max(20, room - 6))}"
        return replace(found, text=clip(f"{found.text}{more}"), citations=(self._cite(best),))

    def _report(self, ask: _Ask) -> OpenAnswer | None:
        text, on = ask.text, ask.on
        if not asking.REPORT.search(text):
            return None
        find = self._finder.find
        wants = Want("", text)
        query = "评选评奖 收费 变相收费 名称含全国中国字样 未经批准"
        found = [f for f in find(query, wants, Named(), on=on) if f.document.level is Level.CENTRAL]
        # The negative list applies to anybody; so it is what a report about a prize for sale rests on.
        best = [f for f in found if "评选评奖" in f.document.title][:2]
        rows = [r for r in self._tables.authorities if r["key"] in ("discipline", "social_organization")]
        citations = (*(self._cite(f) for f in best), *self._tables.rows_for(rows, on=on))
        text = (
            "请保留通知和缴费要求，向登记管理机关（民政部门）或者协调小组办反映；名称含“全国”“中国”等字样的，"
            "还可以用人社部官网的举报平台。是否违规由受理单位认定，不用留姓名"
        )
        return OpenAnswer(clip(text), citations, notices=notices_of(citations))

    # ── tables ──

    def _template(self, ask: _Ask) -> OpenAnswer | None:
        text = ask.text
        if not (asking.TEMPLATE.search(text) or ask.topic == "template"):
            return None
        templates = self._tables.template(text)
        if not templates:
            return None
        if asking.CONTENTS.search(text) and not asking.BLANK.search(text):
            return None  # what the rules require it to say is in the rules
        parts = []
        for template in templates:
            columns = self._tables.columns(template)
            blanks = f"，栏目有{'、'.join(columns[:4])}等" if columns and asking.FIELDS.search(text) else ""
            when = template.when if len(templates) == 1 else template.when.split("，")[0]
            parts.append(
                f"有“{template.title}”模板（{template.file}）{blanks}：{when}"
                if len(templates) == 1
                else f"“{template.title}”（{template.file}）{blanks}"
            )
        said = parts[0] if len(parts) == 1 else f"有模板：{'；'.join(parts)}"
        return OpenAnswer(
            clip(f"{said}。均为空白示范文本"), notices=("模板为示范文本，份数、时间和格式以本省当年通知为准。",)
        )

    def _listed(self, ask: _Ask) -> OpenAnswer | None:
        text, on = ask.text, ask.on
        kinds = [k for k, cue in (("计划", asking.PLAN), ("目录", asking.CATALOG)) if cue.search(text)]
        if not kinds or not asking.IN_TABLE.search(text):
            return None
        parts: list[str] = []
        citations: list[Citation] = []
        for kind in kinds:
            name, rows, nearest = self._tables.listed(text, kind, on=on)
            if not name or (nearest is None and not rows):
                continue
            if rows:
                document, row = rows[0]
                cells = dict(row.columns)
                step = next((cell for head, cell in row.columns if "环节" in head or "启动" in head), "")
                parts.append(
                    f"{kind}里有“{_bare_project(cells, name)}”（{place(row)}）" + (f"：{step}" if step else "")
                )
                citations.append(cite(document, row, row.text))
            elif nearest is not None:
                document, row = nearest
                parts.append(f"{kind}没有查到“{name}”")
                citations.append(cite(document, row, row.text))
        if not parts:
            return None
        text = "；".join(parts)
        if "没有查到" in text:
            text += (
                "。目录不含不宜公开的项目，查不到不等于违规，也不能据此认定已获批准"
                if "目录" in kinds
                else "。列入计划也不等于批准"
            )
        return OpenAnswer(
            clip(f"{text}（演示数据，以本地正式文件为准）"), tuple(citations), notices=notices_of(citations)
        )

    def _handler(self, ask: _Ask) -> OpenAnswer | None:
        text, on = ask.text, ask.on
        if not asking.HANDLER.search(text) or asking.DECIDES.search(asking.HANDLER_NOISE.sub("", text)):
            return None
        if "全国" in text or "国家" in text:
            return None
        rows = self._tables.matters(text)
        if not rows and ask.about:
            rows = self._tables.matters(ask.about)[:1] or self._tables.regime(ask.about)
        rows = rows or self._tables.likeliest(self._finder.terms(text))
        if not rows and "项目" in text:
            rows = self._tables.regime("创建")  # whoever keeps the projects, whichever regime they are of
        return self._tables.handlers(rows, on=on) if rows else None

    # ── validity and rank ──

    def _validity(self, ask: _Ask) -> OpenAnswer | None:
        text, named, on = ask.text, ask.named, ask.on
        which = asking.WHICH_DOCUMENT.search(text)
        if not (asking.VALIDITY.search(text) or asking.DAY_OF_FORCE.search(text) or which):
            return None
        if named.documents and (named.strict or not which):
            return self._lookups.validity(text, named, named.documents, on=on)
        if which:
            documents = self._governing(text, named, on)
            found = self._lookups.current(documents, on=on)
            deciding = next((w for w in wants_of(text) if w.kind == "decider"), None)
            if found is not None and deciding is not None:
                best = self._best(text, deciding, Named(), on, within=documents[:1])
                if best is not None:
                    words = span_text(best, max(24, LIMIT - len(found.text) - 4))
                    return replace(
                        found, text=clip(f"{words}。{found.text}"), citations=(self._cite(best), *found.citations)
                    )
            return found
        return None

    def _governing(self, text: str, named: Named, on: date) -> tuple[str, ...]:
        """Documents that bear most on a subject, best first: by what their places and titles say."""
        scores: dict[str, float] = {}
        for found in self._finder.find(text, Want("", text), named, on=on)[:12]:
            if found.document.text_status is not TextStatus.MODEL:
                scores[found.document.id] = max(
                    scores.get(found.document.id, 0.0), found.score + _title_share(text, found)
                )
        return tuple(sorted(scores, key=lambda d: -scores[d]))

    def _conflict(self, ask: _Ask) -> OpenAnswer | None:
        text, named, on = ask.text, ask.named, ask.on
        if not asking.CONFLICT.search(text):
            return None
        query = "中央、省、市另有更严格规定的，从其规定"
        yields = [f for f in self._finder.find(query, Want("", query), Named(), on=on) if "从其规定" in f.stretch.text]
        levels = [f for f in yields if "更严" in f.stretch.text]
        wanted = [f for f in levels if f.document.id in named.documents] + levels
        chosen: list[Found] = []
        for found in wanted:
            if found.document.id not in {c.document.id for c in chosen}:
                chosen.append(found)
        commend = re.search(r"表彰|评比|评奖|评先", text)
        subject = "未经批准不得开展 两级审批 评比达标表彰" if commend else "经过批准可以开展 不得开展 创建示范活动"
        central = next(
            (
                f
                for f in self._finder.find(subject, Want("", subject), Named(), on=on)
                if f.document.level is Level.CENTRAL
            ),
            None,
        )
        citations = tuple(self._cite(f) for f in [*([central] if central else []), *chosen[:2]])
        text = "以上级规定为准：中央高于省，省高于市、区；下级文件只能更严，不能放宽上级的禁止，也不能自设审批权"
        if chosen:
            text += f"。{titled(chosen[0].document)}也写明，上级更严的从其规定"
        return OpenAnswer(clip(text), citations, notices=notices_of(citations))

    # ── spans ──

    def _spans(self, ask: _Ask) -> OpenAnswer:
        text, named = ask.text, ask.named
        wants = wants_of(text)
        if named.strict and asking.SUMMARY.search(text) and (summary := self._overview(text, named, ask.on)):
            return summary
        if ask.about and asking.BASIS_ONLY.match(text):
            # What was decided before rests on who may do it at all.
            wants = (Want("grounds", ask.about, asking.PERMISSION, strict=True),)
            pool = self._finder.gather(ask.about, named, on=ask.on)
        else:
            also = [f"{asking.subject_of(w.clause)}，是指" for w in wants if w.kind == "definition"]
            pool = self._finder.gather(text, named, on=ask.on, about=ask.about, also=also[:1])
        chosen: list[tuple[Want, Found]] = []
        nearest: list[Found] = []
        for want in wants[:3]:
            found = self._finder.rank(pool, want)
            if want.kind == "fine" and not self._good(found, want, named):
                want = replace(want, kind="penalty", shape=asking.PENALTY)  # no sum is fixed: what follows at all
                found = self._finder.rank(pool, want)
            good = self._good(found, want, named) if want.kind != "grounds" else _grounds(found, named)
            nearest += [f for f in found[:2] if f not in nearest]
            if good:
                companions = self._companions(text, want, good)
                lead = next((f for f in companions if _outranks(f, good[0], want)), None)
                first = [lead, good[0]] if lead else [good[0]]
                chosen += [(want, f) for f in (*first, *companions) if (want, f) not in chosen]
        if not chosen or (wants[0].kind == "definition" and not any(f.defines for _, f in chosen)):
            term = self._term(text, wants)
            if term is not None or not chosen:
                return term or self._overview(text, named, ask.on) or self._silent(text, nearest, wants)
        return self._compose(text, wants, chosen)

    def _best(self, text: str, want: Want, named: Named, on: date, *, within: Sequence[str] = ()) -> Found | None:
        found = self._finder.find(text, want, named, on=on, within=within)
        return next((f for f in found if self._answers(f, want)), None)

    def _good(self, found: Sequence[Found], want: Want, named: Named) -> list[Found]:
        """Those that answer. A document named outright is believed: its place with the wanted shape answers, others do not."""
        good = [f for f in found if self._answers(f, want)]
        if not named.strict:
            return good
        inside = [f for f in good if f.document.id in named.documents]
        if not inside and want.shape and want.kind not in _CAREFUL:
            inside = [f for f in found if f.document.id in named.documents and f.shaped and f.score >= _NAMED_SCORE]
        return inside or good

    @staticmethod
    def _answers(found: Found, want: Want) -> bool:
        if want.strict and not found.shaped:
            return False
        if want.kind in _CAREFUL:
            return found.covered >= _COVERED_CAREFUL and found.whole >= _OWN_CAREFUL
        known = _KNOWN if not want.shape else _KNOWN_SHAPED if found.shaped else _KNOWN_UNSHAPED
        if found.asked >= known:  # somebody who knows said that this is where it is answered
            return True
        bar = _COVERED_SHAPED if want.shape and found.shaped and want.kind != "allowed" else _COVERED
        if found.asked < _UNHEARD:
            bar = max(bar, _COVERED_UNHEARD)
        return found.covered >= bar and found.own >= _OWN

    def _companions(self, text: str, want: Want, good: Sequence[Found]) -> list[Found]:
        """Places to show beside the best one: the same slot at another level, and the other regime when both are asked about.

        A sample document never stands alone where a central one says the same, nor another province's practice where our
        own province's text is held.
        """
        first = good[0]
        out: list[Found] = []
        both = all(regime.search(text) for regime in asking.REGIMES)
        for found in good[1:25]:
            local_twin = is_reported_locally(first) and found.document.level is Level.PROVINCE
            share = _SECOND_LOCAL if local_twin else _SECOND
            if found.document.id == first.document.id or found.score < first.score * share:
                continue
            if found.covered < first.covered * _SAME_MATTER or (want.shape and not found.shaped):
                continue
            if want.kind == "definition" and first.defines and not found.defines:
                continue
            central = found.document.level is Level.CENTRAL
            if first.document.text_status is TextStatus.MODEL:
                fits = central or (
                    found.document.level.rank < first.document.level.rank and want.kind in asking.LOCAL_SLOT
                )
            else:
                fits = local_twin
            sibling = (
                both and found.document.level is first.document.level and found.document.work != first.document.work
            )
            if (fits or sibling) and found.document.id not in {f.document.id for f in out}:
                out.append(found)
            if len(out) == _MAX_SPANS:
                break
        return out

    def _compose(self, text: str, wants: Sequence[Want], chosen: Sequence[tuple[Want, Found]]) -> OpenAnswer:
        kept: list[tuple[Want, Found]] = []
        for want, found in chosen:
            if not any(f.stretch == found.stretch for _, f in kept):
                kept.append((want, found))
        local = [(w, f) for w, f in kept if f.document.text_status is TextStatus.MODEL and w.kind in asking.LOCAL_SLOT]
        real = [(w, f) for w, f in kept if (w, f) not in local]
        citations: list[Citation] = []
        for _, found in kept:
            for citation in (self._cite(found), *self._referred(found)):
                if not any(c.provision_id == citation.provision_id and c.quote == citation.quote for c in citations):
                    citations.append(citation)
        notices = [*notices_of(citations)]
        if any(is_reported_locally(f) for _, f in kept):
            notices.append(REPORTED_NOTICE)
        labels = {f.stretch: place(self._finder.smallest(f.stretch.provision, f.stretch.text)) for _, f in real}
        said = local_text(real, local) if local else real_text(text, wants, real, labels)
        return OpenAnswer(clip(said), tuple(citations[:_MAX_CITATIONS]), notices=tuple(notices))

    def _referred(self, found: Found) -> list[Citation]:
        """The place of another held document that the answering words send the reader to."""
        sent = self._finder.shelf.names.read(found.stretch.provision.text)
        out = []
        for owners, label in sent.labels[:1]:
            for owner in owners[:1]:
                if owner == found.document.id:
                    continue
                try:
                    provision = self._library.provision(f"{owner}/{label}")
                except NotFound:
                    continue
                out.append(cite(self._library.document(owner), provision, provision.text))
        return out

    def _overview(self, text: str, named: Named, on: date) -> OpenAnswer | None:
        """What a document consists of, when the question is about the document as a whole."""
        if not asking.OVERVIEW.search(text):
            return None
        document = self._finder.shelf.names.version(named, named.documents, on)
        return None if document is None else self._lookups.overview(document)

    def _positive(self, ask: _Ask) -> OpenAnswer | None:
        """What may be done without asking anybody: the office's own list of it."""
        text, on = ask.text, ask.on
        if not asking.POSITIVE.search(text):
            return None
        lists = [d for d in self._lookups.local_documents(on) if "正面清单" in d.title]
        return self._lookups.overview(lists[-1]) if lists else None

    def _term(self, text: str, wants: Sequence[Want]) -> OpenAnswer | None:
        want = next((w for w in wants if w.kind == "definition"), None)
        term = self._tables.term(asking.subject_of(want.clause)) if want else None
        if term is None:
            return None
        return OpenAnswer(clip(f"{term[0]}：{term[1].rstrip('。')}。这是工作用语的通常解释，没有单独的条文"))

    def _silent(self, text: str, nearest: Sequence[Found], wants: Sequence[Want]) -> OpenAnswer:
        near: list[Found] = []
        for found in nearest:
            if found.covered >= _NEAR and found.stretch.provision not in [f.stretch.provision for f in near]:
                near.append(found)
        near = near[:2]
        where = "、".join(dict.fromkeys(f"{titled(f.document)}{place(f.stretch.provision)}" for f in near))
        what = _SLOT_NAMES.get(wants[0].kind, "这一点") if wants else "这一点"
        said = f"已收录的文件里没有查到{what}的明文，不等于没有规定，不能凭估计回答"
        said += f"。相近的有{where}" if where else "。请查原件或者问协调小组办"
        return no_basis(clip(said), [self._cite(f) for f in near])

    def _cite(self, found: Found) -> Citation:
        quote = found.stretch.text
        return cite(found.document, self._finder.smallest(found.stretch.provision, quote), quote)


def _grounds(found: Sequence[Found], named: Named) -> list[Found]:
    """What a decision that was given before rests on: who may do it at all, a central place before a lower one."""
    shaped = [f for f in found if f.shaped]
    inside = [f for f in found if f.document.id in named.documents and _FORBIDDING.search(f.stretch.full)]
    if inside:
        return inside
    central = [f for f in shaped[:12] if f.document.level is Level.CENTRAL and f.score >= shaped[0].score * _OUTRANKS]
    return central[:1] + [f for f in shaped if f not in central[:1]]


def _outranks(found: Found, first: Found, want: Want) -> bool:
    return (
        first.document.text_status is TextStatus.MODEL
        and found.document.level is Level.CENTRAL
        and want.kind not in asking.LOCAL_SLOT
        and found.covered >= first.covered * _OUTRANKS
        and found.score >= first.score * _OUTRANKS
    )


def _leans_back(text: str) -> bool:
    """Whether a question goes on from what was said: short, or with words that point back."""
    return len(text) <= _SHORT or bool(re.search(r"^(?:那|这|它|上面|刚才)|这个规定|这条|该规定|这事", text))


def _title_share(text: str, found: Found) -> float:
    """How much of what the document's title is about the question says: bigrams of its subject found in it."""
    title = _TITLE_DRESS.sub("", plain(found.document.title))
    asked = plain(text)
    pairs = [title[i : i + 2] for i in range(len(title) - 1)]
    return sum(pair in asked for pair in pairs) / max(1, len(pairs))


def _bare_project(cells: dict[str, str], name: str) -> str:
    return next((cell for head, cell in cells.items() if "名称" in head), "") or name
