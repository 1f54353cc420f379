"""Settings: every path, limit, model name and secret in one place. Entry points build it once and pass it down."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def _default_home() -> Path:
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / "var"
    base = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_DATA_HOME")
    return Path(base) / "minggui" if base else Path.home() / ".local" / "share" / "minggui"


def _default_corpus() -> Path:
    """The shipped corpus: inside the wheel as assistant/_corpus, beside the package in a checkout."""
    packaged = _PACKAGE / "_corpus"
    return packaged if packaged.is_dir() else _CHECKOUT / "corpus"


class Settings(BaseSettings):
    """Everything that differs between machines. Read once, by an entry point; `MINGGUI_HOME=…` and so on."""

    model_config = SettingsConfigDict(env_prefix="MINGGUI_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=_default_home)  # library, originals, index, lock
    corpus_dir: Path = Field(default_factory=_default_corpus)
    database_url: str = ""  # "" = sqlite in home; else any SQLAlchemy URL, e.g. postgresql+psycopg://…
    region: str = (
        ""  # where the office stands, e.g. 某省某市某区: rules of other places are then set aside; "" = not set
    )

    embedding_model: str = ""  # "" = the shipped static vectors, without torch; else any sentence-transformers model
    embedding_device: str = "cpu"
    query_prompt: str = ""
    passage_prompt: str = ""
    chroma_url: str = ""  # "" = embedded; else http://host:port of a Chroma server

    max_question_chars: int = 5_000
    max_upload_mb: int = 50
    parse_timeout_s: float = 20.0
    parse_memory_mb: int = 1_024

    host: str = "127.0.0.1"
    port: int = 8765
    office_token: SecretStr | None = None  # who may add documents over HTTP; None: only programs on this machine
    telegram_token: SecretStr | None = None  # None: the bot does not start, and says why
    telegram_base_url: str = ""  # another Bot API server, e.g. a local one
    telegram_webhook_secret: SecretStr | None = None

    @property
    def sql_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'library.sqlite'}"

    @property
    def index_dir(self) -> Path:
        return self.home / "index"

    @property
    def originals_dir(self) -> Path:
        return self.home / "originals"
