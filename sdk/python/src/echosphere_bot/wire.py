"""Shapes of what the server sends. Unknown fields are ignored, so that newer servers are understood."""

from typing import Any

import msgspec


class User(msgspec.Struct, frozen=True):
    """A person, a bot or a webhook.

    Attributes:
        kind: `person`, `bot` or `hook`.
    """

    id: str
    name: str = ""
    kind: str = "person"
    about: str = ""
    avatar_url: str | None = None


class Mention(msgspec.Struct, frozen=True):
    """Somebody whom a message names.

    Attributes:
        user: None for everybody.
        text: What stands behind the `@`.
    """

    user: str | None = None
    text: str = ""


class FileData(msgspec.Struct, frozen=True):
    """A file of a message."""

    id: str
    name: str
    type: str
    size: int
    url: str


class MessageData(msgspec.Struct, frozen=True):
    """A message as the server sends it."""

    conversation: str
    seq: int
    author: str
    body: str = ""
    created_at: int = 0
    edited_at: int | None = None
    deleted: bool = False
    reply_to: int | None = None
    attachments: list[FileData] = []
    mentions: list[Mention] = []
    automated: bool = False
    actions: list[list[dict[str, Any]]] = []


class Event(msgspec.Struct, frozen=True):
    """Something that happened in a conversation.

    Attributes:
        id: The same whenever it is sent.
        type: Such as `message.posted`.
        at: Milliseconds since 1970.
        conversation: Empty for the test of an endpoint, which is in none.
        data: Depends on the type; `docs/protocol.md` of the server has it.
    """

    id: str
    type: str
    at: int
    conversation: str = ""
    data: dict[str, Any] = {}


class PushedEvent(Event, frozen=True):
    """An event as sockets get it, with what to go on after."""

    cursor: str = ""


class Page(msgspec.Struct, frozen=True):
    """Events in their order, and what to go on after."""

    events: list[Event]
    cursor: str
