"""Makes a program known to the members of a group as an author, without membership."""

from echosphere.accounts import users_by_id
from echosphere.conversations import (
    Access,
    Conversation,
    Member,
    Role,
    find_member,
    insert_member,
    profile_visibility,
)
from echosphere.database import Transaction
from echosphere.memberships.groups.events import MemberChanged
from echosphere.memberships.groups.roles import apply_role
from echosphere.memberships.groups.versions import next_version


def introduce_author(transaction: Transaction, access: Access, user_id: str) -> Conversation:
    """Tell the members who an author is, as they know former members; return the group after it.

    Such an author is in no audience, counts as no one, and sees nothing.
    """
    after = next_version(transaction, access.conversation)
    seq = access.conversation.last_seq
    author = Member(
        access.conversation.id, user_id, Role.MEMBER, True, after.version, seq, seq, seq, seq
    )
    insert_member(transaction, author)
    user = users_by_id(transaction, [user_id])[user_id]
    visibility = profile_visibility(transaction, author)
    transaction.announce(MemberChanged(after, author, user, visibility))
    return after


def announce_author(transaction: Transaction, access: Access, user_id: str) -> Conversation:
    """Tell the members who an author is now, whose profile has changed; return the group after it."""
    author = find_member(transaction, access.conversation.id, user_id)
    assert author is not None  # noqa: S101 - it was introduced
    return apply_role(transaction, access.conversation, author, author.role)
