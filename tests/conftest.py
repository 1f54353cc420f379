"""Shared by all tests: where a skip is a failure (MINGGUI_FAIL_ON_SKIP), and homes that never touch the user's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True, scope="session")
def _no_network_surprises() -> Iterator[None]:
    """A proxy variable would capture loopback calls; a hub would be asked for models."""
    saved = {name: os.environ.pop(name) for name in list(os.environ) if name.lower().endswith("_proxy")}
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["no_proxy"] = "*"
    yield
    os.environ.update(saved)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("MINGGUI_FAIL_ON_SKIP"):
        terminalreporter.write_line(f"{len(skipped)} skipped, and a skip is a failure here", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        reporter is not None
        and reporter.stats.get("skipped")
        and os.environ.get("MINGGUI_FAIL_ON_SKIP")
        and not exitstatus
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home filled from the shipped corpus, once a test process. Tests that write make their own."""
    from assistant.config import Settings
    from assistant.service import Assistant

    folder = tmp_path_factory.mktemp("home")
    Assistant.open(Settings(home=folder, _env_file=None))
    return folder


@pytest.fixture(scope="session")
def assistant(home: Path):  # type: ignore[no-untyped-def]
    """The real thing over the shipped corpus."""
    from assistant.config import Settings
    from assistant.service import Assistant

    return Assistant.open(Settings(home=home, _env_file=None))
