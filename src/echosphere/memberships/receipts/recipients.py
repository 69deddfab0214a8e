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
from echosphere.memberships.store import inbox as store
from echosphere.messages import access_message

AT_ONCE_UP_TO = 20
"""Members who are told of each receipt by itself; in larger groups they are collected."""

ALL_UP_TO = 200
"""Members who are all told; in larger groups only the authors of what was read are."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """Whom a receipt is for.

    Attributes:
        people: Those members who may see it; None for all of them.
        at_once: Whether it is sent by itself; otherwise it waits a moment for others.
    """

    people: frozenset[str] | None
    at_once: bool


@dataclass(frozen=True, slots=True)
class Collectors:
    """Whom receipts that were collected are for.

    Attributes:
        members_version: At which this was so.
        people: Those who see all of them.
        apart: Those who do not, and of whom they see none: there is a block between.
    """

    members_version: int
    people: frozenset[str]
    apart: dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a message has reached somebody, and whether they have read it."""

    user: str
    read: bool
    delivered: bool


def gives_receipts(snapshot: Snapshot, access: Access) -> bool:
    """Whether the others are told how far this member has come.

    Nobody learns it across a block between the two of a direct conversation.
    """
    if not settings_of(snapshot, access.viewer).receipts:
        return False
    partner = access.partner
    return not partner or not is_blocked_between(snapshot, access.viewer, partner)


def receivers_of(snapshot: Snapshot, access: Access) -> Receivers:
    """Return who is told of this member at once; those of larger groups are found later.

    In a group nobody across a block is told. In a direct conversation that was looked at before.
    """
    some = store.some_members(snapshot, access.conversation.id)
    if len(some) > AT_ONCE_UP_TO:
        return Receivers(None, at_once=False)
    telling = frozenset(user for user, kept in some if parse_settings(kept).receipts)
    if access.conversation.kind is Kind.GROUP:
        telling -= blocked_user_ids(snapshot, access.viewer)
    return Receivers(None if len(telling) == len(some) else telling, at_once=True)


def is_very_large(snapshot: Snapshot, conversation: str) -> bool:
    """Whether so many are members that nobody is told when messages reach them."""
    return count_members(snapshot, conversation) > ALL_UP_TO


def receivers_of_collected(
    snapshot: Snapshot, conversation: str, read_seq: int, readers: frozenset[str]
) -> Collectors:
    """Return who is told what was collected in a larger group.

    Args:
        snapshot: The state to read.
        conversation: The group.
        read_seq: The last message that was read; in very large groups the authors of it and of
            the ones just before are told.
        readers: Of whom it was collected.
    """
    version, people = audience_of(snapshot, conversation)
    if len(people) > ALL_UP_TO:
        people &= store.latest_authors(snapshot, conversation, read_seq)
    settings = settings_of_all(snapshot, people)
    telling = frozenset(user for user in people if settings[user].receipts)
    blocked = blocked_pairs(snapshot, telling | readers)
    apart = {one: blocked[one] & readers for one in telling & blocked.keys()}
    apart = {one: hidden for one, hidden in apart.items() if hidden}
    return Collectors(version, telling - apart.keys(), apart)


def seen_by(snapshot: Snapshot, viewer: str, conversation: str, seq: int) -> list[Reached]:
    """Return how far a message has come with each of those who were there when it was posted.

    Who gives no receipts does not see those of others, and nobody sees any across a block.

    Raises:
        NotFound: There is no such message, or the viewer may not see it.
    """
    _, message = access_message(snapshot, viewer, conversation, seq)
    if message.deleted or message.system is not None:
        raise NotFound("There is no such message.")
    sees = settings_of(snapshot, viewer).receipts
    apart = blocked_user_ids(snapshot, viewer)
    members = members_at_message(snapshot, conversation, seq, message.created_at)
    return [
        _reached(one, seq, sees=sees and one.user not in apart)
        for one in members
        if one.user != message.author
    ]


def _reached(member: Member, seq: int, *, sees: bool) -> Reached:
    read = sees and member.seen_seq >= seq
    return Reached(member.user, read, read or (sees and member.delivered_seq >= seq))
