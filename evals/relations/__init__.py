"""Relations between answers: what a change of wording must not change, and what a change of fact must.

operators.py  one change each: of wording (the gold stays) or of one fact (the gold is judged anew)
pairs.py      applies them to labelled phrasings, asks, and counts how often the relation held
users.py      simulated users who answer what they are asked, until a verdict
reading.py    extraction by fact against the labels, with what the cues and the model each add
"""
