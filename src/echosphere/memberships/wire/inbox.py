"""Shapes of a person's conversations on the wire."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.conversations import Conversation, MemberShape, member_shapes
from echosphere.core.errors import Invalid
from echosphere.memberships.inbox.entry import Entry
from echosphere.memberships.inbox.list import Described
from echosphere.memberships.inbox.sync import CaughtUp, Difference
from echosphere.memberships.receipts.recipients import Reached
from echosphere.messages import MessageCall, MessageShape, message_shape, message_shapes
from echosphere.wire import Id, Request, Seq, Shape, decode

MAX_DRAFT = 20_000


class OwnChanges(Request, frozen=True):
    """What a person keeps about a conversation; what is absent stays as it is."""

    muted: bool | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    notify: Literal["default", "all", "mentions", "none"] | UnsetType = UNSET
    muted_until: Seq | UnsetType | None = UNSET
    marked_unread: bool | UnsetType = UNSET
    draft: Annotated[str, Meta(max_length=MAX_DRAFT)] | UnsetType | None = UNSET
    longer_draft: bool | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Return the fields that were given; an empty draft is none."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        found = {name: value for name, value in fields.items() if value is not UNSET}
        if found.get("draft") == "":
            found["draft"] = None
        return found


Versions = Annotated[dict[Id, Seq], Meta(max_length=5_000)]


class ClearCall(MessageCall, frozen=True, kw_only=True):
    """Up to which message a conversation is cleared, and whether it leaves the list."""

    dropped: bool = False


class SyncBody(Request, frozen=True):
    """The versions that a client holds, and the epoch in which it got them.

    Attributes:
        clearings: How often it knows that conversations were cleared; None from a client that knows
            nothing of clearing.
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
        """Return the same as the body of a request.

        Raises:
            Invalid: It is not what such a body has.
        """
        versions = _numbers("versions", self.versions)
        clearings = None if self.clearings is None else _numbers("clearings", self.clearings)
        return SyncBody(versions, self.epoch, clearings)


def _numbers(field: str, given: str) -> dict[str, int]:
    try:
        return decode(Versions, given.encode())
    except Invalid:
        problem = "must be a JSON object of conversations and versions"
        raise Invalid(f"The field {field!r} {problem}.", fields={field: problem}) from None


class ConversationShape(Shape, frozen=True):
    """A conversation as one person has it."""

    id: str
    kind: str
    title: str | None
    description: str | None
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
    history: str
    notify: str
    muted_until: int | None
    marked_unread: bool
    longer_draft: bool
    cleared_seq: int
    clear_version: int
    cleared_until: int | None
    dropped: bool
    members: list[MemberShape] | UnsetType = UNSET


class OneConversation(Shape, frozen=True):
    """An answer with one conversation."""

    conversation: ConversationShape


class Conversations(Shape, frozen=True):
    """An answer with a list of conversations."""

    conversations: list[ConversationShape]


class ConversationEvent(Shape, frozen=True):
    """The event `conversation`; `members` for those to whom it is new."""

    conversation: str
    version: int
    members_version: int
    kind: str
    title: str | None
    description: str | None
    avatar_url: str | None
    created_at: int
    history: str
    members: list[MemberShape] | UnsetType = UNSET


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
    notify: str
    muted_until: int | None
    marked_unread: bool
    longer_draft: bool
    cleared_seq: int
    clear_version: int
    cleared_until: int | None
    dropped: bool


class ReceiptEvent(Shape, frozen=True, kw_only=True):
    """The event `receipt`; what is read is delivered."""

    conversation: str
    user: str
    read_seq: int | UnsetType = UNSET
    delivered_seq: int | UnsetType = UNSET


class Receipt(Shape, frozen=True, kw_only=True):
    """How far one member has come."""

    user: str
    read_seq: int | UnsetType = UNSET
    delivered_seq: int | UnsetType = UNSET


class ReceiptsEvent(Shape, frozen=True):
    """The event `receipts`: several of one conversation that were collected for a moment."""

    conversation: str
    receipts: list[Receipt]


class ReachedAnswer(Shape, frozen=True):
    """How far a message has come with each of those who were there when it was posted."""

    receipts: list[Reached]


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


def conversation_shape(described: Described, *, members: bool = True) -> ConversationShape:
    """Return a conversation as it crosses the wire."""
    entry = described.entry
    conversation, own, last = entry.conversation, entry.own, entry.last_message
    return ConversationShape(
        id=conversation.id,
        kind=conversation.kind.value,
        title=conversation.title,
        description=conversation.description,
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
        history=conversation.history.value,
        notify=own.notify.value,
        muted_until=own.muted_until,
        marked_unread=own.marked_unread,
        longer_draft=own.longer_draft,
        cleared_seq=entry.cleared.seq,
        clear_version=entry.cleared.version,
        cleared_until=entry.cleared.until,
        dropped=entry.cleared.dropped,
        members=described_members(described)
        if members and described.members is not None
        else UNSET,
    )


def conversation_event(
    conversation: Conversation, members: list[MemberShape] | UnsetType = UNSET
) -> ConversationEvent:
    """Return the event that tells what a conversation looks like now."""
    return ConversationEvent(
        conversation=conversation.id,
        version=conversation.version,
        members_version=conversation.members_version,
        kind=conversation.kind.value,
        title=conversation.title,
        description=conversation.description,
        avatar_url=conversation.avatar,
        created_at=conversation.created_at,
        history=conversation.history.value,
        members=members,
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
        notify=own.notify.value,
        muted_until=own.muted_until,
        marked_unread=own.marked_unread,
        longer_draft=own.longer_draft,
        cleared_seq=entry.cleared.seq,
        clear_version=entry.cleared.version,
        cleared_until=entry.cleared.until,
        dropped=entry.cleared.dropped,
    )


def sync_answer(found: CaughtUp) -> SyncAnswer:
    """Return a catch-up as it crosses the wire."""
    differences = [_synced(one) for one in found.differences]
    return SyncAnswer(differences, found.gone, found.more, found.epoch, found.outdated)


def _synced(difference: Difference) -> Synced:
    return Synced(
        conversation=conversation_shape(difference.conversation, members=False),
        messages=message_shapes(difference.messages, difference.attachments),
        members=described_members(difference.conversation),
        reset=difference.reset,
    )


def described_members(described: Described) -> list[MemberShape]:
    """Return the members of a conversation as the viewer sees them."""
    return member_shapes(
        described.members or (),
        described.users,
        positions=described.sight.positions,
        blocked=described.sight.apart,
    )
