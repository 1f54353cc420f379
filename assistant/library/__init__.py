"""The library: every document and provision we hold, who published what, answers given and feedback. It is the truth.

`ingest` writes into it; retrieval, rules and answering read from it; indexes are derived from it and stamped with `revision`.
`store` talks SQL; `names` and `labels` are pure (which document is meant, which provision is meant); `schema` and `migrations`
hold the tables.
"""

from assistant.library.counting import count_articles
from assistant.library.store import Library, LogEntry

__all__ = ["Library", "LogEntry", "count_articles"]
