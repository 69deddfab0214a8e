"""Bots: how many there may be, and what is said where one cannot do something."""

from echosphere.core.rate_limits import Rate
from echosphere.core.scopes import Scope

MAX_BOTS_OF_OWNER = 20

ALL_SCOPES = frozenset(Scope)
"""What the first key of a bot may do: a bot sees only where it is a member."""

FIRST_KEY = "First key"
CREATION_RATE = Rate("bots", burst=20, every=60)
CHANGE_RATE = Rate("changes of bots", burst=60, every=1.0)

UNKNOWN = "Bot not found."
DELETED = "This bot was deleted."
TOO_MANY = f"You already have {MAX_BOTS_OF_OWNER} bots. Delete some first."
