"""The tables of conversations and their members, and their queries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    String,
    Table,
    bindparam,
    false,
    insert,
    literal_column,
    select,
    update,
)

from echosphere.conversations.conversation import (
    Access,
    Conversation,
    Kind,
    Member,
    OwnFields,
    Role,
    partner_in,
)
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Row,
    Snapshot,
    Text,
    Transaction,
    metadata,
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("kind", String(8), nullable=False),  # direct, group
    Column("title", String(100)),
    Column("avatar", String(200)),
    Column("pair", String(130), unique=True),  # of a direct one: both people's ids, sorted
    Column("version", BigInteger, nullable=False),
    Column("members_version", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("changed_at", Milliseconds, nullable=False),
    sqlite_with_rowid=False,
)

members = Table(
    "members",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("role", String(8), nullable=False),  # owner, admin, member
    Column("left", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("joined_seq", BigInteger, nullable=False),
    Column("read_seq", BigInteger, nullable=False),
    Column("delivered_seq", BigInteger, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("draft", Text),
    sqlite_with_rowid=False,
)

KINDS = {kind.value: kind for kind in Kind}
ROLES = {role.value: role for role in Role}

CONVERSATION = (
    conversations.c.id,
    conversations.c.kind,
    conversations.c.title,
    conversations.c.avatar,
    conversations.c.version,
    conversations.c.members_version,
    conversations.c.last_seq,
    conversations.c.created_at,
)
MEMBER = (
    members.c.conversation_id,
    members.c.user_id,
    members.c.role,
    members.c.left,
    members.c.version,
    members.c.joined_seq,
    members.c.read_seq,
    members.c.delivered_seq,
)
OWN = (
    members.c.read_seq,
    members.c.muted,
    members.c.pinned,
    members.c.archived,
    members.c.draft,
)

_same_conversation = members.c.conversation_id == conversations.c.id
_of_viewer = (members.c.user_id == bindparam("viewer")) & (members.c.left == false())

ACCESS = Prepared(
    select(*CONVERSATION, conversations.c.pair, members.c.role, members.c.joined_seq)
    .join(members, _same_conversation)
    .where(conversations.c.id == bindparam("conversation"), _of_viewer)
)
LOCK = Prepared(
    select(conversations.c.id)
    .where(conversations.c.id == bindparam("conversation"))
    .with_for_update()
)
TAKE_SEQ = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(
        version=bindparam("taken"),
        last_seq=bindparam("taken"),
        changed_at=bindparam("now"),
    )
)
FIND_PAIR = Prepared(select(conversations.c.id).where(conversations.c.pair == bindparam("pair")))
INSERT_CONVERSATION = Prepared(
    insert(conversations).values({c.name: bindparam(c.name) for c in conversations.c})
)
INSERT_MEMBER = Prepared(insert(members).values({c.name: bindparam(c.name) for c in members.c}))
MEMBERS = Prepared(
    select(*MEMBER)
    .where(members.c.conversation_id == bindparam("conversation"))
    .order_by(members.c.joined_seq, members.c.user_id)
)
MEMBERS_CHANGED = Prepared(
    select(*MEMBER)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.version > bindparam("version"),
    )
    .order_by(members.c.version, members.c.user_id)
)
AUDIENCE = Prepared(
    select(conversations.c.members_version, members.c.user_id)
    .join(members, _same_conversation)
    .where(conversations.c.id == bindparam("conversation"), members.c.left == false())
)
_of_mine = members.alias("of_mine")
MEMBERS_OF_MY_DIRECT = Prepared(
    select(*MEMBER)
    .join(conversations, _same_conversation)
    .join(_of_mine, _of_mine.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.kind == literal_column("'direct'"),
        _of_mine.c.user_id == bindparam("viewer"),
        _of_mine.c.left == false(),
    )
)
SET_READ = Prepared(
    update(members)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.user_id == bindparam("viewer"),
        members.c.read_seq < bindparam("seq"),
    )
    .values(read_seq=bindparam("seq"))
)


def find_access(snapshot: Snapshot, viewer: str, conversation: str) -> Access | None:
    """Return the conversation as this person may see it, or None."""
    row = snapshot.first(ACCESS, viewer=viewer, conversation=conversation)
    if row is None:
        return None
    pair, role, joined_seq = row[8:]
    return Access(to_conversation(row), viewer, ROLES[role], joined_seq, partner_in(pair, viewer))


def find_direct(snapshot: Snapshot, pair: str) -> str | None:
    """Return the id of two people's conversation, or None."""
    row = snapshot.first(FIND_PAIR, pair=pair)
    return None if row is None else str(row[0])


