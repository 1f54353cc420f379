"""The brain of Minggui: what a district office may run, with reasons and citations. See docs/design.md for the map."""

import os

# The reader multiplies small matrices: a second BLAS thread gains nothing on an idle machine and, waiting its turn on a
# busy one, makes a question ten times slower. Read when numpy is first imported; a value set by the operator stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
