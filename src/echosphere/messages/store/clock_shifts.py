"""Leaps of the machine's clock, by which no message gets older."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, literal_column, select, text, update

from echosphere.attachments import shift_unused
from echosphere.database import Prepared, Snapshot, Transaction
from echosphere.messages.message import Message
from echosphere.messages.store.held import shift_held
from echosphere.messages.store.rows import IN_CONVERSATION
from echosphere.messages.store.tables import clock_shifts, messages

SHIFTS = Prepared(select(clock_shifts.c.up_to, clock_shifts.c.shifted_by))
LAST_ID = Prepared(select(func.coalesce(func.max(messages.c.id), literal_column("0"))))


ID = Prepared(select(messages.c.id).where(IN_CONVERSATION, messages.c.seq == bindparam("seq")))
_shifted_by = (
    select(func.coalesce(func.sum(clock_shifts.c.shifted_by), literal_column("0")))
    .where(clock_shifts.c.up_to >= messages.c.id)
    .correlate(messages)
)
_posted_at = messages.c.created_at + _shifted_by.scalar_subquery()
LAST_OLDER = Prepared(
    select(messages.c.seq)
    .where(IN_CONVERSATION, _posted_at < bindparam("since"))
    .order_by(messages.c.seq.desc())
    .limit(literal_column("1"))
)


class ClockShift(NamedTuple):
    """A leap that was accepted, and the last message that was there before it."""

    up_to: int
    shifted_by: int


def shift_ages(transaction: Transaction, by: int) -> None:
    """Have messages, held ones and uploads go after the same time as before a leap of the clock.

    `created_at` is shown and stays: for ages the leap is kept beside it.
    """
    expiring = update(messages).where(text("expires_at > 0"))
    transaction.execute(expiring.values(expires_at=messages.c.expires_at + by))
    shift_held(transaction, by)
    shift_unused(transaction, by)
    (last,) = transaction.all(LAST_ID)[0]
    transaction.execute(insert(clock_shifts).values(up_to=last, shifted_by=by))


def clock_shifts_of(snapshot: Snapshot) -> list[ClockShift]:
    """Return all leaps of the clock."""
    return [ClockShift(*row) for row in snapshot.all(SHIFTS)]


def age_of(message_id: int, created_at: int, shifts: list[ClockShift], now: int) -> int:
    """Return how old a message is, in milliseconds, without the leaps since."""
    return now - created_at - sum(one.shifted_by for one in shifts if message_id <= one.up_to)


def age_of_message(snapshot: Snapshot, message: Message) -> int:
    """Return how old a stored message is, as `age_of`."""
    row = snapshot.first(ID, conversation=message.conversation, seq=message.seq)
    assert row is not None  # noqa: S101 - it is stored
    return age_of(row[0], message.created_at, clock_shifts_of(snapshot), snapshot.now)


def last_seq_older(snapshot: Snapshot, conversation: str, age: int) -> int:
    """Return the `seq` of the last message that is older than so many milliseconds; 0 for none."""
    row = snapshot.first(LAST_OLDER, conversation=conversation, since=snapshot.now - age)
    return 0 if row is None else int(row[0])
