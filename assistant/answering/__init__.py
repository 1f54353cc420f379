"""From words to facts to an answer. Reads questions, asks rules for the verdict, composes what people see.

lexicon.py        corpus/lexicon/reading.yaml, compiled
clauses.py        clauses, negation, reported speech, A-not-A questions
organizations.py  who is named, and who of them runs the activity
reading.py        one utterance → stated facts, each with the words it was read from
dialogue.py       turns → the facts that hold now
intent.py         activity, open question, off-topic or harmful
open_questions.py an open question → the exact span of the provision that answers it
compose.py        verdict + facts + provisions → Answer, every citation checked
"""
