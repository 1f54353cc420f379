"""Reading the public data folder (laws in markdown, text pairs, lexicons). Trains and measures; never serves."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ARTICLE = re.compile(r"^(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)[\s\u3000]*(.*)$")
_SECTION = re.compile(r"^([一二三四五六七八九十]+)、(.*)$")
_DATED = re.compile(r"\((\d{4}-\d{2}-\d{2})\)$")


@dataclass(frozen=True, slots=True)
class LawArticle:
    """One article of a law; `headings` outermost first; `text` without the label, paragraphs on lines of their own."""

    label: str
    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Law:
    title: str
    folder: str  # 刑法, 行政法规, 司法解释 …
    path: str
    dated: str  # ISO day or ""
    articles: tuple[LawArticle, ...]


def parse_law(markdown: str) -> tuple[str, tuple[LawArticle, ...]]:
    """Read one markdown law into its title and articles; without 第…条 the top-level “一、” count, else the whole."""
    title, body = "", markdown
    if found := re.search(r"^# +(.+)$", markdown, re.M):
        title, body = found[1].strip(), markdown[found.end() :]
    if "<!-- INFO END -->" in body:
        body = body.split("<!-- INFO END -->", 1)[1]
    pattern = _ARTICLE if re.search(_ARTICLE.pattern, body, re.M) else _SECTION
    articles: list[LawArticle] = []
    headings: dict[int, str] = {}
    label, above = "", ()  # type: str, tuple[str, ...]
    lines: list[str] = []

    def close() -> None:
        if label and (text := "\n".join(lines).strip()):
            articles.append(LawArticle(label, above, text))

    for raw in body.splitlines():
        line = raw.strip()
        if not line or line.startswith("<!--"):
            continue
        if heading := re.match(r"^(#+) +(.*)$", line):
            close()
            label, lines = "", []
            depth = len(heading[1])
            headings = {level: text for level, text in headings.items() if level < depth} | {depth: heading[2].strip()}
            continue
        if start := pattern.match(line):
            close()
            label, lines, above = start[1], [start[2]], tuple(headings[level] for level in sorted(headings))
        elif label:
            lines.append(line)
    close()
    if not articles and body.strip():
        whole = "\n".join(
            line.strip() for line in body.splitlines() if line.strip() and not line.startswith(("#", "<"))
        )
        if whole:
            articles.append(LawArticle("", (), whole))
    return title, tuple(articles)


def read_laws(data: Path) -> Iterator[Law]:
    """Every law of `data/laws/national.tar.xz`, in path order."""
    held: dict[str, str] = {}
    with tarfile.open(data / "laws" / "national.tar.xz", "r|xz") as archive:  # a stream: going back unpacks all again
        for member in archive:
            handle = archive.extractfile(member) if member.isfile() and member.name.endswith(".md") else None
            if handle is not None:
                held[member.name] = handle.read().decode("utf-8")
    for name in sorted(held):
        title, articles = parse_law(held[name])
        path = Path(name)
        dated = _DATED.search(path.stem)
        if articles:
            yield Law(title or path.stem, path.parent.name, name, dated[1] if dated else "", articles)


def read_pairs(data: Path) -> Iterator[tuple[str, str, str]]:
    """(kind, query, positive) of every file in `data/pairs`."""
    for path in sorted((data / "pairs").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                if "queries" in row:
                    for query in row["queries"]:
                        yield "wiki", query, row["positive"]
                else:
                    yield row.get("kind", "pair"), row["query"], row["positive"]


def read_lexicon(paths: Iterable[Path]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(lay terms, statutory terms) of each line `lay,lay => words words`; comments and damaged lines are left out."""
    out = []
    for path in sorted(paths):
        for raw in path.read_text(encoding="utf-8").splitlines():
            line = raw.split("#", 1)[0].strip()
            left, arrow, right = line.partition("=>")
            lay = tuple(term.strip() for term in re.split(r"[,，、]", left) if term.strip())
            statutory = tuple(term for term in re.split(r"[\s,，、]+", right) if term)
            if arrow and lay and statutory:
                out.append((lay, statutory))
    return list(dict.fromkeys(out))  # the general lexicon lies in both folders


def read_field_texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """(title, paragraph) of the markdown documents of our own corpus; front matter and anchors are left out."""
    for path in sorted((corpus / "documents").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if text.startswith("---"):
            text = text.split("\n---", 1)[-1]
        found = re.search(r"^# +(.+)$", text, re.M)
        title = found[1].strip() if found else ""
        for block in re.split(r"\n\s*\n|\n(?=第[一二三四五六七八九十百]+条)", text):
            clean = re.sub(r"\{#[\w-]+\}|【[^】]*】|^#+ .*$|^-+$", " ", block, flags=re.M).strip()
            if len(clean) >= 12:
                yield title, clean
