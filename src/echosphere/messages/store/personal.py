"""What a person hid or saved for themselves."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, false, func, select, update

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert as insert_unless_there

from echosphere.conversations import is_visible_to_member
from echosphere.database import Prepared, Snapshot, Transaction
from echosphere.messages.message import Message
from echosphere.messages.store.rows import LIMIT, MESSAGE, shown_to, to_message
from echosphere.messages.store.tables import hidden_messages, messages, saved_messages

_HIDING = ("user_id", "conversation_id", "seq", "hidden_at")
INSERT_HIDDEN = Prepared(
    insert_unless_there(hidden_messages)
    .values({name: bindparam(name) for name in _HIDING} | {"restored": false()})
    .on_conflict_do_nothing(index_elements=["user_id", "conversation_id", "seq"])
)
_hidden_by = hidden_messages.c.user_id == bindparam("viewer")
_newest = hidden_messages.alias("newest")
_NEXT_NUMBER = {
    "sqlite": select(func.max(_newest.c.id) + 1).scalar_subquery(),
    "postgresql": func.nextval(func.pg_get_serial_sequence("hidden_messages", "id")),
}
# Under a new number, which is above all that the person's devices have asked for.
CHANGE_HIDDEN = {
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
    insert_unless_there(saved_messages)
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
        shown_to(bindparam("viewer")),
    )
    .order_by(saved_messages.c.saved_at.desc())
    .limit(LIMIT)
)


def hide(transaction: Transaction, viewer: str, conversation: str, seq: int) -> None:
    """Note that a person deleted a message for themselves."""
    now = transaction.now
    new = transaction.run(
        INSERT_HIDDEN, user_id=viewer, conversation_id=conversation, seq=seq, hidden_at=now
    )
    if not new:
        _change(transaction, viewer, conversation, seq, restored=False)


def restore(transaction: Transaction, viewer: str, conversation: str, seq: int) -> None:
    """Note that a person took back that they deleted a message for themselves."""
    _change(transaction, viewer, conversation, seq, restored=True)


def _change(
    transaction: Transaction, viewer: str, conversation: str, seq: int, *, restored: bool
) -> None:
    transaction.run(
        CHANGE_HIDDEN[transaction.dialect],
        viewer=viewer,
        conversation=conversation,
        of_seq=seq,
        at=transaction.now,
        is_restored=restored,
    )


def hidden_among(
    snapshot: Snapshot, viewer: str, conversation: str, seqs: Collection[int]
) -> dict[int, int]:
    """Return when a person hid those of these messages that they did, by their numbers."""
    statement = select(hidden_messages.c.seq, hidden_messages.c.hidden_at).where(
        hidden_messages.c.user_id == viewer,
        hidden_messages.c.conversation_id == conversation,
        hidden_messages.c.seq.in_(seqs),
        hidden_messages.c.restored == false(),
    )
    return {row.seq: row.hidden_at for row in snapshot.execute(statement)}


def last_hidden(snapshot: Snapshot, viewer: str) -> int:
    """Return the number of the last message that a person hid, or took back."""
    return int(snapshot.all(LAST_HIDDEN, viewer=viewer)[0][0])


def hidden_after(
    snapshot: Snapshot, viewer: str, after: int, limit: int
) -> list[tuple[int, str, int, bool]]:
    """Return what a person hid after a number of that kind, or took back.

    Each with its number, conversation and seq, and whether it was taken back.
    """
    rows = snapshot.all(HIDDEN, viewer=viewer, after=after, limit=limit)
    return [(number, place, seq, bool(restored)) for number, place, seq, restored in rows]


def save(transaction: Transaction, viewer: str, conversation: str, seq: int) -> bool:
    """Note that a person saved a message; return whether that is new.

    No two are saved at the same time, so that pages can begin at a time.
    """
    last = int(transaction.all(LAST_SAVED, viewer=viewer)[0][0])
    saved = transaction.run(
        INSERT_SAVED,
        user_id=viewer,
        conversation_id=conversation,
        seq=seq,
        saved_at=max(transaction.now, last + 1),
    )
    return saved > 0


def unsave(transaction: Transaction, viewer: str, conversation: str, seq: int) -> bool:
    """Forget that a person saved a message; return whether they had."""
    return transaction.run(DELETE_SAVED, viewer=viewer, conversation=conversation, seq=seq) > 0


def saved_before(
    snapshot: Snapshot, viewer: str, before: int, limit: int
) -> list[tuple[int, Message]]:
    """Return what a person saved before a time and may still see, the last first."""
    rows = snapshot.all(SAVED, viewer=viewer, before=before, limit=limit)
    return [(row[0], to_message(row[1:])) for row in rows]


def delete_personal_rows(transaction: Transaction, viewer: str) -> None:
    """Remove what a person saved and hid."""
    for statement in (DELETE_ALL_SAVED, DELETE_ALL_HIDDEN):
        transaction.run(statement, viewer=viewer)
