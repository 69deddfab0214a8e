"""The one place that a server has on a PostgreSQL database: an advisory lock of a session."""

import logging
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine

from echosphere.core.in_use import InUseError

SERVER_LOCK = 7_305_807
"""An arbitrary number: the advisory lock of it belongs to the server that runs."""

MOMENT = 2.0
"""Seconds in which the place may still become free."""

HOLDERS = 8
"""Transactions held open to find out whether connections share sessions: poolers keep few idle."""

NOTICE_THE_DEAD = (
    "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
"""PostgreSQL gives the lock of a server that lost its power free within a minute; by then a
server that only lost the connection knows it, because its own side notices sooner."""

_TAKE = "SELECT pg_try_advisory_lock(%s)"
_ME = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_HOLDER = """
SELECT a.pid, a.backend_start, host(a.client_addr)
FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = %s
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

log = logging.getLogger(__name__)


class ClaimLostError(RuntimeError):
    """Another server has taken the database; the text says so to the operator."""


class ServerLock:
    """Keeps other servers from a database as long as its connection lives.

    Args:
        engine: Opens connections that are not shared.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mutex = Lock()
        self._connection: Any = None
        self._session: tuple[Any, ...] | None = None
        self._lost: ClaimLostError | None = None
        self.on_lost: Callable[[str], None] = lambda _sentence: None
        """Called once, in any thread, when another server has the database."""
        self.on_taken_again: Callable[[], None] = lambda: None
        """Called in any thread when a broken lock was taken again, before it counts as held."""

    def take(self) -> None:
        """Become the server of this database.

        Raises:
            InUseError: Another server is.
            RuntimeError: Connections go through a pool of transactions.
        """
        self._lost = None
        with self._to_keep() as connection:
            if self._shares_sessions(connection):
                raise RuntimeError(
                    "The database is reached through a pooler that gives every transaction another "
                    "session (PgBouncer with pool_mode = transaction). Let ECHOSPHERE_DATABASE_URL "
                    "lead to PostgreSQL itself, or set pool_mode = session."
                )
            if not self._try_for_a_moment(connection):
                raise InUseError(_refusal(self._holder(connection)))

    def is_held(self) -> bool:
        """Return whether a server has the database."""
        connection = self._connect()
        try:
            return self._holder(connection) is not None
        finally:
            connection.close()

    def require(self) -> None:
        """Return if this is still the server of the database; takes a broken lock again.

        Raises:
            ClaimLostError: Another server took it.
            sqlalchemy.exc.DBAPIError: PostgreSQL cannot be reached to take it again.
        """
        connection = self._connection
        if connection is not None and _is_quiet(connection):
            return
        with self._mutex:
            if self._lost is not None:
                raise self._lost
            if self._connection is None or not _answers(self._connection):
                self._take_again()

    def release(self) -> None:
        """Let another server have the database."""
        with self._mutex:
            self._forget()

    def _take_again(self) -> None:
        """Get the lock back over a new connection, or give up for good."""
        self._forget()
        with self._to_keep() as connection:
            self._end_ghost(connection)
            if not self._try(connection):
                self._lost = ClaimLostError(_refusal(self._holder(connection)))
                self.on_lost(str(self._lost))
                raise self._lost
            self.on_taken_again()
        log.warning("The connection that keeps other servers away broke and was made again")

    def _end_ghost(self, connection: Any) -> None:
        """End our own former session if PostgreSQL has not noticed yet that it is gone."""
        holder = self._holder(connection)
        if holder is not None and holder[:2] == self._session:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [holder[0]])

    @contextmanager
    def _to_keep(self) -> Iterator[Any]:
        """Open a connection, and keep it if nothing is raised."""
        connection = self._connect()
        try:
            yield connection
            with connection.cursor() as cursor:
                cursor.execute(NOTICE_THE_DEAD)
                self._session = cursor.execute(_ME).fetchone()
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def _connect(self) -> Any:
        """Return a driver's connection whose statements are transactions of their own."""
        fairy = self._engine.raw_connection()
        connection: Any = fairy.driver_connection
        fairy.detach()
        connection.autocommit = True
        return connection

    def _try_for_a_moment(self, connection: Any) -> bool:
        """PostgreSQL ends the session of a server that stopped a moment after it hung up."""
        until = monotonic() + MOMENT
        while not self._try(connection):
            if monotonic() > until:
                return False
            sleep(0.1)
        return True

    def _try(self, connection: Any) -> bool:
        with connection.cursor() as cursor:
            return bool(cursor.execute(_TAKE, [SERVER_LOCK]).fetchone()[0])

    def _holder(self, connection: Any) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            row: tuple[Any, ...] | None = cursor.execute(_HOLDER, [SERVER_LOCK]).fetchone()
            return row

    def _shares_sessions(self, connection: Any) -> bool:
        """Whether another connection can meet the session of this one while it is open.

        PostgreSQL itself tells a client the number of its process; a pooler tells another one. Then
        transactions are held open one after the other until one of them has our session, or we
        have got another.
        """
        own = _backend(connection)
        if own == connection.info.backend_pid:
            return False
        held = []
        try:
            for _ in range(HOLDERS):
                holder = self._connect()
                held.append(holder)
                holder.autocommit = False
                if _backend(holder) == own or _backend(connection) != own:
                    return True
        finally:
            for holder in held:
                holder.close()
        return False


def _backend(connection: Any) -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("SELECT pg_backend_pid()").fetchone()[0])


def _is_quiet(connection: Any) -> bool:
    """Whether nothing came over an idle connection, not even its end: costs two microseconds."""
    try:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        return not poll.poll(0)
    except Exception:  # closed
        return False


def _answers(connection: Any) -> bool:
    """Whether what came was not the end: PostgreSQL also tells of changed settings."""
    if _is_quiet(connection):
        return True
    try:
        return _backend(connection) > 0
    except Exception:
        return False


def _refusal(holder: tuple[Any, ...] | None) -> str:
    address = holder[2] if holder is not None else None
    where = f" from {address}" if address else ""
    return (
        f"Another EchoSphere server is already running on this PostgreSQL database{where}. "
        "Stop it first, or give this one a database of its own (ECHOSPHERE_DATABASE_URL). "
        "After a power cut of the other machine the place is free within a minute."
    )
