"""The tables. Everything that lasts is here; nothing of it is derived from an index.

Dates of documents are text ('2022', '2022-04', '2022-04-20' or ''), because a law is often known only to the month.
JSON columns hold plain lists. The migrations build exactly these tables; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

HEAD = "0001"  # the newest migration; kept here so that opening an up-to-date library need not import alembic

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("number", Integer, nullable=False),  # grows by one with every change to what can be found
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(200), primary_key=True),  # work/version
    Column("work", String(120), nullable=False, index=True),
    Column("version", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("level", String(20), nullable=False),
    Column("region", Text, nullable=False),
    Column("issued_on", String(10), nullable=False),
    Column("effective_on", String(10), nullable=False),
    Column("repealed_on", String(10), nullable=False),
    Column("status", String(20), nullable=False),  # as its file says; supersession is worked out on reading
    Column("supersedes", JSON, nullable=False),
    Column("text_status", String(20), nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("known_articles", Integer),
    Column("aliases", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("content_hash", String(64), nullable=False, index=True),
    Column("digest", String(64), nullable=False),  # over the document and its provisions, the same on every machine
    Column("articles", Integer, nullable=False),  # by the counting rule, see counting.py
    Column("retired", Boolean, nullable=False),
)

provisions = Table(
    "provisions",
    metadata,
    Column("document_id", String(200), ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("id", String(400), nullable=False),
    Column("label", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("locator", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("path", JSON, nullable=False),
    Column("article", Text, nullable=False),
    Column("number", JSON, nullable=False),
    Column("parent", Text, nullable=False),
    Column("columns", JSON, nullable=False),
    Index("ix_provisions_id", "id", unique=True),
)

publish_log = Table(
    "publish_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", Integer, nullable=False, index=True),
    Column("at", String(32), nullable=False),  # UTC, ISO 8601
    Column("by", Text, nullable=False),
    Column("action", String(20), nullable=False),  # published | replaced | retired | restored
    Column("document_id", String(200), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("note", Text, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", String(32), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer_id", String(64), nullable=False, index=True),
    Column("at", String(32), nullable=False),
    Column("right", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(200), primary_key=True),  # door and chat, e.g. telegram:42
    Column("at", String(32), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
)
