"""Small files written atomically and flushed to disk, readable by the server's user alone."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600


def read_or_create(path: Path, create: Callable[[], str]) -> str:
    """Return the stripped content of a file, which is created if it is missing.

    On return a new file is safely on disk. If several processes create it at once, one wins and all
    return the same content.

    Raises:
        OSError: The file cannot be read or created.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _create(path, create())
    restrict_to_owner(path)
    return path.read_text(errors="replace").strip()


def write_durably(path: Path, content: str) -> None:
    """Write or replace a small file; it is complete and on disk, or as it was before.

    Raises:
        OSError: It cannot be written.
    """
    temporary = _write_beside(path, content)
    try:
        temporary.replace(path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def restrict_to_owner(path: Path) -> None:
    """Make an existing file readable by its owner alone.

    Raises:
        OSError: The file belongs to another user.
    """
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(OWNER_ONLY)


def _create(path: Path, content: str) -> None:
    temporary = _write_beside(path, content)
    try:
        _publish(temporary, path)
        sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _write_beside(path: Path, content: str) -> Path:
    """Write a file under a name of its own beside another, and return it."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _publish(temporary: Path, path: Path) -> None:
    """Give the complete file its final name, unless another process was quicker."""
    with suppress(FileExistsError):
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            temporary.replace(path)


def sync_folder(folder: Path) -> None:
    """Flush the folder, which holds the file's name."""
    if os.name != "posix":  # Windows cannot open folders
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
