"""Small readers of ours that take the cues as evidence and decide what was said. Weights beside it; no torch, no network.

features.py  an utterance → named features, and marked text with the cues on it
network.py   a convolutional network in numpy; model.py averages it with hashed linear heads
weighing.py  chances → facts: what is likely is read, what stays likely both ways stays open
training/    phrasings written by us → weights (`make train-reader`); torch and scikit-learn are needed only there
"""
