"""A small model of ours that helps the reader where cues alone are unsure. Weights beside it; no torch, no network.

    features.py  an utterance → named features: masked character n-grams, cues with their scope, who is named
    model.py     hashed linear heads in int8 → probabilities per fact value
    training.py  phrasings written by us → weights (`make train-reader`); scikit-learn is needed only there

It proposes values; `reading.py` takes them as *sets* of what remains possible, so that doubt becomes a question.
"""
