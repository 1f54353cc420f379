"""Fill an empty library from the shipped corpus, in one transaction. Called on first use, under the home's lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.config import Settings
from assistant.errors import IncompleteDocument
from assistant.library import Library
from ingest.reading import SIDECAR, Draft, read_path

Progress = Callable[[int, int, str], None]


def corpus_files(settings: Settings) -> list[Path]:
    """The documents that ship, <work>/<version>.<ext>, in order; [] when there is no corpus."""
    root = settings.corpus_dir / "documents"
    return sorted(
        path
        for path in root.glob("*/*")
        if path.is_file() and not path.name.endswith(SIDECAR) and not path.name.startswith((".", "~$"))
    )


def read_corpus(settings: Settings, progress: Progress | None = None) -> list[Draft]:
    """Read and check every shipped document. Raises IncompleteDocument when a file is not where its id says."""
    files = corpus_files(settings)
    drafts = []
    for done, path in enumerate(files):
        if progress:
            progress(done, len(files), f"{path.parent.name}/{path.name}")
        draft = read_path(path, settings)
        expected = (path.parent.name, path.stem)
        if (draft.document.work, draft.document.version) != expected:
            raise IncompleteDocument(
                f"{path.parent.name}/{path.name} 里写的编号是 {draft.document.id}，与所在位置不一致。",
                hint="文件应放在 documents/<work>/<version>.扩展名，并与说明里的 work、version 相同。",
            )
        drafts.append(draft)
    if progress and files:
        progress(len(files), len(files), "读取完成")
    return drafts


def seed(library: Library, settings: Settings, progress: Progress | None = None) -> int:
    """Publish the shipped corpus into an empty library; returns the revision. A library that was ever used stays as it is."""
    if library.revision:
        return library.revision
    drafts = read_corpus(settings, progress)
    return library.publish(
        [(draft.document, draft.provisions, draft.original) for draft in drafts], by="明规", note="随产品发布的资料"
    )
