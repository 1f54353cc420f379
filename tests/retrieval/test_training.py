"""The training script, on a handful of made-up laws: it reads, trains and writes weights that load."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import random
import tarfile
from pathlib import Path

import numpy as np
import pytest

from assistant.retrieval.embedder import StaticVectors
from assistant.retrieval.training.export import UNKNOWN, quantize
from assistant.retrieval.training.pairs import BackwardLexicon, law_pairs
from assistant.retrieval.training.sources import Law, LawArticle, parse_law, read_laws, read_lexicon
from assistant.text.words import words

LAW = """# 中华人民共和国某某法

2020年1月1日 通过

<!-- INFO END -->

## 第一章 总则

第一条 为了规范评比活动，制定本法。

第二条 评比活动应当经过批准。未经批准不得开展。

不得收取费用。

### 第一节 分则

第十条之一 违反规定的，责令改正，退还费用。
"""


def test_a_law_is_read_with_headings_and_inserted_articles() -> None:
    title, articles = parse_law(LAW)
    assert title == "中华人民共和国某某法"
    assert [article.label for article in articles] == ["第一条", "第二条", "第十条之一"]
    assert articles[1].text == "评比活动应当经过批准。未经批准不得开展。\n不得收取费用。"
    assert articles[2].headings[-2:] == ("第一章 总则", "第一节 分则")


def test_a_law_without_articles_counts_its_sections_or_is_whole() -> None:
    assert [article.label for article in parse_law("# 通知\n\n一、要求\n\n细则。\n\n二、分工")[1]] == ["一", "二"]
    assert parse_law("# 批复\n\n同意你省的请示。")[1][0].text == "同意你省的请示。"


def test_the_lexicon_run_backwards_asks_in_lay_words() -> None:
    asked = BackwardLexicon([(("发牌子",), ("授牌",))]).ask("以命名、授牌等形式认定", [], random.Random(1))
    assert asked is not None
    assert "发牌子" in asked
    assert BackwardLexicon([(("发牌子",), ("授牌",))]).ask("与此无关", [], random.Random(1)) is None


def test_inverse_cloze_takes_the_sentence_out_of_its_passage() -> None:
    law = Law(
        "某法",
        "行政法",
        "x.md",
        "",
        (LawArticle("第一条", (), "评比活动应当经过批准方可开展。未经批准的一律不得开展评比。"),),
    )
    query, passage = next(iter(law_pairs(law, random.Random(0))))
    assert query not in passage
    assert passage.startswith("某法")


def test_int8_rows_lose_next_to_nothing() -> None:
    rows = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32)
    rows[0] = 0
    small, scale = quantize(rows)
    assert np.abs(small * scale[:, None] - rows).max() < 0.02
    assert not small[0].any()


@pytest.mark.models
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is absent")
@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="scikit-learn is absent")
def test_a_small_training_run_gives_weights_that_load_and_repeats(tmp_path: Path) -> None:
    from assistant.retrieval.training.__main__ import train

    data, corpus = tmp_path / "data", tmp_path / "corpus"
    for folder in (data / "laws", data / "pairs", corpus / "lexicon", corpus / "documents" / "d"):
        folder.mkdir(parents=True)
    with tarfile.open(data / "laws" / "national.tar.xz", "w:xz") as archive:
        for number in range(8):
            body = LAW.replace("评比", random.Random(number).choice(["评比", "表彰", "竞赛"])).encode()
            entry = tarfile.TarInfo(f"national/行政法/{number}.md")
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    with gzip.open(data / "pairs" / "p.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps({"kind": "def", "query": "评比", "positive": "选出先进的活动"}, ensure_ascii=False) + "\n")
    (corpus / "lexicon" / "field.txt").write_text("发牌子 => 授牌 批准\n", encoding="utf-8")
    (corpus / "documents" / "d" / "1.md").write_text(
        "---\nwork: d\n---\n# 某办法\n\n第一条　创建示范活动须经批准方可开展。\n", encoding="utf-8"
    )
    assert len(list(read_laws(data))) == 8
    assert read_lexicon([corpus / "lexicon" / "field.txt"]) == [(("发牌子",), ("授牌", "批准"))]
    for out in ("one", "two"):
        train(data, corpus, tmp_path / out, size=120, dim=8, steps=3, seed=7)
    made = StaticVectors(tmp_path / "one")
    assert made.fingerprint == StaticVectors(tmp_path / "two").fingerprint
    assert not [word for word in words("发牌子授牌创建示范活动") if word not in made.vocabulary]
    assert made.vocabulary[UNKNOWN] == 0
    assert np.linalg.norm(made.embed_queries(["授牌"])[0]) == pytest.approx(1, abs=1e-5)
