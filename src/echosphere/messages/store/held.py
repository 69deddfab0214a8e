"""The table of held messages, and its queries."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from echosphere.conversations import Access
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    metadata,
)
from echosphere.messages.held import Held

held_messages = Table(
    "held_messages",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("author_id", ForeignKey("users.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("reply_to", BigInteger),
    Column("attachments", Text, nullable=False),  # JSON: ids
    Column("edits", BigInteger),  # the message whose words it would change
    Column("created_at", Milliseconds, nullable=False),
    Column("reason", Text),  # why it was refused
    Column("expires_at", Milliseconds),
    Column("parts", Text),  # JSON, as in `messages`
    UniqueConstraint("author_id", "conversation_id", "key"),
    Index(None, "conversation_id", "created_at"),
)

_here = held_messages.c.conversation_id == bindparam("conversation")
_authored = _here & (held_messages.c.author_id == bindparam("author"))
_this = held_messages.c.id == bindparam("held")

_current = or_(held_messages.c.expires_at.is_(None), held_messages.c.expires_at > bindparam("now"))
_order = (held_messages.c.created_at, held_messages.c.id)
_after = or_(
    held_messages.c.created_at > bindparam("at"),
    (held_messages.c.created_at == bindparam("at")) & (held_messages.c.id > bindparam("after")),
)
_page = select(*held_messages.c).where(_here, _current, _after).order_by(*_order)
_limit = bindparam("limit", type_=Integer)
_own = held_messages.c.author_id == bindparam("author")

OWN_PAGE = Prepared(_page.where(_own).limit(_limit))
PAGE_TO_DECIDE = Prepared(_page.where(or_(_own, held_messages.c.reason.is_(None))).limit(_limit))
HELD_OF_AUTHOR = Prepared(select(*held_messages.c).where(_authored).order_by(*_order))
AGED_HELD = Prepared(
    select(*held_messages.c)
    .where(
        _here,
        or_(
            held_messages.c.expires_at <= bindparam("now"),
            held_messages.c.created_at <= bindparam("before"),
        ),
    )
    .limit(_limit)
)
FIND_HELD = Prepared(select(*held_messages.c).where(_here, _this, _current))
FIND_HELD_BY_KEY = Prepared(
    select(*held_messages.c).where(_authored, held_messages.c.key == bindparam("key"))
)
COUNT_HELD = Prepared(select(func.count()).select_from(held_messages).where(_authored))
INSERT_HELD = Prepared(
    insert(held_messages).values({c.name: bindparam(c.name) for c in held_messages.c})
)
DELETE_HELD_EDITS = Prepared(
    delete(held_messages)
    .where(_here, held_messages.c.edits == bindparam("seq"))
    .returning(*held_messages.c),
    erases=True,
)
SET_REASON = Prepared(update(held_messages).where(_this).values(reason=bindparam("why")))
DELETE_HELD = Prepared(delete(held_messages).where(_this), erases=True)


def held_page(
    snapshot: Snapshot, access: Access, position: tuple[int, str], limit: int
) -> list[Held]:
    """Return what the viewer has held, and to who runs the group all that wait; the first first.

    Args:
        snapshot: The state to read.
        access: The viewer's access to the group.
        position: Time and id of the last one before.
        limit: How many.
    """
    at, after = position
    bounds = {"at": at, "after": after, "limit": limit, "now": snapshot.now}
    page = PAGE_TO_DECIDE if access.runs_group else OWN_PAGE
    here, author = access.conversation.id, access.viewer
    return [Held(*row) for row in snapshot.all(page, conversation=here, author=author, **bounds)]


def held_of(snapshot: Snapshot, conversation: str, author: str) -> list[Held]:
    """Return what an author has held in a conversation, the first held first."""
    rows = snapshot.all(HELD_OF_AUTHOR, conversation=conversation, author=author)
    return [Held(*row) for row in rows]


def aged_held(snapshot: Snapshot, conversation: str, before: int, limit: int) -> list[Held]:
    """Return what has disappeared by now, or was held before a time."""
    bounds = {"before": before, "limit": limit, "now": snapshot.now}
    return [Held(*row) for row in snapshot.all(AGED_HELD, conversation=conversation, **bounds)]


def delete_held_edits(transaction: Transaction, conversation: str, seq: int) -> list[Held]:
    """Delete other words that wait for a message, and return them."""
    rows = transaction.returning(DELETE_HELD_EDITS, conversation=conversation, seq=seq)
    return [Held(*row) for row in rows]


def shift_held(transaction: Transaction, by: int) -> None:
    """Have held messages be as old as before a leap of the clock."""
    times = (held_messages.c.created_at, held_messages.c.expires_at)
    transaction.execute(update(held_messages).values({one.name: one + by for one in times}))


def find_held(snapshot: Snapshot, conversation: str, held: str) -> Held | None:
    """Return one held message, or None."""
    row = snapshot.first(FIND_HELD, conversation=conversation, held=held, now=snapshot.now)
    return None if row is None else Held(*row)


def find_held_by_key(snapshot: Snapshot, access: Access, key: str) -> Held | None:
    """Return what the viewer has held with a key, or None."""
    here, author = access.conversation.id, access.viewer
    row = snapshot.first(FIND_HELD_BY_KEY, conversation=here, author=author, key=key)
    return None if row is None else Held(*row)


def count_held(snapshot: Snapshot, access: Access) -> int:
    """Return how many messages of the viewer are held in a conversation."""
    here, author = access.conversation.id, access.viewer
    return int(snapshot.all(COUNT_HELD, conversation=here, author=author)[0][0])


def insert_held(transaction: Transaction, held: Held) -> None:
    """Store a held message."""
    transaction.run(
        INSERT_HELD,
        id=held.id,
        conversation_id=held.conversation,
        author_id=held.author,
        key=held.key,
        body=held.body,
        reply_to=held.reply_to,
        attachments=held.attachments,
        edits=held.edits,
        created_at=held.created_at,
        reason=held.reason,
        expires_at=held.expires_at,
        parts=held.parts,
    )


def set_reason(transaction: Transaction, held: str, reason: str) -> None:
    """Store why a held message was refused."""
    transaction.run(SET_REASON, held=held, why=reason)


def delete_held(transaction: Transaction, held: str) -> None:
    """Delete a held message."""
    transaction.run(DELETE_HELD, held=held)
