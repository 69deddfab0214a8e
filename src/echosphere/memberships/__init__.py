"""A user's part in conversations: list, read, receipts, sync, settings, groups, invites."""

from echosphere.memberships.groups.add import AddInvited, require_may_invite_to
from echosphere.memberships.invites.join import find_allowance
from echosphere.memberships.wiring import install

__all__ = ["AddInvited", "find_allowance", "install", "require_may_invite_to"]