def members_of(snapshot: Snapshot, conversation: str, since: int = 0) -> list[Member]:
    """Return the members, those who left included, that changed after a version."""
    if since:
        rows = snapshot.all(MEMBERS_CHANGED, conversation=conversation, version=since)
    else:
        rows = snapshot.all(MEMBERS, conversation=conversation)
    return [to_member(row) for row in rows]


def members_of_direct_conversations(snapshot: Snapshot, viewer: str) -> dict[str, list[Member]]:
    """Return both members of each direct conversation of a person."""
    found: dict[str, list[Member]] = {}
    for row in snapshot.all(MEMBERS_OF_MY_DIRECT, viewer=viewer):
        found.setdefault(row[0], []).append(to_member(row))
    return found


def audience_of(snapshot: Snapshot, conversation: str) -> tuple[int, frozenset[str]]:
    """Return `members_version` and the people who are members at it."""
    rows = snapshot.all(AUDIENCE, conversation=conversation)
    return (rows[0][0] if rows else 0), frozenset(row[1] for row in rows)


def take_seq(transaction: Transaction, conversation: Conversation) -> int:
    """Give the next message its number: the version after that of the conversation.

    The conversation must have been read in this transaction, locked, so that nobody else counts
    on from the same version.
    """
    seq = conversation.version + 1
    transaction.run(TAKE_SEQ, conversation=conversation.id, taken=seq, now=transaction.now)
    return seq


def insert_conversation(
    transaction: Transaction, conversation: Conversation, pair: str | None
) -> None:
    """Store a new conversation."""
    transaction.run(
        INSERT_CONVERSATION,
        id=conversation.id,
        kind=conversation.kind.value,
        title=conversation.title,
        avatar=conversation.avatar,
        pair=pair,
        version=conversation.version,
        members_version=conversation.members_version,
        last_seq=conversation.last_seq,
        created_at=conversation.created_at,
        changed_at=transaction.now,
    )


def insert_member(transaction: Transaction, member: Member) -> None:
    """Store a new member."""
    transaction.run(
        INSERT_MEMBER,
        conversation_id=member.conversation,
        user_id=member.user,
        role=member.role.value,
        left=member.left,
        version=member.version,
        joined_seq=member.joined_seq,
        read_seq=member.read_seq,
        delivered_seq=member.delivered_seq,
        muted=False,
        pinned=False,
        archived=False,
        draft=None,
    )


def set_read(transaction: Transaction, viewer: str, conversation: str, seq: int) -> bool:
    """Move a member's read position forward; return whether it moved."""
    return transaction.run(SET_READ, viewer=viewer, conversation=conversation, seq=seq) > 0


def set_own_fields(
    transaction: Transaction, viewer: str, conversation: str, changes: dict[str, Any]
) -> None:
    """Change some of what a member keeps about a conversation."""
    transaction.execute(
        update(members)
        .where(members.c.conversation_id == conversation, members.c.user_id == viewer)
        .values(changes)
    )


def to_conversation(row: Row) -> Conversation:
    """Return the conversation whose columns a row begins with."""
    return Conversation(row[0], KINDS[row[1]], *row[2:8])


def to_member(row: Row) -> Member:
    """Return the member of a row."""
    return Member(row[0], row[1], ROLES[row[2]], bool(row[3]), *row[4:8])


def to_own_fields(row: Sequence[Any]) -> OwnFields:
    """Return the own fields of a row."""
    read_seq, muted, pinned, archived, draft = row
    return OwnFields(read_seq, bool(muted), bool(pinned), bool(archived), draft)
