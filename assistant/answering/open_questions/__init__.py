"""An open question → the exact span of the provision that answers it, or an honest “we hold nothing that says so”.

asking.py      what is wanted: a day, a number, a penalty, a definition, an office, … and what that looks like
naming.py      which documents are named, in any wording; which version; another province's
stretches.py   a provision → sentences, items, lists with their lead, rows
matching.py    words, meaning and shape of one stretch against the question
finding.py     named documents + retrieval → stretches, best first
lookups.py     exact places, document numbers, validity and dates
tables.py      who handles what, templates, catalog and plan, terms
wording.py     stretches → one or two plain sentences with citations
answering.py   the order of business: OpenQuestions
"""

from assistant.answering.open_questions.answering import OpenQuestions
from assistant.answering.open_questions.wording import OpenAnswer

__all__ = ["OpenAnswer", "OpenQuestions"]
