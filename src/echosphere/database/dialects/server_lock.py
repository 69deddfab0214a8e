"""Allows one server on a PostgreSQL database: it holds an advisory lock in a session of its own."""

import logging
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic, sleep
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from echosphere.core.in_use import InUseError

SERVER_LOCK = 7_305_807
"""The arbitrary key of the advisory lock that the running server holds."""

START_LOCK = 7_305_811
"""Likewise that of the one that is starting."""

SERVING_LOCK = 7_305_812
"""Likewise those of all that have started: one that holds the server lock may only be about to."""

GROUP_LOCK = 7_305_813
"""The first half of the key of the lock that each worker of one parent holds; the group is the other."""

ACQUIRE_TIMEOUT = 2.0
"""Seconds to wait for the lock of a server that has just stopped."""

PROBE_CONNECTIONS = 8
"""Transactions opened to detect a pooler, which keeps fewer idle sessions than that."""

SET_KEEPALIVES = (
    "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
"""PostgreSQL frees the lock of a server that lost power within a minute. By then a server that only
lost the connection knows, since its own keepalives are shorter. Other connections have the same, so
that those of a server that was cut off do not take up all that PostgreSQL allows."""

_TRY_LOCK = "SELECT pg_try_advisory_lock(%s)"
_TRY_SHARED_LOCK = "SELECT pg_try_advisory_lock_shared(%s)"
_JOIN_GROUP = "SELECT pg_advisory_lock_shared(%s, %s)"
_LEAVE = "SELECT pg_advisory_unlock_all()"
_STRANGERS = """
SELECT count(*) FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0
AND l.objid = %s AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND coalesce((SELECT max(g.objid::bigint) FROM pg_locks AS g WHERE g.pid = l.pid
AND g.classid = %s AND g.objsubid = 2), 0) <> %s
"""
"""Counts the servers that share the lock and are not of a group; 0 is that of all without a parent."""

_MARK_SERVING = "SELECT pg_advisory_lock_shared(%s)"
_BEGIN_START, _END_START = "SELECT pg_advisory_lock(%s)", "SELECT pg_advisory_unlock(%s)"
_OWN_SESSION = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_HOLDER = """
SELECT a.pid, a.backend_start, host(a.client_addr), l.mode = 'ShareLock' AND NOT EXISTS (
SELECT 1 FROM pg_locks AS g WHERE g.pid = l.pid AND g.classid = %s AND g.objsubid = 2)
FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = %s
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_COUNT = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0
AND objid = %s AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

log = logging.getLogger(__name__)


class Serving(NamedTuple):
    """Who serves on a database: how many processes, and whether they have a bus."""

    processes: int
    with_bus: bool


class ClaimLostError(RuntimeError):
    """Another server has taken the database; the message is for the operator."""


class ServerLock:
    """Keeps other servers off a database for as long as its connection lives.

    Args:
        engine: Opens unpooled connections.
        shared: Whether other servers that share it, those with a bus, may hold it as well.
        group: Which of them: those of the same number.
    """

    def __init__(self, engine: Engine, *, shared: bool = False, group: int = 0) -> None:
        self._engine = engine
        self._shared = shared
        self._group = group
        self._mutex = Lock()
        self._connection: Any = None
        self._new: Any = None
        self._session: tuple[Any, ...] | None = None
        self._lost: ClaimLostError | None = None
        self._distrusted = False
        self.renewals = 0
        """How often it was reacquired."""
        self.on_lost: Callable[[str], None] = lambda _sentence: None
        """Called once, in any thread, when another server has taken the database."""
        self.on_reacquired: Callable[[], None] = lambda: None
        """Called in any thread when the lock was reacquired, before it counts as held."""

    def acquire(self) -> None:
        """Acquire the lock.

        Raises:
            InUseError: Another server holds it.
            RuntimeError: The connection goes through a pooler that pools transactions.
        """
        self._lost = None
        with self._new_connection() as connection:
            if self._is_pooled(connection):
                raise RuntimeError(
                    "The database is reached through a pooler that gives each transaction a "
                    "different session (PgBouncer with pool_mode = transaction). Point "
                    "ECHOSPHERE_DATABASE_URL to PostgreSQL itself, or set pool_mode = session."
                )
            if not self._try_with_timeout(connection):
                raise InUseError(_refusal(self._holder(connection)))

    def is_held(self) -> bool:
        """Return whether a server holds the lock."""
        connection = self._connect()
        try:
            return self._holder(connection) is not None
        finally:
            connection.close()

    def require(self) -> None:
        """Make sure that the lock is held; reacquire it if the connection broke.

        Raises:
            ClaimLostError: Another server has acquired it.
            sqlalchemy.exc.DBAPIError: PostgreSQL cannot be reached to reacquire it.
        """
        connection = self._connection
        if connection is not None and not self._distrusted and _is_idle(connection):
            return
        with self._mutex:
            if self._lost is not None:
                raise self._lost
            if self._connection is None or self._distrusted or not _is_alive(self._connection):
                self._reacquire()

    def distrust(self) -> None:
        """Have the lock reacquired before the next write: its connection may lead to a former primary."""
        self._distrusted = True

    def mark_serving(self) -> None:
        """Let those who start later see that this one has started, as long as it holds the lock."""
        connection = self._new if self._connection is None else self._connection
        with connection.cursor() as cursor:
            cursor.execute(_MARK_SERVING, [SERVING_LOCK])

    def release(self) -> None:
        """Release the lock."""
        with self._mutex:
            self._close()

    def _reacquire(self) -> None:
        """Acquire the lock over a new connection, or give up for good."""
        self._close()
        with self._new_connection() as connection:
            self._terminate_own_session(connection)
            if not self._try(connection):
                self._lost = ClaimLostError(_refusal(self._holder(connection)))
                self.on_lost(str(self._lost))
                raise self._lost
            self._distrusted = False
            self.renewals += 1
            self.on_reacquired()
        log.warning("The connection that holds the server lock broke and was replaced")

    def _terminate_own_session(self, connection: Any) -> None:
        """Terminate our own broken session if PostgreSQL has not noticed yet."""
        holder = None if self._shared else self._holder(connection)
        if holder is not None and holder[:2] == self._session:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [holder[0]])

    @contextmanager
    def _new_connection(self) -> Iterator[Any]:
        """Open a connection, and keep it unless the block raises."""
        self._new = connection = self._connect()
        try:
            yield connection
            with connection.cursor() as cursor:
                cursor.execute(SET_KEEPALIVES)
                self._session = cursor.execute(_OWN_SESSION).fetchone()
        except BaseException:
            connection.close()
            raise
        finally:
            self._new = None
        self._connection = connection

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def _connect(self) -> Any:
        """Return a connection of the driver in autocommit mode."""
        fairy = self._engine.raw_connection()
        connection: Any = fairy.driver_connection
        fairy.detach()
        connection.autocommit = True
        return connection

    def _try_with_timeout(self, connection: Any) -> bool:
        """Try for `ACQUIRE_TIMEOUT`: PostgreSQL ends the session of a stopped server with a delay."""
        until = monotonic() + ACQUIRE_TIMEOUT
        while not self._try(connection):
            if monotonic() > until:
                return False
            sleep(0.1)
        return True

    def _try(self, connection: Any) -> bool:
        with connection.cursor() as cursor:
            if not self._shared:
                return bool(cursor.execute(_TRY_LOCK, [SERVER_LOCK]).fetchone()[0])
            if self._group:  # before the other one: who sees that must see this as well
                cursor.execute(_JOIN_GROUP, [GROUP_LOCK, self._group])
            if cursor.execute(_TRY_SHARED_LOCK, [SERVER_LOCK]).fetchone()[0]:
                cursor.execute(_STRANGERS, [SERVER_LOCK, GROUP_LOCK, self._group])
                if cursor.fetchone()[0] == 0:
                    return True
            cursor.execute(_LEAVE)
            return False

    def _holder(self, connection: Any) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            row: tuple[Any, ...] | None = cursor.execute(
                _HOLDER, [GROUP_LOCK, SERVER_LOCK]
            ).fetchone()
            return row

    def _is_pooled(self, connection: Any) -> bool:
        """Whether a pooler gives our session to other connections while ours is open.

        PostgreSQL tells a client the process id of its session, a pooler another one. In that case
        transactions are opened one after another until one of them gets our session, or we get
        another.
        """
        own = _backend(connection)
        if own == connection.info.backend_pid:
            return False
        held = []
        try:
            for _ in range(PROBE_CONNECTIONS):
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


def _is_idle(connection: Any) -> bool:
    """Whether an idle connection has received nothing, not even its end; takes two microseconds."""
    try:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        return not poll.poll(0)
    except Exception:  # closed
        return False


def _is_alive(connection: Any) -> bool:
    """Whether the connection is alive; PostgreSQL also reports changed settings on it."""
    if _is_idle(connection):
        return True
    try:
        return _backend(connection) > 0
    except Exception:
        return False


def _refusal(holder: tuple[Any, ...] | None) -> str:
    address = holder[2] if holder is not None else None
    where = f" from {address}" if address else ""
    if holder is not None and holder[3]:  # any that has a bus may join it
        return (
            "EchoSphere servers with a bus are already running on this PostgreSQL "
            f"database{where}. To join them, set ECHOSPHERE_BUS_URL here as well. Otherwise "
            "stop them first."
        )
    return (
        f"Another EchoSphere server is already running on this PostgreSQL database{where}. Stop "
        "it first, or give this one its own database (ECHOSPHERE_DATABASE_URL). To run several "
        "servers on one database, set ECHOSPHERE_BUS_URL for each of them. If the other "
        "machine lost power, the database is free within a minute."
    )


def serving(connection: Connection) -> Serving:
    """Return who serves on the database."""
    processes = connection.exec_driver_sql(_COUNT, (SERVING_LOCK,)).scalar_one()
    holder = connection.exec_driver_sql(_HOLDER, (GROUP_LOCK, SERVER_LOCK)).first()
    return Serving(processes, holder is not None and bool(holder[3]))


@contextmanager
def starting(engine: Engine, lock: ServerLock | None) -> Iterator[bool]:
    """Keep other processes from starting meanwhile; tells whether no other one has started.

    Args:
        engine: Opens unpooled connections.
        lock: That of this process, which counts as started afterwards; None for a command.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql(_BEGIN_START, (START_LOCK,))
        try:
            found = connection.exec_driver_sql(_COUNT, (SERVING_LOCK,))
            yield found.scalar_one() == 0
            if lock is not None:
                lock.mark_serving()
        finally:
            connection.exec_driver_sql(_END_START, (START_LOCK,))
