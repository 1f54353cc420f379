"""`python -m assistant` is `minggui`."""

from assistant.cli import main

main()
