"""PostgreSQL: several writing connections, readers on consistent snapshots."""

import os
import socket
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, pool

from echosphere.core.errors import Unavailable
from echosphere.database.dialects.server_lock import ClaimLostError, ServerLock

CONNECT_ARGUMENTS = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""libpq notices within some fifteen seconds when nobody is at the other end any more."""

LONGEST_READ = 10_000
"""Milliseconds: a query that takes longer ends, so that a few of them do not hold all readers."""

CONFLICTS = frozenset(
    {
        "40P01",  # a deadlock, of which this was chosen to end
        "40001",  # not as if one had come after the other
        "23505",  # somebody else has inserted the same
        "23503",  # somebody else has removed what it refers to
    }
)
"""What a command meets when another process does something at the same time (SQLSTATE)."""

CAUSES = {"53100": "full", "53": "busy", "55P03": "locked", "57014": "slow", "58": "disk"}
"""By the beginning of the state, what `PostgreSQL.cause` calls it."""

LOST = ("08", "57P")
"""How the states begin that say: the connection is gone."""


class PostgreSQL:
    """A database server, for one EchoSphere server at a time."""

    name = "postgresql"
    writers = 4
    single_process = False

    def __init__(self, url: str) -> None:
        _, _, rest = url.partition("://")
        self.url = f"postgresql+psycopg://{rest}"
        self._lock: ServerLock | None = None

    def claim(
        self,
        on_lost: Callable[[str], None] = lambda _sentence: None,
        on_taken_again: Callable[[], None] = lambda: None,
    ) -> None:
        """Refuse a second server on the same database: neither would hear of the other's events.

        Args:
            on_lost: Called, in any thread, when another server has taken the database.
            on_taken_again: Called, in any thread, after a break and before anything is written.

        Raises:
            InUseError: Another server is running on it.
            RuntimeError: A pooler stands between.
        """
        lock = ServerLock(self._engine())
        lock.on_lost, lock.on_taken_again = on_lost, on_taken_again
        lock.take()
        self._lock = lock

    def is_claimed(self) -> bool:
        """Return whether a server has the database."""
        return ServerLock(self._engine()).is_held()

    def require_claim(self) -> None:
        """Return if no other server can have the database; what was not claimed need not be held.

        Raises:
            ClaimLostError: Another server has it.
        """
        if self._lock is not None:
            self._lock.require()

    def release(self) -> None:
        """Let another server use the database."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def writing_engine(self) -> Engine:
        """Return the engine of the writing connections."""
        engine = self._engine()
        event.listen(engine, "connect", _prepare_writer)
        return engine

    def reading_engine(self) -> Engine:
        """Return an engine whose transactions see one consistent state and cannot write."""
        engine = self._engine()
        event.listen(engine, "connect", _prepare_reader)
        return engine

    def _engine(self) -> Engine:
        """Return an engine without a pool: each user keeps its connection, and replaces it."""
        return create_engine(self.url, poolclass=pool.NullPool, connect_args=CONNECT_ARGUMENTS)

    @staticmethod
    def begin_reading(_cursor: Any) -> None:
        """Do nothing: the first statement begins the transaction."""

    @staticmethod
    def is_lost(error: BaseException) -> bool:
        """Whether the connection broke: the server was restarted, or something between."""
        state = getattr(error, "sqlstate", None)
        return _is_operational(error) and (state is None or state.startswith(LOST))

    @staticmethod
    def cause(error: BaseException) -> str:
        """Return in a word why the server cannot be used just now; empty for any other error."""
        if isinstance(error, ClaimLostError):
            return "taken"
        if not _is_operational(error):
            return ""
        state = getattr(error, "sqlstate", None) or ""
        return next((cause for begin, cause in CAUSES.items() if state.startswith(begin)), "away")

    @staticmethod
    def refusal(error: BaseException) -> Unavailable | None:
        """Return the answer to a caller when the server is away, else None."""
        if isinstance(error, ClaimLostError):
            return Unavailable("The server is stopping. Try again in a moment.", retry_after=5)
        if _is_operational(error):
            return Unavailable("The database does not answer. Try again soon.", retry_after=5)
        return None

    @staticmethod
    def check_after_crash(_seconds: float) -> str:
        """Return an empty text: PostgreSQL recovers by itself."""
        return ""

    @staticmethod
    def truncate_wal(_connection: Connection) -> bool:
        """Return True: PostgreSQL's log and archive are the operator's."""
        return True

    @staticmethod
    def wal_size() -> int | None:
        """Return None: it is PostgreSQL's own business."""
        return None

    @staticmethod
    def interrupt(driver: Any) -> None:
        """Hang up on a server that does not answer: whoever waits for it is told at once."""
        with socket.socket(fileno=os.dup(driver.fileno())) as same:
            same.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def is_conflict(error: BaseException) -> bool:
        """Whether another process was in the way, and the same command may succeed after it."""
        return getattr(error, "sqlstate", None) in CONFLICTS

    @staticmethod
    def check(connection: Connection) -> str:
        """Return `ok` when the server answers."""
        return "ok" if connection.exec_driver_sql("SELECT 1").scalar() == 1 else "no answer"


def _is_operational(error: BaseException) -> bool:
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def _prepare_writer(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SET lock_timeout = '5s'")
    connection.commit()


def _prepare_reader(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation = 'repeatable read'")
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(f"SET statement_timeout = {LONGEST_READ}")
    connection.commit()
