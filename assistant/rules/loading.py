"""corpus/rules/*.yaml → RuleBook. Refuses what contradicts itself, naming file and line.

facts.yaml declares facts and constraints; every other file declares one or more regimes with their rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from assistant.domain import Outcome, PartialDate
from assistant.errors import RuleError
from assistant.rules.model import (
    Cite,
    Condition,
    Constraint,
    FactClass,
    FactDeclaration,
    Masks,
    Option,
    Phase,
    Presumption,
    Regime,
    Rule,
    RuleBook,
    Verified,
    Window,
)
from assistant.rules.worlds import propagate

_LINE = "__line__"


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Safe YAML that remembers the line of every mapping and refuses a key given twice."""


def _mapping(loader: Any, node: Any) -> dict[str, Any]:
    loader.flatten_mapping(node)
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in out:
            raise RuleError(
                f"{node.start_mark.name}:{key_node.start_mark.line + 1} 键“{key}”重复。", hint="删去重复的一处。"
            )
        out[key] = loader.construct_object(value_node, deep=True)
    out[_LINE] = node.start_mark.line + 1
    return out


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _read(path: Path) -> Any:
    class Named(_Loader):
        pass

    with path.open("rb") as stream:
        try:
            return yaml.load(stream, Named)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise RuleError(f"{path.name}:{line} 不是有效的 YAML：{error}", hint="检查缩进、冒号和引号。") from error


