"""From words to facts to an answer. Reads questions, asks rules for the verdict, composes what people see.

lexicon.py        corpus/lexicon/reading.yaml, compiled
clauses.py        clauses, negation, other people's activities, A-not-A questions
organizations.py  who is named, and how much each looks like the organizer
readfact.py       what one utterance says of one fact
reading/          one utterance → stated facts, each with the words it was read from
learned/          small readers of ours that decide what was said, with the cues as their evidence
dialogue.py       turns → the facts that hold now
intent.py         activity, open question, off-topic or harmful
open_questions/   an open question → the exact span of the provision that answers it
compose.py        verdict + facts + provisions → Answer, every citation checked
"""
