"""Search by words: a tantivy index of words and character bigrams, and how a question becomes a weighted query.

A query is built term by term and never parsed, so nothing a person types is syntax. `generations` builds and opens it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.retrieval.fusion import weigh_terms
from assistant.retrieval.units import Unit
from assistant.text.fold import folded
from assistant.text.words import bigrams, words

EXPANSION_WEIGHT = 0.3
CONTEXT_WEIGHT = 2  # title and headings are said this often
_MAX_TERMS = 96  # of each field; beyond it a query is a document, and its rarest terms say what it is about
_MAX_QUERY_CHARS = 4_000

_MARKS = re.compile(r"[^\w]+")
_ASKING = re.compile(
    r"请问|想问一下|想问|问一下|我想|您好|你好|谢谢|麻烦|怎么办|怎么样|怎样|怎么|如何|什么|多少|哪些|哪个|哪里|为什么|是不是|能不能|可不可以"
    r"|有没有|要不要|行不行|是否|可以吗|[吗呢吧啊呀么嘛](?=[\s,，。.?？!！;；]|$)"
)


def clean(query: str) -> str:
    """The folded query, at most 4,000 characters, without the words that only ask; all of them asked: as it was."""
    text = folded(query[:_MAX_QUERY_CHARS])
    stripped = _ASKING.sub(" ", text)
    return stripped if re.search(r"[\u4e00-\u9fffa-z0-9]", stripped) else text


class Lexicon:
    """Lay words → official words, read from `lay,lay => official words` lines; `#` starts a comment."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._official: dict[str, tuple[str, ...]] = {}
        for raw in lines:
            left, arrow, right = raw.split("#", 1)[0].partition("=>")
            official = tuple(term for term in re.split(r"[\s,，、]+", folded(right)) if term)
            for lay in re.split(r"[,，、]", folded(left)):
                term = lay.strip()
                if arrow and official and len(term) > 1:  # a single character is part of too many words
                    merged = (*self._official.get(term, ()), *official)
                    self._official[term] = tuple(dict.fromkeys(merged))
        self._longest = max(map(len, self._official), default=0)

    @classmethod
    def read(cls, folder: Path) -> Lexicon:
        """Every .txt of a folder in name order; no folder gives an empty lexicon."""
        files = sorted(folder.glob("*.txt")) if folder.is_dir() else []
        return cls(line for file in files for line in file.read_text(encoding="utf-8").splitlines())

    def __len__(self) -> int:
        return len(self._official)

    def expand(self, text: str) -> dict[str, tuple[str, ...]]:
        """The lay words found in a folded text and what they stand for; the longest match wins, left to right."""
        found: dict[str, tuple[str, ...]] = {}
        at = 0
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 1, -1):
                term = text[at : at + size]
                if term in self._official:
                    found[term] = self._official[term]
                    at += size - 1
                    break
            at += 1
        return found


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """Weighted terms of both fields, and the lay words that brought the expansions."""

    words: Mapping[str, float]
    bigrams: Mapping[str, float]
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.words or self.bigrams)


@dataclass(frozen=True, slots=True)
class Hit:
    key: int
    score: float


class LexicalIndex:
    """A tantivy index opened for reading. Hits come as unit keys with BM25 scores, best first."""

    def __init__(self, folder: Path, lexicon: Lexicon) -> None:
        import tantivy

        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._schema = self._index.schema
        self._lexicon = lexicon

    @property
    def size(self) -> int:
        return int(self._searcher.num_docs)

    def read(self, query: str) -> LexicalQuery:
        """Turn a question into weighted terms."""
        text = clean(query)
        expansions = self._lexicon.expand(text)
        official = " ".join(term for terms in expansions.values() for term in terms)
        weighted = []
        for name, split in (("words", words), ("bigrams", bigrams)):
            said = self._weigh(name, Counter(split(text)))
            added = {term: EXPANSION_WEIGHT for term in self._weigh(name, Counter(split(official))) if term not in said}
            weighted.append(said | added)
        return LexicalQuery(weighted[0], weighted[1], expansions)

    def _weigh(self, name: str, counts: Counter[str]) -> dict[str, float]:
        frequency = {term: self._searcher.doc_freq(name, term) for term in counts}
        return weigh_terms(counts, frequency, _MAX_TERMS)

    def search(self, query: LexicalQuery, limit: int, *, documents: Iterable[str] | None = None) -> list[Hit]:
        """The best units; with `documents` only theirs. An empty query finds nothing."""
        if not query or limit <= 0:
            return []
        tv = self._tantivy
        parts = [
            (tv.Occur.Should, self._term(name, term, weight))
            for name, terms in (("words", query.words), ("bigrams", query.bigrams))
            for term, weight in terms.items()
        ]
        built = tv.Query.boolean_query(parts)
        if documents is not None:
            within = tv.Query.term_set_query(self._schema, "document", list(documents))
            built = tv.Query.boolean_query(
                [(tv.Occur.Must, built), (tv.Occur.Must, tv.Query.const_score_query(within, 0.0))]
            )
        return self._collect(built, limit)

    def phrase(self, phrase: str, limit: int) -> list[Hit]:
        """Units that hold the phrase; its punctuation may be left out or put in. No Han character finds nothing."""
        spellings = {tuple(bigrams(phrase)), tuple(bigrams(_MARKS.sub("", folded(phrase))))} - {()}
        if not spellings or limit <= 0:
            return []
        tv = self._tantivy
        built = [
            tv.Query.phrase_query(self._schema, "bigrams", list(pieces))
            if len(pieces) > 1
            else self._term("bigrams", pieces[0], 1.0)
            for pieces in sorted(spellings)
        ]
        return self._collect(tv.Query.disjunction_max_query(built), limit)

    def _term(self, name: str, term: str, weight: float) -> Any:
        query = self._tantivy.Query.term_query(self._schema, name, term, index_option="freq")
        return query if weight == 1.0 else self._tantivy.Query.boost_query(query, weight)

    def _collect(self, built: Any, limit: int) -> list[Hit]:
        hits = self._searcher.search(built, limit=limit, count=False).hits
        keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        return [Hit(int(key or 0), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]


def build_lexical(folder: Path, units: Sequence[Unit]) -> None:
    """Write a new index into an empty folder."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("bigrams", tokenizer_name="whitespace", index_option="position")
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=64_000_000, num_threads=1)  # one thread: the same units give the same segments
    for unit in units:
        context, text = _context_tokens(unit.context), unit.text
        document = tantivy.Document()
        document.add_unsigned("key", unit.key)
        document.add_text("document", unit.document_id)
        document.add_text("words", " ".join([*context[0], *words(text)]))
        document.add_text("bigrams", " ".join([*context[1], *bigrams(text)]))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


@lru_cache(maxsize=4_096)
def _context_tokens(context: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(words(context)) * CONTEXT_WEIGHT, tuple(bigrams(context)) * CONTEXT_WEIGHT
