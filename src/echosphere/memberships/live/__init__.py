"""What is sent when something changed in a group or in a person's conversations."""

from echosphere.memberships.live.groups import GroupsLive
from echosphere.memberships.live.inbox import InboxLive

__all__ = ["GroupsLive", "InboxLive"]
