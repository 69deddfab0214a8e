"""Profiles of other users: who may see them, and who is sent their changes."""

from echosphere.profiles.profile import (
    FindsInDirectory,
    access_profile,
    acquaintance_of,
    no_directory,
)
from echosphere.profiles.send_request import send_request_to_visible_user
from echosphere.profiles.store import are_connected, filter_visible_users, presence_receivers
from echosphere.profiles.wiring import install

__all__ = [
    "FindsInDirectory",
    "access_profile",
    "acquaintance_of",
    "are_connected",
    "filter_visible_users",
    "install",
    "no_directory",
    "presence_receivers",
    "send_request_to_visible_user",
]
