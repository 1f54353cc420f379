"""The library over SQL: opening, publishing, retiring, reading. SQLite by default, PostgreSQL by URL.

Reads come from memory: documents are held per revision, provisions per document once asked for. Every read first compares
the revision number in the database with the one held (some ten microseconds on SQLite), so that a publication
by another process is seen at once. Writes are single transactions.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from assistant.domain import Document, DocumentStatus, Provision
from assistant.errors import AssistantError, BadInput, NotFound, ProvisionNotFound
from assistant.library import schema
from assistant.library.labels import find_by_label, last_label
from assistant.library.names import NameIndex, age_key, choose_version, possibly_in_force, sees, settle_supersession
from assistant.library.rows import digest, document_row, provision_fields, read_document, read_provision

_SCHEMA_LOCK_TIMEOUT_S = 120
_REMOTE_CHECK_S = 0.5  # how old the revision may be when asking for it costs a network round trip


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the publish log."""

    revision: int
    at: str  # UTC, ISO 8601
    by: str
    action: str  # published | replaced | retired | restored
    document_id: str
    title: str
    content_hash: str
    note: str


@dataclass(slots=True)
class _Held:
    """One document's provisions in memory, with what was already looked up in them."""

    provisions: list[Provision]
    by_id: dict[str, Provision]
    found: dict[str, Provision | None] = field(default_factory=dict)


@dataclass(slots=True)
class _Snapshot:
    revision: int
    documents: dict[str, Document]  # retired ones too
    digests: dict[str, str]
    articles: dict[str, int]
    names: NameIndex
    works: dict[str, list[Document]]
    held: dict[str, _Held]
    fingerprint: str


