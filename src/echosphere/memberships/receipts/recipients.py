"""Decides who sees receipts: users who send them see those of others."""

import msgspec

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
"""Members of a group up to which each receipt is sent immediately; in larger ones, in batches."""

MAX_NOTIFIED = 200
"""Members of a group up to which all get receipts; in larger ones, only authors of read messages."""


class ReceiptRecipients(msgspec.Struct, frozen=True):
    """Who gets a receipt.

    Attributes:
        user_ids: The members who may see it; None for all.
        immediate: Whether it is sent at once; otherwise it is batched.
    """

    user_ids: frozenset[str] | None
    immediate: bool


class BatchRecipients(msgspec.Struct, frozen=True):
    """Who gets a batch of receipts.

    Attributes:
        members_version: The version of the members that were read.
        user_ids: The members who may see all receipts of the batch.
        blocked: From each other recipient to the users whose receipts they may not see.
    """

    members_version: int
    user_ids: frozenset[str]
    blocked: dict[str, set[str]]


class ReceiptStatus(msgspec.Struct, frozen=True):
    """Whether a message was delivered to a user, and whether they read it."""

    user: str
    read: bool
    delivered: bool


def sends_receipts(snapshot: Snapshot, access: Access) -> bool:
    """Whether this member's receipts are sent to others.

    They are not if the members of a direct conversation have blocked one another.
    """
    if not settings_of(snapshot, access.viewer).receipts:
        return False
    partner = access.partner
    return not partner or not is_blocked_between(snapshot, access.viewer, partner)


def receipt_recipients(snapshot: Snapshot, access: Access) -> ReceiptRecipients:
    """Return who gets this member's receipt; in larger groups, it is read when the batch is sent.

    Group members with a block between them and this one get none. For direct conversations
    `sends_receipts` has checked this.
    """
    members = inbox_store.members_with_settings(snapshot, access.conversation.id)
    if len(members) > MAX_IMMEDIATE:
        return ReceiptRecipients(None, immediate=False)
    sharing = frozenset(user for user, settings in members if parse_settings(settings).receipts)
    if access.conversation.kind is Kind.GROUP:
        sharing -= blocked_user_ids(snapshot, access.viewer)
    return ReceiptRecipients(None if len(sharing) == len(members) else sharing, immediate=True)


def is_very_large(snapshot: Snapshot, conversation: str) -> bool:
    """Whether a group is too large for delivered positions."""
    return count_members(snapshot, conversation) > MAX_NOTIFIED


def batch_recipients(
    snapshot: Snapshot, conversation: str, read_seq: int, readers: frozenset[str]
) -> BatchRecipients:
    """Return who gets a batch of receipts in a larger group.

    Args:
        snapshot: The state to read.
        conversation: The group.
        read_seq: The last message that was read; in very large groups its author and those of the
            messages just before get the batch.
        readers: The users whose receipts are in the batch.
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
    """Return the receipt status of a message for each user who was a member when it was posted.

    A viewer who sends no receipts sees none, nor does anyone across a block.

    Raises:
        NotFound: There is no such message, or the viewer may not see it.
    """
    _, message = access_message(snapshot, viewer, conversation, seq)
    if message.deleted or message.system is not None:
        raise NotFound("Message not found.")
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
