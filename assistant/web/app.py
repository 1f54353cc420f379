"""Put the pieces of the HTTP door together. `create_app` is the only way in."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from assistant.config import Settings
from assistant.web import api, completions, pages
from assistant.web.metrics import Metrics
from assistant.web.rim import Guard, install_errors

if TYPE_CHECKING:
    from assistant.service import Assistant

_STATIC = Path(__file__).resolve().parent / "static"
_FORM_SLACK_BYTES = 1_000_000  # boundaries and fields around the files of one upload


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """The application over one opened assistant. The interactive API pages of FastAPI load from a CDN, so they are off."""
    metrics = Metrics()
    app = FastAPI(
        title="明规",
        summary="创建示范与评比达标表彰政策助手",
        version=version("minggui"),
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Guard, max_body_bytes=settings.max_upload_mb * 1_000_000 + _FORM_SLACK_BYTES, metrics=metrics)
        ],
    )
    app.state.assistant, app.state.settings, app.state.metrics = assistant, settings, metrics
    app.include_router(api.router)
    app.include_router(completions.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    install_errors(app, pages.render_error)
    return app
