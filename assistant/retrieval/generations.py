"""Index folders: `index/<generation>/{lexical,dense}` and `index/CURRENT`, which names the one that serves.

A generation is built beside the old one and never written again; CURRENT is replaced in one rename, so a reader sees the
old or the new and a killed writer leaves the old. Everything here can be rebuilt from the library.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.domain import Document, Level
from assistant.errors import IndexDamaged
from assistant.retrieval.dense import DenseIndex, ExactVectors, build_dense, connect, copy_exact, update_dense
from assistant.retrieval.embedder import Embedder
from assistant.retrieval.fusion import authority
from assistant.retrieval.lexical import LexicalIndex, Lexicon, build_lexical
from assistant.retrieval.lookup import Name, NameTable
from assistant.retrieval.units import Corpus, Unit, cut_units

Progress = Callable[[int, int, str], None]  # (done, of, what is being done)

_FORMAT = 1  # raise when what a generation holds, or how units are cut and weighted in it, changes
_LOCK_TIMEOUT_S = 600
_DELTA_SHARE = 0.3  # with more changes than this, a fresh build is quicker and leaves no dead vectors
log = logging.getLogger(__name__)
_REBUILD = "请运行 minggui corpus index 重建索引(资料库不受影响)。"


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """What retrieval needs of a document, as it was when the generation was built."""

    id: str
    work: str
    title: str
    level: Level
    region: str
    document_number: str
    aliases: tuple[str, ...]
    issuer: str
    newness: int  # day the version began, as an ordinal; among twins the greatest stays


class Generation:
    """One opened generation. Closing is left to the caller that opened it."""

    def __init__(self, folder: Path, settings: Settings, lexicon: Lexicon) -> None:
        self.name = folder.name
        self._settings = settings
        self._folder = folder
        try:
            self.stamp: dict[str, Any] = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
            table = json.loads((folder / "units.json").read_text(encoding="utf-8"))
            if self.stamp["format"] != _FORMAT:
                raise IndexDamaged(f"索引 {folder.name} 由另一版本的程序建立。", hint=_REBUILD)
            self.documents = [_read_document(row) for row in table["documents"]]
            self.authority = [
                authority(document.level.rank, document.title, document.issuer) for document in self.documents
            ]
            self.owners: list[int] = table["owners"]
            self.provisions: list[str] = table["provisions"]
            self.twins: list[str] = table["twins"]
            self.keys: list[int] = table["keys"]
            self.lexical = LexicalIndex(folder / "lexical", lexicon)
        except IndexDamaged:
            raise
        except Exception as error:  # json, the file system and tantivy each have their own family; the cure is one
            raise IndexDamaged(f"索引 {folder.name} 缺失或损坏({type(error).__name__})。", hint=_REBUILD) from error
        if not len(self.keys) == len(self.owners) == len(self.provisions) == len(self.twins) == self.stamp["units"]:
            raise IndexDamaged(f"索引 {folder.name} 不完整。", hint=_REBUILD)
        if self.lexical.size != self.stamp["wholes"]:
            raise IndexDamaged(f"关键词索引 {folder.name} 不完整。", hint=_REBUILD)
        self.row = {key: row for row, key in enumerate(self.keys)}

    @cached_property
    def dense(self) -> DenseIndex:
        """The Chroma collection, opened on first use. Raises IndexDamaged."""
        if not self._settings.chroma_url and not (self._folder / "dense" / "chroma.sqlite3").is_file():
            raise IndexDamaged(f"向量索引 {self.name} 缺失。", hint=_REBUILD)  # Chroma would make an empty one
        try:
            client = connect(self._folder / "dense", self._settings.chroma_url)
        except Exception as error:
            where = self._settings.chroma_url or self._folder.name
            raise IndexDamaged(f"向量库打不开:{where}({type(error).__name__})。", hint=_REBUILD) from error
        index = DenseIndex(client, collection_name(self.name))
        if index.count() != self.stamp["vectors"]:
            raise IndexDamaged(f"向量索引 {self.name} 不完整。", hint=_REBUILD)
        return index

    @property
    def vectors(self) -> DenseIndex | ExactVectors:
        """Chroma once it is open; until then, for a small collection, its copy that opens at once. Raises IndexDamaged."""
        if "dense" in self.__dict__:
            return self.dense
        return self._exact or self.dense

    @cached_property
    def _exact(self) -> ExactVectors | None:
        try:
            exact = ExactVectors(self._folder / "dense")
        except (OSError, ValueError):
            return None
        return exact if exact.count() == self.stamp["vectors"] else None

    @cached_property
    def names(self) -> NameTable:
        return NameTable(Name(d.id, d.title, d.aliases, d.document_number) for d in self.documents)

    @cached_property
    def rows_of(self) -> Mapping[str, Sequence[int]]:
        """Rows of each document, in order."""
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, owner in enumerate(self.owners):
            rows[self.documents[owner].id].append(row)
        return rows

    def document_of(self, row: int) -> IndexedDocument:
        return self.documents[self.owners[row]]

    def close(self) -> None:
        if "dense" in self.__dict__:
            self.dense.close()


def collection_name(generation: str) -> str:
    return f"minggui-{generation}"


def current_name(index_dir: Path) -> str:
    """The generation that serves; '' when there is none."""
    try:
        return (index_dir / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def open_current(settings: Settings, lexicon: Lexicon) -> Generation:
    """Open the generation that serves. Raises IndexDamaged when there is none or it cannot be read."""
    for _ in range(3):
        name = current_name(settings.index_dir)
        if not name:
            raise IndexDamaged("还没有建立索引。", hint=_REBUILD)
        try:
            return Generation(settings.index_dir / name, settings, lexicon)
        except IndexDamaged:
            if current_name(settings.index_dir) == name:  # else it was swapped and swept away under us: open the next
                raise
    raise IndexDamaged("索引正在频繁更换,暂时打不开。", hint="请稍后再试。")


def expected_stamp(library: Corpus, embedder: Embedder) -> dict[str, Any]:
    """What the stamp of an index of this library by this program says."""
    return {
        "format": _FORMAT, "revision": library.revision, "library": library.fingerprint(),
        "embedder": embedder.fingerprint, "words": _segmentation(),
    }  # fmt: skip


def is_fresh(settings: Settings, library: Corpus, embedder: Embedder) -> bool:
    """Whether the serving generation holds this library, as this program and embedder would index it."""
    folder = settings.index_dir / (current_name(settings.index_dir) or "-")
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    wanted = expected_stamp(library, embedder)
    return all(stamp.get(name) == wanted[name] for name in ("format", "library", "embedder", "words"))


def build_generation(
    library: Corpus, settings: Settings, embedder: Embedder, progress: Progress | None = None, *, fresh: bool = False
) -> str:
    """Build the next generation, let it serve, sweep old ones; returns its name. One writer at a time: others wait.

    Vectors of what did not change since the serving generation are copied, unless `fresh`. Raises IndexDamaged when the lock cannot be had.
    """
    from filelock import FileLock, Timeout

    index_dir = settings.index_dir
    index_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index_dir / "lock", timeout=_LOCK_TIMEOUT_S):
            return _build_locked(library, settings, embedder, progress or (lambda done, of, what: None), fresh)
    except Timeout as error:
        raise IndexDamaged("另一个进程正在建索引,等了十分钟仍未结束。", hint="请稍后重试,或结束那个进程。") from error


def _build_locked(library: Corpus, settings: Settings, embedder: Embedder, progress: Progress, fresh: bool) -> str:
    index_dir, before = settings.index_dir, current_name(settings.index_dir)
    _sweep(settings, keep={before})
    stamp = expected_stamp(library, embedder)
    progress(0, 1, "读取条文")
    documents: dict[str, Document] = {}

    def seen() -> Iterable[Any]:
        for document, provision in library.every_provision():
            documents[document.id] = document
            yield document, provision

    units = list({unit.key: unit for unit in cut_units(seen())}.values())
    folder = _new_folder(index_dir, stamp["revision"])
    try:
        progress(0, len(units), "建关键词索引")
        # Always anew: an index with deletions weighs words by what is no longer there until it is merged.
        build_lexical(folder / "lexical", [unit for unit in units if not unit.part])
        old = index_dir / (before or "-")
        copied = None if fresh else _copy_vectors((old, folder), units, settings, embedder, stamp)
        if copied:
            vectors, dead = copied
        else:
            dead = 0
            with contextlib.closing(_Client(folder / "dense", settings)) as client:
                vectors = build_dense(
                    client.raw, collection_name(folder.name), units, embedder,
                    stamp={"embedder": embedder.fingerprint, "format": str(_FORMAT)},
                    progress=lambda done: progress(done, len(units), "建向量索引"),
                )  # fmt: skip
                copy_exact(client.raw, collection_name(folder.name), folder / "dense")
        _write_units(folder, units, documents)
        # Written last: a folder without a stamp is half built and is swept by the next writer.
        _write(
            folder / "stamp.json",
            stamp
            | {
                "units": len(units),
                "wholes": sum(not unit.part for unit in units),
                "vectors": vectors,
                "dead": dead,
                "built_at": int(time.time()),
            },
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _write_text(index_dir / "CURRENT", folder.name)
    _sweep(settings, keep={before, folder.name})
    log.info("index %s serves: %d units, %d vectors", folder.name, len(units), vectors)
    progress(len(units), len(units), "完成")
    return folder.name


def _copy_vectors(
    folders: tuple[Path, Path], units: Sequence[Unit], settings: Settings, embedder: Embedder, stamp: Mapping[str, Any]
) -> tuple[int, int] | None:
    """Copy the vectors that serve and change what differs: (vectors, deleted ones since the last fresh build); None when a fresh build is needed or quicker. `folders`: old, new."""
    old, new = folders
    try:
        held = json.loads((old / "stamp.json").read_text(encoding="utf-8"))
        keys = set(json.loads((old / "units.json").read_text(encoding="utf-8"))["keys"])
    except (OSError, ValueError, KeyError):
        return None
    same = all(held.get(name) == stamp[name] for name in ("format", "embedder", "words"))
    wanted = {unit.key for unit in units}
    gone, added = keys - wanted, [unit for unit in units if unit.key not in keys]
    dead = held.get("dead", 0) + len(gone)  # deleted vectors stay in the graph of every later copy
    if settings.chroma_url or not same or dead + len(added) > _DELTA_SHARE * max(len(keys), 1):
        return None
    try:
        shutil.copytree(old / "dense", new / "dense")
        with contextlib.closing(_Client(new / "dense", settings)) as client:
            names = collection_name(old.name), collection_name(new.name)
            vectors = update_dense(client.raw, names, gone, added, embedder)
            copy_exact(client.raw, names[1], new / "dense")
            return vectors, dead
    except (
        Exception
    ) as error:  # whatever is wrong with the old one (each store has its own errors), a fresh build mends it
        log.warning("the serving vectors could not be copied (%s): building afresh", error)
        shutil.rmtree(new / "dense", ignore_errors=True)
        return None


class _Client:
    """A Chroma client that lets go of its folder when closed."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.raw = connect(folder, settings.chroma_url)

    def close(self) -> None:
        self.raw.close()


