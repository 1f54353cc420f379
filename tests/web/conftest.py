from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.config import Settings
from assistant.web import create_app
from tests.web.stand_in import StandIn


@pytest.fixture
def assistant() -> StandIn:
    return StandIn()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path, max_question_chars=500, max_upload_mb=1)


@pytest.fixture
def client(assistant: StandIn, settings: Settings) -> Iterator[TestClient]:
    """A program on this machine; an unforeseen error comes back as a reply, as it does from a real server."""
    app = create_app(assistant, settings)
    with TestClient(
        app, base_url="http://127.0.0.1:8765", client=("127.0.0.1", 5), raise_server_exceptions=False
    ) as client:
        yield client
