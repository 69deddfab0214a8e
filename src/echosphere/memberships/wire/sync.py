"""Shapes of a sync on the wire."""

from typing import Annotated

from msgspec import Meta

from echosphere.conversations import MemberShape
from echosphere.core.errors import Invalid
from echosphere.memberships.inbox.sync import ConversationChanges, SyncResult
from echosphere.memberships.wire.conversations import (
    ConversationShape,
    conversation_shape,
    view_members,
)
from echosphere.messages import MessageShape, message_shapes
from echosphere.wire import Id, Request, Seq, Shape, decode

Versions = Annotated[dict[Id, Seq], Meta(max_length=5_000)]


class SyncBody(Request, frozen=True):
    """The versions that a client holds, and the epoch in which it got them.

    Attributes:
        clearings: The `clear_version` it holds of each conversation; None from a client that does
            not support clearing.
    """

    versions: Versions
    epoch: Id | None = None
    clearings: Versions | None = None


class SyncQuery(Request, frozen=True):
    """The versions that a client holds, as JSON in the query of `GET /sync`."""

    versions: Annotated[str, Meta(max_length=8_000)] = "{}"
    epoch: Id | None = None
    clearings: Annotated[str, Meta(max_length=8_000)] | None = None

    def body(self) -> SyncBody:
        """Return the same as a request body.

        Raises:
            Invalid: A parameter is not a JSON object of versions.
        """
        versions = _numbers("versions", self.versions)
        clearings = None if self.clearings is None else _numbers("clearings", self.clearings)
        return SyncBody(versions, self.epoch, clearings)


def _numbers(field: str, given: str) -> dict[str, int]:
    try:
        return decode(Versions, given.encode())
    except Invalid:
        problem = "must be a JSON object that maps conversations to versions"
        raise Invalid(f"The field {field!r} {problem}.", fields={field: problem}) from None


class Synced(Shape, frozen=True):
    """What changed in one conversation."""

    conversation: ConversationShape
    messages: list[MessageShape]
    members: list[MemberShape]
    reset: bool


class SyncAnswer(Shape, frozen=True):
    """What changed in all conversations."""

    conversations: list[Synced]
    gone: list[str]
    more: bool
    epoch: str
    outdated: list[str]


def sync_answer(found: SyncResult) -> SyncAnswer:
    """Return the shape of a sync's result."""
    conversations = [_synced(one) for one in found.conversations]
    return SyncAnswer(conversations, found.gone, found.more, found.epoch, found.outdated)


def _synced(changes: ConversationChanges) -> Synced:
    return Synced(
        conversation=conversation_shape(changes.conversation, members=False),
        messages=message_shapes(changes.messages, changes.attachments),
        members=view_members(changes.conversation),
        reset=changes.reset,
    )
