"""A library filled from the shipped corpus, and a reviewer over the shipped rules and lexicon: all real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.answering.compose import Composer
from assistant.answering.lexicon import load_lexicon
from assistant.answering.reading import Reader
from assistant.config import Settings
from assistant.domain import Review
from assistant.library import Library
from assistant.review import Reviewer
from assistant.rules.loading import load
from ingest.seeding import seed

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
DAY = date(2026, 11, 23)
ReviewText = Callable[..., Review]


@pytest.fixture(scope="session")
def reviewer(tmp_path_factory: pytest.TempPathFactory) -> Reviewer:
    home = tmp_path_factory.mktemp("review")
    settings = Settings(home=home, corpus_dir=CORPUS, database_url="")
    library = Library.open(settings.sql_url, settings.originals_dir)
    seed(library, settings, None)
    book = load(CORPUS / "rules")
    rows = yaml.safe_load((CORPUS / "catalogs" / "projects.yaml").read_text(encoding="utf-8"))["projects"]
    projects = sorted(
        (
            (name, "central_province")
            for row in rows
            if row["verified"] != "model"
            for name in (row["name"], *row["aliases"])
        ),
        key=lambda pair: -len(pair[0]),
    )
    offices = yaml.safe_load((CORPUS / "catalogs" / "authorities.yaml").read_text(encoding="utf-8"))["authorities"]
    reader = Reader(load_lexicon(CORPUS / "lexicon" / "reading.yaml"), projects)
    return Reviewer(reader, book, Composer(library, book, {row["key"]: row for row in offices}))


@pytest.fixture
def review(reviewer: Reviewer) -> ReviewText:
    """Review a text as of one fixed day."""

    def run(text: str, organizer: str | None = None, on: date = DAY) -> Review:
        return reviewer.review(text, organizer=organizer, on=on)

    return run
