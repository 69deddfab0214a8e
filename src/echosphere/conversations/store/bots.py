"""Queries of the bots among the members, and of the messages that are meant for them."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Select, bindparam, false, literal_column, null, select, true, update
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations.conversation import ONLY_ADDRESSED, Member
from echosphere.conversations.store.rows import MEMBER, THIS_MEMBER, to_member
from echosphere.conversations.store.tables import addressed_messages, conversations, members
from echosphere.database import Prepared, Snapshot, Transaction, insert

_here = addressed_messages.c.conversation_id == bindparam("conversation")
_this_message = _here & (addressed_messages.c.seq == bindparam("seq"))

BOT_MEMBERS = Prepared(
    select(*MEMBER, members.c.cleared_seq)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.left == false(),
        members.c.bot == true(),
    )
    .order_by(members.c.joined_at, members.c.user_id)
)
GROUPS_OF_BOT = Prepared(
    select(members.c.conversation_id)
    .where(members.c.user_id == bindparam("user"), members.c.left == false())
    .order_by(members.c.conversation_id)
)
SET_SIGHT = Prepared(
    update(members)
    .where(THIS_MEMBER, members.c.bot == true())
    .values(
        cleared_seq=bindparam("new_seq"), cleared_before=bindparam("new_seq"), cleared_at=null()
    )
)
SET_BOTS = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(bots=bindparam("count"))
)
IS_ADDRESSED = Prepared(
    select(literal_column("1")).where(
        _this_message, addressed_messages.c.user_id == bindparam("user")
    )
)
ADDRESSED_USERS = Prepared(select(addressed_messages.c.user_id).where(_this_message))
ADD_ADDRESSED = Prepared(
    insert(addressed_messages)
    .values({c.name: bindparam(c.name) for c in addressed_messages.c})
    .on_conflict_do_nothing()
)


def is_addressed_to(
    user: ColumnElement[str], conversation: ColumnElement[str], seq: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return the condition that a message is a bot's own, or meant for it."""
    found: Select[tuple[object]] = select(literal_column("1")).where(
        addressed_messages.c.user_id == user,
        addressed_messages.c.conversation_id == conversation,
        addressed_messages.c.seq == seq,
    )
    return found.correlate_except(addressed_messages).exists()


class BotMember(NamedTuple):
    """A bot as a member; whether it sees all messages, or only those that are meant for it."""

    member: Member
    sees_all: bool


def bot_members(snapshot: Snapshot, conversation: str) -> list[BotMember]:
    """Return the bots that are members now."""
    rows = snapshot.all(BOT_MEMBERS, conversation=conversation)
    return [BotMember(to_member(row[:-1]), row[-1] < ONLY_ADDRESSED) for row in rows]


def conversations_of_bot(snapshot: Snapshot, user: str) -> list[str]:
    """Return the ids of the conversations in which a bot is a member, sorted."""
    return [row[0] for row in snapshot.all(GROUPS_OF_BOT, user=user)]


def set_bot_sight(
    transaction: Transaction, conversation: str, user: str, *, sees_all: bool
) -> None:
    """Store whether a bot sees all messages, or only those that are meant for it."""
    cleared = 0 if sees_all else ONLY_ADDRESSED
    transaction.run(SET_SIGHT, conversation=conversation, user=user, new_seq=cleared)


def set_bot_count(transaction: Transaction, conversation: str, count: int) -> None:
    """Store how many bots are members."""
    transaction.run(SET_BOTS, conversation=conversation, count=count)


def is_addressed(snapshot: Snapshot, user: str, conversation: str, seq: int) -> bool:
    """Whether a message is a bot's own, or meant for it."""
    found = snapshot.first(IS_ADDRESSED, user=user, conversation=conversation, seq=seq)
    return found is not None


def addressed_users(snapshot: Snapshot, conversation: str, seq: int) -> set[str]:
    """Return the ids of the bots whose message it is, or for which it is meant."""
    return {row[0] for row in snapshot.all(ADDRESSED_USERS, conversation=conversation, seq=seq)}


def add_addressed(
    transaction: Transaction, conversation: str, seq: int, users: Iterable[str]
) -> None:
    """Store which bots a message is of, or meant for."""
    for user in sorted(users):
        transaction.run(ADD_ADDRESSED, user_id=user, conversation_id=conversation, seq=seq)
