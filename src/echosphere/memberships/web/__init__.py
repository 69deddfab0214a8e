"""What is only HTTP: group pictures, and the page to which an invite leads."""

from echosphere.memberships.web.pages import ClosedReason, JoinPages
from echosphere.memberships.web.pictures import GroupPictures

__all__ = ["ClosedReason", "GroupPictures", "JoinPages"]
