"""Versions of conversations, and the seqs of their messages."""

from sqlalchemy import bindparam, case, func, literal_column, select, update
from sqlalchemy.sql.elements import ColumnElement

from echosphere.conversations.conversation import Conversation
from echosphere.conversations.store.access import note_seq
from echosphere.conversations.store.tables import conversations
from echosphere.database import Prepared, Transaction


def _now_or(kept: ColumnElement[int], changed: ColumnElement[int]) -> ColumnElement[int]:
    """Keep a column at further changes in one epoch, and set it at the first."""
    return case((conversations.c.epoch == bindparam("epoch"), kept), else_=changed)


_IN_EPOCH = {
    "epoch": bindparam("epoch"),
    "epoch_base": _now_or(conversations.c.epoch_base, conversations.c.version),
    "earlier_epoch": _now_or(conversations.c.earlier_epoch, conversations.c.epoch),
}

_any = conversations.alias("any_conversation")
NEXT_CHANGE = (
    select(func.coalesce(func.max(_any.c.change_number), literal_column("0")) + literal_column("1"))
    .where(_any.c.change_number > literal_column("0"))  # so that the index is used
    .scalar_subquery()
)

ALLOCATE_SEQ = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(
        version=bindparam("taken"),
        last_seq=bindparam("taken"),
        changed_at=bindparam("now"),
        **_IN_EPOCH,
    )
)
RAISE_VERSION = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(
        version=bindparam("raised"),
        changed_at=bindparam("now"),
        change_number=NEXT_CHANGE,
        **_IN_EPOCH,
    )
)
RAISE_MEMBERS_VERSION = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(
        version=bindparam("raised"),
        members_version=bindparam("raised"),
        changed_at=bindparam("now"),
        change_number=NEXT_CHANGE,
        **_IN_EPOCH,
    )
)


def next_seq(conversation: Conversation) -> int:
    """Return the seq of the next message: the version after the conversation's."""
    return conversation.version + 1


def allocate_seq(transaction: Transaction, conversation: Conversation) -> int:
    """Allocate the seq of the next message.

    The conversation must have been read in this transaction, locked, so that no other writer
    counts on from the same version.
    """
    seq = next_seq(conversation)
    transaction.run_later(
        ALLOCATE_SEQ,
        conversation.id,
        conversation=conversation.id,
        taken=seq,
        now=transaction.now,
        epoch=transaction.epoch,
    )
    note_seq(transaction, conversation.id, seq)
    return seq


def raise_version(transaction: Transaction, conversation: Conversation) -> int:
    """Return a new version of a conversation that was read, locked, in this transaction."""
    raised = conversation.version + 1
    transaction.run(
        RAISE_VERSION,
        conversation=conversation.id,
        raised=raised,
        now=transaction.now,
        epoch=transaction.epoch,
    )
    return raised


def raise_members_version(transaction: Transaction, conversation: Conversation) -> int:
    """Like `raise_version`, for a change of members: audiences are reloaded."""
    raised = conversation.version + 1
    transaction.run(
        RAISE_MEMBERS_VERSION,
        conversation=conversation.id,
        raised=raised,
        now=transaction.now,
        epoch=transaction.epoch,
    )
    return raised
