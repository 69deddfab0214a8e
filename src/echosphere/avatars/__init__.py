"""Avatars: square images of users and groups, without metadata."""

from echosphere.avatars.avatar import avatar_path
from echosphere.avatars.cleanup import AvatarCleanup
from echosphere.avatars.replace import replace_group_avatar
from echosphere.avatars.web import AvatarRoutes
from echosphere.avatars.wiring import install

__all__ = [
    "AvatarCleanup",
    "AvatarRoutes",
    "avatar_path",
    "install",
    "replace_group_avatar",
]
