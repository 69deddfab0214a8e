"""The HTTP doors of groups: REST, and the page to which an invite leads."""

from echosphere.groups.web.api import GroupsApi
from echosphere.groups.web.invites import InvitesApi
from echosphere.groups.web.pages import JoinPages

__all__ = ["GroupsApi", "InvitesApi", "JoinPages"]
