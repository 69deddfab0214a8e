"""PostgreSQL: several writing connections, readers on consistent snapshots."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, pool
from sqlalchemy.exc import DBAPIError

from echosphere.core.errors import Unavailable
from echosphere.database.dialects.backup_lock import hold_backup_lock, is_backup_lock_held
from echosphere.database.dialects.server_lock import (
    SET_KEEPALIVES,
    ClaimLostError,
    ServerLock,
    Serving,
    serving,
    starting,
)

CONNECT_ARGUMENTS = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""libpq detects a dead connection within about fifteen seconds."""

STATEMENT_TIMEOUT = 10_000
"""Milliseconds after which a query is canceled, so that a few slow ones cannot occupy all readers."""

ABANDONED_AFTER = 5_000
"""Milliseconds after which PostgreSQL ends a transaction whose process says nothing: one that was cut
off, or stands still, would keep its conversations locked for everyone else."""

CONFLICTS = frozenset(
    {
        "40P01",  # deadlock detected, and this transaction was chosen to fail
        "40001",  # serialization failure
        "23505",  # unique violation: another transaction inserted the same row
        "23503",  # foreign key violation: another transaction deleted the row it refers to
    }
)
"""SQLSTATE codes of conflicts with a concurrent transaction."""

CAUSES = {"53100": "full", "53": "busy", "55P03": "locked", "57014": "slow", "58": "disk"}
"""Names for `PostgreSQL.cause`, by SQLSTATE prefix."""

READ_ONLY = "25006"
"""The SQLSTATE of a standby, to which a connection may lead for a moment while servers change."""

LOST = ("08", "57P", READ_ONLY)
"""SQLSTATE prefixes that mean that the connection is gone, or leads to the wrong server."""

_CLOCK = "SELECT extract(epoch FROM clock_timestamp())"
_TIMELINE = "SELECT pg_walfile_name(pg_current_wal_lsn())"
_RENEWALS = "echosphere_renewals"


class ServerChangedError(RuntimeError):
    """The connection leads to a server that took over after the claim was made."""


