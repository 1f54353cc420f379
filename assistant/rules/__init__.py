"""Rules decide: facts + dated, cited rules → a verdict that can be replayed. Knows no text, no retrieval, no channel.

model.py    what a fact declaration, a rule and a regime are (frozen)
loading.py  corpus/rules/*.yaml → RuleBook; refuses contradictions with file and line
worlds.py   facts as sets of possible values; the outcomes that some completion leads to
engine.py   judge(): verdict, proof, the one question, branches
"""
