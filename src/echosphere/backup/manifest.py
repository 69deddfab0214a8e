"""What a backup says about itself; docs/backup-format.md describes it for others."""

import hashlib
from typing import Any, TypeVar

import msgspec

from echosphere.backup.errors import BackupError, DamagedError

FORMAT = 1

T = TypeVar("T")


class Encryption(msgspec.Struct, frozen=True):
    """How the key of a backup is derived from its passphrase.

    Attributes:
        salt: Of scrypt.
        costs: `n`, `r` and `p` of scrypt.
        key: The key of the backup, encrypted with what scrypt gives.
    """

    salt: bytes
    costs: dict[str, int]
    key: bytes


class Head(msgspec.Struct, frozen=True):
    """What the folder of a backup says first."""

    format: int = FORMAT
    encryption: Encryption | None = None


class TableCount(msgspec.Struct, frozen=True):
    """How many rows a table has, and their checksum."""

    rows: int
    checksum: str


class StoredPart(msgspec.Struct, frozen=True):
    """A file of a restore point: its size in bytes, and the SHA-256 of what lies on the disk."""

    size: int
    sha256: str


class FileTotals(msgspec.Struct, frozen=True):
    """How many files a restore point has, their bytes, and how many were missing already."""

    count: int = 0
    size: int = 0
    missing: int = 0


class Manifest(msgspec.Struct, frozen=True):
    """What a restore point is.

    Attributes:
        created_at: When the database was read, in milliseconds since 1970 UTC.
        version: The EchoSphere that wrote it.
        revision: The revision of the tables.
        dialect: `sqlite` or `postgresql`.
        tables: What the tables have.
        next_numbers: The next automatic number of tables, where the database keeps such.
        files: The stored files.
        parts: The files of the restore point itself, by name.
    """

    created_at: int
    version: str
    revision: str
    dialect: str
    tables: dict[str, TableCount]
    next_numbers: dict[str, int]
    files: FileTotals
    parts: dict[str, StoredPart]
    format: int = FORMAT


class FileEntry(msgspec.Struct, frozen=True, array_like=True):
    """A stored file in the list of a restore point: `[folder, id, thumbnail, size, SHA-256]`.

    The checksum is that of the content, and empty where the file was missing already.
    """

    folder: str
    blob_id: str
    thumbnail: bool
    size: int = 0
    sha256: str = ""

    @property
    def name(self) -> str:
        """Its path below the folder of files."""
        folder = f"{self.folder}/" if self.folder else ""
        return f"{folder}{self.blob_id[:2]}/{self.blob_id}{'.thumbnail' if self.thumbnail else ''}"


def seal(content: msgspec.Struct) -> bytes:
    """Return a small file: a line of JSON, and a line with its SHA-256."""
    line = msgspec.json.encode(content)
    return line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"


def unseal(sealed: bytes, kind: type[T], shown: str) -> T:
    """Read a small file.

    Raises:
        DamagedError: It is not what was written.
        BackupError: A newer EchoSphere has written it.
    """
    line, _, checksum = sealed.partition(b"\n")
    if hashlib.sha256(line).hexdigest().encode() + b"\n" != checksum:
        raise DamagedError(f"{shown} is changed or truncated")
    _require_known(msgspec.json.decode(line))
    return msgspec.json.decode(line, type=kind)


def _require_known(content: Any) -> None:
    if content.get("format", FORMAT) > FORMAT:
        raise BackupError("This backup was made by a newer EchoSphere. Install that version.")
