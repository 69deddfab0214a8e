"""A person's part in conversations: list, read, receipts, sync, settings, groups, roles, invites."""

from echosphere.memberships.invites.join import find_allowance
from echosphere.memberships.wiring import install

__all__ = ["find_allowance", "install"]
