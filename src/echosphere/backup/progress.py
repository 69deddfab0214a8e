"""Tells whoever typed a command how far it has come."""

import sys
from time import monotonic

ON_SCREEN = 0.2
IN_LOG = 10.0
"""Seconds between two reports."""


class Progress:
    """Writes to standard error: one line that changes on a screen, few lines elsewhere."""

    def __init__(self) -> None:
        self._on_screen = sys.stderr.isatty()
        self._told_at = monotonic()
        self._open = False

    def step(self, text: str) -> None:
        """Tell what is done now."""
        self._end_line()
        print(text, file=sys.stderr, flush=True)
        self._told_at = monotonic()

    def count(self, what: str, number: int, total: int | None = None) -> None:
        """Tell how many are done, now and then."""
        if monotonic() - self._told_at < (ON_SCREEN if self._on_screen else IN_LOG):
            return
        self._told_at = monotonic()
        of = "" if total is None else f" of {total:,}"
        text = f"  {what}: {number:,}{of}"
        print(f"\r{text:<70}" if self._on_screen else text, end="", file=sys.stderr, flush=True)
        self._open = self._on_screen
        if not self._on_screen:
            print(file=sys.stderr)

    def _end_line(self) -> None:
        if self._open:
            print(file=sys.stderr)
            self._open = False
