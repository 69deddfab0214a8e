"""Many messages: pages of the history, what changed, what is pinned."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, false, func, literal, literal_column, select, text

from echosphere.conversations import Access
from echosphere.database import Prepared, Snapshot
from echosphere.messages.message import Message
from echosphere.messages.store.rows import (
    HERE,
    LIMIT,
    MESSAGE,
    VISIBLE,
    seen_by,
    shown_to,
    to_messages,
)
from echosphere.messages.store.tables import messages

BEFORE = Prepared(
    select(*MESSAGE)
    .where(HERE, VISIBLE, messages.c.seq < bindparam("before"))
    .order_by(messages.c.seq.desc())
    .limit(LIMIT)
)
AFTER = Prepared(
    select(*MESSAGE)
    .where(HERE, VISIBLE, messages.c.seq > bindparam("after"))
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
CHANGED = Prepared(
    select(*MESSAGE)
    .where(
        HERE,
        VISIBLE,
        text("version <> seq"),  # as the index says it, or SQLite would not use it
        messages.c.version > bindparam("version"),
        messages.c.seq <= bindparam("version"),
    )
    .order_by(messages.c.version)
    .limit(LIMIT)
)
LIVING = Prepared(
    select(*MESSAGE)
    .where(
        HERE,
        messages.c.seq > bindparam("after"),
        messages.c.deleted == false(),
        messages.c.system.is_(None),
    )
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
SAID_BEFORE = Prepared(
    select(*MESSAGE)
    .where(HERE, VISIBLE, messages.c.seq < bindparam("seq"), messages.c.system.is_(None))
    .order_by(messages.c.seq.desc())
    .limit(LIMIT)
)
SAID_AFTER = Prepared(
    select(*MESSAGE)
    .where(HERE, VISIBLE, messages.c.seq > bindparam("seq"), messages.c.system.is_(None))
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
EXISTS_BEFORE = Prepared(
    select(literal_column("1")).where(HERE, VISIBLE, messages.c.seq < bindparam("seq")).limit(1)
)
# Without a condition on `seq`, which would lead SQLite to another index than that of the pins.
PINS = Prepared(
    select(*MESSAGE)
    .where(HERE, shown_to(bindparam("viewer")), messages.c.pinned_at.is_not(None))
    .order_by(messages.c.pinned_at.desc(), messages.c.seq.desc())
)
COUNT_PINS = Prepared(select(func.count()).where(HERE, messages.c.pinned_at.is_not(None)))


def undeleted(snapshot: Snapshot, conversation: str, after: int, limit: int) -> list[Message]:
    """Return the first messages after a number that people wrote and nobody deleted."""
    return to_messages(snapshot.all(LIVING, conversation=conversation, after=after, limit=limit))


def surroundings(
    snapshot: Snapshot, seen: Mapping[str, object], seq: int, most: int
) -> tuple[list[Message], list[Message]]:
    """Return up to `most` messages before and after a number that people wrote, ascending.

    Args:
        snapshot: The state to read.
        seen: Whose view it is, as `seen_by_member` returns it.
        seq: The number.
        most: Messages on either side.
    """
    before = snapshot.all(SAID_BEFORE, **seen, seq=seq, limit=most)
    after = snapshot.all(SAID_AFTER, **seen, seq=seq, limit=most)
    return to_messages(reversed(before)), to_messages(after)


def page_before(snapshot: Snapshot, access: Access, before: int, limit: int) -> list[Message]:
    """Return the last `limit` messages with a smaller number, ascending."""
    rows = snapshot.all(BEFORE, **seen_by(access), before=before, limit=limit)
    return to_messages(reversed(rows))


def page_after(snapshot: Snapshot, access: Access, after: int, limit: int) -> list[Message]:
    """Return the first `limit` messages with a larger number, ascending."""
    return to_messages(snapshot.all(AFTER, **seen_by(access), after=after, limit=limit))


def changed_since(snapshot: Snapshot, access: Access, version: int, limit: int) -> list[Message]:
    """Return messages with a later version: changed older ones, then those posted since."""
    rows = snapshot.all(CHANGED, **seen_by(access), version=version, limit=limit)
    return [*to_messages(rows), *page_after(snapshot, access, version, limit)][:limit]


def exists_before(snapshot: Snapshot, access: Access, seq: int) -> bool:
    """Return whether there is an older message that the viewer may see."""
    return bool(snapshot.all(EXISTS_BEFORE, **seen_by(access), seq=seq))


def numbers_among(snapshot: Snapshot, access: Access, seqs: Collection[int]) -> set[int]:
    """Return which of these numbers are messages of the member's time, hidden ones included."""
    statement = select(messages.c.seq).where(
        messages.c.conversation_id == access.conversation.id,
        messages.c.seq > access.sees_after,
        messages.c.seq.in_(seqs),
    )
    return set(snapshot.execute(statement).scalars())


def visible_messages(
    snapshot: Snapshot, access: Access, seqs: Collection[int]
) -> dict[int, Message]:
    """Return those of these messages that this member may see, by their numbers."""
    statement = select(*MESSAGE).where(
        messages.c.conversation_id == access.conversation.id,
        messages.c.seq > access.sees_after,
        messages.c.seq.in_(seqs),
        shown_to(literal(access.viewer)),
    )
    found = to_messages(tuple(row) for row in snapshot.execute(statement))
    return {message.seq: message for message in found}


def pins(snapshot: Snapshot, access: Access) -> list[Message]:
    """Return the pinned messages that this member may see, the last pinned first."""
    rows = snapshot.all(PINS, conversation=access.conversation.id, viewer=access.viewer)
    return [message for message in to_messages(rows) if message.seq > access.sees_after]


def count_pins(snapshot: Snapshot, conversation: str) -> int:
    """Return how many messages of a conversation are pinned."""
    return int(snapshot.all(COUNT_PINS, conversation=conversation)[0][0])
