"""Train the reading model: `python -m assistant.answering.learned.training` (or `make train-reader`).

Data: phrasings written for this product and labelled by fact (`phrasings/*.jsonl` here, and any files given). Seeded, one
thread, a minute or two; needs scikit-learn, which comes with the extra `models`. Writes reading.safetensors and prints,
for every head, cross-validated accuracy against always giving the commonest value.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.clauses import split
from assistant.answering.learned.features import organization_features, utterance_features
from assistant.answering.learned.model import UNSAID, WEIGHTS, rows_of
from assistant.answering.lexicon import Lexicon, load_lexicon
from assistant.answering.organizations import find_organizations
from assistant.config import Settings
from assistant.text.fold import folded

HERE = Path(__file__).parent / "phrasings"
ROWS, ORGANIZER_ROWS = 1 << 15, 1 << 13
SEED = 20261123
FACTS = (
    "nature", "recognition", "coverage", "scoring", "principal", "commission", "legal_basis", "pilot_approved",
    "approval", "step", "statutory_day", "open_to_public", "project_level", "fee", "sponsorship", "profit_partner",
    "foreign_partner", "wording", "key_date", "event_award", "borrowed_name", "commercial", "trademark", "medals",
    "sub_project", "matching", "assessment_tie", "coercion", "burden", "crowd",
)  # fmt: skip
MIN_EXAMPLES = 12  # a value seen less often is not learned


def read_phrasings(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Rows of all files; a row with context is left out (its facts may rest on earlier turns)."""
    rows = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            row = json.loads(line)
            if "text" not in row or "facts" not in row:
                raise SystemExit(f"{path.name}:{number}: text 和 facts 缺一不可")
            if not row.get("context"):
                rows.append(row)
    return rows


def _matrix(features: Sequence[Sequence[str]], size: int) -> Any:
    from scipy.sparse import csr_matrix

    data, columns, starts = [], [], [0]
    for names in features:
        rows = rows_of(names, size)
        columns.append(rows)
        data.append(np.full(len(rows), 1 / np.sqrt(max(1, len(rows)))))
        starts.append(starts[-1] + len(rows))
    return csr_matrix((np.concatenate(data), np.concatenate(columns), np.array(starts)), shape=(len(features), size))


def _fit(x: Any, y: Sequence[str], c: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=c, max_iter=400, random_state=SEED).fit(x, y)


def _cross_validated(x: Any, y: Sequence[str], c: float) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    model = LogisticRegression(C=c, max_iter=400, random_state=SEED)
    return float(cross_val_score(model, x, np.array(y), cv=folds).mean())


def _quantized(model: Any, values: Sequence[str]) -> tuple[Any, Any, Any]:
    """(weights int8 [rows, values], scale, bias); a two-class model becomes two columns."""
    coefficients, bias = model.coef_, model.intercept_
    if len(values) == 2:
        coefficients, bias = np.vstack([-coefficients / 2, coefficients / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    scale = np.abs(coefficients).max(axis=1) / 127
    weights = np.rint(coefficients / scale[:, None]).astype(np.int8).T
    return np.ascontiguousarray(weights), scale.astype(np.float32), bias.astype(np.float32)


def _labels(rows: Sequence[dict[str, Any]], fact: str) -> list[str]:
    labels = [str(row["facts"].get(fact, UNSAID)) for row in rows]
    counts = Counter(labels)
    return [label if counts[label] >= MIN_EXAMPLES else UNSAID for label in labels]


def train(rows: Sequence[dict[str, Any]], lexicon: Lexicon, *, validate: bool = True) -> dict[str, Any]:
    """Tensors of every head and the list of their values, ready to be saved."""
    texts = [folded(row["text"]) for row in rows]
    clauses = [split(text) for text in texts]
    named = [find_organizations(t, c, lexicon) for t, c in zip(texts, clauses, strict=True)]
    features = [utterance_features(t, c, o, lexicon) for t, c, o in zip(texts, clauses, named, strict=True)]
    active = [i for i, row in enumerate(rows) if row.get("intent", "activity") == "activity"]
    x_all = _matrix(features, ROWS)
    tensors: dict[str, Any] = {}
    heads: dict[str, list[str]] = {}

    def add(fact: str, x: Any, y: Sequence[str], c: float) -> None:
        if len(set(y)) < 2:
            return
        if validate:
            base = Counter(y).most_common(1)[0][1] / len(y)
            print(
                f"{fact:18} n={len(y):5} commonest {base:.3f} cross-validated {_cross_validated(x, y, c):.3f}",
                file=sys.stderr,
            )
        model = _fit(x, y, c)
        heads[fact] = [str(v) for v in model.classes_]
        tensors[f"{fact}.weights"], tensors[f"{fact}.scale"], tensors[f"{fact}.bias"] = _quantized(model, heads[fact])

    x_active = x_all[active]
    active_rows = [rows[i] for i in active]
    for fact in FACTS:
        add(fact, x_active, _labels(active_rows, fact), 60.0)
    with_intent = [i for i, row in enumerate(rows) if "intent" in row]
    if with_intent:
        add("intent", x_all[with_intent], [rows[i]["intent"] for i in with_intent], 60.0)
    candidates, gold = [], []
    for i in active:
        kind, who = rows[i]["facts"].get("organizer_kind"), folded(rows[i].get("who", ""))
        for index, organization in enumerate(named[i]):
            candidates.append(organization_features(texts[i], clauses[i], named[i], index))
            inside = not who or organization.name in who or who in organization.name
            gold.append("yes" if kind == organization.kind and inside else "no")
    add("organizer", _matrix(candidates, ORGANIZER_ROWS), gold, 30.0)
    return {"tensors": tensors, "heads": heads}


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="make train-reader", description=__doc__)
    options.add_argument("files", nargs="*", type=Path, help="more labelled phrasings (JSONL)")
    options.add_argument("--out", type=Path, default=WEIGHTS)
    options.add_argument("--quick", action="store_true", help="no cross-validation")
    chosen = options.parse_args(argv)
    files = [*sorted(HERE.glob("*.jsonl")), *chosen.files]
    if not files:
        raise SystemExit("没有训练语料：放到 assistant/answering/learned/phrasings/ 下，或者在命令行给出 JSONL 文件。")
    rows = read_phrasings(files)
    lexicon = load_lexicon(Settings().corpus_dir / "lexicon" / "reading.yaml")
    result = train(rows, lexicon, validate=not chosen.quick)
    from safetensors.numpy import save_file

    digest = hashlib.sha256(b"".join(t.tobytes() for _, t in sorted(result["tensors"].items()))).hexdigest()[:8]
    save_file(result["tensors"], str(chosen.out), {"heads": json.dumps(result["heads"]), "fingerprint": digest})
    print(
        f"{len(rows)} phrasings → {chosen.out.name}, {chosen.out.stat().st_size / 2**20:.1f} MB, {digest}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
