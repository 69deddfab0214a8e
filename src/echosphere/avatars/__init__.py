"""Avatars: the pictures of people and groups, square and without metadata."""

from echosphere.avatars.avatar import address_of
from echosphere.avatars.replace import replace_group_avatar
from echosphere.avatars.upkeep import AvatarUpkeep
from echosphere.avatars.web import AvatarDoor
from echosphere.avatars.wiring import install

__all__ = [
    "AvatarDoor",
    "AvatarUpkeep",
    "address_of",
    "install",
    "replace_group_avatar",
]
