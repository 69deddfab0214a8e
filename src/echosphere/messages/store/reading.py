"""Reads many messages: pages of the history, changed ones, pinned ones."""

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, false, func, literal, literal_column, select, text

from echosphere.conversations import Access
from echosphere.database import Prepared, Snapshot
from echosphere.messages.message import Message
from echosphere.messages.store.rows import (
    IN_CONVERSATION,
    IS_ADDRESSED,
    LIMIT,
    MESSAGE,
    NOT_AGED,
    VISIBLE,
    access_parameters,
    not_hidden_by,
    to_messages,
)
from echosphere.messages.store.tables import messages

BEFORE = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, VISIBLE, NOT_AGED, messages.c.seq < bindparam("before"))
    .order_by(messages.c.seq.desc())
    .limit(LIMIT)
)
AFTER = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, VISIBLE, NOT_AGED, messages.c.seq > bindparam("after"))
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
# The same for bots that see only what is meant for them: people need not pay for that condition.
ADDRESSED_BEFORE = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, IS_ADDRESSED, NOT_AGED, messages.c.seq < bindparam("before"))
    .order_by(messages.c.seq.desc())
    .limit(LIMIT)
)
ADDRESSED_AFTER = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, IS_ADDRESSED, NOT_AGED, messages.c.seq > bindparam("after"))
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
CHANGED = Prepared(
    select(*MESSAGE)
    .where(
        IN_CONVERSATION,
        VISIBLE,
        text("version <> seq"),  # in the words of the index, or SQLite would not use it
        messages.c.version > bindparam("version"),
        messages.c.seq <= bindparam("version"),
    )
    .order_by(messages.c.version)
    .limit(LIMIT)
)
UNDELETED = Prepared(
    select(*MESSAGE)
    .where(
        IN_CONVERSATION,
        messages.c.seq > bindparam("after"),
        messages.c.deleted == false(),
        messages.c.system.is_(None),
    )
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
UNDELETED_OF_AUTHOR = Prepared(
    select(*MESSAGE)
    .where(
        IN_CONVERSATION,
        messages.c.author_id == bindparam("author"),
        messages.c.seq > bindparam("after"),
        messages.c.seq <= bindparam("until"),
        messages.c.deleted == false(),
        messages.c.system.is_(None),
    )
    .order_by(messages.c.seq.desc())
    .limit(LIMIT)
)
NEXT_CONVERSATION_OF_AUTHOR = Prepared(
    select(messages.c.conversation_id)
    .where(
        messages.c.author_id == bindparam("author"),
        messages.c.conversation_id > bindparam("after"),
        messages.c.deleted == false(),
        messages.c.system.is_(None),
    )
    .order_by(messages.c.conversation_id)
    .limit(1)
)
WRITTEN_BEFORE = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, VISIBLE, messages.c.seq < bindparam("seq"), messages.c.system.is_(None))
    .order_by(messages.c.seq.desc())
    .limit(LIMIT)
)
WRITTEN_AFTER = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, VISIBLE, messages.c.seq > bindparam("seq"), messages.c.system.is_(None))
    .order_by(messages.c.seq)
    .limit(LIMIT)
)
EXISTS_BEFORE = Prepared(
    select(literal_column("1"))
    .where(IN_CONVERSATION, VISIBLE, NOT_AGED, messages.c.seq < bindparam("seq"))
    .limit(1)
)
# Without a condition on `seq`, which would lead SQLite to another index than that of the pins.
PINS = Prepared(
    select(*MESSAGE)
    .where(IN_CONVERSATION, not_hidden_by(bindparam("viewer")), messages.c.pinned_at.is_not(None))
    .order_by(messages.c.pinned_at.desc(), messages.c.seq.desc())
)
COUNT_PINS = Prepared(
    select(func.count()).where(IN_CONVERSATION, messages.c.pinned_at.is_not(None))
)


