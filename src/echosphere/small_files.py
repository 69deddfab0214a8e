"""Small files that must survive a power cut: whole or not there, readable by us alone."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

OURS_ALONE = 0o600


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Return what a small file holds; the first who asks has it made.

    When it returns, a new file is on disk with its name. Of several processes that make it at once,
    one wins and all return the same.

    Raises:
        OSError: It cannot be read or made.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path, make())
    close_to_others(path)
    return path.read_text(errors="replace").strip()


def close_to_others(path: Path) -> None:
    """Let nobody but us read a file that is there.

    Raises:
        OSError: It is not ours to change.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(OURS_ALONE)


def _make(path: Path, content: str) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _name(draft, path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path) -> None:
    """Give the complete file its name, unless another process was quicker."""
    with suppress(FileExistsError):
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            draft.replace(path)


def _sync_folder(folder: Path) -> None:
    """A file's name is in its folder, which has to reach the disk as well."""
    if os.name != "posix":  # Windows cannot open folders
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
