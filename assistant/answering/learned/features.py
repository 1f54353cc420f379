"""Features of an utterance and of each organization named in it. Pure: strings in, feature names out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.clauses import Clause, negated
from assistant.answering.lexicon import Lexicon
from assistant.answering.organizations import Organization

# one character a kind, so that n-grams see “<township>想评” and not the name of a town
_MARKS = {
    "party_government": "①", "department": "②", "mass_organization": "③", "township": "④", "task_force": "⑤", "zone": "⑥",
    "village": "⑦", "institution": "⑧", "soe": "⑨", "social_organization": "⑩", "company": "⑪", "media": "⑫",
    "individual": "⑬",
}  # fmt: skip
_DIGITS = re.compile(r"[0-9]+")


def masked(text: str, organizations: Sequence[Organization]) -> str:
    """The text with names of organizations as one mark a kind and numbers as 0."""
    out, at = [], 0
    for organization in sorted(organizations, key=lambda o: o.start):
        if organization.start < at:
            continue
        out += [text[at : organization.start], _MARKS[organization.kind]]
        at = organization.end
    out.append(text[at:])
    return _DIGITS.sub("0", "".join(out))


def _grams(text: str, sizes: Sequence[int]) -> set[str]:
    padded = f"^{text}$"
    return {padded[i : i + n] for n in sizes for i in range(len(padded) - n + 1)}


def cue_features(text: str, clauses: Sequence[Clause], lexicon: Lexicon) -> list[str]:
    """Every cue that matches, signed by its scope: `recognition.honor+`, `fee-`; and how often."""
    out = []
    named = {f"{group}.{name}": p for group, patterns in lexicon.groups.items() for name, p in patterns.items()}
    named |= {name: p for name, p in lexicon.single.items() if name not in ("speaker", "plan", "run")}
    for name, pattern in named.items():
        signs = set()
        for found in pattern.finditer(text):
            clause = next((c for c in clauses if c.start <= found.start() < c.end), None)
            if clause is None or found.start() == found.end():
                continue
            end = min(found.end(), clause.end)
            denied = negated(clause.text, found.start() - clause.start, end - clause.start)
            signs.add("~" if clause.reported else "-" if denied else "+")
        out += [f"{name}{sign}" for sign in signs]
    return out


def utterance_features(
    text: str, clauses: Sequence[Clause], organizations: Sequence[Organization], lexicon: Lexicon
) -> list[str]:
    """Features of the whole utterance, without repetitions, in a fixed order."""
    body = masked(text, organizations)
    cues = cue_features(text, clauses, lexicon)
    kinds = [f"who:{o.kind}:{o.role}" for o in organizations]
    length = f"len:{min(len(text) // 12, 8)}"
    grams = [f"g:{gram}" for gram in _grams(body, (1, 2, 3, 4))]
    pairs = [f"{a}&{b}" for i, a in enumerate(sorted(cues)) for b in sorted(cues)[i + 1 :]] if len(cues) <= 14 else []
    return sorted({*grams, *(f"cue:{c}" for c in cues), *(f"cue:{p}" for p in pairs), *kinds, length})


def organization_features(
    text: str, clauses: Sequence[Clause], organizations: Sequence[Organization], index: int
) -> list[str]:
    """Features of one organization as a candidate for the organizer: what stands around it, and its hand-set score."""
    one = organizations[index]
    clause = clauses[one.clause]
    body, at = text[clause.start : clause.end], one.start - clause.start
    before, after = body[max(0, at - 6) : at], body[one.end - clause.start : one.end - clause.start + 8]
    out = {
        f"kind:{one.kind}", f"level:{one.level}", f"role:{one.role}", f"score:{max(-6, min(9, round(one.score)))}",
        f"kind:{one.kind}:{one.role}", f"speaker:{one.speaker}", f"denied:{one.denied}", f"clause:{min(one.clause, 4)}",
        f"first:{index == 0}", f"last:{index == len(organizations) - 1}", f"count:{min(len(organizations), 5)}",
        f"initial:{at == 0}", f"final:{not after}", f"reported:{clause.reported}", f"hearsay:{clause.hearsay}",
        f"best:{one.score >= max(o.score for o in organizations)}",
    }  # fmt: skip
    padded = "^" * (6 - len(before)) + before
    out |= {f"b{n}:{padded[-n:]}" for n in (1, 2, 3, 4)} | {f"bg:{g}" for g in _grams(before, (1, 2))}
    out |= {f"a{n}:{after[:n]}" for n in (1, 2, 3)} | {f"ag:{g}" for g in _grams(after, (1, 2))}
    out |= {f"others:{o.kind}:{o.role}" for i, o in enumerate(organizations) if i != index}
    out |= {
        f"pair:{one.kind}>{o.kind}:{'after' if o.start < one.start else 'before'}"
        for i, o in enumerate(organizations)
        if i != index
    }
    return sorted(out)
