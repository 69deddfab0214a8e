"""Avatars: square images of users and groups, without metadata."""

from echosphere.avatars.access import access_avatar
from echosphere.avatars.avatar import FOLDER, MAX_SIZE, avatar_path, id_from_path
from echosphere.avatars.cleanup import AvatarCleanup
from echosphere.avatars.replace import (
    add_placeholder_avatar,
    replace_group_avatar,
    replace_program_avatar,
)
from echosphere.avatars.web import AvatarRoutes
from echosphere.avatars.wiring import install

__all__ = [
    "FOLDER",
    "MAX_SIZE",
    "AvatarCleanup",
    "AvatarRoutes",
    "access_avatar",
    "add_placeholder_avatar",
    "avatar_path",
    "id_from_path",
    "install",
    "replace_group_avatar",
    "replace_program_avatar",
]
