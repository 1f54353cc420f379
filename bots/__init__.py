"""Chat doors: thin, alike, over one conversation core. They decide nothing about law."""
