"""Shapes of a user's conversations on the wire."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.conversations import Conversation, MemberShape, member_shapes
from echosphere.memberships.inbox.entry import InboxEntry
from echosphere.memberships.inbox.list import ConversationView
from echosphere.messages import MessageCall, MessageShape, message_shape
from echosphere.wire import Request, Seq, Shape

MAX_DRAFT = 20_000


class OwnChanges(Request, frozen=True):
    """Changes of a user's settings of a conversation; absent fields stay as they are."""

    muted: bool | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    notify: Literal["default", "all", "mentions", "none"] | UnsetType = UNSET
    muted_until: Seq | UnsetType | None = UNSET
    marked_unread: bool | UnsetType = UNSET
    draft: Annotated[str, Meta(max_length=MAX_DRAFT)] | UnsetType | None = UNSET
    longer_draft: bool | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """Return the fields that were given; an empty draft becomes None."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        found = {name: value for name, value in fields.items() if value is not UNSET}
        if found.get("draft") == "":
            found["draft"] = None
        return found


class ClearCall(MessageCall, frozen=True, kw_only=True):
    """The last message to clear, and whether the conversation leaves the list."""

    dropped: bool = False


class ConversationShape(Shape, frozen=True):
    """A conversation with one user's settings and counts."""

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
    posting: str
    reacting: str
    slow_seconds: int
    retention_days: int
    expire_seconds: int
    filtered: bool
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
    """The event `conversation`; with `members` for users to whom it is new."""

    conversation: str
    version: int
    members_version: int
    kind: str
    title: str | None
    description: str | None
    avatar_url: str | None
    created_at: int
    history: str
    posting: str
    reacting: str
    slow_seconds: int
    retention_days: int
    expire_seconds: int
    filtered: bool
    members: list[MemberShape] | UnsetType = UNSET


class OwnEvent(Shape, frozen=True):
    """The event `own`; `version` is the conversation's version at which messages were counted.

    Events to a user and events to all members are not ordered, so a client compares the version to
    tell whether a message that arrives later was counted.
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


def conversation_shape(view: ConversationView, *, members: bool = True) -> ConversationShape:
    """Return the shape of a conversation."""
    entry = view.entry
    conversation, settings, last = entry.conversation, entry.member_settings, entry.last_message
    return ConversationShape(
        id=conversation.id,
        kind=conversation.kind.value,
        title=conversation.title,
        description=conversation.description,
        avatar_url=conversation.avatar,
        version=conversation.version,
        members_version=conversation.members_version,
        created_at=conversation.created_at,
        last_message=None if last is None else message_shape(last, view.attachments),
        unread=entry.unread,
        mentions=entry.mentions,
        read_seq=settings.read_seq,
        muted=settings.muted,
        pinned=settings.pinned,
        archived=settings.archived,
        draft=settings.draft,
        history=conversation.history.value,
        posting=conversation.posting.value,
        reacting=conversation.reacting.value,
        slow_seconds=conversation.slow_seconds,
        retention_days=conversation.retention_days,
        expire_seconds=conversation.expire_seconds,
        filtered=conversation.filter_words is not None,
        notify=settings.notify.value,
        muted_until=settings.muted_until,
        marked_unread=settings.marked_unread,
        longer_draft=settings.longer_draft,
        cleared_seq=entry.cleared.seq,
        clear_version=entry.cleared.version,
        cleared_until=entry.cleared.until,
        dropped=entry.cleared.dropped,
        members=view_members(view) if members and view.members is not None else UNSET,
    )


def conversation_event(
    conversation: Conversation, members: list[MemberShape] | UnsetType = UNSET
) -> ConversationEvent:
    """Return the event with a conversation's current fields."""
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
        posting=conversation.posting.value,
        reacting=conversation.reacting.value,
        slow_seconds=conversation.slow_seconds,
        retention_days=conversation.retention_days,
        expire_seconds=conversation.expire_seconds,
        filtered=conversation.filter_words is not None,
        members=members,
    )


def member_settings_event(entry: InboxEntry) -> OwnEvent:
    """Return the event `own` of an inbox entry."""
    settings = entry.member_settings
    return OwnEvent(
        conversation=entry.conversation.id,
        version=entry.conversation.version,
        unread=entry.unread,
        mentions=entry.mentions,
        read_seq=settings.read_seq,
        muted=settings.muted,
        pinned=settings.pinned,
        archived=settings.archived,
        draft=settings.draft,
        notify=settings.notify.value,
        muted_until=settings.muted_until,
        marked_unread=settings.marked_unread,
        longer_draft=settings.longer_draft,
        cleared_seq=entry.cleared.seq,
        clear_version=entry.cleared.version,
        cleared_until=entry.cleared.until,
        dropped=entry.cleared.dropped,
    )


def view_members(view: ConversationView) -> list[MemberShape]:
    """Return the shapes of a conversation's members, as the viewer sees them."""
    return member_shapes(
        view.members or (),
        view.users,
        positions=view.permissions.sees_positions,
        blocked=view.permissions.blocked_user_ids,
    )
