"""How the shipped word vectors are made: national law + text pairs → `assistant/retrieval/weights`. Never runs in service.

`sources` reads the data folder, `pairs` makes training pairs, `vectors` trains, `export` writes. Needs the `models` extra,
scikit-learn and scipy, all imported late.
"""