def undeleted(snapshot: Snapshot, conversation: str, after: int, limit: int) -> list[Message]:
    """Return the first messages of users after a `seq` that are not deleted."""
    return to_messages(snapshot.all(UNDELETED, conversation=conversation, after=after, limit=limit))


def undeleted_of(
    snapshot: Snapshot, conversation: str, author: str, *, after: int, until: int, limit: int
) -> list[Message]:
    """Return the last undeleted messages of one author after a `seq`, up to another one."""
    bounds = {"after": after, "until": until, "limit": limit}
    rows = snapshot.all(UNDELETED_OF_AUTHOR, conversation=conversation, author=author, **bounds)
    return to_messages(rows)


def next_conversation_of_author(snapshot: Snapshot, author: str, after: str) -> str | None:
    """Return the first conversation after an id in which an author has undeleted messages."""
    row = snapshot.first(NEXT_CONVERSATION_OF_AUTHOR, author=author, after=after)
    return None if row is None else str(row[0])


def messages_around(
    snapshot: Snapshot, parameters: Mapping[str, object], seq: int, limit: int
) -> tuple[list[Message], list[Message]]:
    """Return up to `limit` messages of users before and after a `seq`, ascending.

    Args:
        snapshot: The state to read.
        parameters: Of the member whose view it is, by `member_parameters`.
        seq: The position.
        limit: Messages on either side.
    """
    before = snapshot.all(WRITTEN_BEFORE, **parameters, seq=seq, limit=limit)
    after = snapshot.all(WRITTEN_AFTER, **parameters, seq=seq, limit=limit)
    return to_messages(reversed(before)), to_messages(after)


def page_before(snapshot: Snapshot, access: Access, before: int, limit: int) -> list[Message]:
    """Return the last `limit` messages with a smaller `seq`, ascending."""
    statement = ADDRESSED_BEFORE if access.sees_only_addressed else BEFORE
    rows = snapshot.all(statement, **access_parameters(access), before=before, limit=limit)
    return to_messages(reversed(rows))


def page_after(snapshot: Snapshot, access: Access, after: int, limit: int) -> list[Message]:
    """Return the first `limit` messages with a larger `seq`, ascending."""
    statement = ADDRESSED_AFTER if access.sees_only_addressed else AFTER
    rows = snapshot.all(statement, **access_parameters(access), after=after, limit=limit)
    return to_messages(rows)


def changed_since(snapshot: Snapshot, access: Access, version: int, limit: int) -> list[Message]:
    """Return messages with a later version: changed older ones, then those posted since."""
    rows = snapshot.all(CHANGED, **access_parameters(access), version=version, limit=limit)
    return [*to_messages(rows), *page_after(snapshot, access, version, limit)][:limit]


def exists_before(snapshot: Snapshot, access: Access, seq: int) -> bool:
    """Return whether there is an older message that the viewer may see."""
    if access.sees_only_addressed:
        return bool(page_before(snapshot, access, seq, 1))
    return bool(snapshot.all(EXISTS_BEFORE, **access_parameters(access), seq=seq))


def existing_seqs(snapshot: Snapshot, access: Access, seqs: Collection[int]) -> set[int]:
    """Return those of these `seq`s that the member may see or has hidden."""
    statement = select(messages.c.seq).where(
        messages.c.conversation_id == access.conversation.id,
        messages.c.seq > access.sees_after,
        messages.c.seq.in_(seqs),
    )
    return set(snapshot.execute(statement).scalars())


def visible_messages(
    snapshot: Snapshot, access: Access, seqs: Collection[int]
) -> dict[int, Message]:
    """Return those of these messages that this member may see, by `seq`."""
    statement = select(*MESSAGE).where(
        messages.c.conversation_id == access.conversation.id,
        messages.c.seq > access.sees_after,
        messages.c.seq.in_(seqs),
        not_hidden_by(literal(access.viewer)),
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
