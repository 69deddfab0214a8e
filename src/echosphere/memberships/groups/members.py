"""Makes a user a member of a group, whether they were added or joined by an invite."""

from echosphere.contacts import blocked_user_ids
from echosphere.conversations import (
    MAX_BOTS,
    MAX_MEMBERS,
    Conversation,
    History,
    Member,
    Role,
    count_members,
    find_member,
    insert_member,
    members_of,
    profile_visibility,
    profiles_for,
    rejoin,
    set_bot_count,
    set_bot_sight,
)
from echosphere.core.errors import Conflict, Forbidden
from echosphere.database import Transaction
from echosphere.memberships.groups.events import MemberAdded
from echosphere.memberships.groups.removal import BANNED_FROM_GROUP
from echosphere.memberships.groups.versions import next_members_version
from echosphere.memberships.store import removals

FULL = f"This group is full: it has {MAX_MEMBERS} members."
FULL_OF_BOTS = f"This group already has {MAX_BOTS} bots. Remove one first."


def add_member(
    transaction: Transaction, conversation: Conversation, user_id: str, *, bot: bool = False
) -> tuple[Conversation, Member]:
    """Add a user who is not a member; return the conversation and the member after the change.

    Args:
        transaction: Holds the conversation's lock.
        conversation: As read under that lock.
        user_id: The user to add.
        bot: Whether it is a bot: at first it sees only what is meant for it.

    Raises:
        Conflict: The group is full.
        Forbidden: The user is banned from it.
    """
    if removals.is_banned(transaction, conversation.id, user_id):
        raise Forbidden(BANNED_FROM_GROUP)
    if not bot and count_members(transaction, conversation.id) >= MAX_MEMBERS:
        raise Conflict(FULL)
    if bot and conversation.bots >= MAX_BOTS:
        raise Conflict(FULL_OF_BOTS)
    known = find_member(transaction, conversation.id, user_id)
    after = next_members_version(transaction, conversation)
    member = _new_membership(conversation, user_id, known)._replace(version=after.version, bot=bot)
    if known is None:
        insert_member(transaction, member)
    else:
        rejoin(transaction, member)
    if bot:
        set_bot_sight(transaction, conversation.id, user_id, sees_all=False)
        after = after._replace(bots=after.bots + 1)
        set_bot_count(transaction, conversation.id, after.bots)
    removals.delete_removal(transaction, conversation.id, user_id)
    members = tuple(members_of(transaction, conversation.id))
    blocked = blocked_user_ids(transaction, user_id)
    users = profiles_for(transaction, user_id, members, blocked)
    visibility = profile_visibility(transaction, member)
    transaction.announce(MemberAdded(after, member, members, users, visibility))
    return after, member


def _new_membership(conversation: Conversation, user_id: str, known: Member | None) -> Member:
    """Return the member to store, with the first message they may see.

    All earlier messages count as read, so that no one returns to thousands of unread ones.
    """
    last_seq = conversation.last_seq
    if known is None:
        joined_seq = 0 if conversation.history is History.ALL else last_seq
        return Member(conversation.id, user_id, Role.MEMBER, False, 0, joined_seq, last_seq, 0)
    return known._replace(
        role=Role.MEMBER,
        left=False,
        joined_seq=_joined_seq_on_return(conversation, known),
        read_seq=max(known.read_seq, last_seq),
    )


def _joined_seq_on_return(conversation: Conversation, known: Member) -> int:
    """Return the `joined_seq` of a user who comes back.

    It is one number, not a list of periods of membership. With the history setting `joined`, the
    time away stays hidden and so does everything before it, unless nothing was posted meanwhile
    except the system message that they left.
    """
    if conversation.history is History.ALL:
        return 0
    missed_nothing = conversation.last_seq <= known.version + 1
    return known.joined_seq if missed_nothing else conversation.last_seq
