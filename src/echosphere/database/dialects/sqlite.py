"""SQLite: one writing connection that alone checkpoints, and read-only readers on the WAL."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, pool

from echosphere.errors import Unavailable

BUSY_TIMEOUT = 10_000
"""Milliseconds to wait for a lock that another program (a backup tool, a shell) holds."""

UNAVAILABLE = ("locked", "busy", "full", "disk i/o", "readonly", "unable to open")


class SQLite:
    """A database in one file, for one process at a time."""

    name = "sqlite"
    writers = 1
    is_local = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = Path(url.removeprefix("sqlite:///"))
        self._lock = filelock.FileLock(self.path.with_suffix(".lock"), thread_local=False)

    def claim(
        self,
        _on_lost: Callable[[str], None] = lambda _sentence: None,
        _on_taken_again: Callable[[], None] = lambda: None,
    ) -> None:
        """Refuse a second server on the same file: SQLite is safe with one writer only.

        Raises:
            RuntimeError: Another server is running on it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            raise RuntimeError(
                f"Another EchoSphere server is already running on {self.path}. "
                "Stop it first, or give this one a data folder of its own (ECHOSPHERE_DATA)."
            ) from None

    @staticmethod
    def require_claim() -> None:
        """Do nothing: the lock on a file is held as long as the process lives."""

    def release(self) -> None:
        """Let another server use the file."""
        self._lock.release()

    def writing_engine(self) -> Engine:
        """Return the engine of the one writing connection."""
        engine = create_engine(
            self.url,
            poolclass=pool.StaticPool,
            connect_args={"check_same_thread": False, "timeout": 0},
        )
        event.listen(engine, "connect", _prepare_writer)
        event.listen(engine, "begin", _begin_immediate)
        return engine

    def reading_engine(self) -> Engine:
        """Return an engine of read-only connections."""
        # Each reader keeps its connection and begins its transactions itself.
        engine = create_engine(
            f"sqlite:///file:{self.path}?mode=ro&uri=true",
            poolclass=pool.NullPool,
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT / 1000},
        )
        event.listen(engine, "connect", _prepare_reader)
        return engine

    @staticmethod
    def begin_reading(cursor: Any) -> None:
        """Begin a transaction that sees one state."""
        cursor.execute("BEGIN")

    @staticmethod
    def is_lost(_error: BaseException) -> bool:
        """Return False: a file does not hang up."""
        return False

    @staticmethod
    def refusal(error: BaseException) -> Unavailable | None:
        """Return the answer to a caller when the file cannot be written just now, else None."""
        if isinstance(error, sqlite3.OperationalError):
            text = str(error).lower()
            if any(word in text for word in UNAVAILABLE):
                return Unavailable("The storage does not answer. Try again soon.", retry_after=5)
        return None

    @staticmethod
    def is_conflict(_error: BaseException) -> bool:
        """Return False: there is one writer, and nobody in its way."""
        return False

    @staticmethod
    def check(connection: Connection) -> str:
        """Return `ok`, or what is damaged."""
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return "; ".join(str(line) for line in found)


def _prepare_writer(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "cache_size=-65536",
        "journal_size_limit=67108864",
        "wal_autocheckpoint=4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("query_only=ON", "cache_size=-16384", "mmap_size=268435456"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Begin, waiting for another program's lock unless the loop's thread cannot wait."""
    patient = connection.info.get("patient", True)
    until = monotonic() + (BUSY_TIMEOUT / 1000 if patient else 0)
    driver: Any = connection.connection.driver_connection
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() >= until:
                raise
            sleep(0.02)
        else:
            return
