"""Leaps of the machine's clock, by which no message gets older."""

from typing import NamedTuple

from sqlalchemy import func, insert, literal_column, select, text, update

from echosphere.database import Prepared, Snapshot, Transaction
from echosphere.messages.store.tables import clock_shifts, messages

SHIFTS = Prepared(select(clock_shifts.c.up_to, clock_shifts.c.shifted_by))
LAST_ID = Prepared(select(func.coalesce(func.max(messages.c.id), literal_column("0"))))


class ClockShift(NamedTuple):
    """A leap that was accepted, and the last message that was there before it."""

    up_to: int
    shifted_by: int


def shift_ages(transaction: Transaction, by: int) -> None:
    """Have messages disappear after the same time as before a leap of the clock.

    `created_at` is shown and stays: for ages the leap is kept beside it.
    """
    expiring = update(messages).where(text("expires_at > 0"))
    transaction.execute(expiring.values(expires_at=messages.c.expires_at + by))
    (last,) = transaction.all(LAST_ID)[0]
    transaction.execute(insert(clock_shifts).values(up_to=last, shifted_by=by))


def clock_shifts_of(snapshot: Snapshot) -> list[ClockShift]:
    """Return all leaps of the clock."""
    return [ClockShift(*row) for row in snapshot.all(SHIFTS)]


def age_of(message_id: int, created_at: int, shifts: list[ClockShift], now: int) -> int:
    """Return how old a message is, in milliseconds, without the leaps since."""
    return now - created_at - sum(one.shifted_by for one in shifts if message_id <= one.up_to)
