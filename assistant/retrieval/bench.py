"""How well we find, on public data: `python -m assistant.retrieval.bench DATA`. Prints recall and times; writes only a scratch index.

Articles of national law asked for in forum questions, and government notices asked for by staff. No question is ever
trained on. A few choices (whole articles in the word index, the prior within the central level, the learning rate of the
vectors) were made with these figures in view: read them as development figures, not as held-out ones.
The baseline is BM25 over words + bigrams, in the same tantivy index.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from assistant.config import Settings
from assistant.domain import Document, Level, Passage, Provision
from assistant.errors import NotFound, ProvisionNotFound
from assistant.retrieval.embedder import make_embedder
from assistant.retrieval.hybrid import HybridRetriever, build_index
from assistant.retrieval.lexical import Lexicon
from assistant.retrieval.training.sources import read_laws
from assistant.text.labels import article_number, bare_title

TODAY = date(2026, 11, 23)
Found = list[str]  # what stands for gold, best first, without doubles


@dataclass
class Shelf:
    """Documents in memory where a library is expected."""

    held: list[tuple[Document, list[Provision]]]
    revision: int = 1
    _documents: dict[str, Document] = field(init=False)
    _provisions: dict[str, Provision] = field(init=False)

    def __post_init__(self) -> None:
        self._documents = {document.id: document for document, _ in self.held}
        self._provisions = {provision.id: provision for _, provisions in self.held for provision in provisions}

    def every_provision(self) -> Iterator[tuple[Document, Provision]]:
        return ((document, provision) for document, provisions in self.held for provision in provisions)

    def documents(self) -> Iterable[Document]:
        return self._documents.values()

    def document(self, document_id: str, /) -> Document:
        if document_id not in self._documents:
            raise NotFound(document_id, hint="")
        return self._documents[document_id]

    def find_provision(
        self, work: str, *, provision: str = "", anchor: str = "", on: date
    ) -> tuple[Document, Provision]:
        raise ProvisionNotFound(work, hint="")

    def provision(self, provision_id: str, /) -> Provision:
        if provision_id not in self._provisions:
            raise ProvisionNotFound(provision_id, hint="")
        return self._provisions[provision_id]

    def in_force_ids(self, on: date, *, region: str | None = None) -> frozenset[str]:
        return frozenset(document.id for document in self.documents() if document.in_force(on))

    def fingerprint(self) -> str:
        return f"shelf-{len(self._documents)}-{len(self._provisions)}"


def law_shelf(data: Path) -> Shelf:
    """All national law as central documents without an issuer: the prior favours what is titled 法 over the rest."""
    held = []
    for law in read_laws(data):
        document = Document(work=re.sub(r"[/\s]", "_", law.path), version="1", title=law.title, level=Level.CENTRAL)
        provisions: dict[str, Provision] = {}
        for ordinal, article in enumerate(law.articles):
            provision = Provision(
                document.id, article.label, article.text, ordinal, path=article.headings, article=article.label
            )  # fmt: skip
            provisions.setdefault(provision.id, provision)
        held.append((document, list(provisions.values())))
    return Shelf(held)


def notice_shelf(data: Path) -> Shelf:
    """Each notice is a document of one provision; it has no title of its own."""
    held = []
    for line in (data / "notices" / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        document = Document(work=row["id"], version="1", title="", level=Level.CENTRAL)
        held.append((document, [Provision(document.id, "", row["text"], 0)]))
    return Shelf(held)


def recall(found: Sequence[Found], gold: Sequence[set[str]], k: int) -> float:
    """Mean share of the gold within the first k."""
    return float(np.mean([len(set(ids[:k]) & want) / len(want) for ids, want in zip(found, gold, strict=True)]))


def _key(title: str, label: str) -> str:
    return f"{re.sub(r'[(].*?[)]$', '', bare_title(title))}|{article_number(label) or label}"


def _questions(
    path: Path, gold_of: Callable[[dict[str, list[dict[str, str]]]], set[str]]
) -> tuple[list[str], list[set[str]]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["question"] for row in rows], [gold_of(row) for row in rows]


def _law_gold(row: dict[str, list[dict[str, str]]]) -> set[str]:
    return {_key(gold["law"], gold["article"]) for gold in row["gold"]}


def _measure(
    name: str, ask: Callable[[str], list[str]], questions: Sequence[str], gold: Sequence[set[str]], ks: Sequence[int]
) -> None:
    found, times = [], []
    for question in questions:
        start = time.perf_counter()
        ids = ask(question)
        times.append(1000 * (time.perf_counter() - start))
        found.append(list(dict.fromkeys(ids)))
    figures = "  ".join(f"R@{k} {recall(found, gold, k):.3f}" for k in ks)
    p50, p95 = np.percentile(times, [50, 95])
    print(f"  {name:<38}{figures}   p50 {p50:.1f} ms  p95 {p95:.1f} ms", flush=True)


def _run(
    title: str, shelf: Shelf, asked: tuple[list[str], list[set[str]]], named: Callable[[str], str], *, home: Path,
    lexicons: dict[str, Lexicon], ks: Sequence[int],
) -> None:  # fmt: skip
    settings = Settings(home=home)
    start = time.perf_counter()
    build_index(shelf, settings)
    print(f"{title}: {len(asked[0])} questions, built in {time.perf_counter() - start:.0f} s", flush=True)
    embedder = make_embedder(settings)
    plain = HybridRetriever(shelf, settings, embedder, next(reversed(lexicons.values())), authority_weight=0.0)
    bare = HybridRetriever(shelf, settings, embedder, Lexicon([]))
    lexical = bare.lexical

    def by_words(question: str) -> list[str]:
        hits = lexical.search(lexical.read(question), 3 * max(ks))
        return [named(bare.provision_of(hit.key)) for hit in hits]

    def ids(passages: Iterable[Passage]) -> list[str]:
        return [named(passage.provision_id) for passage in passages]

    _measure("BM25, words + bigrams", by_words, *asked, ks)
    plain.warm()
    _measure(
        f"hybrid, {next(reversed(lexicons))}, no prior", lambda q: ids(plain.search(q, max(ks), on=TODAY)), *asked, ks
    )
    for name, lexicon in lexicons.items():
        retriever = HybridRetriever(shelf, settings, embedder, lexicon)
        retriever.warm()
        _measure(f"hybrid, {name}", lambda q, r=retriever: ids(r.search(q, max(ks), on=TODAY)), *asked, ks)  # type: ignore[misc]


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m assistant.retrieval.bench", description=__doc__)
    options.add_argument("data", type=Path, help="folder with laws/, notices/ and pairs/")
    options.add_argument("--home", type=Path, help="keep the indexes here; default: a scratch folder")
    options.add_argument("--only", choices=["laws", "notices"])
    chosen = options.parse_args(argv)
    shipped = Lexicon.read(Settings().corpus_dir / "lexicon")
    general = chosen.data / "pairs" / "lay2legal_lexicon.txt"
    lexicons = {"no lexicon": Lexicon([]), "shipped lexicon": shipped}
    if general.is_file():
        lexicons["general law lexicon"] = Lexicon(general.read_text(encoding="utf-8").splitlines())
    with tempfile.TemporaryDirectory() as scratch:
        home = chosen.home or Path(scratch)
        if chosen.only != "notices":
            shelf = law_shelf(chosen.data)
            titles = {document.id: document.title for document in shelf.documents()}

            def article(provision_id: str) -> str:
                work, version, label = (*provision_id.split("/", 2), "")[:3]
                return _key(titles[f"{work}/{version}"], label)

            asked = _questions(chosen.data / "laws" / "questions.jsonl", _law_gold)
            _run("laws", shelf, asked, article, home=home / "laws", lexicons=lexicons, ks=(1, 10, 100))
        if chosen.only != "laws":
            asked = _questions(chosen.data / "notices" / "questions.jsonl", lambda row: set(map(str, row["gold"])))
            named = lambda provision_id: provision_id.split("/")[0]  # noqa: E731
            _run(
                "notices",
                notice_shelf(chosen.data),
                asked,
                named,
                home=home / "notices",
                lexicons={"no lexicon": Lexicon([])},
                ks=(1, 10),
            )


if __name__ == "__main__":
    main()
