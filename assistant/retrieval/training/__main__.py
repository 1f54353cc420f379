"""Train the shipped word vectors: `python -m assistant.retrieval.training --data FOLDER`. About ten minutes on one core.

FOLDER holds `laws/national.tar.xz` and `pairs/`; lexicons and documents of our own corpus are read from `--corpus`.
Question sets are never read. The seed is fixed: one machine gives the same weights again.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.config import Settings
from assistant.retrieval.embedder import WEIGHTS, known_rows
from assistant.retrieval.training.export import UNKNOWN, write_weights
from assistant.retrieval.training.pairs import BackwardLexicon, law_pairs
from assistant.retrieval.training.sources import read_field_texts, read_laws, read_lexicon, read_pairs
from assistant.retrieval.training.vectors import Ids, contrast, ppmi_svd, sif_weights
from assistant.text.words import words

log = logging.getLogger("minggui.training")
Row = NDArray[np.int32]
Pair = tuple[Row, Row]


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m assistant.retrieval.training", description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with laws/ and pairs/")
    options.add_argument("--corpus", type=Path, default=Settings().corpus_dir, help="our own documents and lexicons")
    options.add_argument("--out", type=Path, default=WEIGHTS)
    options.add_argument("--rows", type=int, default=19_000, help="size of the vocabulary")
    options.add_argument("--dim", type=int, default=256)
    options.add_argument("--steps", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    began = time.monotonic()
    train(
        chosen.data, chosen.corpus, chosen.out, size=chosen.rows, dim=chosen.dim, steps=chosen.steps, seed=chosen.seed
    )
    log.info("written to %s in %.0f s", chosen.out, time.monotonic() - began)


def train(data: Path, corpus: Path, out: Path, *, size: int, dim: int, steps: int, seed: int) -> None:
    """Read, count, factorise, tune, write."""
    rng = random.Random(seed)
    laws = list(read_laws(data))
    pairs = [(kind, query[:300], positive[:400]) for kind, query, positive in read_pairs(data)]
    lexicon = read_lexicon([*(data / "pairs").glob("*.txt"), *(corpus / "lexicon").glob("*.txt")])
    field = list(read_field_texts(corpus))
    log.info(
        "%d laws, %d pairs, %d lexicon lines, %d paragraphs of our own", len(laws), len(pairs), len(lexicon), len(field)
    )

    articles = [(law.title, article.text) for law in laws for article in law.articles]
    vocabulary = choose_vocabulary(articles, pairs, lexicon, field, size)
    table = {word: row for row, word in enumerate(vocabulary)}
    seen: dict[str, Row] = {}

    def ids(text: str) -> Row:
        if text not in seen:
            seen[text] = np.asarray(known_rows(words(text), table), dtype=np.int32)
        return seen[text]

    texts: Ids = [
        row
        for text in [f"{title} {text}" for title, text in articles + field * 5]
        + [f"{query} {positive}" for _, query, positive in pairs]
        + [" ".join([*lay, *official]) for lay, official in lexicon] * 3
        if len(row := ids(text)) > 1
    ]
    log.info("%d words in all", sum(len(text) for text in texts))
    start = ppmi_svd(texts, len(vocabulary), dim, seed=seed) * sif_weights(texts, len(vocabulary))[:, None]
    start[0] = 0
    log.info("first vectors done")

    backward = BackwardLexicon(lexicon)
    groups: list[tuple[float, list[Pair]]] = [
        (0.30, paired([pair for law in laws for pair in law_pairs(law, rng)], ids)),
        (0.12, paired([(q, p) for kind, q, p in pairs if kind in {"chap", "ict", "def", "xref"}], ids)),
        (0.36, paired(lay_questions([(t, x[:400]) for t, x in articles], backward, rng, limit=45_000), ids)),
        (0.12, paired([(q, p) for kind, q, p in pairs if kind in {"wiki", "q2ans", "q2cite"}], ids)),
        (0.10, paired(lay_questions([(t, x[:400]) for t, x in field for _ in range(12)], backward, rng, limit=6_000)
                      + [(t, x[:400]) for t, x in field if t], ids)),
    ]  # fmt: skip
    log.info("pairs: %s", [len(group) for _, group in groups])
    groups = [(share, group) for share, group in groups if group]

    def draw(batch: int) -> tuple[Ids, Ids]:
        picked = [
            rng.choice(group)
            for group in rng.choices([group for _, group in groups], [share for share, _ in groups], k=batch)
        ]
        return [query for query, _ in picked], [passage for _, passage in picked]

    vectors = contrast(start, draw, steps=steps, seed=seed) if steps else start
    vectors[0] = 0
    write_weights(out, vocabulary, vectors, card((len(vocabulary), dim), (len(laws), len(articles)), steps, seed))


def choose_vocabulary(
    articles: Sequence[tuple[str, str]],
    pairs: Sequence[tuple[str, str, str]],
    lexicon: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
    field: Sequence[tuple[str, str]],
    size: int,
) -> list[str]:
    """The unknown word, then every word of our own field and lexicons, then the most frequent, `size` in all."""
    must = Counter(
        word
        for text in [term for lay, official in lexicon for term in (*lay, *official)] + [f"{t} {x}" for t, x in field]
        for word in words(text)
        if not word.isdigit()
    )
    counts: Counter[str] = Counter()
    for title, text in articles:
        counts.update(words(f"{title} {text}"))
    for kind, query, positive in pairs:
        # Encyclopaedia text would fill the table with names; its questions bring the everyday words we want.
        counts.update(words(query) if kind == "wiki" else words(f"{query} {positive}"))
    forced = sorted(must, key=lambda word: (-must[word], word))[: size - 1]
    rest = [word for word, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if word not in must]
    return [UNKNOWN, *forced, *rest][:size]


def paired(pairs: Sequence[tuple[str, str]], ids: Callable[[str], Row]) -> list[Pair]:
    """Pairs as word numbers; a pair with an empty side is left out."""
    out = [(ids(query), ids(passage)) for query, passage in pairs]
    return [(query, passage) for query, passage in out if len(query) and len(passage)]


def lay_questions(
    passages: Sequence[tuple[str, str]], backward: BackwardLexicon, rng: random.Random, limit: int
) -> list[tuple[str, str]]:
    """Up to `limit` made-up lay questions with the passage (title and text) each was made from."""
    out = []
    for title, text in rng.sample(list(passages), len(passages)):
        content = [word for word in words(text) if len(word) > 1]
        if question := backward.ask(text, content, rng):
            out.append((question, f"{title} {text}"))
            if len(out) == limit:
                break
    return out


def card(shape: tuple[int, int], read: tuple[int, int], steps: int, seed: int) -> str:
    """What lies in the folder, for whoever opens it."""
    return (
        "# 明规自带词向量\n\n"
        f"- {shape[0]} 词 × {shape[1]} 维,int8,每行一个缩放系数;查询与条文共用,按词求和后归一化。\n"
        f"- 训练材料:{read[0]} 部国家法律法规司法解释({read[1]} 条)、维基百科问答对(DRCD、CMRC 2018,CC BY-SA)、"
        "DISC-LawLLM 短问答(Apache-2.0)、自编口语—法言词表和本项目语料;不含任何评测问题。\n"
        f"- 方法:PPMI → SVD → 对比学习 {steps} 步,随机种子 {seed};重新训练:`make train-embedder DATA=…`。\n"
        "- 文本先由 `assistant.text.words.words` 切词、以空格相连;此文件夹也可由 sentence-transformers 作为 StaticEmbedding 载入。\n"
    )


if __name__ == "__main__":
    main()
