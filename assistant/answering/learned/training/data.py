"""Labelled phrasings → examples, prepared exactly as at run time: folded, names marked, cues and their reading as signals."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering.clauses import split
from assistant.answering.dialogue import asked_in
from assistant.answering.learned.features import observe
from assistant.answering.learned.model import OPEN, UNSAID
from assistant.answering.learned.network import Input
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, find_organizations
from assistant.answering.reading import Reader
from assistant.retrieval.asked import read_questions
from assistant.text.fold import folded

PHRASINGS = Path(__file__).parents[1] / "phrasings"
SEED = 20261123
FACTS = (
    "nature", "organizer_kind", "organizer_level", "recognition", "coverage", "scoring", "principal", "commission",
    "legal_basis", "pilot_approved", "approval", "step", "host", "zone_power", "statutory_day", "open_to_public", "project_level", "fee",
    "sponsorship", "profit_partner", "foreign_partner", "wording", "key_date", "event_award", "borrowed_name",
    "commercial", "trademark", "medals", "sub_project", "matching", "assessment_tie", "coercion", "burden", "crowd",
    "intent",
)  # fmt: skip
MIN_EXAMPLES = 10  # a value seen less often is not learned


@dataclass(frozen=True, slots=True)
class Example:
    features: list[str]  # for the linear reader
    given: Input  # for the network
    labels: Mapping[str, str | None]  # None: not to be learned from this example
    runs_it: tuple[bool, ...]  # one an organization named


def read_phrasings(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Rows of all files. A row with context is read as a reply: it must say which facts it gives itself (turn_facts)."""
    rows = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            row = json.loads(line)
            if "text" not in row or "facts" not in row:
                raise SystemExit(f"{path.name}:{number}: text 和 facts 缺一不可")
            if row.get("context"):
                if "turn_facts" not in row:
                    continue  # its facts rest on earlier turns
                row = {**row, "facts": row["turn_facts"], "asked": _asked(row["context"])}
            rows.append(row)
    return rows


def rule_questions(folder: Path) -> list[dict[str, Any]]:
    """The known questions about the rules (`corpus/questions`), as rows that state no fact."""
    return [
        {"text": known.question, "facts": {}, "intent": "open"} for known in read_questions(folder)
    ]  # fmt: skip


# what people put around a question; it says nothing of the activity
_BEFORE = (
    "您好，想咨询一下：", "老师您好。", "在吗？", "打扰了，", "有个事拿不准，", "请教各位，", "我是新来的，不太懂，", "我们主任叫我来问，",
    "分管领导让我核实下，", "忙了一天才想起来问。", "今天雨真大。", "刚散会。", "上午跑了两个村。", "吃饭的时候聊起来的，",
)  # fmt: skip
_AFTER = (
    "麻烦回复一下。", "先谢了。", "感谢感谢", "等您消息", "挺急的。", "下班前要报给领导。", "其他都好说。", "今天有点冷。",
    "隔壁那边说走个备案就成。", "网上有人说备案就可以。", "别的镇好像都没报。", "不好意思问得有点乱。", "🙏", "。。。",
)  # fmt: skip
_SHARE = 0.3  # of the phrasings are read once more with something around them


def surrounded(rows: Sequence[dict[str, Any]], seed: int = SEED) -> list[dict[str, Any]]:
    """More rows: some of these with a greeting, thanks, noise or hearsay around them, or with their marks changed."""
    rng = random.Random(seed)
    out = []
    for row in rows:
        if row.get("asked") or rng.random() >= _SHARE:
            continue
        text = row["text"]
        how = rng.randrange(5)
        if how in (0, 2):
            text = rng.choice(_BEFORE) + text
        if how in (1, 2):
            text = (text if text[-1:] in "。？！?!" else text + rng.choice("。，")) + rng.choice(_AFTER)
        if how == 3:
            text = text.rstrip("。？！?!~ ")
        if how == 4:
            text = text.replace("，", " ").replace(",", " ")
        out.append({**row, "text": text})
    return out


def _asked(context: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    last = context[-1]
    return asked_in(last["content"]) if last["role"] == "assistant" else ()


def _label(row: Mapping[str, Any], fact: str) -> str | None:
    if fact == "intent":
        return str(row.get("intent", "activity"))
    if row.get("intent", "activity") != "activity":
        return None
    value = row["facts"].get(fact, UNSAID)
    if isinstance(value, list):  # the words leave it undecided
        return OPEN if fact == "recognition" else None
    return str(value)


def _runs_it(row: Mapping[str, Any], organizations: Sequence[Organization]) -> tuple[bool, ...]:
    kinds = row["facts"].get("organizer_kind", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    who = folded(row.get("who", ""))
    return tuple(
        o.kind in kinds and (not who or o.name in who or who in o.name) and not o.denied for o in organizations
    )


def prepare(rows: Sequence[Mapping[str, Any]], lexicon: Lexicon, reader: Reader) -> list[Example]:
    """`reader` reads by cues alone."""
    out = []
    for row in rows:
        text = folded(row["text"])
        clauses = split(text)
        organizations = find_organizations(text, clauses, lexicon)
        seen = observe(text, clauses, organizations, lexicon, reader.read(row["text"]).facts, row.get("asked", ()))
        out.append(
            Example(
                seen.features,
                seen.given,
                {fact: _label(row, fact) for fact in FACTS},
                _runs_it(row, organizations),
            )
        )
    return out


def values_of(examples: Sequence[Example]) -> dict[str, list[str]]:
    """fact → the values seen often enough to be learned, sorted; facts with fewer than two are left out."""
    out = {}
    for fact in FACTS:
        counts = Counter(e.labels[fact] for e in examples if e.labels[fact] is not None)
        values = sorted(str(v) for v, n in counts.items() if n >= MIN_EXAMPLES)
        if len(values) > 1:
            out[fact] = values
    return out
