"""Answers that are looked up in data rather than read in provisions: who handles what, templates, the catalog, terms.

Reads corpus/catalogs, corpus/templates and corpus/glossary.yaml once; the rows cited come from the library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from assistant.answering.open_questions.asking import REGIMES
from assistant.answering.open_questions.finding import visible
from assistant.answering.open_questions.matching import Term, coverage, plain
from assistant.answering.open_questions.wording import OpenAnswer, cite, clip, notices_of
from assistant.domain import Citation, Document, Provision
from assistant.library import Library
from assistant.text.words import words

_QUOTED = re.compile(r"[“\"「『《]([^”\"」』》]{2,20})[”\"」』》]")
_PROJECT = re.compile(
    r"(?:目录|计划)(?:里|中|内|表|上)?(?:面)?(?:有没有|有无|是否有|有)?|在不在|列没列|列进|列入|我们区|区里|今年|保留|查得到|查不到|年度|本区|有没有|是不是|违规|县级|环节|吗|呢|的|里|要干|承担|哪几个|哪些|什么时候|启动|算不算|[,。?、了]"
)
_TERM_SHARE = 0.6
_FITS = 0.4  # the share of a question's words that a row must hold


@dataclass(frozen=True, slots=True)
class Template:
    title: str
    file: str
    when: str
    aliases: tuple[str, ...]


class Tables:
    """The tables of one corpus and one region."""

    def __init__(self, library: Library, corpus_dir: Path, region: str) -> None:
        self._library, self._corpus, self._region = library, corpus_dir, region
        self._columns: dict[str, tuple[str, ...]] = {}

    # ── who handles it ──

    @cached_property
    def authorities(self) -> list[Mapping[str, Any]]:
        return list(_read(self._corpus / "catalogs" / "authorities.yaml").get("authorities", []))

    def matters(self, text: str) -> list[Mapping[str, Any]]:
        """Rows whose matter or a name of it is said, in the order said; a longer name hides a shorter one that shares words with it."""
        hits: list[tuple[int, int, Mapping[str, Any]]] = []
        text = plain(text)
        for row in self.authorities:
            for name in (row["matter"], *row.get("aliases", ())):
                key = plain(str(name))
                at = text.find(key)
                if at >= 0:
                    hits.append((at, len(key), row))
        kept: list[tuple[int, int, Mapping[str, Any]]] = []
        for at, size, row in sorted(hits, key=lambda h: -h[1]):
            if not any(a < at + size and at < a + s and r is not row for a, s, r in kept):
                kept.append((at, size, row))
        ordered: list[Mapping[str, Any]] = []
        for _, _, row in sorted(kept, key=lambda h: h[0]):
            if row not in ordered:
                ordered.append(row)
        return ordered

    def regime(self, text: str) -> list[Mapping[str, Any]]:
        """The row of the regime that was spoken of: creation or commendation."""
        keys = [key for key, cue in (("creation", REGIMES[0]), ("commendation", REGIMES[1])) if cue.search(text)]
        return [row for row in self.authorities if row["key"] in keys][:1]

    def likeliest(self, terms: Sequence[Term]) -> list[Mapping[str, Any]]:
        """The row that the words of a question fit best, when its matter's name is not said; [] when none fits."""
        scored = []
        for row in self.authorities:
            said = plain(f"{row['matter']} {' '.join(row.get('aliases', ()))}")
            scored.append((coverage(terms, said, plain(str(row.get("scope", ""))), shares=(1.0, 0.5)), row))
        best = max(scored, key=lambda pair: pair[0], default=None)
        return [best[1]] if best and best[0] >= _FITS else []

    def handlers(self, rows: Sequence[Mapping[str, Any]], *, on: date) -> OpenAnswer | None:
        """Who handles each matter, with the row of the office's own table as citation; None when there is no row."""
        offices: dict[str, list[str]] = {}
        for row in rows[:4]:
            offices.setdefault(str(row["office"]), []).append(str(row["matter"]))
        if not offices:
            return None
        parts = [f"{'、'.join(matters)}归{office}" for office, matters in offices.items()]
        scope = str(rows[0].get("scope", "")) if len(offices) == 1 else ""
        text = "；".join(parts) + (f"。{scope}" if scope else "")
        text = f"{text.rstrip('。')}。各地分工不同，以本地“三定”为准"
        citations = self.rows_for(rows, on=on)
        return OpenAnswer(clip(text), citations, notices=notices_of(citations))

    def rows_for(self, rows: Sequence[Mapping[str, Any]], *, on: date) -> tuple[Citation, ...]:
        found: list[Citation] = []
        for document in self._tabular(("主管单位",), on):
            held = self._library.provisions(document.id)
            for row in rows[:4]:
                matter = plain(str(row["matter"]))
                for provision in held:
                    if any(plain(cell) == matter for _, cell in provision.columns):
                        found.append(cite(document, provision, provision.text))
                        break
        return tuple(found)

    # ── templates ──

    @cached_property
    def templates(self) -> list[Template]:
        raw = _read(self._corpus / "templates" / "index.yaml").get("templates", [])
        return [Template(t["title"], t["file"], t["when"], tuple(t.get("aliases", ()))) for t in raw]

    def template(self, text: str) -> list[Template]:
        """Templates somebody means, best first; [] when none."""
        asked = plain(text)
        scored = []
        for template in self.templates:
            names = (template.title, *template.aliases)
            exact = max((len(plain(n)) for n in names if plain(n) in asked), default=0)
            pieces = set(words(" ".join(names))) - {
                "模板",
                "怎么",
                "写",
                "表",
                "单",
                "函",
                "项目",
                "单位",
                "工作",
                "申请",
            }
            shared = sum(len(w) for w in pieces if len(w) > 1 and w in asked)
            if exact or shared >= 2:
                scored.append((exact * 2 + shared, template))
        scored.sort(key=lambda pair: -pair[0])
        best = scored[0][0] if scored else 0
        return [t for score, t in scored if score >= best * 0.6][:2]

    def columns(self, template: Template) -> tuple[str, ...]:
        """What the blank form asks for: the first cells of its tables. () when it has none or cannot be read."""
        if template.file not in self._columns:
            path = self._corpus / "templates" / template.file
            self._columns[template.file] = _read_columns(path) if path.is_file() else ()
        return self._columns[template.file]

    # ── catalog and plan ──

    def listed(
        self, text: str, kind: str, *, on: date
    ) -> tuple[str, list[tuple[Document, Provision]], tuple[Document, Provision] | None]:
        """(the project asked about, rows that have it, the nearest row) in tables whose title says `kind` (目录, 计划)."""
        quoted = _QUOTED.search(text)
        name = quoted[1] if quoted else _PROJECT.sub(" ", plain(text)).strip()
        rows = [
            (document, provision)
            for document in self._tabular(("项目",), on)
            if kind in document.title
            for provision in self._library.provisions(document.id)
            if provision.columns
        ]
        key = plain(name).replace(" ", "")
        asked = plain(text)
        found, nearest, best = [], None, -1
        for document, provision in rows:
            title = plain(_project_of(provision))
            names = [piece for piece in re.split(r"[、()（）/ ]|\(推荐\)|\(申报\)", title) if len(piece) > 2]
            said = [n for n in names if n in asked]
            if said or (len(key) > 2 and (key in title or any(key in n for n in names))):
                found.append((document, provision))
                name = max(said, key=len, default=name)
            shared = len(
                {name[i : i + 2] for i in range(len(name) - 1)} & {title[i : i + 2] for i in range(len(title) - 1)}
            )
            if shared > best:
                nearest, best = (document, provision), shared
        return name.strip(), found, nearest

    def _tabular(self, headers: Sequence[str], on: date) -> list[Document]:
        """Documents in force here whose rows have such a column."""
        out = []
        for document in visible(self._library.documents(), self._region, on):
            row = next((p for p in self._library.provisions(document.id) if p.columns), None)
            if row and any(header in head for head, _ in row.columns for header in headers):
                out.append(document)
        return out

    # ── terms ──

    @cached_property
    def terms(self) -> list[tuple[str, str]]:
        """(term, definition) of the glossary, longest first; aliases lead to the same definition."""
        raw = _read(self._corpus / "glossary.yaml").get("terms", [])
        pairs = [(str(name), str(t["definition"])) for t in raw for name in (t["zh"], *t.get("aliases", ()))]
        return sorted(pairs, key=lambda pair: -len(pair[0]))

    def term(self, subject: str) -> tuple[str, str] | None:
        """The term that a subject is, and what it means; a term that is merely part of the subject is another matter."""
        asked = plain(subject)
        for term, meaning in self.terms:
            key = plain(term)
            if len(key) > 1 and key in asked and len(key) >= _TERM_SHARE * len(asked):
                return term, meaning
        return None


def _project_of(provision: Provision) -> str:
    for head, cell in provision.columns:
        if "名称" in head:
            return cell
    return provision.text.split("；", 1)[0]


def _read(path: Path) -> Mapping[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _read_columns(path: Path) -> tuple[str, ...]:
    import docx

    out: list[str] = []
    for table in docx.Document(str(path)).tables:
        first = [cell.text.strip() for cell in table.rows[0].cells]
        if len(table.columns) > 2:
            out += [head for head in first if head]
        else:
            out += [row.cells[0].text.strip() for row in table.rows if row.cells[0].text.strip()]
    return tuple(dict.fromkeys(out))
