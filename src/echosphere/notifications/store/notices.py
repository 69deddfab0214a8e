"""Notices: what was decided for each user and message."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import ColumnElement, delete, select, update

from echosphere.conversations.store import members
from echosphere.database import Command, Snapshot, Transaction, insert
from echosphere.notifications.decide import SENT, Outcome
from echosphere.notifications.store.tables import notices


class Notice(msgspec.Struct, frozen=True):
    """What was decided for a user about a message, and when (milliseconds)."""

    outcome: Outcome
    at: int


def put_notices(
    transaction: Transaction, conversation: str, seq: int, outcomes: Sequence[tuple[str, Outcome]]
) -> None:
    """Store the outcomes, by user id, for a message; a later one replaces an earlier one."""
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


class PutNotices(Command[None]):
    """Store the outcomes for a message; see `put_notices`."""

    conversation: str
    seq: int
    outcomes: Sequence[tuple[str, Outcome]]

    def run(self, transaction: Transaction) -> None:
        """Store them."""
        put_notices(transaction, self.conversation, self.seq, self.outcomes)


def find_notice(snapshot: Snapshot, user: str, conversation: str, seq: int) -> Notice | None:
    """Return a user's notice for a message, or None."""
    statement = select(notices.c.outcome, notices.c.created_at).where(
        notices.c.user_id == user, notices.c.conversation_id == conversation, notices.c.seq == seq
    )
    row = snapshot.execute(statement).first()
    return None if row is None else Notice(Outcome(row.outcome), row.created_at)


def outcomes_of(
    snapshot: Snapshot, people: Collection[str], conversation: str, seq: int
) -> dict[str, Outcome]:
    """Return the stored outcomes for a message, by user id."""
    statement = select(notices.c.user_id, notices.c.outcome).where(
        notices.c.user_id.in_(people),
        notices.c.conversation_id == conversation,
        notices.c.seq == seq,
    )
    return {row.user_id: Outcome(row.outcome) for row in snapshot.execute(statement)}


def delete_notices_of(transaction: Transaction, conversation: str, seq: int) -> None:
    """Delete all notices of a message."""
    transaction.execute(delete(notices).where(*_of(conversation, seq)))


def delete_unsent_notices(
    transaction: Transaction,
    conversation: str,
    seq: int,
    user_ids: Collection[str] | None,
    except_ids: Collection[str],
) -> None:
    """Delete the notices of users who were not notified of a message.

    Args:
        transaction: Deletes them.
        conversation: The message's conversation.
        seq: The message's number.
        user_ids: The users; None for all.
        except_ids: Users whose notices stay.
    """
    statement = delete(notices).where(
        *_of(conversation, seq),
        notices.c.outcome.not_in([outcome.value for outcome in SENT]),
        notices.c.user_id.not_in(except_ids),
    )
    if user_ids is not None:
        statement = statement.where(notices.c.user_id.in_(user_ids))
    transaction.execute(statement)


class DeleteNoticesBefore(Command[None]):
    """Delete notices older than a time."""

    moment: int

    def run(self, transaction: Transaction) -> None:
        """Delete them."""
        transaction.execute(delete(notices).where(notices.c.created_at < self.moment))


def shift_notices(transaction: Transaction, by: int) -> None:
    """Have notices be as old as before a leap of the clock."""
    transaction.execute(update(notices).values(created_at=notices.c.created_at + by))


def _of(conversation: str, seq: int) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a message's notices; by the members, for the index."""
    people = select(members.c.user_id).where(members.c.conversation_id == conversation)
    here = notices.c.conversation_id == conversation
    return notices.c.user_id.in_(people), here, notices.c.seq == seq
