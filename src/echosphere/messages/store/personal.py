"""Messages that users hid or saved."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, false, func, select, update

from echosphere.conversations import is_visible_to_member
from echosphere.database import Prepared, Snapshot, Transaction
from echosphere.database import insert as insert_if_absent
from echosphere.messages.message import Message
from echosphere.messages.store.rows import LIMIT, MESSAGE, not_hidden_by, to_message
from echosphere.messages.store.tables import hidden_messages, messages, saved_messages

_HIDDEN_COLUMNS = ("user_id", "conversation_id", "seq", "hidden_at")
INSERT_HIDDEN = Prepared(
    insert_if_absent(hidden_messages)
    .values({name: bindparam(name) for name in _HIDDEN_COLUMNS} | {"restored": false()})
    .on_conflict_do_nothing(index_elements=["user_id", "conversation_id", "seq"])
)
_hidden_by = hidden_messages.c.user_id == bindparam("viewer")
_newest = hidden_messages.alias("newest")
_NEXT_NUMBER = {
    "sqlite": select(func.max(_newest.c.id) + 1).scalar_subquery(),
    "postgresql": func.nextval(func.pg_get_serial_sequence("hidden_messages", "id")),
}
# With a new id, which is larger than all that the user's devices have seen.
UPDATE_HIDDEN = {
    dialect: Prepared(
        update(hidden_messages)
        .where(
            _hidden_by,
            hidden_messages.c.conversation_id == bindparam("conversation"),
            hidden_messages.c.seq == bindparam("of_seq"),
        )
        .values(id=number, hidden_at=bindparam("at"), restored=bindparam("is_restored"))
    )
    for dialect, number in _NEXT_NUMBER.items()
}
LAST_HIDDEN = Prepared(select(func.coalesce(func.max(hidden_messages.c.id), 0)).where(_hidden_by))
HIDDEN = Prepared(
    select(
        hidden_messages.c.id,
        hidden_messages.c.conversation_id,
        hidden_messages.c.seq,
        hidden_messages.c.restored,
    )
    .where(_hidden_by, hidden_messages.c.id > bindparam("after"))
    .order_by(hidden_messages.c.id)
    .limit(LIMIT)
)

_saved_by = saved_messages.c.user_id == bindparam("viewer")
_saved_here = (saved_messages.c.conversation_id == bindparam("conversation")) & (
    saved_messages.c.seq == bindparam("seq")
)
INSERT_SAVED = Prepared(
    insert_if_absent(saved_messages)
    .values({c.name: bindparam(c.name) for c in saved_messages.c})
    .on_conflict_do_nothing()
)
DELETE_SAVED = Prepared(delete(saved_messages).where(_saved_by, _saved_here))
DELETE_SAVED_BY_ALL = Prepared(delete(saved_messages).where(_saved_here))
DELETE_ALL_SAVED = Prepared(delete(saved_messages).where(_saved_by))
DELETE_ALL_HIDDEN = Prepared(delete(hidden_messages).where(_hidden_by))
LAST_SAVED = Prepared(
    select(func.coalesce(func.max(saved_messages.c.saved_at), 0)).where(_saved_by)
)
SAVED = Prepared(
    select(saved_messages.c.saved_at, *MESSAGE)
    .join(
        messages,
        (messages.c.conversation_id == saved_messages.c.conversation_id)
        & (messages.c.seq == saved_messages.c.seq),
    )
    .where(
        _saved_by,
        saved_messages.c.saved_at < bindparam("before"),
        is_visible_to_member(bindparam("viewer"), messages.c.conversation_id, messages.c.seq),
        not_hidden_by(bindparam("viewer")),
    )
    .order_by(saved_messages.c.saved_at.desc())
    .limit(LIMIT)
)


def hide(transaction: Transaction, user_id: str, conversation: str, seq: int) -> None:
    """Hide a message from a user."""
    now = transaction.now
    new = transaction.run(
        INSERT_HIDDEN, user_id=user_id, conversation_id=conversation, seq=seq, hidden_at=now
    )
    if not new:
        _update_hidden(transaction, user_id, conversation, seq, restored=False)


def restore(transaction: Transaction, user_id: str, conversation: str, seq: int) -> None:
    """Restore a message that a user hid."""
    _update_hidden(transaction, user_id, conversation, seq, restored=True)


def _update_hidden(
    transaction: Transaction, user_id: str, conversation: str, seq: int, *, restored: bool
) -> None:
    transaction.run(
        UPDATE_HIDDEN[transaction.dialect],
        viewer=user_id,
        conversation=conversation,
        of_seq=seq,
        at=transaction.now,
        is_restored=restored,
    )


def hidden_at_of(
    snapshot: Snapshot, user_id: str, conversation: str, seqs: Collection[int]
) -> dict[int, int]:
    """Return the times at which a user hid these messages, by `seq`, without those not hidden."""
    statement = select(hidden_messages.c.seq, hidden_messages.c.hidden_at).where(
        hidden_messages.c.user_id == user_id,
        hidden_messages.c.conversation_id == conversation,
        hidden_messages.c.seq.in_(seqs),
        hidden_messages.c.restored == false(),
    )
    return {row.seq: row.hidden_at for row in snapshot.execute(statement)}


def last_hidden_id(snapshot: Snapshot, user_id: str) -> int:
    """Return the last id in the list of messages that a user hid or restored."""
    return int(snapshot.all(LAST_HIDDEN, viewer=user_id)[0][0])


def hidden_after(
    snapshot: Snapshot, user_id: str, after: int, limit: int
) -> list[tuple[int, str, int, bool]]:
    """Return what a user hid or restored after an id: id, conversation, seq, and whether restored."""
    rows = snapshot.all(HIDDEN, viewer=user_id, after=after, limit=limit)
    return [
        (number, conversation, seq, bool(restored)) for number, conversation, seq, restored in rows
    ]


def save(transaction: Transaction, user_id: str, conversation: str, seq: int) -> bool:
    """Save a message for a user; return whether it was not saved before.

    Each saved message of a user has a different time, which pages begin at.
    """
    last = int(transaction.all(LAST_SAVED, viewer=user_id)[0][0])
    saved = transaction.run(
        INSERT_SAVED,
        user_id=user_id,
        conversation_id=conversation,
        seq=seq,
        saved_at=max(transaction.now, last + 1),
    )
    return saved > 0


def unsave(transaction: Transaction, user_id: str, conversation: str, seq: int) -> bool:
    """Remove a message from a user's saved ones; return whether it was saved."""
    return transaction.run(DELETE_SAVED, viewer=user_id, conversation=conversation, seq=seq) > 0


def delete_saved_by_all(transaction: Transaction, conversation: str, seq: int) -> None:
    """Remove a message from the saved ones of all users.

    Rows of users who hid it are kept, so that the emptied message stays hidden from them.
    """
    transaction.run(DELETE_SAVED_BY_ALL, conversation=conversation, seq=seq)


def saved_before(
    snapshot: Snapshot, user_id: str, before: int, limit: int
) -> list[tuple[int, Message]]:
    """Return the messages that a user saved before a time and may still see, last saved first."""
    rows = snapshot.all(SAVED, viewer=user_id, before=before, limit=limit)
    return [(row[0], to_message(row[1:])) for row in rows]


def delete_personal_rows(transaction: Transaction, user_id: str) -> None:
    """Delete the saved and hidden messages of a user."""
    for statement in (DELETE_ALL_SAVED, DELETE_ALL_HIDDEN):
        transaction.run(statement, viewer=user_id)