def _string(value: Any) -> str:
    """YAML reads a bare yes / no as a boolean; here they are values like any other."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _strings(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(_string(v) for v in value) if isinstance(value, list) else (_string(value),)


class _Facts:
    """Facts by name while the rest is being read."""

    def __init__(self, declarations: tuple[FactDeclaration, ...]) -> None:
        self.declarations = declarations
        self.position = {fact.name: i for i, fact in enumerate(declarations)}

    def condition(self, raw: Mapping[str, Any], place: str) -> Condition:
        parts = []
        for name, values in raw.items():
            if name == _LINE:
                continue
            negated = name.endswith("!")
            bare = name.rstrip("!")
            if bare not in self.position:
                raise RuleError(f"{place} 事实“{bare}”没有在 facts.yaml 中声明。", hint="先声明事实，或改正名称。")
            fact = self.declarations[self.position[bare]]
            try:
                mask = fact.mask(*_strings(values))
            except KeyError as error:
                raise RuleError(
                    f"{place} 事实“{bare}”没有取值 {error}。", hint=f"可用取值：{'、'.join(fact.values)}"
                ) from error
            parts.append((self.position[bare], fact.everything & ~mask if negated else mask))
        return Condition(tuple(parts))

    def conditions(self, raw: Any, place: str) -> tuple[Condition, ...]:
        """A mapping is one conjunction; a list of mappings is any of them."""
        if raw is None:
            return (Condition(),)
        return tuple(self.condition(item, place) for item in (raw if isinstance(raw, list) else [raw]))


def _require(raw: Mapping[str, Any], key: str, place: str) -> Any:
    if raw.get(key) in (None, ""):
        raise RuleError(f"{place} 缺少“{key}”。", hint=f"补上 {key}。")
    return raw[key]


def _unknown_keys(raw: Mapping[str, Any], known: set[str], place: str) -> None:
    extra = set(raw) - known - {_LINE}
    if extra:
        raise RuleError(f"{place} 有不认识的键：{'、'.join(sorted(extra))}。", hint=f"可用：{'、'.join(sorted(known))}")


_FACT_KEYS = {
    "name", "label", "class", "values", "question", "options", "presumed", "presume", "condition", "advice", "relevant",
}  # fmt: skip
_RULE_KEYS = {
    "id", "phase", "when", "outcome", "reason", "cites", "verified", "in_force", "overrides", "asks", "headline",
    "todo", "route", "owner",
}  # fmt: skip


def _facts(raw: Mapping[str, Any], file: str) -> tuple[tuple[FactDeclaration, ...], list[tuple[Any, Any, str]]]:
    declarations = []
    scopes = []
    for item in raw["facts"]:
        place = f"{file}:{item[_LINE]}"
        _unknown_keys(item, _FACT_KEYS, place)
        values_raw = _require(item, "values", place)
        shown = {_string(key): str(text) for key, text in values_raw.items() if key != _LINE}
        name = str(_require(item, "name", place))
        fact_class = FactClass(item.get("class", "decisive"))
        presumptions = list(item.get("presume", ()))
        if item.get("presumed") is not None:
            presumptions.append({"value": item["presumed"]})
        if fact_class is not FactClass.DECISIVE and not presumptions:
            raise RuleError(f"{place} 事实“{name}”须写明 presumed（没人提起时的取值）。", hint="补上 presumed。")
        options = tuple(
            Option(_strings(option["values"]), str(option["text"])) for option in item.get("options", ())
        ) or tuple(Option((value,), text) for value, text in shown.items())
        declaration = FactDeclaration(
            name=name,
            label=str(_require(item, "label", place)),
            fact_class=fact_class,
            values=tuple(shown),
            shown=shown,
            question=str(item.get("question", "")),
            options=options,
            condition=str(item.get("condition", "")),
            advice=str(item.get("advice", "")),
        )
        for value in (*(v for o in options for v in o.values), *(_strings(p["value"])[0] for p in presumptions)):
            if value not in shown:
                raise RuleError(f"{place} 事实“{name}”没有取值“{value}”。", hint=f"可用：{'、'.join(shown)}")
        declarations.append(declaration)
        scopes.append((item.get("relevant"), presumptions, place))
    return tuple(declarations), scopes


def _rule(raw: Mapping[str, Any], regime: str, facts: _Facts, file: str) -> Rule:
    place = f"{file}:{raw[_LINE]}"
    _unknown_keys(raw, _RULE_KEYS, place)
    try:
        outcome = None if raw.get("outcome") in (None, "warn") else Outcome(raw["outcome"])
        verified = Verified(_string(raw.get("verified", "no")))
        phase = Phase(_require(raw, "phase", place))
        window_raw = raw.get("in_force") or {}
        window = Window(
            PartialDate.parse(str(window_raw["from"]) if window_raw.get("from") else None),
            PartialDate.parse(str(window_raw["to"]) if window_raw.get("to") else None),
        )
    except ValueError as error:
        raise RuleError(f"{place} 取值不对：{error}", hint="对照 docs/design.md 第4、5节。") from error
    cites = tuple(
        Cite(str(c["work"]), str(c.get("provision", "")), str(c.get("anchor", ""))) for c in raw.get("cites", ())
    )
    rule_id = str(_require(raw, "id", place))
    if outcome is not None and not cites and outcome not in (Outcome.NEEDS_MORE_INFO, Outcome.NOT_ANSWERABLE):
        raise RuleError(f"{place} 规则“{rule_id}”没有依据。", hint="补上 cites：哪件文件、哪一条。")
    if outcome is not None and verified is Verified.NO and outcome.strictness:
        raise RuleError(
            f"{place} 规则“{rule_id}”标为 verified: no，只能提示，不能作结论。", hint="去掉 outcome，或核实后改标。"
        )
    permits = (Outcome.ALLOWED_NO_PROCEDURE, Outcome.OUT_OF_SCOPE)
    if verified is Verified.MODEL and outcome in permits:
        raise RuleError(f"{place} 规则“{rule_id}”只有示范文本作依据，不能放行。", hint="换用已核依据，或改结论。")
    asks = str(raw.get("asks", ""))
    if outcome is Outcome.NEEDS_MORE_INFO and asks not in facts.position:
        raise RuleError(f"{place} 规则“{rule_id}”要追问，须用 asks 写明问哪一项事实。", hint="补上 asks。")
    return Rule(
        id=rule_id, regime=regime, phase=phase, when=facts.conditions(raw.get("when"), place), outcome=outcome,
        reason=str(_require(raw, "reason", place)), cites=cites, verified=verified, window=window,
        overrides=_strings(raw.get("overrides")), asks=asks, headline=str(raw.get("headline", "")),
        todo=str(raw.get("todo", "")), route=str(raw.get("route", "")), owner=str(raw.get("owner", "")), place=place,
    )  # fmt: skip


def _overlap(a: Rule, b: Rule, book: RuleBook, applies: tuple[Condition, ...]) -> Masks | None:
    """A set of worlds in which both hold, or None."""
    for first in a.when:
        for second in b.when:
            for scope in applies:
                masks = [fact.everything for fact in book.facts]
                for fact, allowed in (*first.parts, *second.parts, *scope.parts):
                    masks[fact] &= allowed
                if all(masks):
                    narrowed = propagate(tuple(masks), book.constraints)
                    if narrowed is not None:
                        return narrowed
    return None


def _windows_meet(a: Window, b: Window) -> bool:
    return a.start.earliest < b.end.latest and b.start.earliest < a.end.latest


def _contradictions(book: RuleBook) -> Iterator[str]:
    """Pairs of one regime and phase that overlap, differ, and that strictness cannot settle."""
    for regime in book.regimes:
        for rules in regime.rules.values():
            deciding = [rule for rule in rules if rule.outcome is not None]
            for i, a in enumerate(deciding):
                for b in deciding[i + 1 :]:
                    assert a.outcome
                    assert b.outcome
                    if a.outcome is b.outcome or (a.outcome.strictness and b.outcome.strictness):
                        continue
                    if b.id in a.overrides or a.id in b.overrides or not _windows_meet(a.window, b.window):
                        continue
                    if _overlap(a, b, book, regime.applies) is not None:
                        yield f"{a.place} “{a.id}”（{a.outcome}）与 {b.place} “{b.id}”（{b.outcome}）会同时成立"


def load(folder: Path) -> RuleBook:
    """Read and check every rule file under `folder`. Raises RuleError (file and line) on the first fault.

    Whether cited provisions exist is checked against a library by `dead_citations`.
    """
    facts_path = folder / "facts.yaml"
    if not facts_path.is_file():
        raise RuleError(f"找不到 {facts_path.name}。", hint="规则目录须有 facts.yaml；检查 MINGGUI_CORPUS_DIR。")
    digest = hashlib.sha256(facts_path.read_bytes())
    raw_facts = _read(facts_path)
    declarations, scopes = _facts(raw_facts, "facts.yaml")
    if len({fact.name for fact in declarations}) != len(declarations):
        raise RuleError("facts.yaml 有同名事实。", hint="改名或合并。")
    facts = _Facts(declarations)
    declarations = tuple(
        replace(
            fact,
            relevant=None if relevant is None else facts.condition(relevant, place),
            presumptions=tuple(
                Presumption(_strings(p["value"])[0], facts.conditions(p["when"], place) if p.get("when") else ())
                for p in presumed
            ),
        )
        for fact, (relevant, presumed, place) in zip(declarations, scopes, strict=True)
    )
    facts = _Facts(declarations)
    constraints = []
    for item in raw_facts.get("constraints", ()):
        place = f"facts.yaml:{item[_LINE]}"
        then = facts.condition(item["then"], place)
        constraints += [Constraint(facts.condition(item["when"], place), i, allowed) for i, allowed in then.parts]
    regimes = []
    seen: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "facts.yaml":
            continue
        digest.update(path.read_bytes())
        for raw in _read(path)["regimes"]:
            place = f"{path.name}:{raw[_LINE]}"
            _unknown_keys(raw, {"regime", "name", "applies", "rules"}, place)
            key = str(_require(raw, "regime", place))
            by_phase: dict[Phase, list[Rule]] = {}
            for raw_rule in raw.get("rules", ()):
                rule = _rule(raw_rule, key, facts, path.name)
                if rule.id in seen:
                    raise RuleError(f"{rule.place} 规则“{rule.id}”与 {seen[rule.id]} 重名。", hint="改一个名字。")
                seen[rule.id] = rule.place
                by_phase.setdefault(rule.phase, []).append(rule)
            regimes.append(
                Regime(
                    key,
                    str(_require(raw, "name", place)),
                    facts.conditions(raw.get("applies"), place),
                    {phase: tuple(rules) for phase, rules in by_phase.items()},
                )
            )
    book = RuleBook(declarations, tuple(constraints), tuple(regimes), digest.hexdigest()[:12])
    for rule in book.rules:
        for name in rule.overrides:
            if name not in seen:
                raise RuleError(f"{rule.place} overrides 了不存在的规则“{name}”。", hint="改正名称。")
    for problem in _contradictions(book):
        raise RuleError(f"{problem}，结论不同又分不出宽严。", hint="用 overrides 写明谁让谁，或收窄其中一条的 when。")
    return book
