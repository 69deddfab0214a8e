"""What is served of a person's conversations, of groups and of invites."""

from echosphere.memberships.operations.groups import GroupsOperations
from echosphere.memberships.operations.inbox import InboxOperations
from echosphere.memberships.operations.invites import InvitesOperations

__all__ = ["GroupsOperations", "InboxOperations", "InvitesOperations"]
