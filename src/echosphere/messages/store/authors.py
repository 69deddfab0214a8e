"""Gives what a placeholder wrote and did to the account of the same person."""

import json
from typing import Any

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

from echosphere.database import Prepared, Snapshot, Transaction
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

HAS_AUTHOR = Prepared(
    select(literal_column("1"))
    .where(IN_CONVERSATION, messages.c.author_id == bindparam("before"))
    .limit(1)
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
# Who reacted as both, because an account has two placeholders, has reacted once.
REACTED_TWICE = Prepared(
    select(messages.c.seq, messages.c.reactions).where(
        IN_CONVERSATION,
        messages.c.reactions.like(bindparam("like")),
        messages.c.reactions.like(bindparam("like_after")),
    )
)
SET_REACTIONS = Prepared(
    update(messages)
    .where(IN_CONVERSATION, messages.c.seq == bindparam("here"))
    .values(reactions=bindparam("merged"))
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


def has_author(snapshot: Snapshot, conversation: str, user_id: str) -> bool:
    """Whether a user is the author of a message."""
    return snapshot.first(HAS_AUTHOR, conversation=conversation, before=user_id) is not None


def rename_in_parts(
    transaction: Transaction, conversation: str, before: str, after: str, *, version: int
) -> int:
    """Name another user in reactions, mentions and pins; return how many messages were changed.

    Ids occur nowhere else in these.
    """
    place = {"conversation": conversation, "before": before, "after": after}
    likes = {"like": f'%"{before}"%', "like_after": f'%"{after}"%'}
    for seq, reactions in transaction.all(REACTED_TWICE, conversation=conversation, **likes):
        merged = _without_one_of(json.loads(reactions), before, after)
        transaction.run(
            SET_REACTIONS, conversation=conversation, here=seq, merged=json.dumps(merged)
        )
    renamed = transaction.run(RENAME, **place, like=f'%"{before}"%', raised=version)
    transaction.run(RENAME_MENTIONS, **place)
    transaction.run(DELETE_MENTIONS, conversation=conversation, before=before)
    return renamed


def _without_one_of(reactions: list[dict[str, Any]], before: str, after: str) -> list[Any]:
    """Return reactions of a message in which whoever has both names keeps the one for each emoji."""
    for one in reactions:
        if before in one["users"] and after in one["users"]:
            one["users"].remove(after)
    return reactions