class Library:
    """What is held and who changed it. Thread-safe; build with `Library.open`."""

    def __init__(self, engine: Engine, originals_dir: Path | None) -> None:
        self._engine = engine
        self._originals_dir = originals_dir
        self._lock = threading.RLock()
        self._snapshot: _Snapshot | None = None
        self._probe: sqlite3.Connection | None = None  # a bare connection that only asks for the revision
        self._probe_pid = 0
        self._checked_at = 0.0

    # --- opening -------------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, sql_url: str, originals_dir: Path | None = None) -> Library:
        """Open the library at a SQLAlchemy URL, making or migrating its tables when needed.

        `originals_dir` holds the original files by content hash; without it they are not kept.
        Raises AssistantError when the database cannot be opened or is newer than this program.
        """
        url = make_url(sql_url)
        options: dict[str, Any] = {}
        sqlite = url.get_backend_name() == "sqlite"
        in_memory = sqlite and url.database in (None, "", ":memory:")
        if in_memory:
            options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        elif sqlite:
            Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
            options = {"connect_args": {"timeout": 30}}
        else:
            options = {"pool_pre_ping": True}
        try:
            engine = create_engine(url, **options)
            if sqlite:
                event.listen(engine, "connect", _prepare_sqlite)
            _migrate(engine, None if in_memory or not sqlite else Path(f"{url.database}.migrate.lock"))
        except (DatabaseError, OSError, ImportError) as error:
            raise AssistantError(
                f"资料库打不开：{url.render_as_string(hide_password=True)}（{str(getattr(error, 'orig', None) or error)[:200]}）。",
                hint="检查 MINGGUI_HOME 是否可写、数据库地址是否正确；文件损坏时用备份恢复，或移走后重新建立。",
            ) from error
        return cls(engine, originals_dir)

    def close(self) -> None:
        with self._lock:
            if self._probe is not None and self._probe_pid == os.getpid():
                self._probe.close()
            self._probe = None
            self._engine.dispose()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing -------------------------------------------------------------------------------------------------

    def publish(
        self, drafts: Sequence[tuple[Document, Sequence[Provision], bytes | None]], *, by: str, note: str = ""
    ) -> int:
        """Put documents into the library, all of them or none, and return the revision after it.

        A document whose content is already there (same id and same content, or same file bytes under any id in use) is
        skipped; one with a known id and other content replaces what was there. When nothing is left to do, the revision
        stays. Raises BadInput when a draft is inconsistent.
        """
        rows = []
        for document, provisions, original in drafts:
            _check_draft(document, provisions)
            rows.append((document_row(document, provisions), [provision_fields(p) for p in provisions], original))
        for _, _, original in rows:
            if original is not None:
                self._keep_original(original)
        with self._engine.begin() as connection:
            number = _lock_revision(connection)
            known = {row.id: _Known(*row) for row in connection.execute(_KNOWN)}
            by_hash = {row.content_hash: row.id for row in known.values() if row.content_hash and not row.retired}
            changed = False
            for document_fields, provision_rows, _ in rows:
                document_id, content_hash = document_fields["id"], document_fields["content_hash"]
                there = known.get(document_id)
                if there is not None and there.digest == document_fields["digest"] and not there.retired:
                    continue
                if content_hash and by_hash.get(content_hash, document_id) != document_id:
                    continue
                if there is not None:
                    connection.execute(delete(schema.provisions).where(schema.provisions.c.document_id == document_id))
                    connection.execute(
                        update(schema.documents).where(schema.documents.c.id == document_id).values(**document_fields)
                    )
                else:
                    connection.execute(insert(schema.documents), [document_fields])
                if provision_rows:
                    connection.execute(insert(schema.provisions), provision_rows)
                connection.execute(
                    insert(schema.publish_log),
                    [_log_row(number + 1, by, "replaced" if there else "published", document_fields, note)],
                )
                if content_hash:
                    by_hash[content_hash] = document_id
                known[document_id] = _Known(**{name: document_fields[name] for name in _Known.__annotations__})
                changed = True
            if changed:
                number = _raise_revision(connection, number)
        self._forget()
        return number

    def retire(self, document_id: str, *, by: str, note: str) -> int:
        """Take a document out of use; it can be restored. Returns the revision. Raises NotFound."""
        return self._set_retired(document_id, True, by, note)

    def restore(self, document_id: str, *, by: str, note: str) -> int:
        """Put a retired document back in use. Returns the revision. Raises NotFound."""
        return self._set_retired(document_id, False, by, note)

    def _set_retired(self, document_id: str, retired: bool, by: str, note: str) -> int:
        with self._engine.begin() as connection:
            number = _lock_revision(connection)
            found = (
                connection.execute(select(schema.documents).where(schema.documents.c.id == document_id))
                .mappings()
                .first()
            )
            if found is None:
                raise _no_document(document_id)
            if found["retired"] != retired:
                connection.execute(
                    update(schema.documents).where(schema.documents.c.id == document_id).values(retired=retired)
                )
                action = "retired" if retired else "restored"
                connection.execute(insert(schema.publish_log), [_log_row(number + 1, by, action, dict(found), note)])
                number = _raise_revision(connection, number)
        self._forget()
        return number

    def _keep_original(self, original: bytes) -> None:
        if self._originals_dir is None:
            return
        path = self._original_path(hashlib.sha256(original).hexdigest())
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        part.write_bytes(original)
        part.replace(path)  # a killed process leaves a part file, never half an original

    def _original_path(self, content_hash: str) -> Path:
        assert self._originals_dir is not None
        return self._originals_dir / content_hash[:2] / content_hash

    # --- reading: the state --------------------------------------------------------------------------------------

    @property
    def revision(self) -> int:
        """Grows with every change to what can be found; 0 for an empty new library. Indexes are stamped with it."""
        with self._lock:
            return self._read_revision()

    def fingerprint(self) -> str:
        """16 hex digits over the ids and content of all documents in use; the same on every machine."""
        return self._current().fingerprint

    def _read_revision(self) -> int:
        """The number in the database. Call with the lock held."""
        if self._engine.dialect.name == "sqlite" and not isinstance(self._engine.pool, StaticPool):
            if self._probe is None or self._probe_pid != os.getpid():  # a connection must not cross a fork
                self._probe = sqlite3.connect(str(self._engine.url.database), timeout=30, check_same_thread=False)
                self._probe_pid = os.getpid()
            return int(self._probe.execute("SELECT number FROM revision").fetchone()[0])
        with self._engine.connect() as connection:
            return int(connection.execute(select(schema.revision.c.number)).scalar_one())

    def _forget(self) -> None:
        with self._lock:
            self._checked_at = 0.0

    def _current(self) -> _Snapshot:
        with self._lock:
            snapshot = self._snapshot
            remote = self._engine.dialect.name != "sqlite"
            if remote and snapshot and time.monotonic() - self._checked_at < _REMOTE_CHECK_S:
                return snapshot
            number = self._read_revision()
            self._checked_at = time.monotonic()
            if snapshot is None or snapshot.revision != number:
                snapshot = self._snapshot = self._load(snapshot)
            return snapshot

    def _load(self, old: _Snapshot | None) -> _Snapshot:
        with self._engine.begin() as connection:
            # The number first: a publication in between is then read twice; the other way round it would be missed.
            number = int(connection.execute(select(schema.revision.c.number)).scalar_one())
            found = connection.execute(select(schema.documents).order_by(schema.documents.c.id)).mappings()
            rows = [dict(row) for row in found]
        documents = {document.id: document for document in settle_supersession(read_document(row) for row in rows)}
        digests = {row["id"]: row["digest"] for row in rows}
        works: dict[str, list[Document]] = {}
        for document in sorted(documents.values(), key=age_key):
            works.setdefault(document.work, []).append(document)
        in_use = "".join(f"{row['id']}\t{row['digest']}\n" for row in rows if not row["retired"])
        return _Snapshot(
            revision=number,
            documents=documents,
            digests=digests,
            articles={row["id"]: row["articles"] for row in rows},
            names=NameIndex(list(documents.values())),
            works=works,
            held={} if old is None else {k: v for k, v in old.held.items() if old.digests.get(k) == digests.get(k)},
            fingerprint=hashlib.sha256(in_use.encode()).hexdigest()[:16],
        )

    def _hold(self, snapshot: _Snapshot, document_id: str) -> _Held:
        held = snapshot.held.get(document_id)
        if held is not None:
            return held
        if document_id not in snapshot.documents:
            raise _no_document(document_id)
        query = (
            select(schema.provisions)
            .where(schema.provisions.c.document_id == document_id)
            .order_by(schema.provisions.c.ordinal)
        )
        with self._engine.connect() as connection:
            provisions = [read_provision(dict(row)) for row in connection.execute(query).mappings()]
        held = _Held(provisions, {provision.id: provision for provision in provisions})
        snapshot.held[document_id] = held
        return held

    def imagined(
        self, *, documents: Mapping[str, Document | None] = MappingProxyType({}),
        provisions: Mapping[str, Sequence[Provision]] = MappingProxyType({}),
    ) -> Library:  # fmt: skip
        """A view in memory, for reading only, in which these documents (None: gone) and their provisions differ."""
        snapshot = self._current()
        for document_id in snapshot.documents:
            self._hold(snapshot, document_id)
        held = dict(snapshot.held) | {
            name: _Held(list(all_of), {p.id: p for p in all_of}) for name, all_of in provisions.items()
        }
        kept = {**snapshot.documents, **documents}
        known = {name: document for name, document in kept.items() if document is not None}
        works: dict[str, list[Document]] = {}
        for document in sorted(known.values(), key=age_key):
            works.setdefault(document.work, []).append(document)
        view = copy(self)
        changed = replace(
            snapshot, documents=known, names=NameIndex(list(known.values())), works=works, held=held,
            fingerprint=hashlib.sha256(repr((snapshot.fingerprint, documents, provisions)).encode()).hexdigest()[:16],
        )  # fmt: skip
        view._current = lambda: changed  # type: ignore[method-assign]
        return view

    # --- reading: documents --------------------------------------------------------------------------------------

    def documents(self, *, include_retired: bool = False) -> list[Document]:
        """All documents in order of id; superseded and repealed ones too."""
        documents = self._current().documents.values()
        return [d for d in documents if include_retired or d.status is not DocumentStatus.RETIRED]

    def document(self, document_id: str) -> Document:
        """One document by id, retired or not. Raises NotFound."""
        found = self._current().documents.get(document_id)
        if found is None:
            raise _no_document(document_id)
        return found

    def holds(self, document: Document, provisions: Sequence[Provision]) -> bool:
        """Whether publishing this would change nothing: it is in use already, or its file is, under any id."""
        snapshot = self._current()
        there = snapshot.documents.get(document.id)
        if there is not None and there.status is not DocumentStatus.RETIRED:
            return snapshot.digests[document.id] == digest(document, provisions)
        return bool(document.content_hash) and document.content_hash in {
            other.content_hash for other in snapshot.documents.values() if other.status is not DocumentStatus.RETIRED
        }

    def articles(self, document_id: str) -> int:
        """How many articles are held, by the counting rule of `count_articles`. Raises NotFound."""
        self.document(document_id)
        return self._current().articles[document_id]

    def original(self, document_id: str) -> bytes:
        """The bytes the document was read from. Raises NotFound when they are not kept."""
        document = self.document(document_id)
        if self._originals_dir is not None and document.content_hash:
            path = self._original_path(document.content_hash)
            if path.is_file():
                return path.read_bytes()
        raise NotFound(
            f"《{document.title}》没有留存原件。", hint="请从发文单位取得原件后，用 minggui corpus add 重新导入。"
        )

    def find_document(self, name: str, *, on: date | None = None) -> Document | None:
        """The document somebody means by an id, work, title (with or without 《》, 中华人民共和国, （试行）), alias or 发文字号.

        With a day: the latest version in force then, else the latest. Retired documents are found only by id.
        """
        return self._current().names.find(name, on)

    def versions(self, work: str) -> list[Document]:
        """All versions of a work that are in use, oldest first; empty when the work is unknown."""
        found = self._current().works.get(work, [])
        return [document for document in found if document.status is not DocumentStatus.RETIRED]

    def in_force_ids(self, on: date, *, region: str | None = None) -> frozenset[str]:
        """Ids of documents that were, or may have been, in force on that day; both versions in an uncertain window.

        With a region: only those of 全国, of a region above it, or of the region itself.
        """
        return frozenset(
            document.id
            for document in self._current().documents.values()
            if possibly_in_force(document, on) and (region is None or sees(region, document.region))
        )

    # --- reading: provisions -------------------------------------------------------------------------------------

    def provisions(self, document_id: str) -> list[Provision]:
        """All provisions of a document in order; an article stands before its paragraphs. Raises NotFound."""
        with self._lock:
            return list(self._hold(self._current(), document_id).provisions)

    def provision(self, provision_id: str) -> Provision:
        """One provision by id. Raises ProvisionNotFound."""
        work, _, rest = provision_id.partition("/")
        version, _, label = rest.partition("/")
        with self._lock:
            snapshot = self._current()
            document_id = f"{work}/{version}"
            if document_id not in snapshot.documents:
                raise ProvisionNotFound(
                    f"资料库里没有 {provision_id}。", hint="用 minggui corpus list 查看已收录的文件。"
                )
            found = self._hold(snapshot, document_id).by_id.get(provision_id) or self._find(
                snapshot, document_id, label
            )
        if found is None:
            raise self._no_provision(snapshot.documents[document_id], label)
        return found

    def find_provision(
        self, work: str, *, provision: str = "", anchor: str = "", on: date
    ) -> tuple[Document, Provision]:
        """The provision of the version of `work` in force on that day (else possibly in force then).

        A label may be written with Arabic numbers; 第四条 is put together when only its paragraphs are held.
        Raises ProvisionNotFound when no version was in force, or it has no such provision.
        """
        with self._lock:
            snapshot = self._current()
            versions = [d for d in snapshot.works.get(work, []) if d.status is not DocumentStatus.RETIRED]
            document = choose_version(versions, on)
            if document is None:
                if not versions:
                    raise ProvisionNotFound(f"资料库里没有 {work}。", hint="用 minggui corpus list 查看已收录的文件。")
                names = "、".join(f"{d.id}（{d.effective_on or d.issued_on or '日期不详'}起）" for d in versions)
                raise ProvisionNotFound(
                    f"{on.isoformat()} 没有有效的《{versions[-1].title}》。",
                    hint=f"已收录的版本：{names}；请换一个日期。",
                )
            wanted = anchor or provision
            found = self._find(snapshot, document.id, wanted)
        if found is None:
            raise self._no_provision(document, wanted)
        return document, found

    def every_provision(self) -> Iterator[tuple[Document, Provision]]:
        """Every provision of every document in use, documents in order of id."""
        for document in self.documents():
            for provision in self.provisions(document.id):
                yield document, provision

    def _find(self, snapshot: _Snapshot, document_id: str, label: str) -> Provision | None:
        held = self._hold(snapshot, document_id)
        if label not in held.found:
            if len(held.found) > 4096:  # labels come from outside: keep the memory bounded
                held.found.clear()
            held.found[label] = find_by_label(held.provisions, label)
        return held.found[label]

    def _no_provision(self, document: Document, label: str) -> ProvisionNotFound:
        provisions = self.provisions(document.id)
        last = last_label(provisions)
        held = f"已收录到“{last}”" if last else f"已收录 {len(provisions)} 段，均无条号"
        gap = "" if document.complete else "；该文件收录不全，未收录不等于没有规定"
        return ProvisionNotFound(
            f"《{document.title}》（{document.id}）里没有“{label}”，{held}{gap}。",
            hint=f"与原件核对后，可用 minggui corpus show {document.id} 查看全部条目。",
        )

    # --- answers, feedback, conversations ------------------------------------------------------------------------

    def save_answer(self, answer_id: str, payload: Mapping[str, Any]) -> None:
        """Keep an answer so that it can be shown and replayed. The same id again overwrites."""
        with self._engine.begin() as connection:
            connection.execute(delete(schema.answers).where(schema.answers.c.id == answer_id))
            connection.execute(insert(schema.answers), [{"id": answer_id, "at": _now(), "payload": dict(payload)}])

    def answer(self, answer_id: str) -> dict[str, Any]:
        """A kept answer. Raises NotFound."""
        with self._engine.connect() as connection:
            payload = connection.execute(
                select(schema.answers.c.payload).where(schema.answers.c.id == answer_id)
            ).scalar_one_or_none()
        if payload is None:
            raise NotFound(f"没有编号为 {answer_id} 的答复。", hint="编号在答复的 answer_id 里；较早的答复可能已清理。")
        return dict(payload)

    def recent_answers(self, limit: int) -> list[dict[str, Any]]:
        """The latest answers, newest first."""
        query = select(schema.answers.c.payload).order_by(schema.answers.c.at.desc(), schema.answers.c.id).limit(limit)
        with self._engine.connect() as connection:
            return [dict(payload) for payload in connection.execute(query).scalars()]

    def save_feedback(self, answer_id: str, right: bool, comment: str) -> None:
        """Keep what somebody said about an answer. Raises NotFound when there is no such answer."""
        self.answer(answer_id)
        row = {"answer_id": answer_id, "at": _now(), "right": right, "comment": comment}
        with self._engine.begin() as connection:
            connection.execute(insert(schema.feedback), [row])

    def feedback(self) -> list[dict[str, Any]]:
        """All feedback, newest first: answer_id, at, right, comment."""
        columns = schema.feedback.c
        query = select(columns.answer_id, columns.at, columns.right, columns.comment).order_by(columns.id.desc())
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def save_conversation(self, conversation_id: str, payload: Mapping[str, Any]) -> None:
        """Keep the state of a chat under its id, e.g. telegram:42; overwrites."""
        with self._engine.begin() as connection:
            connection.execute(delete(schema.conversations).where(schema.conversations.c.id == conversation_id))
            row = {"id": conversation_id, "at": _now(), "payload": dict(payload)}
            connection.execute(insert(schema.conversations), [row])

    def conversation(self, conversation_id: str) -> dict[str, Any] | None:
        query = select(schema.conversations.c.payload).where(schema.conversations.c.id == conversation_id)
        with self._engine.connect() as connection:
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else dict(payload)

    def forget_conversation(self, conversation_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(schema.conversations).where(schema.conversations.c.id == conversation_id))

    def log(self, limit: int | None = None) -> list[LogEntry]:
        """The publish log, newest first."""
        query = select(schema.publish_log).order_by(schema.publish_log.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [LogEntry(**{name: row[name] for name in LogEntry.__dataclass_fields__}) for row in rows]


@dataclass(frozen=True, slots=True)
class _Known:
    """What publishing must know of a document that is already there."""

    id: str
    digest: str
    content_hash: str
    retired: bool


_KNOWN = select(
    schema.documents.c.id, schema.documents.c.digest, schema.documents.c.content_hash, schema.documents.c.retired
)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _no_document(document_id: str) -> NotFound:
    return NotFound(f"资料库里没有 {document_id}。", hint="用 minggui corpus list 查看已收录的文件。")


def _log_row(number: int, by: str, action: str, document: Mapping[str, Any], note: str) -> dict[str, Any]:
    return {
        "revision": number,
        "at": _now(),
        "by": by,
        "action": action,
        "document_id": document["id"],
        "title": document["title"],
        "content_hash": document["content_hash"],
        "note": note,
    }


def _check_draft(document: Document, provisions: Sequence[Provision]) -> None:
    """What the tables could not express. Raises BadInput."""

    def refuse(what: str) -> BadInput:
        return BadInput(
            f"《{document.title}》不能入库：{what}。", hint="用 minggui corpus check 检查该文件后重新导入。"
        )

    if not document.work or not document.version or "/" in document.work + document.version:
        raise refuse(f"编号“{document.id}”不合要求（作品编号、版本都要有，且不含斜杠）")
    seen: set[str] = set()
    for position, provision in enumerate(provisions):
        if provision.document_id != document.id:
            raise refuse(f"条目“{provision.shown_label}”属于另一份文件 {provision.document_id}")
        if provision.ordinal != position:
            raise refuse(f"条目“{provision.shown_label}”的次序不连续")
        if provision.id in seen:
            raise refuse(f"条目“{provision.shown_label}”重复")
        if provision.parent and provision.parent not in seen:
            raise refuse(f"条目“{provision.shown_label}”的上级条目不在它之前")
        seen.add(provision.id)


def _lock_revision(connection: Connection) -> int:
    """Take the write lock first thing, so that no two publications interleave; returns the number."""
    connection.execute(update(schema.revision).values(number=schema.revision.c.number))
    return int(connection.execute(select(schema.revision.c.number)).scalar_one())


def _raise_revision(connection: Connection, number: int) -> int:
    connection.execute(update(schema.revision).values(number=number + 1))
    return number + 1


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def _schema_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def _migrate(engine: Engine, lock_file: Path | None) -> None:
    with engine.connect() as connection:
        version = _schema_version(connection)
    if version == schema.HEAD:
        return
    if lock_file is None:
        _upgrade(engine)
    else:
        with FileLock(lock_file, timeout=_SCHEMA_LOCK_TIMEOUT_S):
            _upgrade(engine)


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "assistant.library:migrations")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(0x6D67)))  # one migration at a time
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise AssistantError(
                "资料库是用更新版本的明规建立的，本程序读不了。", hint="升级本程序，或改用另一个 MINGGUI_HOME。"
            ) from error
