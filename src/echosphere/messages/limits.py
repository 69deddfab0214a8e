"""How often a person may post."""

from echosphere.limits import Rate

POST_RATE = Rate("post", burst=20, every=0.5)
"""Twenty messages at once, two a second sustained, whichever the door."""
