"""Epochs: each start of a server begins one, which lets clients detect a restored database.

A restored backup lacks the latest changes, and assigns their versions again, to other changes. A
client sends the epoch of its versions; the state at the start of the next epoch tells whether they
are still valid.
"""

from sqlalchemy import (
    Column,
    Connection,
    String,
    Table,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from echosphere.core.ids import new_id
from echosphere.core.operator_error import OperatorError
from echosphere.database.command import Command
from echosphere.database.prepared import Prepared
from echosphere.database.schema import Identifier, Milliseconds, RowNumber, metadata
from echosphere.database.transaction import Snapshot, Transaction

epochs = Table(
    "epochs",
    metadata,
    Column("number", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Identifier, nullable=False, unique=True),
    Column("started_at", Milliseconds, nullable=False),
    Column("seen_at", Milliseconds, nullable=False, server_default="0"),
    Column("timeline", String(64), nullable=False, server_default=""),
    Column("keys", String(64), nullable=False, server_default=""),
)

_NEWEST = select(epochs.c.number).order_by(epochs.c.number.desc()).limit(1).scalar_subquery()
_NEWEST_ROW = select(epochs).order_by(epochs.c.number.desc()).limit(1)
_THESE = Prepared(
    select(epochs.c.number, epochs.c.id)
    .where(or_(epochs.c.id == bindparam("given"), epochs.c.number == _NEWEST))
    .order_by(epochs.c.number)
)


class OtherKeysError(OperatorError):
    """The servers that run already have other keys; the text says so to the operator."""


def begin_epoch(connection: Connection, now: int, timeline: str, keys: str, *, alone: bool) -> int:
    """Begin an epoch, or enter that of the processes that run already; return its number.

    Args:
        connection: In a transaction.
        now: The server's time in milliseconds.
        timeline: Names the history of the database; another one is another epoch.
        keys: A fingerprint of the keys, which are the same for all processes.
        alone: Whether no other process runs.

    Raises:
        OtherKeysError: The processes that run already have other keys.
    """
    running = None if alone else connection.execute(_NEWEST_ROW).one_or_none()
    if running is not None:
        _require_same(running.keys, keys)
    if running is not None and running.timeline == timeline:
        return int(running.number)
    row = {"id": new_id(), "started_at": now, "timeline": timeline, "keys": keys}
    number: int = connection.execute(
        insert(epochs).values(row).returning(epochs.c.number)
    ).scalar_one()
    return number


def require_same_keys(connection: Connection, keys: str) -> None:
    """Refuse a process with other keys than those that run.

    Raises:
        OtherKeysError: It has others.
    """
    _require_same(connection.execute(_NEWEST_ROW).one().keys, keys)


def _require_same(running: str, keys: str) -> None:
    if running != keys:
        raise OtherKeysError(
            "The running servers have a different SECRET_KEY or ECHOSPHERE_VAPID_KEY. Give all "
            "servers the same keys. To change a key, stop all servers first."
        )


class RecordLastSeen(Command[None]):
    """Record that a server is running now."""

    def run(self, transaction: Transaction) -> None:
        """Record it."""
        own = epochs.c.number == transaction.epoch
        transaction.execute(update(epochs).where(own).values(seen_at=transaction.now))


def last_seen(snapshot: Snapshot) -> int:
    """Return when a server last ran, in milliseconds since 1970 UTC; 0 if unknown."""
    return int(snapshot.execute(select(func.coalesce(func.max(epochs.c.seen_at), 0))).scalar_one())


def resolve_epoch(snapshot: Snapshot, given: str | None) -> tuple[str, int | None]:
    """Return the id of the current epoch, and the number of the given one if it is over.

    The number is 0 for an unknown epoch, and None if the given one is current, or none was given.
    """
    rows = snapshot.all(_THESE, given=given or "")
    newest = rows[-1] if rows else (0, "")
    if given is None or given == newest[1]:
        return newest[1], None
    return newest[1], rows[0][0] if len(rows) > 1 else 0
