"""The map of the house: imports point one way, nothing of one machine is kept, no room is too long to read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

_BINARY = {".docx", ".xlsx", ".pdf", ".safetensors", ".png", ".ico", ".woff2", ".gz", ".zip"}


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


def test_no_path_of_one_machine_is_kept() -> None:
    where = re.compile(r"(?<![\w.])(?:/home/\w+|/root/|/Users/\w+|C:\\\\Users)")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path.suffix not in _BINARY and path.is_file() and path != Path(__file__)
        for match in where.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_nothing_kept_is_over_15_megabytes() -> None:
    assert [str(p) for p in tracked() if p.is_file() and p.stat().st_size > 15 * 2**20] == []


def test_what_is_imported_at_start_is_light() -> None:
    """The command line must not load what only some commands need."""
    heavy = ("torch", "sentence_transformers", "chromadb", "langchain", "telegram", "fastapi", "tantivy")
    code = f"import sys, assistant.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_the_version_and_its_pins_are_stated() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    for requirement in (*project["dependencies"], *project["optional-dependencies"]["models"]):
        name = re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")  # type: ignore[index]
        assert re.search(rf"^{re.escape(name)}==", constraints.replace("_", "-"), re.M), name


@pytest.mark.parametrize(("given", "used"), [(None, "1"), ("4", "4")])
def test_one_blas_thread_unless_the_operator_says_otherwise(given: str | None, used: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    env |= {"OPENBLAS_NUM_THREADS": given} if given else {}
    code = "import assistant, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == used
