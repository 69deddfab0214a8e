"""Decides who is told how far somebody has come: those who tell it of themselves."""

from dataclasses import dataclass

from echosphere.accounts import parse_settings, settings_of, settings_of_all
from echosphere.contacts import blocked_pairs, blocked_user_ids, is_blocked_between
from echosphere.conversations import (
    Access,
    Kind,
    Member,
    audience_of,
    count_members,
    members_at_message,
)
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.memberships.store import inbox as inbox_store
from echosphere.messages import access_message

MAX_IMMEDIATE = 20
"""Members who are told of each receipt by itself; in larger groups they are collected."""

MAX_NOTIFIED = 200
"""Members who are all told; in larger groups only the authors of what was read are."""


@dataclass(frozen=True, slots=True)
class ReceiptRecipients:
    """Whom a receipt is for.

    Attributes:
        user_ids: Those members who may see it; None for all of them.
        immediate: Whether it is sent by itself; otherwise it waits a moment for others.
    """

    user_ids: frozenset[str] | None
    immediate: bool


@dataclass(frozen=True, slots=True)
class BatchRecipients:
    """Whom receipts that were collected are for.

    Attributes:
        members_version: At which this was so.
        user_ids: Those who see all of them.
        blocked: Those who do not, and of whom they see none: there is a block between.
    """

    members_version: int
    user_ids: frozenset[str]
    blocked: dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class ReceiptStatus:
    """Whether a message has reached somebody, and whether they have read it."""

    user: str
    read: bool
    delivered: bool


def sends_receipts(snapshot: Snapshot, access: Access) -> bool:
    """Whether the others are told how far this member has come.

    Nobody learns it across a block between the two of a direct conversation.
    """
    if not settings_of(snapshot, access.viewer).receipts:
        return False
    partner = access.partner
    return not partner or not is_blocked_between(snapshot, access.viewer, partner)


def receipt_recipients(snapshot: Snapshot, access: Access) -> ReceiptRecipients:
    """Return who is told of this member at once; those of larger groups are found later.

    In a group nobody across a block is told. In a direct conversation that was looked at before.
    """
    members = inbox_store.members_with_settings(snapshot, access.conversation.id)
    if len(members) > MAX_IMMEDIATE:
        return ReceiptRecipients(None, immediate=False)
    sharing = frozenset(user for user, settings in members if parse_settings(settings).receipts)
    if access.conversation.kind is Kind.GROUP:
        sharing -= blocked_user_ids(snapshot, access.viewer)
    return ReceiptRecipients(None if len(sharing) == len(members) else sharing, immediate=True)


def is_very_large(snapshot: Snapshot, conversation: str) -> bool:
    """Whether so many are members that nobody is told when messages reach them."""
    return count_members(snapshot, conversation) > MAX_NOTIFIED


def batch_recipients(
    snapshot: Snapshot, conversation: str, read_seq: int, readers: frozenset[str]
) -> BatchRecipients:
    """Return who is told what was collected in a larger group.

    Args:
        snapshot: The state to read.
        conversation: The group.
        read_seq: The last message that was read; in very large groups the authors of it and of
            the ones just before are told.
        readers: Of whom it was collected.
    """
    version, user_ids = audience_of(snapshot, conversation)
    if len(user_ids) > MAX_NOTIFIED:
        user_ids &= inbox_store.latest_authors(snapshot, conversation, read_seq)
    settings = settings_of_all(snapshot, user_ids)
    sharing = frozenset(user for user in user_ids if settings[user].receipts)
    pairs = blocked_pairs(snapshot, sharing | readers)
    blocked = {one: pairs[one] & readers for one in sharing & pairs.keys()}
    blocked = {one: hidden for one, hidden in blocked.items() if hidden}
    return BatchRecipients(version, sharing - blocked.keys(), blocked)


def receipt_statuses(
    snapshot: Snapshot, viewer: str, conversation: str, seq: int
) -> list[ReceiptStatus]:
    """Return how far a message has come with each of those who were there when it was posted.

    Who gives no receipts does not see those of others, and nobody sees any across a block.

    Raises:
        NotFound: There is no such message, or the viewer may not see it.
    """
    _, message = access_message(snapshot, viewer, conversation, seq)
    if message.deleted or message.system is not None:
        raise NotFound("There is no such message.")
    sees = settings_of(snapshot, viewer).receipts
    blocked = blocked_user_ids(snapshot, viewer)
    members = members_at_message(snapshot, conversation, seq, message.created_at)
    return [
        _status(one, seq, sees=sees and one.user not in blocked)
        for one in members
        if one.user != message.author
    ]


def _status(member: Member, seq: int, *, sees: bool) -> ReceiptStatus:
    read = sees and member.seen_seq >= seq
    return ReceiptStatus(member.user, read, read or (sees and member.delivered_seq >= seq))
