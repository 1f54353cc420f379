"""Mutants of the answer's form: grounds dropped or dressed up, the wrong label, words cut, facts and questions lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evals.mutation.mutants import Mutant

Answer = dict[str, Any]


def saying_mutants() -> Iterator[Mutant]:
    def of(operator: str, target: str, says: Callable[[Answer], Answer]) -> Mutant:
        return Mutant("saying", operator, target, says=says)

    def each(change: Callable[[Answer], Answer]) -> Callable[[Answer], Answer]:
        return lambda answer: answer | {"citations": [change(dict(one)) for one in answer["citations"]]}

    yield of("drop", "all citations", lambda a: a | {"citations": []})
    yield of("drop", "last citation", lambda a: a | {"citations": a["citations"][:-1]})
    yield of("double", "first citation", lambda a: a | {"citations": [*a["citations"][:1], *a["citations"]]})
    yield of("drop", "questions", lambda a: a | {"missing": []})
    yield of("drop", "facts", lambda a: a | {"facts": {}})
    yield of("drop", "conditions", lambda a: a | {"conditions": []})
    yield of("drop", "route", lambda a: a | {"route": None})
    yield of("drop", "abstention", lambda a: a | {"abstained": None})
    yield of("drop", "answer", lambda a: a | {"answer": ""})
    yield of("drop", "label", lambda a: a | {"verdict_label": ""})
    yield of("cut", "answer", lambda a: a | {"answer": a["answer"][: len(a["answer"]) // 3]})
    yield of("swell", "answer", lambda a: a | {"answer": a["answer"] * 3})
    yield of(
        "misname",
        "verdict",
        lambda a: a | {"verdict_label": "无需另行报批（按批准内容和规定要求开展）"} if a["verdict"] else a,
    )
    yield of("soften", "first words", lambda a: a | {"answer": "备案即可。" + a["answer"]})
    yield of(
        "soften", "approval", lambda a: a | {"verdict": "filing_required"} if a["verdict"] == "approval_required" else a
    )
    yield of(
        "launder", "advice", lambda a: a | {"advice": [{"text": "改由协会名义主办", "outcome": "allowed_no_procedure"}]}
    )
    yield of("dress up", "paraphrases", each(lambda c: c | {"text_status": "original"}))
    yield of("reword", "quotes", each(lambda c: c | {"quote": c["quote"].replace("不得", "可以", 1) + "（摘编）"}))
    yield of("cut", "quotes", each(lambda c: c | {"quote": ""}))
    yield of("misnumber", "provisions", each(lambda c: c | {"provision": "第九百九十九条", "provision_id": ""}))
    yield of(
        "misname",
        "documents",
        each(
            lambda c: (
                c | {"document": "关于放开评比活动的通知", "document_number": "", "document_id": "", "provision_id": ""}
            )
        ),
    )
    yield of(
        "shift",
        "places of facts",
        lambda a: (
            a
            | {
                "facts": {
                    n: f | {"start": f["start"] + 1} if f.get("start") is not None else f for n, f in a["facts"].items()
                }
            }
        ),
    )
    yield of("shift", "day", lambda a: a | {"as_of": "2015-01-01"})
