"""Loads the possible recipients of a notification and what decides about each."""

from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from echosphere.accounts import (
    UserSettings,
    active_sessions,
    find_user,
    settings_of,
    settings_of_all,
)
from echosphere.attachments import attachments_of_messages
from echosphere.contacts import blockers_of
from echosphere.database import Snapshot
from echosphere.messages import Message, find_message, has_expired
from echosphere.notifications import store
from echosphere.notifications.content import MessageContext
from echosphere.notifications.decide import DecisionInput, NotifyLevel, Outcome, parse_quiet_hours
from echosphere.notifications.store import MemberState, Subscription

DIRECTED = (Outcome.MENTION, Outcome.REPLY)
"""Whoever got one of these needs no second notification when an edit mentions them."""


class Recipient(msgspec.Struct, frozen=True):
    """A member who may have to be notified.

    Attributes:
        had_read: Whether they had read the message before an edit that mentions them; the edited
            text counts as unread then, wherever their read position is.
        was_notified: Whether they were notified of the message before, but not of a mention.
    """

    member: MemberState
    settings: UserSettings
    subscriptions: Sequence[Subscription]
    blocks_author: bool
    had_read: bool = False
    was_notified: bool = False

    @property
    def id(self) -> str:
        """The user id."""
        return self.member.user


class NotificationContext(msgspec.Struct, frozen=True):
    """A message and its possible recipients."""

    context: MessageContext
    recipients: Sequence[Recipient]


def context_of_message(
    snapshot: Snapshot, conversation: str, seq: int
) -> NotificationContext | None:
    """Return a message with the members who have a subscription and no notice yet."""
    message = _find_user_message(snapshot, conversation, seq)
    if message is None:
        return None
    found = store.subscribed_members(snapshot, conversation, seq, message.author)
    decided = store.outcomes_of(snapshot, [one.user for one in found], conversation, seq)
    recipients = _recipients(snapshot, message, [one for one in found if one.user not in decided])
    return NotificationContext(message_context(snapshot, message), recipients)


def context_of_edit(
    snapshot: Snapshot, conversation: str, seq: int, had_read: Mapping[str, bool]
) -> NotificationContext | None:
    """Return a message with the members whom an edit mentioned and who were not notified of it.

    Args:
        snapshot: The state to read.
        conversation: Where the message is.
        seq: Its number.
        had_read: By user id of those mentioned, whether they had read the earlier text. Users whom
            the message no longer mentions are left out.
    """
    message = _find_user_message(snapshot, conversation, seq)
    if message is None:
        return None
    found = store.subscribed_members(snapshot, conversation, seq, message.author, had_read)
    decided = store.outcomes_of(snapshot, [one.user for one in found], conversation, seq)
    mentioned = [
        one
        for one in found
        if (one.mentioned or message.mentions_all) and decided.get(one.user) not in DIRECTED
    ]
    recipients = [
        msgspec.structs.replace(
            recipient,
            had_read=had_read[recipient.id],
            was_notified=recipient.id in decided and decided[recipient.id].is_notified,
        )
        for recipient in _recipients(snapshot, message, mentioned)
    ]
    return NotificationContext(message_context(snapshot, message), recipients)


def find_recipient(
    snapshot: Snapshot, message: Message, user: str, *, had_read: bool = False
) -> Recipient | None:
    """Return a member as a recipient of a message, or None if the user is not a member."""
    member = store.find_member_state(snapshot, message.conversation, message.seq, user)
    if member is None:
        return None
    return msgspec.structs.replace(_recipients(snapshot, message, [member])[0], had_read=had_read)


def message_context(snapshot: Snapshot, message: Message) -> MessageContext:
    """Return a message with what is needed to describe it."""
    author = find_user(snapshot, message.author)
    direct, title = store.kind_and_title_of(snapshot, message.conversation)
    files = (
        attachments_of_messages(snapshot, message.conversation, [message.seq])
        if message.files
        else {}
    )
    return MessageContext(
        message,
        files.get(message.seq, ()),
        direct,
        title,
        author.name if author else "",
        author.avatar_url if author else None,
        _replied_to_author(snapshot, message),
    )


def active_subscriptions(
    snapshot: Snapshot, user: str
) -> tuple[Sequence[Subscription], UserSettings]:
    """Return a user's subscriptions with active sessions, and their settings."""
    found = store.subscriptions_of(snapshot, [user]).get(user, [])
    return _with_active_sessions(snapshot, {user: found})[user], settings_of(snapshot, user)


def decision_input(
    context: MessageContext, recipient: Recipient, *, is_open: bool
) -> DecisionInput:
    """Return how a message relates to a recipient."""
    message, member, settings = context.message, recipient.member, recipient.settings
    level = None if member.notify == "default" else cast("NotifyLevel", member.notify)
    return DecisionInput(
        own=message.author == member.user,
        system=message.system is not None,
        deleted=bool(message.deleted),
        hidden=member.hidden,
        blocked=recipient.blocks_author,
        read=member.read_seq >= message.seq and not recipient.had_read,
        is_open=is_open,
        direct=context.is_direct,
        mentioned=member.mentioned or bool(message.mentions_all),
        replied_to=context.reply_to_author == member.user,
        muted=member.muted,
        muted_until=member.muted_until,
        conversation_level=level,
        default_level=settings.notify,
        quiet=parse_quiet_hours(settings.quiet_from, settings.quiet_to, settings.time_zone),
        has_device=bool(recipient.subscriptions),
    )


def _replied_to_author(snapshot: Snapshot, message: Message) -> str | None:
    """Return the author of the message that a message replies to."""
    if message.reply_to is None:
        return None
    replied_to = find_message(snapshot, message.conversation, message.reply_to)
    return None if replied_to is None else replied_to.author


def _find_user_message(snapshot: Snapshot, conversation: str, seq: int) -> Message | None:
    """Return a message that a user wrote and that is not deleted, or None."""
    message = find_message(snapshot, conversation, seq)
    if message is None or message.deleted or message.system is not None:
        return None
    return None if has_expired(message, snapshot.now) else message


def _recipients(
    snapshot: Snapshot, message: Message, found: Sequence[MemberState]
) -> list[Recipient]:
    ids = [member.user for member in found]
    subscriptions = _with_active_sessions(snapshot, store.subscriptions_of(snapshot, ids))
    settings = settings_of_all(snapshot, ids)
    blockers = blockers_of(snapshot, message.author) if found else set()
    return [
        Recipient(
            member,
            settings.get(member.user, UserSettings()),
            subscriptions.get(member.user, []),
            member.user in blockers,
        )
        for member in found
    ]


def _with_active_sessions(
    snapshot: Snapshot, found: dict[str, list[Subscription]]
) -> dict[str, list[Subscription]]:
    """Leave out subscriptions of expired sessions, whose rows are still there."""
    sessions = {one.session for some in found.values() for one in some}
    alive = active_sessions(snapshot, sessions)
    return {user: [one for one in some if one.session in alive] for user, some in found.items()}
