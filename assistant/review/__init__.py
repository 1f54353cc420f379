"""A draft notice before it goes out: a verdict on the activity and findings at exact places in the text.

    structure.py  lines → title, addressee, sections, clauses, signers; what is background and what is the activity
    signs.py      what the clauses say: recognition, fees, burden, forbidden words …, with denial respected
    facts.py      structure + signs → the facts the rules judge
    kinds.py      the kinds of findings: severity, words to the clerk, grounds
    reviewer.py   Reviewer: facts → verdict, signs → findings, citations resolved as of the day
    marked.py     the notice as a Word file with a comment at every finding

Stores nothing and calls no model. `service` owns the one Reviewer; doors call `service`.
"""

from assistant.review.kinds import KINDS
from assistant.review.reviewer import Reviewer

__all__ = ["KINDS", "Reviewer"]
