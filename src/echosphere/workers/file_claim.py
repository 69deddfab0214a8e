"""The claim on an SQLite file that a parent holds for its workers."""

import os
from pathlib import Path

from echosphere.core.in_use import file_in_use

OWNER_ONLY = 0o600


class ParentClaim:
    """Keeps other servers from an SQLite file as long as a parent, or the process that writes, lives.

    The process that writes inherits the open lock, so that it is held until both have ended.

    Args:
        path: The file.

    Attributes:
        was_unclean: Whether the last server did not shut down cleanly.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._marker = path.with_suffix(".running")
        self._lock = -1
        self.was_unclean = False

    @classmethod
    def of(cls, database_url: str) -> "ParentClaim | None":
        """Return that for a database; None for one that is no file."""
        if not database_url.startswith("sqlite:///"):
            return None
        return cls(Path(database_url.removeprefix("sqlite:///")))

    @property
    def descriptor(self) -> int:
        """The open lock."""
        return self._lock

    def claim(self) -> None:
        """Claim the file.

        Raises:
            InUseError: Another server is running on it.
        """
        import fcntl  # noqa: PLC0415 - Windows has none, and no workers

        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise file_in_use(self._path) from None
        self._lock = lock
        self.was_unclean = self._marker.exists()
        self._marker.touch(mode=OWNER_ONLY)

    def release(self, *, clean: bool) -> None:
        """Let another server use the file, once no one writes to it any more.

        Args:
            clean: Whether the process that wrote has ended in good order.
        """
        if self._lock < 0:
            return
        if clean:
            self._marker.unlink(missing_ok=True)
        os.close(self._lock)
        self._lock = -1
