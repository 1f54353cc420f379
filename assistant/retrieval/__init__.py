"""Finding: which provisions bear on a question. Searches what `library` holds; decides nothing and composes nothing.

`units` cuts the library into what is indexed, `lexical` (tantivy) and `dense` (Chroma) hold it, `fusion` ranks, `lookup`
answers exact references, `generations` keeps the folders, `hybrid` is the door. `training` makes the shipped `weights`.
"""
