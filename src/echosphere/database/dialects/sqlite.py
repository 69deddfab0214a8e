"""SQLite in WAL mode: one connection writes and checkpoints, the others only read."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import filelock
from sqlalchemy import Connection, Engine, create_engine, event, pool

from echosphere.core.durable_files import OWNER_ONLY, restrict_to_owner
from echosphere.core.errors import Unavailable
from echosphere.core.in_use import InUseError, file_in_use
from echosphere.database.dialects.backup_lock import BEING_MADE

HOLD_TIMEOUT = 5.0
"""Seconds in which the server has looked whether a backup is being made."""

BUSY_TIMEOUT = 5_000
"""Milliseconds to wait for a lock that another program holds, such as a backup tool or a shell."""

TRUNCATE_TIMEOUT = 100
"""Milliseconds to wait for readers before the write-ahead log is truncated; writes wait, too."""

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
"""Names for `SQLite.cause`, by a part of SQLite's message."""


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileClaim:
    """A claim on the file that the parent of several processes holds for them.

    Attributes:
        was_unclean: Whether the last server did not shut down cleanly.
    """

    was_unclean: bool = False


class SQLite:
    """A database in one file, to which one process writes at a time.

    Args:
        url: `sqlite:///path/app.db`.
        claim: What the parent of several processes has claimed for them; None for a process alone.
    """

    name = "sqlite"
    writers = 1
    single_process = True

    def __init__(self, url: str, claim: FileClaim | None = None) -> None:
        self.url = url
        self._claim = claim
        self.path = Path(url.removeprefix("sqlite:///"))
        self._marker = self.path.with_suffix(".running")
        self._was_unclean = False
        self._lock = filelock.FileLock(
            self.path.with_suffix(".lock"), mode=OWNER_ONLY, thread_local=False
        )

    def claim(
        self,
        _on_lost: Callable[[str], None] = lambda _sentence: None,
        _on_reacquired: Callable[[], None] = lambda: None,
    ) -> None:
        """Refuse a second server on the same file: there can be only one writer.

        Raises:
            InUseError: Another server is running on it.
        """
        if self._claim is not None:
            self._was_unclean = self._claim.was_unclean
            _restrict_to_owner(self.path)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            raise file_in_use(self.path) from None
        self._was_unclean = self._marker.exists()
        self._marker.touch(mode=0o600)
        _restrict_to_owner(self.path)

    @staticmethod
    def starting() -> AbstractContextManager[bool]:
        """Return at once: the claim keeps others away."""
        return nullcontext(enter_result=True)

    @staticmethod
    def timeline(_connection: Connection) -> str:
        """Return an empty text: a file has no replicas."""
        return ""

    @staticmethod
    def is_current(_connection: Connection) -> bool:
        """Return True: a file has no replicas."""
        return True

    @staticmethod
    def clock(_connection: Connection) -> float:
        """Return the seconds since 1970 UTC: a file has no clock of its own."""
        return time()

    @staticmethod
    def is_claimed() -> bool:
        """Return False: a command can open the file only after claiming it."""
        return False

    @staticmethod
    def require_claim() -> None:
        """Do nothing: the lock on the file is held until the process ends."""

    def release(self) -> None:
        """Let another server use the file."""
        if self._lock.is_locked:
            self._marker.unlink(missing_ok=True)
        self._lock.release()

    @contextmanager
    def hold_deletions(self) -> Iterator[None]:
        """Keep the server from deleting stored files, as long as the block runs: for a backup.

        Raises:
            InUseError: Another backup is being made.
        """
        lock = self._hold()
        try:
            lock.acquire(timeout=HOLD_TIMEOUT)
        except filelock.Timeout:
            raise InUseError(BEING_MADE) from None
        try:
            yield
        finally:
            lock.release()

    def deletions_held(self) -> bool:
        """Return whether a backup is being made."""
        lock = self._hold()
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            return True
        lock.release()
        return False

    def _hold(self) -> filelock.BaseFileLock:
        return filelock.FileLock(
            self.path.with_suffix(".backup.lock"), mode=OWNER_ONLY, thread_local=False
        )

    def check_after_crash(self, seconds: float) -> str:
        """Look for damage if the last server did not shut down cleanly.

        Args:
            seconds: The time limit.

        Returns:
            The damage; empty if none was found, or there was no need or no time to look.
        """
        if not self._was_unclean:
            return ""
        until = monotonic() + seconds
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: monotonic() > until, 10_000)
            try:
                found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(10)")]
            except sqlite3.OperationalError as error:
                if "interrupted" not in str(error):
                    raise
                log.warning(
                    "There was not enough time to check the whole database; run `echosphere doctor`"
                )
                return ""
            except sqlite3.DatabaseError as error:
                return str(error)
        return "" if found == ["ok"] else "; ".join(found)

    @staticmethod
    def truncate_wal(connection: Connection) -> bool:
        """Truncate the write-ahead log; return False if a reader prevented it."""
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA busy_timeout={TRUNCATE_TIMEOUT}")
        try:
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute("PRAGMA busy_timeout=0")
        return not busy

    def writing_engine(self) -> Engine:
        """Return the engine of the only writing connection."""
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
        # Each reader keeps its connection and begins transactions itself.
        engine = create_engine(
            f"sqlite:///file:{self.path}?mode=ro&uri=true",
            poolclass=pool.NullPool,
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT / 1000},
        )
        event.listen(engine, "connect", _prepare_reader)
        return engine

    @staticmethod
    def begin_reading(cursor: Any) -> None:
        """Begin a transaction, which reads one consistent snapshot."""
        cursor.execute("BEGIN")

    @staticmethod
    def is_lost(_error: BaseException) -> bool:
        """Return False: there is no connection that could break."""
        return False

    @staticmethod
    def cause(error: BaseException) -> str:
        """Return in one word why the file is unavailable; empty for any other error."""
        if isinstance(error, sqlite3.DatabaseError):
            text = str(error).lower()
            return next((cause for words, cause in CAUSES.items() if words in text), "")
        return ""

    @classmethod
    def refusal(cls, error: BaseException) -> Unavailable | None:
        """Return the refusal for callers if the file is unavailable, else None."""
        if cls.cause(error):
            return Unavailable(
                "The storage is not responding. Try again in a moment.", retry_after=5
            )
        return None

    def wal_size(self) -> int | None:
        """Return the size of the write-ahead log in bytes."""
        try:
            return self.path.with_name(f"{self.path.name}-wal").stat().st_size
        except OSError:
            return 0

    @staticmethod
    def interrupt(driver: Any) -> None:
        """Interrupt a statement that takes too long: its transaction would block checkpoints."""
        driver.interrupt()

    @staticmethod
    def is_conflict(_error: BaseException) -> bool:
        """Return False: a single writer has nothing to conflict with."""
        return False

    @staticmethod
    def check(connection: Connection) -> str:
        """Return `ok`, or the damage that was found."""
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return "; ".join(str(line) for line in found)


def _restrict_to_owner(path: Path) -> None:
    """Let only the owner read the files; SQLite gives its other files the same mode."""
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
    """Begin, and wait for another program's lock, though not on the event loop."""
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
