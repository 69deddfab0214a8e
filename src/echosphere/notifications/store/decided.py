"""What was decided for whom: a notice each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select

# Its `ON CONFLICT` is also SQLite's, word for word.
from sqlalchemy.dialects.postgresql import insert

from echosphere.conversations.store import members
from echosphere.database import Snapshot, Transaction
from echosphere.notifications.decide import TOLD, Outcome
from echosphere.notifications.store.tables import notices


@dataclass(frozen=True, slots=True)
class Notice:
    """What was decided for a person about a message, and when."""

    outcome: Outcome
    at: int


def put_notices(
    transaction: Transaction, conversation: str, seq: int, outcomes: Iterable[tuple[str, Outcome]]
) -> None:
    """Note what was decided for people about a message; a later decision replaces an earlier."""
    rows = [
        {
            "user_id": user,
            "conversation_id": conversation,
            "seq": seq,
            "outcome": outcome.value,
            "created_at": transaction.now,
        }
        for user, outcome in outcomes
    ]
    if not rows:
        return
    statement = insert(notices).values(rows)
    new = statement.excluded
    transaction.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "conversation_id", "seq"],
            set_={"outcome": new.outcome, "created_at": new.created_at},
        )
    )


def find_notice(snapshot: Snapshot, user: str, conversation: str, seq: int) -> Notice | None:
    """Return what was decided for a person about a message, or None."""
    statement = select(notices.c.outcome, notices.c.created_at).where(
        notices.c.user_id == user, notices.c.conversation_id == conversation, notices.c.seq == seq
    )
    row = snapshot.execute(statement).first()
    return None if row is None else Notice(Outcome(row.outcome), row.created_at)


def outcomes_of(
    snapshot: Snapshot, people: Collection[str], conversation: str, seq: int
) -> dict[str, Outcome]:
    """Return what was decided already, by person."""
    statement = select(notices.c.user_id, notices.c.outcome).where(
        notices.c.user_id.in_(people),
        notices.c.conversation_id == conversation,
        notices.c.seq == seq,
    )
    return {row.user_id: Outcome(row.outcome) for row in snapshot.execute(statement)}


def forget_notices_of(transaction: Transaction, conversation: str, seq: int) -> None:
    """Remove what was noted about a message."""
    transaction.execute(delete(notices).where(*_of(conversation, seq)))


def forget_why_not(
    transaction: Transaction,
    conversation: str,
    seq: int,
    people: Collection[str] | None,
    but: Collection[str],
) -> None:
    """Remove why people were not told of a message; what they were told stays.

    Args:
        transaction: Where to.
        conversation: Where the message is.
        seq: Its number.
        people: Whom it concerns; None for everybody.
        but: Whom it does not.
    """
    statement = delete(notices).where(
        *_of(conversation, seq),
        notices.c.outcome.not_in([outcome.value for outcome in TOLD]),
        notices.c.user_id.not_in(but),
    )
    if people is not None:
        statement = statement.where(notices.c.user_id.in_(people))
    transaction.execute(statement)


def forget_notices_before(transaction: Transaction, moment: int) -> None:
    """Remove what nobody will ask for any more."""
    transaction.execute(delete(notices).where(notices.c.created_at < moment))


def _of(conversation: str, seq: int) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a message's notices; they are found by the people, with an index."""
    people = select(members.c.user_id).where(members.c.conversation_id == conversation)
    here = notices.c.conversation_id == conversation
    return notices.c.user_id.in_(people), here, notices.c.seq == seq
