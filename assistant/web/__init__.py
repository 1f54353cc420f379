"""The HTTP door: JSON under /v1 and three pages for people. It makes one call on `Assistant` and renders what comes back.

`api` holds the contract, `completions` the OpenAI-compatible shape, `pages` the HTML, `rim` what guards the edge
(sizes, origins, headers, errors), `metrics` the counters. FastAPI is imported only when an app is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.config import Settings
    from assistant.service import Assistant

__all__ = ["create_app", "serve"]


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """The ASGI application over one opened assistant; nothing is opened, read or written here."""
    from assistant.web.app import create_app as build

    return build(assistant, settings)


def serve(settings: Settings) -> None:
    """Open the assistant and serve until interrupted. The access log is off: addresses may carry what people asked."""
    import logging
    import sys

    import uvicorn

    from assistant.service import Assistant

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    assistant = Assistant.open(settings, progress=lambda *words: print(*words, file=sys.stderr))
    print(f"明规已启动：http://{_shown_host(settings.host)}:{settings.port}/ （Ctrl+C 停止）", file=sys.stderr)
    uvicorn.run(
        create_app(assistant, settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_level="warning",
    )


def _shown_host(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
