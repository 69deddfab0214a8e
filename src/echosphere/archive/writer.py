"""Writes a ZIP archive member by member, and hashes each while it is written."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from time import gmtime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
ZIP64_FROM = 2**31 - 2**20
"""Bytes from which a member is written with 64-bit sizes; compressing may make it a little longer."""

READABLE = 0o100644 << 16
CHUNK = 1024 * 1024


class Member:
    """A member that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        """Append bytes."""
        self._file.write(content)
        self._hash.update(content)
        self.size += len(content)

    @property
    def digest(self) -> str:
        """The SHA-256 hash of what was written, in hexadecimal."""
        return self._hash.hexdigest()


class ArchiveWriter:
    """Writes an archive into a new file; for one thread at a time.

    No content is held in memory, only about half a kilobyte for each member. Archives and members
    of more than 4 GiB are written as ZIP64.

    Args:
        path: The file, which must not exist; only its owner may read it.
        made_at: The time of all members, in milliseconds since 1970 UTC.

    Raises:
        OSError: The disk is full, or the file cannot be written.
    """

    def __init__(self, path: Path, made_at: int) -> None:
        descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED)
        self._listed = TemporaryFile("w+b", dir=path.parent)  # noqa: SIM115 - closed by `close`
        self._names: set[str] = set()
        self._time = gmtime(made_at / 1000)[:6]

    @property
    def size(self) -> int:
        """The bytes of the archive so far."""
        return self._file.tell()

    def add(self, name: str, content: bytes) -> None:
        """Write a whole member."""
        with self.open(name, len(content)) as member:
            member.write(content)

    def add_file(self, name: str, file: IO[bytes], size: int) -> None:
        """Write a member from an open file, from its beginning."""
        file.seek(0)
        with self.open(name, size) as member:
            while chunk := file.read(CHUNK):
                member.write(chunk)

    @contextmanager
    def open(self, name: str, size: int, *, compress: bool = True) -> Iterator[Member]:
        """Write a member in parts; the next one can be opened when it is closed.

        Args:
            name: Its path in the archive, with `/`.
            size: How long it will be at most, in bytes.
            compress: Whether that may make it shorter.

        Raises:
            ValueError: There is such a member, if the case of letters means nothing.
        """
        with self._writing(name, size, compress=compress) as member:
            yield member
        line = {"path": name, "size": member.size, "sha256": member.digest}
        self._listed.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def finish(self, about: Mapping[str, Any]) -> int:
        """Write the manifest and the hashes, and flush all to disk; return the size in bytes.

        The manifest has what is given, and the path, size and hash of each other member. The hashes
        are in the form that `sha256sum -c` reads, and include that of the manifest.
        """
        length = self._listed.tell()
        with self._writing(MANIFEST, 2 * length + CHUNK) as manifest:
            for part in self._manifest(about):
                manifest.write(part)
        with self._writing(SUMS, length + CHUNK) as sums:
            for one in self._lines():
                sums.write(_sum_line(one["sha256"], one["path"]))
            sums.write(_sum_line(manifest.digest, MANIFEST))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def close(self) -> None:
        """Let go of the files; an archive that was not finished is useless."""
        with suppress(OSError, ValueError):
            self._zip.close()
        self._zip.fp = None  # or it would try again when it is collected
        for file in (self._listed, self._file):
            with suppress(OSError):
                file.close()

    @contextmanager
    def _writing(self, name: str, size: int, *, compress: bool = True) -> Iterator[Member]:
        if name.casefold() in self._names:
            raise ValueError(f"There is already a member {name!r}")
        self._names.add(name.casefold())
        info = ZipInfo(name, self._time)
        info.compress_type = ZIP_DEFLATED if compress else ZIP_STORED
        info.external_attr = READABLE
        with self._zip.open(info, "w", force_zip64=size >= ZIP64_FROM) as file:
            yield Member(file)

    def _manifest(self, about: Mapping[str, Any]) -> Iterator[bytes]:
        head = json.dumps({**about, "files": []}, ensure_ascii=False, indent=1)
        yield head.removesuffix("]\n}").encode()
        separator = b"\n  "
        for one in self._lines():
            yield separator + json.dumps(one, ensure_ascii=False).encode()
            separator = b",\n  "
        yield b"\n ]\n}\n"

    def _lines(self) -> Iterator[dict[str, Any]]:
        self._listed.seek(0)
        return map(json.loads, self._listed)


def _sum_line(digest: str, path: str) -> bytes:
    return f"{digest}  {path}\n".encode()
