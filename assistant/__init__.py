"""The brain of Minggui: what a district office may run, with reasons and citations. See docs/design.md for the map."""
