"""The test of the test: the product is broken on purpose, one place at a time, and the gate has to notice.

`mutants.py` says what a mutant is; `rules`, `corpus`, `reading`, `finding` and `saying` list those of one room each;
`study.py` draws some, runs the gate on them and says which were caught.
"""
