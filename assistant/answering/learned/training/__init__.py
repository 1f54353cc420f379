"""Train the readers: `python -m assistant.answering.learned.training` (or `make train-reader`).

    data.py     labelled phrasings → examples, as the readers will see them
    linear.py   hashed linear heads, one a fact (scikit-learn)
    network.py  the convolutional reader (torch), quantized for numpy

Needs the extra `models`; nothing here is imported at run time.
"""
