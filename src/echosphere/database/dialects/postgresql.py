"""PostgreSQL: several writing connections, readers on consistent snapshots."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, pool

from echosphere.errors import Unavailable

CONNECT_TIMEOUT = 10
"""Seconds."""

LONGEST_READ = 30_000
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

LOST = ("08", "57P")
"""How the states begin that say: the connection is gone."""


class PostgreSQL:
    """A database server, shared by any number of processes."""

    name = "postgresql"
    writers = 4
    is_local = False

    def __init__(self, url: str) -> None:
        _, _, rest = url.partition("://")
        self.url = f"postgresql+psycopg://{rest}"

    def claim(self) -> None:
        """Do nothing: any number of servers may share the database."""

    def release(self) -> None:
        """Do nothing: nothing was claimed."""

    def writing_engine(self) -> Engine:
        """Return the engine of the writing connections."""
        # Each writer keeps its connection and replaces it when it broke.
        engine = create_engine(
            self.url, poolclass=pool.NullPool, connect_args={"connect_timeout": CONNECT_TIMEOUT}
        )
        event.listen(engine, "connect", _prepare_writer)
        return engine

    def reading_engine(self) -> Engine:
        """Return an engine whose transactions see one consistent state and cannot write."""
        # Each reader keeps its connection and replaces it when it broke.
        engine = create_engine(
            self.url, poolclass=pool.NullPool, connect_args={"connect_timeout": CONNECT_TIMEOUT}
        )
        event.listen(engine, "connect", _prepare_reader)
        return engine

    @staticmethod
    def begin_reading(_cursor: Any) -> None:
        """Do nothing: the first statement begins the transaction."""

    @staticmethod
    def is_lost(error: BaseException) -> bool:
        """Whether the connection broke: the server was restarted, or something between."""
        state = getattr(error, "sqlstate", None)
        return _is_operational(error) and (state is None or state.startswith(LOST))

    @staticmethod
    def refusal(error: BaseException) -> Unavailable | None:
        """Return the answer to a caller when the server is away, else None."""
        if _is_operational(error):
            return Unavailable("The database does not answer. Try again soon.", retry_after=5)
        return None

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
        cursor.execute("SET lock_timeout = '10s'")
    connection.commit()


def _prepare_reader(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation = 'repeatable read'")
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(f"SET statement_timeout = {LONGEST_READ}")
    connection.commit()
