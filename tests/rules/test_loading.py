"""Rule files that contradict themselves are refused, naming file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import RuleError
from assistant.rules.loading import load

FACTS = """
facts:
  - {name: kind, label: 主体, values: {town: 镇, office: 局}, question: 谁办？}
  - {name: fee, label: 收费, class: irregularity, values: {no: 不收, yes: 收}, presumed: no}
"""


def rules(*items: str) -> str:
    body = "".join(f"\n      - {item}" for item in items)
    return f"regimes:\n  - regime: r\n    name: 某\n    applies: {{}}\n    rules:{body}\n"


def rule(name: str, when: str, outcome: str, extra: str = "") -> str:
    return (
        f"{{id: {name}, phase: standing, when: {when}, outcome: {outcome}, reason: 因为, verified: source, "
        f"cites: [{{work: w, provision: 第一条}}]{extra}}}"
    )


def write(folder: Path, text: str, facts: str = FACTS) -> Path:
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "some.yaml").write_text(text, encoding="utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(RuleError) as caught:
        load(folder)
    assert caught.value.hint
    return caught.value.message


def test_a_bare_yes_or_no_is_a_value_not_a_boolean(tmp_path: Path) -> None:
    book = load(write(tmp_path, rules(rule("a", "{fee: [yes]}", "prohibited"))))
    assert book.fact("fee").values == ("no", "yes")
    assert book.rules[0].when[0].parts == ((1, 0b10),)


def test_an_overlap_that_nothing_settles_is_refused_with_file_and_line(tmp_path: Path) -> None:
    text = rules(rule("a", "{kind: [town]}", "prohibited"), rule("b", "{fee: [no]}", "not_answerable"))
    message = refused(write(tmp_path, text))
    assert "some.yaml:6" in message
    assert "some.yaml:7" in message


def test_an_override_settles_it(tmp_path: Path) -> None:
    text = rules(
        rule("a", "{kind: [town]}", "prohibited", ", overrides: [b]"), rule("b", "{fee: [no]}", "not_answerable")
    )
    assert len(load(write(tmp_path, text)).rules) == 2


def test_two_outcomes_that_strictness_can_order_may_overlap(tmp_path: Path) -> None:
    text = rules(rule("a", "{kind: [town]}", "prohibited"), rule("b", "{fee: [no]}", "approval_required"))
    assert len(load(write(tmp_path, text)).rules) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rules(rule("a", "{colour: [red]}", "prohibited")), "colour"),
        (rules(rule("a", "{kind: [city]}", "prohibited")), "city"),
        (rules(rule("a", "{kind: [town]}", "maybe")), "maybe"),
        (rules(rule("a", "{}", "prohibited"), rule("a", "{}", "prohibited")), "重名"),
        (rules("{id: a, phase: standing, when: {}, outcome: prohibited, reason: 因为, verified: source}"), "没有依据"),
        (rules(rule("a", "{}", "out_of_scope_of_measures").replace("verified: source", "verified: model")), "不能放行"),
        (rules(rule("a", "{}", "prohibited").replace("verified: source", "verified: no")), "只能提示"),
        (rules(rule("a", "{}", "needs_more_info")), "asks"),
        (rules(rule("a", "{}", "prohibited", ", overrides: [ghost]")), "ghost"),
        (rules(rule("a", "{}", "prohibited", ", colour: red")), "colour"),
        ("regimes: [", "YAML"),
    ],
)
def test_a_fault_is_refused_saying_what_and_where(tmp_path: Path, text: str, said: str) -> None:
    message = refused(write(tmp_path, text))
    assert said in message
    assert "some.yaml" in message


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    text = rules("{id: a, phase: standing, id: b, outcome: prohibited, reason: 因为, verified: source}")
    assert "重复" in refused(write(tmp_path, text))


def test_a_presumption_must_be_declared_for_what_is_not_asked(tmp_path: Path) -> None:
    facts = "facts:\n  - {name: fee, label: 收费, class: irregularity, values: {no: 不收, yes: 收}}\n"
    assert "presumed" in refused(write(tmp_path, rules(), facts))


def test_missing_facts_file_says_what_to_do(tmp_path: Path) -> None:
    assert "facts.yaml" in refused(tmp_path)


def test_the_shipped_rules_load_and_every_citation_is_held(assistant) -> None:  # type: ignore[no-untyped-def]
    from datetime import date

    from assistant.rules.citations import bad_citations

    assert [bad.message for bad in bad_citations(assistant.book, assistant.library, date(2026, 11, 23))] == []