def _new_folder(index_dir: Path, revision: int) -> Path:
    # The random end keeps two homes apart that share one Chroma server.
    folder = index_dir / f"r{revision}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
    folder.mkdir()
    return folder


def _sweep(settings: Settings, keep: set[str]) -> None:
    """Remove generations that nobody needs: all but the serving one and the one before it, and whatever is half built."""
    index_dir = settings.index_dir
    dead = [folder for folder in index_dir.iterdir() if folder.is_dir() and folder.name not in keep]
    complete = sorted((folder for folder in dead if (folder / "stamp.json").is_file()), key=lambda f: f.stat().st_mtime)
    if len(keep - {""}) < 2:  # before a build the previous generation still stands beside the serving one
        dead = [folder for folder in dead if folder not in complete[-1:]]
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)
    if settings.chroma_url and dead:
        client = connect(None, settings.chroma_url)
        for folder in dead:
            with contextlib.suppress(Exception):  # already gone
                client.delete_collection(collection_name(folder.name))
        client.close()


def _write_units(folder: Path, units: Sequence[Unit], documents: Mapping[str, Document]) -> None:
    order = list(dict.fromkeys(unit.document_id for unit in units))
    place = {document_id: at for at, document_id in enumerate(order)}
    table = {
        "documents": [_document_row(documents[document_id]) for document_id in order],
        "owners": [place[unit.document_id] for unit in units],
        "provisions": [unit.provision_id for unit in units],
        "twins": [unit.twin for unit in units],
        "keys": [unit.key for unit in units],
    }
    _write(folder / "units.json", table)


def _document_row(document: Document) -> list[Any]:
    start = document.effective_on.value or document.issued_on.value
    return [
        document.id, document.work, document.title, document.level.value, document.region, document.document_number,
        list(document.aliases), document.issuer, start.toordinal() if start else 0,
    ]  # fmt: skip


def _read_document(row: Sequence[Any]) -> IndexedDocument:
    document_id, work, title, level, region, number, aliases, issuer, newness = row
    return IndexedDocument(document_id, work, title, Level(level), region, number, tuple(aliases), issuer, newness)


def _write(path: Path, value: object) -> None:
    _write_text(path, json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _write_text(path: Path, text: str) -> None:
    """Whole or not at all, also when the machine stops."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


@lru_cache(maxsize=1)
def _segmentation() -> str:
    """Versions of what cuts text into words: another version would cut queries otherwise than the index."""
    from importlib.metadata import version

    return f"rjieba {version('rjieba')}, opencc {version('opencc')}"
