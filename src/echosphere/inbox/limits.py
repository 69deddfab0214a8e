"""How often a person may catch up."""

from echosphere.core.rate_limits import Rate

SYNC_RATE = Rate("sync", burst=120, every=0.5)
"""Whichever the door and the connection: an answer may cost hundreds of queries."""
