"""Avatars: square images of users and groups, without metadata."""

from echosphere.avatars.access import access_avatar
from echosphere.avatars.avatar import FOLDER, avatar_path, id_from_path
from echosphere.avatars.cleanup import AvatarCleanup
from echosphere.avatars.replace import replace_group_avatar
from echosphere.avatars.web import AvatarRoutes
from echosphere.avatars.wiring import install

__all__ = [
    "FOLDER",
    "AvatarCleanup",
    "AvatarRoutes",
    "access_avatar",
    "avatar_path",
    "id_from_path",
    "install",
    "replace_group_avatar",
]
