"""Reads a file by position, and overwrites parts of it once all of them are known."""

import os
from typing import BinaryIO, NamedTuple

from echosphere.attachments.sandbox.outcome import UnreadableError

MAX_PARTS = 500_000
"""Parts of one file that are looked at; a film of hours in fragments has a tenth of them."""

MAX_TABLE = 16 * 1024 * 1024
"""Bytes that are read at once."""

AT_ONCE = 1024 * 1024


class Facts(NamedTuple):
    """What a recording consists of: its type, its size as displayed, its length in milliseconds."""

    type: str
    width: int | None = None
    height: int | None = None
    duration: int | None = None


class Source:
    """A file that is read at positions, for as many parts as are reasonable."""

    def __init__(self, file: BinaryIO) -> None:
        self._descriptor = file.fileno()
        self._parts = 0
        self.size = os.fstat(self._descriptor).st_size

    def read(self, start: int, count: int) -> bytes:
        """Return exactly so many bytes.

        Raises:
            UnreadableError: The file has fewer, or it is more than a table may have.
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
        """Return an unsigned number, the highest byte first."""
        return int.from_bytes(self.read(start, count))

    def count_part(self) -> None:
        """Give up on a file that consists of nothing but beginnings."""
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise UnreadableError("the file has too many parts")


class Overwrites:
    """What is to be overwritten in a file; until `apply` nothing is."""

    def __init__(self) -> None:
        self._filled: dict[bytes, list[tuple[int, int]]] = {b"\0": [], b" ": []}
        self._puts: list[tuple[int, bytes]] = []
        self._end: int | None = None

    def zero(self, start: int, end: int, fill: bytes = b"\0") -> None:
        """Write zeros, or spaces, from here to before there."""
        if start < end:
            self._filled[fill].append((start, end))

    def put(self, place: int, content: bytes) -> None:
        """Write these bytes, over zeros too."""
        self._puts.append((place, content))

    def cut(self, end: int) -> None:
        """Let the file end here."""
        self._end = end

    def apply(self, file: BinaryIO) -> None:
        """Write everything; a place that was named many times is written once."""
        size = os.fstat(file.fileno()).st_size
        for fill, stretches in self._filled.items():
            block = fill * AT_ONCE
            for start, end in _joined(stretches):
                file.seek(start)
                left = min(end, size) - start
                while left > 0:
                    left -= file.write(block[:left])
        for place, content in self._puts:
            file.seek(place)
            file.write(content)
        if self._end is not None:
            file.truncate(self._end)


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
