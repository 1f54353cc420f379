"""The reading lexicon, compiled once: regular expressions over folded text. Cues only; scope and rules decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import RuleError


@dataclass(frozen=True, slots=True)
class OrganizationPattern:
    kind: str
    level: str  # "" unless the name itself fixes it
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Lexicon:
    organizations: tuple[OrganizationPattern, ...]
    levels: Mapping[str, re.Pattern[str]]
    single: Mapping[str, re.Pattern[str]]  # top-level entries: speaker, plan, run, scoring, …
    groups: Mapping[str, Mapping[str, re.Pattern[str]]]  # nature, recognition, irregular, approval, …
    words: Mapping[str, str] = field(default_factory=dict)  # word → its class

    @cached_property
    def longest_word(self) -> int:
        return max(map(len, self.words), default=0)


# the same safe subset; in C where libyaml is there, which is ten times faster on the word classes
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _compile(value: Any) -> re.Pattern[str]:
    source = "|".join(f"(?:{part})" for part in value) if isinstance(value, list) else str(value)
    return re.compile(source)


@lru_cache(maxsize=4)
def load_lexicon(path: Path) -> Lexicon:
    """Read and compile reading.yaml. Raises RuleError naming the entry that does not compile."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise RuleError(f"词表 {path.name} 读不出来：{error}", hint="检查 corpus/lexicon/reading.yaml。") from error
    single: dict[str, re.Pattern[str]] = {}
    groups: dict[str, dict[str, re.Pattern[str]]] = {}
    organizations = []
    for key, value in raw.items():
        try:
            if key == "organizations":
                organizations = [
                    OrganizationPattern(o["kind"], o.get("level", ""), re.compile(o["match"])) for o in value
                ]
            elif isinstance(value, dict):
                groups[key] = {str(name): _compile(v) for name, v in value.items()}
            else:
                single[key] = _compile(value)
        except re.error as error:
            raise RuleError(f"词表 {path.name} 的“{key}”不是有效的正则：{error}", hint="检查括号是否成对。") from error
    return Lexicon(tuple(organizations), groups.pop("levels"), single, groups, _words(path.with_name("words.yaml")))


def _words(path: Path) -> dict[str, str]:
    """word → class, of words.yaml beside the reading lexicon; {} without one. Raises RuleError on a word in two classes."""
    if not path.is_file():
        return {}
    out: dict[str, str] = {}
    for name, words in (yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) or {}).items():
        for word in words:
            if out.setdefault(str(word), str(name)) != name:
                raise RuleError(f"词表 {path.name} 的“{word}”同时在 {out[str(word)]} 和 {name} 里。", hint="只留一处。")
    return out
