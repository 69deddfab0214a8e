"""Tells the person at the terminal how far a benchmark is; results go to standard output alone."""

import sys


def say(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)
