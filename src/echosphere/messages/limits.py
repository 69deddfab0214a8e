"""Rate limits of messages, and the time in which hiding and clearing can be undone."""

from echosphere.core.clock import MINUTE
from echosphere.core.rate_limits import Rate

POST_RATE = Rate("post", burst=20, every=0.5)
"""Twenty messages at once, two a second sustained, over sockets and HTTP together."""

CHANGE_RATE = Rate("change", burst=60, every=0.25)
"""For edits, deletions, reactions, pins, and for saving and hiding."""

UNDO_WINDOW = MINUTE
"""How long a user can restore hidden messages and undo clearing."""

HISTORY_RATE = Rate("history", burst=300, every=0.2)
"""For pages of messages, over sockets and HTTP together."""

STORAGE_RATE = Rate("storage", burst=20, every=3)
"""For storage usage, which is summed up each time."""
