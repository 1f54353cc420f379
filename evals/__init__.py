"""Evals: do the answers stay right? Cases are data, measures are pure functions, a run is a file, a gate compares two runs.

    cases/*.jsonl ─ cases.py (read) ─ lint.py (refuse) ─┐
    targets.py (the product, a URL, any OpenAI endpoint)─┴─ runner.py → results.jsonl ─ scoring.py ─┬─ report.py
    shelf.py (what the library really says) ─ measures.py, ranking.py, notices.py ────────────────  ├─ gate.py ← accepted/
                                                                                                     └─ triage.py
`cli.py` holds the plain functions that `minggui eval …` calls. Nothing here knows the web, the bots or click.
"""
