"""Command line of training."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.answering.learned.model import WEIGHTS, assembled
from assistant.answering.learned.training.data import (
    PHRASINGS,
    SEED,
    prepare,
    read_phrasings,
    rule_questions,
    surrounded,
    values_of,
)
from assistant.answering.learned.training.linear import train_linear
from assistant.answering.learned.training.network import EPOCHS, train_network
from assistant.answering.lexicon import load_lexicon
from assistant.answering.reading import Reader
from assistant.config import Settings


def train(
    rows: Sequence[dict[str, Any]], *, networks: int, epochs: int = EPOCHS
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(tensors, meta) of everything, ready for `assembled` or to be saved."""
    lexicon = load_lexicon(Settings().corpus_dir / "lexicon" / "reading.yaml")
    examples = prepare([*rows, *surrounded(rows)], lexicon, Reader(lexicon))
    values = values_of(examples)
    tensors, heads = train_linear(examples, values)
    described = []
    for number in range(networks):
        own, meta = train_network(examples, values, seed=SEED + number, epochs=epochs)
        tensors |= {f"network{number}/{name}": tensor for name, tensor in own.items()}
        described.append(meta)
    digest = hashlib.sha256(b"".join(t.tobytes() for _, t in sorted(tensors.items()))).hexdigest()[:8]
    return tensors, {"heads": heads, "networks": described, "fingerprint": digest}


def main(argv: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(
        prog="make train-reader", description="Train the readers from the labelled phrasings and write their weights."
    )
    options.add_argument("files", nargs="*", type=Path, help="more labelled phrasings (JSONL)")
    options.add_argument("--out", type=Path, default=WEIGHTS)
    options.add_argument("--networks", type=int, default=1, help="how many networks to average (default 1)")
    chosen = options.parse_args(argv)
    files = [*sorted(PHRASINGS.glob("*.jsonl")), *chosen.files]
    if not files:
        raise SystemExit("没有训练语料：放到 assistant/answering/learned/phrasings/ 下，或者在命令行给出 JSONL 文件。")
    rows = [*read_phrasings(files), *rule_questions(Settings().corpus_dir / "questions")]
    tensors, meta = train(rows, networks=chosen.networks)
    assembled(tensors, meta)  # what is written can be read
    from safetensors.numpy import save_file

    save_file(tensors, str(chosen.out), {name: json.dumps(value, ensure_ascii=False) for name, value in meta.items()})
    size = chosen.out.stat().st_size / 2**20
    print(f"{len(rows)} phrasings → {chosen.out.name}, {size:.1f} MB, {meta['fingerprint']}", file=sys.stderr)


if __name__ == "__main__":
    main()
