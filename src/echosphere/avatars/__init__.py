"""Avatars: the pictures of people and groups, square and without metadata."""

from echosphere.avatars.avatar import address_of
from echosphere.avatars.operations import AvatarsOperations
from echosphere.avatars.replace import forget_avatar, replace_group_avatar
from echosphere.avatars.upkeep import AvatarUpkeep
from echosphere.avatars.web import AvatarDoor

__all__ = [
    "AvatarDoor",
    "AvatarUpkeep",
    "AvatarsOperations",
    "address_of",
    "forget_avatar",
    "replace_group_avatar",
]
