"""Shapes of a person's conversations on the wire."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from echosphere.conversations import MemberShape, member_shapes
from echosphere.inbox.catch_up import CaughtUp, Difference
from echosphere.inbox.entry import Entry
from echosphere.inbox.list import Described
from echosphere.messages import MessageShape, message_shape, message_shapes
from echosphere.wire import Id, Request, Seq, Shape

MAX_DRAFT = 20_000


class OwnChanges(Request, frozen=True):
    """The body of `PATCH /conversations/{id}`; what is absent stays as it is."""

    muted: bool | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    draft: Annotated[str, Meta(max_length=MAX_DRAFT)] | UnsetType | None = UNSET

    def given(self) -> dict[str, Any]:
        """Return the fields that were given; an empty draft is none."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        found = {name: value for name, value in fields.items() if value is not UNSET}
        if found.get("draft") == "":
            found["draft"] = None
        return found


class ReadBody(Request, frozen=True):
    """The body of `PUT /conversations/{id}/read`."""

    seq: Seq


class ReadCall(ReadBody, frozen=True, kw_only=True):
    """The argument of `read`."""

    conversation: Id


Versions = Annotated[dict[Id, Seq], Meta(max_length=5_000)]


class SyncBody(Request, frozen=True):
    """The versions that a client holds."""

    versions: Versions


class SyncQuery(Request, frozen=True):
    """The versions that a client holds, as JSON in the query of `GET /sync`."""

    versions: Annotated[str, Meta(max_length=8_000)] = "{}"


class ConversationShape(Shape, frozen=True):
    """A conversation as one person has it."""

    id: str
    kind: str
    title: str | None
    avatar_url: str | None
    version: int
    members_version: int
    created_at: int
    last_message: MessageShape | None
    unread: int
    mentions: int
    read_seq: int
    muted: bool
    pinned: bool
    archived: bool
    draft: str | None
    members: list[MemberShape] | UnsetType = UNSET


class OneConversation(Shape, frozen=True):
    """An answer with one conversation."""

    conversation: ConversationShape


class Conversations(Shape, frozen=True):
    """An answer with a list of conversations."""

    conversations: list[ConversationShape]


class ConversationEvent(Shape, frozen=True):
    """The event `conversation`."""

    conversation: str
    version: int
    members_version: int
    kind: str
    title: str | None
    avatar_url: str | None
    created_at: int
    members: list[MemberShape]


class OwnEvent(Shape, frozen=True):
    """The event `own`; `version` is the conversation's at which the unread ones were counted.

    Without it a client could not tell whether a message that arrives later was counted: events to
    a person do not wait for those to all members.
    """

    conversation: str
    version: int
    unread: int
    mentions: int
    read_seq: int
    muted: bool
    pinned: bool
    archived: bool
    draft: str | None


class ReceiptEvent(Shape, frozen=True):
    """The event `receipt`."""

    conversation: str
    user: str
    read_seq: int


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


def conversation_shape(described: Described, *, members: bool = True) -> ConversationShape:
    """Return a conversation as it crosses the wire."""
    entry = described.entry
    conversation, own, last = entry.conversation, entry.own, entry.last_message
    return ConversationShape(
        id=conversation.id,
        kind=conversation.kind.value,
        title=conversation.title,
        avatar_url=conversation.avatar,
        version=conversation.version,
        members_version=conversation.members_version,
        created_at=conversation.created_at,
        last_message=None if last is None else message_shape(last, described.attachments),
        unread=entry.unread,
        mentions=entry.mentions,
        read_seq=own.read_seq,
        muted=own.muted,
        pinned=own.pinned,
        archived=own.archived,
        draft=own.draft,
        members=_members(described) if members and described.members is not None else UNSET,
    )


def own_shape(entry: Entry) -> OwnEvent:
    """Return a person's own fields as they cross the wire."""
    own = entry.own
    return OwnEvent(
        conversation=entry.conversation.id,
        version=entry.conversation.version,
        unread=entry.unread,
        mentions=entry.mentions,
        read_seq=own.read_seq,
        muted=own.muted,
        pinned=own.pinned,
        archived=own.archived,
        draft=own.draft,
    )


def sync_answer(found: CaughtUp) -> SyncAnswer:
    """Return a catch-up as it crosses the wire."""
    return SyncAnswer([_synced(one) for one in found.differences], found.gone, found.more)


def _synced(difference: Difference) -> Synced:
    return Synced(
        conversation=conversation_shape(difference.conversation, members=False),
        messages=message_shapes(difference.messages, difference.attachments),
        members=_members(difference.conversation),
        reset=difference.reset,
    )


def _members(described: Described) -> list[MemberShape]:
    return member_shapes(described.members or (), described.users)
