"""Queries of the log of events for bots.

On PostgreSQL several processes write at a time: a transaction may take a lower number than another one
and commit after it. So events are in the order of their transactions' numbers, and only those are read
before which no transaction is running any more: what comes later is behind every cursor.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
)

from echosphere.bots.event import KEPT, Position, StoredEvent
from echosphere.bots.store.tables import bot_events, bot_events_log
from echosphere.core.ids import new_id
from echosphere.database import Command, Prepared, Snapshot, Transaction, insert

DELETE_BATCH = 1_000

_COLUMNS = (
    bot_events.c.txid,
    bot_events.c.id,
    bot_events.c.bot_id,
    bot_events.c.conversation_id,
    bot_events.c.type,
    bot_events.c.at,
    bot_events.c.seq,
    bot_events.c.user_id,
    bot_events.c.emoji,
    bot_events.c.chain,
    bot_events.c.interaction_id,
)
_VALUES: dict[str, ColumnElement[Any]] = {
    name: bindparam(name)
    for name in (
        "bot_id",
        "conversation_id",
        "type",
        "at",
        "seq",
        "user_id",
        "emoji",
        "chain",
        "interaction_id",
    )
}
_OWN_TXID: ColumnElement[int] = literal_column("pg_current_xact_id()::text::bigint")
_ENDED = text("txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_OLDEST_RUNNING = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")

INSERT = Prepared(insert(bot_events).values({**_VALUES, "txid": literal_column("0")}))
INSERT_NUMBERED = Prepared(insert(bot_events).values({**_VALUES, "txid": _OWN_TXID}))

_after = (
    select(*_COLUMNS)
    .where(
        bot_events.c.bot_id == bindparam("bot"),
        bot_events.c.txid >= bindparam("txid"),
        or_(bot_events.c.txid > bindparam("txid"), bot_events.c.id > bindparam("number")),
    )
    .order_by(bot_events.c.txid, bot_events.c.id)
    .limit(bindparam("limit", type_=Integer))
)
AFTER = Prepared(_after)
ENDED_AFTER = Prepared(_after.where(_ENDED))
BY_NUMBER = Prepared(select(*_COLUMNS).where(bot_events.c.id == bindparam("number")))
LAST_HEARD = Prepared(
    select(bot_events.c.at, bot_events.c.chain)
    .where(
        bot_events.c.bot_id == bindparam("bot"),
        bot_events.c.conversation_id == bindparam("conversation"),
        bot_events.c.type == literal_column("'message.posted'"),
    )
    .order_by(bot_events.c.id.desc())
    .limit(literal_column("1"))
)
LAST_NUMBER = Prepared(select(func.coalesce(func.max(bot_events.c.id), literal_column("0"))))
LOG_NAME = Prepared(select(bot_events_log.c.name))
NAME_LOG = Prepared(
    insert(bot_events_log)
    .values(id=literal_column("1"), name=bindparam("name"))
    .on_conflict_do_nothing()
)
_last = select(func.max(bot_events.c.id)).scalar_subquery()
_old = (
    select(bot_events.c.id)
    # The last one stays, since SQLite would give its number again.
    .where(bot_events.c.at < bindparam("before"), bot_events.c.id < _last)
    .limit(DELETE_BATCH)
)
DELETE_OLD = Prepared(delete(bot_events).where(bot_events.c.id.in_(_old)))


def append_event(transaction: Transaction, event: StoredEvent) -> None:
    """Add an event; its numbers are given here."""
    transaction.run(
        INSERT if transaction.dialect == "sqlite" else INSERT_NUMBERED,
        bot_id=event.bot,
        conversation_id=event.conversation,
        type=event.type,
        at=event.at,
        seq=event.seq,
        user_id=event.user_id,
        emoji=event.emoji,
        chain=event.chain,
        interaction_id=event.interaction,
    )


def events_after(snapshot: Snapshot, bot: str, position: Position, limit: int) -> list[StoredEvent]:
    """Return the next events of a bot, without those that others may still precede."""
    statement = AFTER if snapshot.dialect == "sqlite" else ENDED_AFTER
    rows = snapshot.all(statement, bot=bot, txid=position.txid, number=position.number, limit=limit)
    return [StoredEvent(*row) for row in rows]


def unsettled_after(snapshot: Snapshot, bot: str, position: Position) -> bool:
    """Whether there are events of a bot after a place, also such as others may still precede.

    On SQLite there are none of these: ask only where `events_after` has found nothing.
    """
    if snapshot.dialect == "sqlite":
        return False
    rows = snapshot.all(AFTER, bot=bot, txid=position.txid, number=position.number, limit=1)
    return bool(rows)


def find_event(snapshot: Snapshot, number: int) -> StoredEvent | None:
    """Return an event by its number; None if it is not kept any more."""
    row = snapshot.first(BY_NUMBER, number=number)
    return None if row is None else StoredEvent(*row)


def current_position(snapshot: Snapshot) -> Position:
    """Return a place behind all that was committed before this moment, and before what comes."""
    if snapshot.dialect == "sqlite":
        return Position(0, int(snapshot.all(LAST_NUMBER)[0][0]))
    return Position(int(snapshot.execute(_OLDEST_RUNNING).scalar_one()), 0)


def last_number(snapshot: Snapshot) -> int | None:
    """Return the number of the last event, where numbers rise in the order of commits; else None."""
    if snapshot.dialect != "sqlite":
        return None
    return int(snapshot.all(LAST_NUMBER)[0][0])


def last_heard(snapshot: Snapshot, bot: str, conversation: str) -> tuple[int, int] | None:
    """Return when a bot last heard of a message in a conversation, and that message's `chain`."""
    row = snapshot.first(LAST_HEARD, bot=bot, conversation=conversation)
    return None if row is None else (int(row[0]), int(row[1]))


def log_name(snapshot: Snapshot) -> str | None:
    """Return what tells this log from others; None if it has no name yet."""
    row = snapshot.first(LOG_NAME)
    return None if row is None else str(row[0])


def ensure_log(transaction: Transaction) -> str:
    """Return the name of this log, and give it one if it has none."""
    transaction.run(NAME_LOG, name=new_id())
    return str(transaction.all(LOG_NAME)[0][0])


class NameLog(Command[None]):
    """Give the log a name, unless it has one."""

    def run(self, transaction: Transaction) -> None:
        """Give it."""
        ensure_log(transaction)


class DeleteOldBotEvents(Command[bool]):
    """Delete a batch of old events; return whether there may be more."""

    def run(self, transaction: Transaction) -> bool:
        """Delete them."""
        return transaction.run(DELETE_OLD, before=transaction.now - KEPT) >= DELETE_BATCH
