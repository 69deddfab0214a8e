"""What of groups is only HTTP: pictures, and the page to which an invite leads."""

from echosphere.groups.web.pages import JoinPages
from echosphere.groups.web.pictures import GroupPictures

__all__ = ["GroupPictures", "JoinPages"]
