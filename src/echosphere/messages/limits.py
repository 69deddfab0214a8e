"""How often a person may post, and change what is there."""

from echosphere.limits import Rate

POST_RATE = Rate("post", burst=20, every=0.5)
"""Twenty messages at once, two a second sustained, whichever the door."""

CHANGE_RATE = Rate("change", burst=60, every=0.25)
"""Edits, deletions, reactions, pins and what one person saves or hides."""
