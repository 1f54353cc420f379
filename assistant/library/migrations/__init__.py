"""Alembic migrations of the library, run by `Library.open` when the schema is older than `schema.HEAD`."""
