"""Search by meaning: unit vectors in Chroma, ids and vectors alone; text stays in the library.

One process writes a collection and never touches it again (`generations` sees to that). Embedded by default; with
`settings.chroma_url` the same calls go to a Chroma server.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.retrieval.embedder import Embedder, Vectors
from assistant.retrieval.units import Unit

_EXACT_ROWS = 5_000  # 5 MB
_BATCH = 4_096  # Chroma takes at most 5,461 at a time
_HNSW = {"space": "cosine", "ef_construction": 128, "ef_search": 256, "sync_threshold": 4_096, "batch_size": 4_096}


def connect(folder: Path | None, url: str = "") -> Any:
    """A Chroma client on a folder, or on a server when a URL is given; telemetry off."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    quiet = ChromaSettings(anonymized_telemetry=False)
    if url:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        secure = parts.scheme == "https"
        return chromadb.HttpClient(
            host=parts.hostname or "localhost", port=parts.port or (443 if secure else 8000), ssl=secure, settings=quiet
        )
    return chromadb.PersistentClient(path=str(folder), settings=quiet)


class DenseIndex:
    """A Chroma collection opened for reading. Cosine of 1 is the same direction; hits come as {unit key: cosine}."""

    def __init__(self, client: Any, name: str, *, owns_client: bool = True) -> None:
        self._client = client
        self._owns_client = owns_client
        try:
            self._collection = client.get_collection(name, embedding_function=None)
        except Exception as error:  # Chroma's own family, sqlite's and the network's all end here
            raise IndexDamaged(
                f"向量索引打不开:{name}({type(error).__name__})", hint="请运行 minggui corpus index 重建索引。"
            ) from error

    @property
    def collection(self) -> Any:
        """The raw collection, for the LangChain door."""
        return self._collection

    @property
    def client(self) -> Any:
        return self._client

    def count(self) -> int:
        return int(self._collection.count())

    def search(self, vector: Vectors, limit: int) -> dict[int, float]:
        """The nearest units of one vector (shape (dim,)). A zero vector finds nothing."""
        if limit <= 0 or not np.any(vector):
            return {}
        found = self._collection.query(query_embeddings=vector[None, :], n_results=limit, include=["distances"])
        return {int(key): 1.0 - float(far) for key, far in zip(found["ids"][0], found["distances"][0], strict=True)}

    def cosines(self, vector: Vectors, keys: Sequence[int]) -> dict[int, float]:
        """Exact cosines of the given units; those without a vector are left out."""
        if not keys or not np.any(vector):
            return {}
        found = self._collection.get(ids=[str(key) for key in keys], include=["embeddings"])
        if not found["ids"]:
            return {}
        values = np.asarray(found["embeddings"], dtype=np.float32) @ vector
        return {int(key): float(value) for key, value in zip(found["ids"], values, strict=True)}

    def close(self) -> None:
        if self._owns_client:
            with contextlib.suppress(Exception):  # closing is a courtesy; a server that is gone cannot be told
                self._client.close()


class ExactVectors:
    """The vectors of a small collection once more, in one numpy file: what a cold process searches.

    Importing Chroma takes longer than everything else a single question needs. The answers are those of `DenseIndex`
    (exact where it is approximate); a service that has been warmed asks Chroma.
    """

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError when the file is not there or not whole."""
        self._keys: NDArray[np.int64] = np.load(folder / "keys.npy")
        self._vectors: Vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        if len(self._keys) != len(self._vectors):
            raise ValueError(f"{len(self._keys)} keys, {len(self._vectors)} vectors")
        self._place = {int(key): at for at, key in enumerate(self._keys)}

    def count(self) -> int:
        return len(self._keys)

    def search(self, vector: Vectors, limit: int) -> dict[int, float]:
        """As `DenseIndex.search`."""
        if limit <= 0 or not np.any(vector):
            return {}
        values = self._vectors @ vector
        best = np.argsort(-values, kind="stable")[:limit]
        return {int(self._keys[at]): float(values[at]) for at in best}

    def cosines(self, vector: Vectors, keys: Sequence[int]) -> dict[int, float]:
        """As `DenseIndex.cosines`."""
        held = [key for key in keys if key in self._place]
        if not held or not np.any(vector):
            return {}
        values = self._vectors[[self._place[key] for key in held]] @ vector
        return {key: float(value) for key, value in zip(held, values, strict=True)}


def build_dense(
    client: Any,
    name: str,
    units: Sequence[Unit],
    embedder: Embedder,
    *,
    stamp: Mapping[str, str],
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write a new collection; returns how many units have a vector (a text without a known word has none)."""
    collection = client.create_collection(
        name, embedding_function=None, configuration={"hnsw": _HNSW}, metadata=dict(stamp)
    )
    _add(collection, units, embedder, progress)
    return int(collection.count())


def update_dense(
    client: Any, names: tuple[str, str], gone: Collection[int], added: Sequence[Unit], embedder: Embedder
) -> int:
    """Change a copied collection and rename it, `names` being (old, new); returns how many vectors it then holds."""
    collection = client.get_collection(names[0], embedding_function=None)
    keys = [str(key) for key in gone]
    for start in range(0, len(keys), _BATCH):
        collection.delete(ids=keys[start : start + _BATCH])
    _add(collection, added, embedder, None)
    collection.modify(name=names[1])
    return int(collection.count())


def copy_exact(client: Any, name: str, folder: Path) -> None:
    """Write the files of `ExactVectors` from a finished collection; one too large for a cold start gets none."""
    for file in ("keys.npy", "vectors.npy"):
        (folder / file).unlink(missing_ok=True)
    collection = client.get_collection(name, embedding_function=None)
    if not 0 < collection.count() <= _EXACT_ROWS:
        return
    folder.mkdir(parents=True, exist_ok=True)
    held = collection.get(include=["embeddings"])  # get lists all rows; a query would not
    np.save(folder / "keys.npy", np.asarray([int(key) for key in held["ids"]], dtype=np.int64))
    np.save(folder / "vectors.npy", np.asarray(held["embeddings"], dtype=np.float32))


def _add(collection: Any, units: Sequence[Unit], embedder: Embedder, progress: Callable[[int], None] | None) -> None:
    for start in range(0, len(units), _BATCH):
        batch = units[start : start + _BATCH]
        vectors = embedder.embed_passages([unit.passage for unit in batch])
        kept = [int(row) for row in np.flatnonzero(np.any(vectors, axis=1))]
        if kept:
            collection.upsert(ids=[str(batch[row].key) for row in kept], embeddings=vectors[kept])
        if progress:
            progress(start + len(batch))
