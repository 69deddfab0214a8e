"""What a bot keeps on disk: how far it has read, and what it has handled beyond that."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Protocol

import filelock
import msgspec

from echosphere_bot.errors import ConfigurationError


class Progress(msgspec.Struct, frozen=True):
    """How far a bot has come.

    Attributes:
        cursor: All events up to here are handled; None before the first start.
        done: The ids of events after it that are handled already.
        commands: Whether the bot told the server of commands.
    """

    cursor: str | None = None
    done: tuple[str, ...] = ()
    commands: bool = False


class Storage(Protocol):
    """Keeps the progress of one bot."""

    def open(self) -> Progress:
        """Return what was kept, and keep others out."""

    def save(self, progress: Progress) -> None:
        """Keep it, so that it survives a crash."""

    def close(self) -> None:
        """Let others in."""


class MemoryStorage:
    """Keeps nothing beyond the process: for tests, and for bots that may miss what they were away for."""

    def __init__(self) -> None:
        self.progress = Progress()

    def open(self) -> Progress:
        """Return what was kept."""
        return self.progress

    def save(self, progress: Progress) -> None:
        """Keep it."""
        self.progress = progress

    def close(self) -> None:
        """Do nothing."""


class FileStorage:
    """Keeps the progress in a file, which only one process uses at a time.

    Args:
        path: Of the file; its folder is made if need be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = filelock.FileLock(path.with_name(f"{path.name}.lock"))

    def open(self) -> Progress:
        """Return what was kept.

        Raises:
            ConfigurationError: Another process has it open, or it cannot be read.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            raise ConfigurationError(
                f"Another copy of this bot is running with {self.path}. End it first, or give this one "
                "a bot and a state of its own."
            ) from None
        except OSError as error:
            raise ConfigurationError(f"{self.path} cannot be written: {error}") from None
        try:
            return self._read()
        except ConfigurationError:
            self.close()
            raise

    def _read(self) -> Progress:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Progress)
        except FileNotFoundError:
            return Progress()
        except (OSError, msgspec.MsgspecError) as error:
            raise ConfigurationError(
                f"{self.path} cannot be read: {error}. Without it the bot begins with what happens next."
            ) from None

    def save(self, progress: Progress) -> None:
        """Replace the file as a whole, and wait until the disk has it."""
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(progress))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        _sync_folder(self.path.parent)

    def close(self) -> None:
        """Let others in."""
        self._lock.release()


def _sync_folder(folder: Path) -> None:
    """Wait until the disk has the new name, where systems offer that."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def default_folder() -> Path:
    """Return where programs of this user keep what they need again after a restart."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "echosphere-bot"
