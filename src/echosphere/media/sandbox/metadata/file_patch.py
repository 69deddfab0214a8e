"""Reads a file by position, and collects changes to it that are applied together."""

import os
from typing import BinaryIO, NamedTuple

from echosphere.media.sandbox.inspection import UnreadableError

MAX_PARTS = 500_000
"""Parts of one file that are parsed; a fragmented video of several hours has a tenth of them."""

MAX_TABLE = 16 * 1024 * 1024
"""Bytes read at once."""

BLOCK = 1024 * 1024


class RecordingInfo(NamedTuple):
    """The type of a recording, its size as displayed, and its duration in milliseconds."""

    type: str
    width: int | None = None
    height: int | None = None
    duration: int | None = None


class BoundedReader:
    """Reads a file by position, up to a limited number of parts."""

    def __init__(self, file: BinaryIO) -> None:
        self._descriptor = file.fileno()
        self._parts = 0
        self.size = os.fstat(self._descriptor).st_size

    def read(self, start: int, count: int) -> bytes:
        """Return exactly this many bytes.

        Raises:
            UnreadableError: The file has fewer, or `count` exceeds `MAX_TABLE`.
        """
        if not 0 <= count <= MAX_TABLE:
            raise UnreadableError("a part has an unreasonable length")
        os.lseek(self._descriptor, start, os.SEEK_SET)
        found = os.read(self._descriptor, count)
        while len(found) < count and (more := os.read(self._descriptor, count - len(found))):
            found += more
        if len(found) < count:
            raise UnreadableError("a part goes beyond the end of the file")
        return found

    def number(self, start: int, count: int) -> int:
        """Return an unsigned big-endian number."""
        return int.from_bytes(self.read(start, count))

    def count_part(self) -> None:
        """Count a parsed part; refuse a file that has too many."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise UnreadableError("the file has too many parts")


class FilePatch:
    """Changes to a file, written by `apply`."""

    def __init__(self) -> None:
        self._fills: dict[bytes, list[tuple[int, int]]] = {b"\0": [], b" ": []}
        self._writes: list[tuple[int, bytes]] = []
        self._end: int | None = None

    def fill(self, start: int, end: int, fill: bytes = b"\0") -> None:
        """Overwrite a range with zeros or spaces."""
        if start < end:
            self._fills[fill].append((start, end))

    def write(self, position: int, content: bytes) -> None:
        """Write bytes; they win over fills."""
        self._writes.append((position, content))

    def truncate(self, end: int) -> None:
        """End the file at this position."""
        self._end = end

    def apply(self, file: BinaryIO) -> None:
        """Write the changes; overlapping fills are written once."""
        size = os.fstat(file.fileno()).st_size
        for fill, ranges in self._fills.items():
            block = fill * BLOCK
            for start, end in _merge(ranges):
                file.seek(start)
                left = min(end, size) - start
                while left > 0:
                    left -= file.write(block[:left])
        for position, content in self._writes:
            file.seek(position)
            file.write(content)
        if self._end is not None:
            file.truncate(self._end)


def _merge(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