class PostgreSQL:
    """A database server, for one EchoSphere server at a time, or for several that share a bus."""

    name = "postgresql"
    writers = 4
    single_process = False

    def __init__(self, url: str, *, one_of_several: bool = False, group: int = 0) -> None:
        _, _, rest = url.partition("://")
        self.url = f"postgresql://{rest}"
        self._timeline = ""
        self._one_of_several = one_of_several
        self._group = group
        self._lock: ServerLock | None = None

    def claim(
        self,
        on_lost: Callable[[str], None] = lambda _sentence: None,
        on_reacquired: Callable[[], None] = lambda: None,
    ) -> None:
        """Refuse a second server on the same database: neither would see the other's events.

        Args:
            on_lost: Called, in any thread, when another server has taken the database.
            on_reacquired: Called, in any thread, when the broken claim was renewed, before any write.

        Raises:
            InUseError: Another server is running on it.
            RuntimeError: A transaction pooler is in between.
        """
        lock = ServerLock(self._engine(), shared=self._one_of_several, group=self._group)
        lock.on_lost, lock.on_reacquired = on_lost, on_reacquired
        lock.acquire()
        self._lock = lock

    def is_claimed(self) -> bool:
        """Return whether a server has claimed the database."""
        return ServerLock(self._engine()).is_held()

    @staticmethod
    def serving(connection: Connection) -> Serving:
        """Return who serves on the database."""
        return serving(connection)

    @staticmethod
    def clock(connection: Connection) -> float:
        """Return the seconds since 1970 UTC by the database's clock."""
        return float(connection.exec_driver_sql(_CLOCK).scalar_one())

    def require_claim(self) -> None:
        """Make sure that our claim, if there is one, still holds.

        Raises:
            ClaimLostError: Another server has the database.
        """
        if self._lock is not None:
            self._lock.require()

    def release(self) -> None:
        """Let another server use the database."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def hold_deletions(self) -> AbstractContextManager[None]:
        """Keep servers from deleting stored files, as long as the block runs: for a backup.

        Raises:
            InUseError: Another backup is being made.
        """
        return hold_backup_lock(self._engine())

    def deletions_held(self) -> bool:
        """Return whether a backup is being made."""
        return is_backup_lock_held(self._engine())

    def starting(self) -> AbstractContextManager[bool]:
        """Keep other processes from starting meanwhile; tells whether no other one has started."""
        return starting(self._engine(), self._lock)

    def timeline(self, connection: Connection) -> str:
        """Return what changes when a replica takes over; empty where PostgreSQL does not say it."""
        try:
            with connection.begin_nested():
                found = connection.exec_driver_sql(_TIMELINE)
                self._timeline = str(found.scalar_one())[:8]
        except DBAPIError:
            self._timeline = ""
        return self._timeline

    def is_current(self, connection: Connection) -> bool:
        """Whether a connection was opened after the claim was renewed last.

        An older one may lead to a server that is not the primary any more, and does not know it.
        """
        return self._lock is None or connection.info.get(_RENEWALS) == self._lock.renewals

    def writing_engine(self) -> Engine:
        """Return the engine of the writing connections."""
        engine = self._engine()
        event.listen(engine, "connect", self._prepare_writer)
        return engine

    def reading_engine(self) -> Engine:
        """Return an engine of read-only transactions on consistent snapshots."""
        engine = self._engine()
        event.listen(engine, "connect", _prepare_reader)
        return engine

    def _engine(self) -> Engine:
        """Return an engine without a pool: callers keep their connections and replace broken ones."""
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - not needed with SQLite

        # libpq itself reads the URL: SQLAlchemy knows no list of hosts.
        where = conninfo_to_dict(self.url) | CONNECT_ARGUMENTS
        return create_engine("postgresql+psycopg://", poolclass=pool.NullPool, connect_args=where)

    def _prepare_writer(self, connection: Any, record: Any) -> None:
        """Set up a writing connection, and refuse one to a server that has taken over unnoticed.

        Raises:
            ServerChangedError: Another epoch must begin before anything is written there.
        """
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute(f"SET idle_in_transaction_session_timeout = {ABANDONED_AFTER}")
            cursor.execute(SET_KEEPALIVES)
        connection.commit()
        if self._lock is None:
            return
        record.info[_RENEWALS] = self._lock.renewals
        if self._timeline and _timeline_of(connection) not in ("", self._timeline):
            self._timeline = ""
            self._lock.distrust()
            connection.close()
            raise ServerChangedError("another PostgreSQL server has taken over")

    @staticmethod
    def begin_reading(_cursor: Any) -> None:
        """Do nothing: the first statement begins the transaction."""

    @staticmethod
    def is_lost(error: BaseException) -> bool:
        """Whether the connection broke, for example because PostgreSQL was restarted."""
        state = getattr(error, "sqlstate", None)
        return _is_unavailable(error) and (state is None or state.startswith(LOST))

    @staticmethod
    def cause(error: BaseException) -> str:
        """Return in one word why PostgreSQL is unavailable; empty for any other error."""
        if isinstance(error, ClaimLostError):
            return "taken"
        if not _is_unavailable(error):
            return ""
        state = getattr(error, "sqlstate", None) or ""
        return next((cause for begin, cause in CAUSES.items() if state.startswith(begin)), "away")

    @staticmethod
    def refusal(error: BaseException) -> Unavailable | None:
        """Return the refusal for callers if PostgreSQL is unavailable, else None."""
        if isinstance(error, ClaimLostError):
            return Unavailable("The server is stopping. Try again in a moment.", retry_after=5)
        if _is_unavailable(error):
            return Unavailable(
                "The database is not responding. Try again in a moment.", retry_after=5
            )
        return None

    @staticmethod
    def check_after_crash(_seconds: float) -> str:
        """Return an empty string: PostgreSQL recovers by itself."""
        return ""

    @staticmethod
    def truncate_wal(_connection: Connection) -> bool:
        """Return True: PostgreSQL's log and archive are up to the operator."""
        return True

    @staticmethod
    def wal_size() -> int | None:
        """Return None: PostgreSQL manages its log itself."""
        return None

    @staticmethod
    def interrupt(driver: Any) -> None:
        """Close the socket of a server that does not answer: the waiting statement fails at once."""
        with socket.socket(fileno=os.dup(driver.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def is_conflict(error: BaseException) -> bool:
        """Whether it conflicted with a concurrent transaction, so that a retry may succeed."""
        return getattr(error, "sqlstate", None) in CONFLICTS

    @staticmethod
    def check(connection: Connection) -> str:
        """Return `ok` if PostgreSQL answers."""
        return "ok" if connection.exec_driver_sql("SELECT 1").scalar() == 1 else "no answer"


def _is_unavailable(error: BaseException) -> bool:
    """Whether the error is about the server, or the way to it, and not about a statement."""
    return (
        isinstance(error, ServerChangedError)
        or getattr(error, "sqlstate", None) == READ_ONLY
        or any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)
    )


def _timeline_of(connection: Any) -> str:
    """Return the timeline that a connection of the driver leads to; empty if it is not said."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_TIMELINE)
            return str(cursor.fetchone()[0])[:8]
    except Exception:
        return ""
    finally:
        connection.rollback()


def _prepare_reader(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation = 'repeatable read'")
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT}")
        cursor.execute(SET_KEEPALIVES)
    connection.commit()
