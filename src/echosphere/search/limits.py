"""The rate limit of searches."""

from echosphere.core.rate_limits import Rate

SEARCH_RATE = Rate("search", burst=30, every=2.0)
"""Thirty a minute, over HTTP and Socket.IO together."""
