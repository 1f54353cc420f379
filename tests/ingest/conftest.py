"""Settings with a home of their own."""

from __future__ import annotations

import pytest

from assistant.config import Settings


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))
