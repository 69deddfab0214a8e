"""How often a person may post, change what is there, and read it; for how long they may undo."""

from echosphere.core.clock import MINUTE
from echosphere.core.rate_limits import Rate

POST_RATE = Rate("post", burst=20, every=0.5)
"""Twenty messages at once, two a second sustained, whichever the door."""

CHANGE_RATE = Rate("change", burst=60, every=0.25)
"""Edits, deletions, reactions, pins and what one person saves or hides."""

UNDO_WINDOW = MINUTE
"""So long may somebody take back that they deleted something for themselves."""

HISTORY_RATE = Rate("history", burst=300, every=0.2)
"""Pages of messages, whichever the door and the connection."""

STORAGE_RATE = Rate("storage", burst=20, every=3)
"""Looks at what one's files take: they are added up each time."""
