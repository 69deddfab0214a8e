"""Payloads and their receivers."""

from typing import Any

import msgspec


class ToMembers(msgspec.Struct, frozen=True):
    """To the members of a conversation as of this `members_version`.

    Attributes:
        only: Limits the receivers to these members; None for all.
        row: Conversation id and seq of the message that the payload contains whole, if it does.
        version_only: Event and payload to send instead if a later delivery of the same commit
            contains the row: they only raise the version.
    """

    conversation: str
    members_version: int
    event: str
    payload: Any
    only: frozenset[str] | None = None
    row: tuple[str, int] | None = None
    version_only: tuple[str, Any] | None = None


class ToUser(msgspec.Struct, frozen=True):
    """To all devices of one user."""

    user_id: str
    event: str
    payload: Any


class ToUsers(msgspec.Struct, frozen=True):
    """To all devices of several users; the payload is encoded once."""

    user_ids: frozenset[str]
    event: str
    payload: Any


class ToEverybody(msgspec.Struct, frozen=True):
    """To all devices of everyone; the payload is encoded once."""

    event: str
    payload: Any


Delivery = ToMembers | ToUser | ToUsers | ToEverybody
