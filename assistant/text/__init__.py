"""Text as data: folding with offsets, words, Chinese numbers, labels and dates. Pure; knows no document and no rule."""
