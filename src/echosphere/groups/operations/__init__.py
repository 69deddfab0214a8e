"""What is served of groups and invites."""

from echosphere.groups.operations.groups import GroupsOperations
from echosphere.groups.operations.invites import InvitesOperations

__all__ = ["GroupsOperations", "InvitesOperations"]
