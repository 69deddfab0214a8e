"""A user's part in conversations: list, read, receipts, sync, settings, groups, invites."""

from echosphere.memberships.invites.join import find_allowance
from echosphere.memberships.wiring import install

__all__ = ["find_allowance", "install"]
