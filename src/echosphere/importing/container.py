"""Reads what is to be imported from a folder or a ZIP archive that may be hostile.

Nothing is unpacked, names lead nowhere else, and what is read is bounded before it is read.
"""

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from zipfile import BadZipFile, ZipFile, ZipInfo

from echosphere.importing.errors import UnreadableSource
from echosphere.importing.zip_directory import require_small_directory

MAX_LINE = 8 * 1024 * 1024
"""Bytes of one line: a message with all that was done to it."""

MAX_DOCUMENT = 64 * 1024 * 1024
"""Bytes of a document that is read as a whole."""

MAX_RATIO = 200
"""How many times longer a member of an archive may become; text becomes 20 times, JSON 50."""

DOCUMENTS = (".json", ".jsonl", ".txt", ".csv")
RATIO_FROM = 1024 * 1024
"""Bytes: shorter members may be as repetitive as they like."""

DAMAGED = "The archive is damaged or truncated. Export it again, or copy it again."
BOMB = (
    "The archive contains a file that would expand to far too large a size. It was not made by "
    "an export."
)
LOCKED = "The archive is encrypted. Unpack it into a folder and import that."


class Container(Protocol):
    """Files by their names.

    Attributes:
        name: That of the folder or archive, without its ending.
    """

    name: str

    def names(self) -> list[str]:
        """Return all names, sorted."""

    def has(self, name: str) -> bool:
        """Whether there is such a file."""

    def size(self, name: str) -> int:
        """Return its length in bytes."""

    def open(self, name: str) -> BinaryIO:
        """Open a file; the caller closes it.

        Raises:
            UnreadableSource: There is none.
        """

    def close(self) -> None:
        """Let go of everything."""


def is_safe_name(name: str) -> bool:
    """Whether a name stays in the folder it is in, on every system."""
    if not name or "\\" in name or "\0" in name or name.startswith("/") or ":" in name[:3]:
        return False
    return all(part not in ("", ".", "..") for part in name.split("/"))


class Folder:
    """A folder; what is a link is not there."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.name = self._root.name

    def names(self) -> list[str]:
        """Return all names, sorted."""
        found: list[str] = []
        for where, folders, files in os.walk(self._root):
            folders[:] = [one for one in folders if not Path(where, one).is_symlink()]
            below = PurePosixPath(Path(where).relative_to(self._root).as_posix())
            found += [str(below / one) for one in files if not Path(where, one).is_symlink()]
        return sorted(found)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._find(name) is not None

    def size(self, name: str) -> int:
        """Return its length in bytes."""
        path = self._find(name)
        return 0 if path is None else path.stat().st_size

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        path = self._find(name)
        if path is None:
            raise UnreadableSource(f"The import does not contain the file {name!r}.")
        return path.open("rb")

    def close(self) -> None:
        """Nothing is held."""

    def _find(self, name: str) -> Path | None:
        if not is_safe_name(name):
            return None
        path = self._root / name
        with suppress(OSError):
            real = path.resolve(strict=True)
            if real.is_relative_to(self._root) and stat.S_ISREG(real.stat().st_mode):
                return real
        return None


class Archive:
    """A ZIP archive.

    Raises:
        UnreadableSource: It is damaged, encrypted, or made to fill memory or disk.
    """

    def __init__(self, path: Path) -> None:
        require_small_directory(path)
        self.name = path.stem
        try:
            self._zip = ZipFile(path)
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableSource(DAMAGED) from error
        self._members: dict[str, ZipInfo] = {}
        try:
            for member in self._zip.infolist():
                self._add(member)
        except BaseException:
            self._zip.close()
            raise

    def _add(self, member: ZipInfo) -> None:
        if member.is_dir() or stat.S_ISLNK(member.external_attr >> 16):
            return
        if not is_safe_name(member.filename):
            raise UnreadableSource(
                f"The archive contains a file {member.filename[:100]!r} with an unsafe path."
            )
        if member.flag_bits & 1:
            raise UnreadableSource(LOCKED)
        is_bomb = member.file_size > RATIO_FROM + MAX_RATIO * member.compress_size
        # A picture in one colour is as short; attachments are held to their own limit.
        if is_bomb and member.filename.endswith(DOCUMENTS):
            raise UnreadableSource(BOMB)
        if member.filename in self._members:
            raise UnreadableSource(f"The archive contains {member.filename[:100]!r} twice.")
        self._members[member.filename] = member

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted(self._members)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._members

    def size(self, name: str) -> int:
        """Return its length in bytes."""
        member = self._members.get(name)
        return 0 if member is None else member.file_size

    def open(self, name: str) -> BinaryIO:
        """Open a file."""
        member = self._members.get(name)
        if member is None:
            raise UnreadableSource(f"The import does not contain the file {name!r}.")
        with reading():
            return self._zip.open(member)  # type: ignore[return-value]

    def close(self) -> None:
        """Close it."""
        self._zip.close()


@contextmanager
def reading() -> Iterator[None]:
    """Turn what a damaged archive leads to into a refusal."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableSource(DAMAGED) from error


def open_container(path: Path) -> Container:
    """Open a folder or a ZIP archive.

    Raises:
        UnreadableSource: It is neither, or cannot be read.
    """
    try:
        if path.is_dir():
            return Folder(path)
        if path.is_file():
            return Archive(path)
    except OSError as error:
        raise UnreadableSource(f"{path} cannot be read: {error.strerror}.") from error
    raise UnreadableSource(f"There is no file or folder {path} that the server can read.")


def read_document(container: Container, name: str) -> bytes:
    """Return a whole document.

    Raises:
        UnreadableSource: There is none, or it is too long.
    """
    if container.size(name) > MAX_DOCUMENT:
        raise UnreadableSource(f"The file {name!r} is too long.")
    with reading(), container.open(name) as file:
        content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise UnreadableSource(f"The file {name!r} is too long.")
    return content


def read_lines(container: Container, name: str) -> Iterator[bytes]:
    """Return the lines of a file, without those that are empty.

    Raises:
        UnreadableSource: There is no such file, or a line is too long.
    """
    with reading(), container.open(name) as file:
        while line := file.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise UnreadableSource(f"The file {name!r} contains a line that is too long.")
            if line.strip():
                yield line
