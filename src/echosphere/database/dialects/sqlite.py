"""SQLite: one writing connection that alone checkpoints, and read-only readers on the WAL."""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, pool

from echosphere.core.durable_files import OWNER_ONLY, restrict_to_owner
from echosphere.core.errors import Unavailable
from echosphere.core.in_use import InUseError

BUSY_TIMEOUT = 5_000
"""Milliseconds to wait for a lock that another program (a backup tool, a shell) holds."""

TRUNCATE_PATIENCE = 100
"""Milliseconds that readers have to end while the write-ahead log is emptied; writes wait."""

CAUSES = {
    "locked": "locked",
    "busy": "locked",
    "full": "full",
    "disk i/o": "disk",
    "unable to open": "disk",
    "readonly": "readonly",
    "malformed": "damaged",
    "not a database": "damaged",
    "interrupted": "slow",
}
"""By a part of SQLite's own words, what `SQLite.cause` calls it."""


log = logging.getLogger(__name__)


class SQLite:
    """A database in one file, for one process at a time."""

    name = "sqlite"
    writers = 1
    single_process = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = Path(url.removeprefix("sqlite:///"))
        self._marker = self.path.with_suffix(".running")
        self._was_unclean = False
        self._lock = filelock.FileLock(
            self.path.with_suffix(".lock"), mode=OWNER_ONLY, thread_local=False
        )

    def claim(
        self,
        _on_lost: Callable[[str], None] = lambda _sentence: None,
        _on_taken_again: Callable[[], None] = lambda: None,
    ) -> None:
        """Refuse a second server on the same file: SQLite is safe with one writer only.

        Raises:
            InUseError: Another server is running on it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            raise InUseError(
                f"Another EchoSphere server is already running on {self.path}. "
                "Stop it first, or give this one a data folder of its own (ECHOSPHERE_DATA)."
            ) from None
        self._was_unclean = self._marker.exists()
        self._marker.touch(mode=0o600)
        _restrict_to_owner(self.path)

    @staticmethod
    def is_claimed() -> bool:
        """Return False: whoever uses the file has claimed it."""
        return False

    @staticmethod
    def require_claim() -> None:
        """Do nothing: the lock on a file is held as long as the process lives."""

    def release(self) -> None:
        """Let another server use the file."""
        if self._lock.is_locked:
            self._marker.unlink(missing_ok=True)
        self._lock.release()

    def check_after_crash(self, seconds: float) -> str:
        """Look for damage if the last server did not stop in good order.

        Args:
            seconds: How long to look at most.

        Returns:
            What is damaged; empty when nothing was found, or there was no need or no time to look.
        """
        if not self._was_unclean:
            return ""
        until = monotonic() + seconds
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as looking:
            looking.set_progress_handler(lambda: monotonic() > until, 10_000)
            try:
                found = [str(row[0]) for row in looking.execute("PRAGMA quick_check(10)")]
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                log.warning("There was no time to examine all of the database; see doctor")
                return ""
            except sqlite3.DatabaseError as error:
                return str(error)
        return "" if found == ["ok"] else "; ".join(found)

    @staticmethod
    def truncate_wal(connection: Connection) -> bool:
        """Take everything out of the write-ahead log; return whether no reader was in the way."""
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={TRUNCATE_PATIENCE}")
        try:
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute("PRAGMA busy_timeout=0")
        return not busy

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
    def cause(error: BaseException) -> str:
        """Return in a word why the file cannot be used just now; empty for any other error."""
        if isinstance(error, sqlite3.DatabaseError):
            text = str(error).lower()
            return next((cause for words, cause in CAUSES.items() if words in text), "")
        return ""

    @classmethod
    def refusal(cls, error: BaseException) -> Unavailable | None:
        """Return the answer to a caller when the file cannot be used just now, else None."""
        if cls.cause(error):
            return Unavailable("The storage does not answer. Try again soon.", retry_after=5)
        return None

    def wal_size(self) -> int | None:
        """Return the bytes of the write-ahead log."""
        try:
            return self.path.with_name(f"{self.path.name}-wal").stat().st_size
        except OSError:
            return 0

    @staticmethod
    def interrupt(driver: Any) -> None:
        """End a statement that takes too long; its transaction would hold up the checkpoints."""
        driver.interrupt()

    @staticmethod
    def is_conflict(_error: BaseException) -> bool:
        """Return False: there is one writer, and nobody in its way."""
        return False

    @staticmethod
    def check(connection: Connection) -> str:
        """Return `ok`, or what is damaged."""
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return "; ".join(str(line) for line in found)


def _restrict_to_owner(path: Path) -> None:
    """Let nobody else on this machine read the messages; SQLite gives its other files our mode."""
    path.touch(mode=OWNER_ONLY)
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            restrict_to_owner(path.with_name(path.name + suffix))


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
    until = monotonic() + min(connection.info.get("lock_timeout", 60.0), BUSY_TIMEOUT / 1000)
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
