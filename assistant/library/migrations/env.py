"""Alembic's entry: uses the connection that `store.migrate` hands over, so that a migration runs in its transaction."""

from __future__ import annotations

from alembic import context

from assistant.library.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter columns in place
)
with context.begin_transaction():
    context.run_migrations()
