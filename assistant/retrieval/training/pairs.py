"""Training pairs (query → passage): inverse cloze, headings, neighbours, and the lexicon run backwards. Pure; seeded by the caller."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from assistant.retrieval.training.sources import Law

Lexicon = Sequence[tuple[tuple[str, ...], tuple[str, ...]]]

_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_ASKING = ("怎么办", "怎么处理", "可以吗", "合法吗", "要不要", "怎么规定的", "行不行", "需要什么手续", "谁来管", "能不能", "怎么赔", "")  # fmt: skip


def law_pairs(law: Law, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Inverse cloze, heading → article and adjacent articles of one law; long passages are cut at 400 characters."""
    for position, article in enumerate(law.articles):
        text = article.text[:400]
        sentences = [s for s in _SENTENCE.findall(article.text) if len(s) >= 8]
        if len(sentences) > 1:
            chosen = rng.choice(sentences)
            rest = article.text.replace(chosen, "", 1)[:400]
            if len(rest) >= 12:
                yield chosen, f"{law.title} {rest}"
        if article.headings:
            yield f"{law.title} {' '.join(article.headings)}", text
        if position + 1 < len(law.articles) and rng.random() < 0.5:
            yield text, law.articles[position + 1].text[:400]


class BackwardLexicon:
    """Makes lay questions for a passage: statutory words found in it are said again in lay words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lay = [lay for lay, _ in lexicon]
        self._by_term: dict[str, list[int]] = {}
        for row, (_, statutory) in enumerate(lexicon):
            for term in statutory:
                if len(term) > 1:
                    self._by_term.setdefault(term, []).append(row)
        terms = sorted(self._by_term, key=lambda term: (-len(term), term))
        self._pattern = re.compile("|".join(map(re.escape, terms))) if terms else None

    def ask(self, passage: str, content: Sequence[str], rng: random.Random) -> str | None:
        """One made-up lay question, or None when nothing of the lexicon is in the passage; `content` are words of it."""
        if self._pattern is None:
            return None
        rows = sorted({row for term in set(self._pattern.findall(passage)) for row in self._by_term[term]})
        if not rows:
            return None
        said = [rng.choice(self._lay[row]) for row in rng.sample(rows, min(len(rows), rng.choice((1, 1, 2, 3))))]
        said += rng.sample(list(content), min(len(content), rng.choice((0, 1, 1, 2))))
        rng.shuffle(said)
        return " ".join([*said, rng.choice(_ASKING)]).strip()
