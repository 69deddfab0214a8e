"""Gives what a placeholder wrote and did to the account of the same person."""

from sqlalchemy import (
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from echosphere.database import Prepared, Transaction
from echosphere.messages.store.rows import IN_CONVERSATION
from echosphere.messages.store.tables import mentions, messages

_some = (
    select(messages.c.id)
    .where(IN_CONVERSATION, messages.c.author_id == bindparam("before"))
    .order_by(messages.c.id)
    .limit(bindparam("limit"))
)
SET_AUTHOR = Prepared(
    update(messages)
    .where(messages.c.id.in_(_some))
    .values(author_id=bindparam("after"), version=bindparam("raised"))
)


def _replaced(name: str) -> object:
    return func.replace(messages.c[name], bindparam("before"), bindparam("after"))


_named = or_(
    messages.c.reactions.like(bindparam("like")),
    messages.c.mentions.like(bindparam("like")),
    messages.c.pinned_by == bindparam("before"),
)
RENAME = Prepared(
    update(messages)
    .where(IN_CONVERSATION, _named)
    .values(
        reactions=_replaced("reactions"),
        mentions=_replaced("mentions"),
        pinned_by=case(
            (messages.c.pinned_by == bindparam("before"), bindparam("after")),
            else_=messages.c.pinned_by,
        ),
        version=bindparam("raised"),
    )
)
_of_before = and_(
    mentions.c.conversation_id == bindparam("conversation"),
    mentions.c.user_id == bindparam("before"),
)
_other = mentions.alias("other")


def _names_after(table: Table) -> object:
    """Return whether the account is mentioned in the same message already."""
    same = (_other.c.conversation_id == table.c.conversation_id) & (_other.c.seq == table.c.seq)
    return exists(select(literal_column("1")).where(same, _other.c.user_id == bindparam("after")))


RENAME_MENTIONS = Prepared(
    update(mentions)
    .where(_of_before, ~_names_after(mentions))  # type: ignore[operator]
    .values(user_id=bindparam("after"))
)
DELETE_MENTIONS = Prepared(delete(mentions).where(_of_before))


def set_author(
    transaction: Transaction,
    conversation: str,
    before: str,
    after: str,
    *,
    version: int,
    limit: int,
) -> int:
    """Give some messages of one user to another; return how many."""
    return transaction.run(
        SET_AUTHOR,
        conversation=conversation,
        before=before,
        after=after,
        raised=version,
        limit=limit,
    )


def rename_in_parts(
    transaction: Transaction, conversation: str, before: str, after: str, *, version: int
) -> None:
    """Name another user in reactions, mentions and pins; ids occur nowhere else in these."""
    place = {"conversation": conversation, "before": before, "after": after}
    transaction.run(RENAME, **place, like=f'%"{before}"%', raised=version)
    transaction.run(RENAME_MENTIONS, **place)
    transaction.run(DELETE_MENTIONS, conversation=conversation, before=before)
