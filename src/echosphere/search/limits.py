"""How often a person may search."""

from echosphere.core.rate_limits import Rate

SEARCH_RATE = Rate("search", burst=30, every=2.0)
"""Thirty a minute, whichever the door."""
