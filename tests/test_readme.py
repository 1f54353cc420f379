"""The README's console examples are true: each command prints the line that stands under it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

_BLOCK = re.compile(r"```console\n(.*?)```", re.S)


def examples() -> list[tuple[str, str]]:
    """(command, first line of its output) of every console example."""
    out: list[tuple[str, str]] = []
    for block in _BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        lines = block.splitlines()
        out += [(line[2:], lines[i + 1]) for i, line in enumerate(lines) if line.startswith("$ ")]
    return out


@pytest.mark.parametrize(("command", "expected"), examples())
def test_the_example_prints_what_the_readme_says(command: str, expected: str, home: Path) -> None:
    program, *words = shlex.split(command)
    assert program == "minggui"
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *words], env={**os.environ, "MINGGUI_HOME": str(home), "PYTHONUTF8": "1"},
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.decode().splitlines()[0] == expected


def test_every_command_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^make (\w[\w-]*)", text, re.M))
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.M) for target in targets)
    from assistant.cli import main

    for name in set(re.findall(r"^minggui (\w+)", text, re.M)):
        assert name in main.commands


def test_chinese_comes_first() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.index("先问规矩") < text.index("in English")
