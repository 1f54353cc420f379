"""What the learned readers see of an utterance: named features for the linear one, marked text for the network. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.clauses import Clause, negated
from assistant.answering.learned.network import MAX_LENGTH, Array, Input
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization, Role
from assistant.answering.readfact import ReadFact

# one character a kind, so that n-grams see “<township>想评” and not the name of a town
_MARKS = {
    "party_government": "①", "department": "②", "mass_organization": "③", "township": "④", "task_force": "⑤", "zone": "⑥",
    "village": "⑦", "institution": "⑧", "soe": "⑨", "social_organization": "⑩", "company": "⑪", "media": "⑫",
    "individual": "⑬",
}  # fmt: skip
_KINDS = tuple(_MARKS)
_LEVELS = ("", "central", "province", "city", "district", "lower")
_ROLES = tuple(Role)
MENTION_FEATURES = len(_KINDS) + len(_LEVELS) + len(_ROLES) + 7
_DIGITS = re.compile(r"[0-9]+")


def marked(text: str, organizations: Sequence[Organization]) -> tuple[str, list[int | None], list[int]]:
    """The text with names of organizations as one mark a kind and numbers as 0, between ^ and $.

    Also the place of every organization's mark (None when it lies inside another name), and for every character of the
    marked text the offset in `text` it stands for.
    """
    out, offsets = ["^"], [0]
    marks: list[int | None] = [None] * len(organizations)
    at = 0

    def copy(end: int) -> None:
        nonlocal at
        while at < end:
            number = _DIGITS.match(text, at, end)
            out.append("0" if number else text[at])
            offsets.append(at)
            at = number.end() if number else at + 1

    for index in sorted(range(len(organizations)), key=lambda i: organizations[i].start):
        organization = organizations[index]
        if organization.start < at:
            continue
        copy(organization.start)
        marks[index] = len(out)
        out.append(_MARKS[organization.kind])
        offsets.append(organization.start)
        at = organization.end
    copy(len(text))
    out.append("$")
    offsets.append(len(text))
    return "".join(out), marks, offsets


def _grams(text: str, sizes: Sequence[int]) -> set[str]:
    return {text[i : i + n] for n in sizes for i in range(len(text) - n + 1)}


Span = tuple[str, int, int]  # name, start, end in the folded text


def cue_spans(text: str, clauses: Sequence[Clause], lexicon: Lexicon) -> list[Span]:
    """Every cue that matches, signed by its scope: `recognition.honor+`, `fee-` (denied), `creation~` (of others)."""
    out: list[Span] = []
    named = {f"{group}.{name}": p for group, patterns in lexicon.groups.items() for name, p in patterns.items()}
    named |= {name: p for name, p in lexicon.single.items() if name not in ("speaker", "plan", "run")}
    for name, pattern in named.items():
        for found in pattern.finditer(text):
            clause = next((c for c in clauses if c.start <= found.start() < c.end), None)
            if clause is None or found.start() == found.end():
                continue
            end = min(found.end(), clause.end)
            denied = negated(clause.text, found.start() - clause.start, end - clause.start)
            out.append((name + ("~" if clause.reported else "-" if denied else "+"), found.start(), end))
    return out


def word_spans(text: str, lexicon: Lexicon) -> list[Span]:
    """Every word of the word classes, the longest at each place: `honour_object`, `fee_words`."""
    out: list[Span] = []
    at = 0
    while at < len(text):
        for size in range(min(lexicon.longest_word, len(text) - at), 0, -1):
            name = lexicon.words.get(text[at : at + size])
            if name is not None:
                out.append((name, at, at + size))
                at += size - 1
                break
        at += 1
    return out


def names_of(spans: Sequence[Span]) -> list[str]:
    """Each name once, in order."""
    return sorted({name for name, _, _ in spans})


def reading_features(facts: Mapping[str, ReadFact]) -> list[str]:
    """What the cues alone would read: `read:recognition=honor`; an open fact ends in ?."""
    return [f"read:{name}={'|'.join(f.values)}{'?' if f.open or f.unknowable else ''}" for name, f in facts.items()]


def asked_features(asked: Sequence[str]) -> list[str]:
    """The utterance answers a question: what it was about."""
    return [f"asked:{fact}" for fact in asked[:1]]


def utterance_features(
    body: str, cues: Sequence[str], reads: Sequence[str], organizations: Sequence[Organization]
) -> list[str]:
    """Features of the whole utterance for the linear reader, without repetitions, in a fixed order."""
    kinds = [f"who:{o.kind}:{o.role}" for o in organizations]
    length = f"len:{min(len(body) // 12, 8)}"
    grams = [f"g:{gram}" for gram in _grams(body, (1, 2, 3, 4))]
    pairs = [f"{a}&{b}" for i, a in enumerate(sorted(cues)) for b in sorted(cues)[i + 1 :]] if len(cues) <= 14 else []
    return sorted({*grams, *(f"cue:{c}" for c in cues), *(f"cue:{p}" for p in pairs), *reads, *kinds, length})


def mention_features(organizations: Sequence[Organization]) -> Array:
    """(n, MENTION_FEATURES): kind, level, role, and where each stands among the others."""
    out = np.zeros((len(organizations), MENTION_FEATURES), dtype=np.float32)
    best = max((o.score for o in organizations), default=0.0)
    for row, o in zip(out, organizations, strict=True):
        row[_KINDS.index(o.kind)] = 1
        row[len(_KINDS) + _LEVELS.index(o.level)] = 1
        row[len(_KINDS) + len(_LEVELS) + _ROLES.index(o.role)] = 1
        index = next(i for i, other in enumerate(organizations) if other is o)
        row[-7:] = (
            np.clip(o.score, -8, 10) / 5, o.score >= best, o.speaker, o.denied, index == 0,
            index == len(organizations) - 1, min(len(organizations), 5) / 5,
        )  # fmt: skip
    return out


@dataclass(frozen=True, slots=True)
class Seen:
    """What both readers are shown of one utterance, in training as at run time."""

    features: list[str]  # for the linear heads
    given: Input  # for the network
    offsets: list[int]  # of every character of the marked text, in the folded one
    whole: bool  # nothing was left out of the middle


def observe(
    text: str, clauses: Sequence[Clause], organizations: Sequence[Organization], lexicon: Lexicon,
    cues_read: Mapping[str, ReadFact] | None, asked: Sequence[str],
) -> Seen:  # fmt: skip
    """`text` is folded; `cues_read`: what the cues alone read of it, None to hide every cue (the word classes stay); `asked`: see `predict`."""
    body, marks, offsets = marked(text, organizations)
    spans = [*(cue_spans(text, clauses, lexicon) if cues_read is not None else ()), *word_spans(text, lexicon)]
    cues = names_of(spans)
    reads = [*reading_features(cues_read or {}), *asked_features(asked)]
    given = network_input(body, marks, offsets, spans, [*cues, *reads], organizations)
    return Seen(utterance_features(body, cues, reads, organizations), given, offsets, given.text == body)


def network_input(
    body: str, marks: Sequence[int | None], offsets: Sequence[int], spans: Sequence[Span], signals: Sequence[str],
    organizations: Sequence[Organization],
) -> Input:  # fmt: skip
    """`body`, `marks`, `offsets`: as `marked` gives them. A long text loses its middle."""
    places = np.asarray(offsets)
    within: list[tuple[int, int, str]] = []
    for name, start, end in spans:
        first, last = (int(i) for i in np.searchsorted(places, (start, end)))
        within.append((first if first < len(body) - 1 else len(body) - 1, max(last, first + 1), name))
    if len(body) > MAX_LENGTH:
        half = MAX_LENGTH // 2
        cut = len(body) - MAX_LENGTH
        marks = [m if m is None or m < half else m - cut if m - cut >= half else None for m in marks]
        kept = []
        for first, last, name in within:
            if last <= half:
                kept.append((first, last, name))
            elif first - cut >= half:
                kept.append((first - cut, last - cut, name))
        within = kept
        body = body[:half] + body[-(MAX_LENGTH - half) :]
    return Input(body, tuple(within), tuple(signals), tuple(marks), mention_features(organizations))
