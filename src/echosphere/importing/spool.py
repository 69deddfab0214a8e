"""Sorts more messages than fit into memory, in a temporary folder."""

import heapq
import struct
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import MessageRecord, encode

RUN = 8 * 1024 * 1024
"""Bytes that are sorted at once."""

HEAD = struct.Struct("<IQQI")
Entry = tuple[int, int, int, bytes]
"""The number of a conversation, a time, the order in which it came, and a message as JSON."""


class MessageSpool:
    """Takes messages of all conversations in any order, and gives those of one in the order of time.

    What has the same time stays in the order in which it came.
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="echosphere-import-")
        self._held: list[Entry] = []
        self._bytes = 0
        self._count = 0
        self._runs: list[Path] = []
        self._places: dict[int, tuple[int, int]] = {}
        self._numbers: dict[str, int] = {}
        self.counts: dict[str, int] = {}

    def add(self, conversation: str, message: MessageRecord) -> None:
        """Take a message."""
        number = self._numbers.setdefault(conversation, len(self._numbers))
        line = encode(message)
        self._count += 1
        self._held.append((number, message.at, self._count, line))
        self.counts[conversation] = self.counts.get(conversation, 0) + 1
        self._bytes += len(line)
        if self._bytes > RUN:
            self._write_run()

    def rename(self, before: str, after: str) -> None:
        """Have the messages of a conversation be those of another id, which has none."""
        if before in self._numbers and after not in self._numbers:
            self._numbers[after] = self._numbers.pop(before)
            self.counts[after] = self.counts.pop(before)

    def finish(self) -> None:
        """Sort; nothing is added afterwards."""
        self._write_run()
        with (self._path / "sorted").open("wb") as out:
            for number, entries in groupby(self._merged(), key=itemgetter(0)):
                begin = out.tell()
                for entry in entries:
                    _write(out, entry)
                self._places[number] = (begin, out.tell())
        for run in self._runs:
            run.unlink()

    def lines(self, conversation: str) -> Iterator[bytes]:
        """Return the messages of a conversation as JSON."""
        place = self._places.get(self._numbers.get(conversation, -1))
        if place is None:
            return
        begin, end = place
        with (self._path / "sorted").open("rb") as file:
            file.seek(begin)
            while file.tell() < end:
                entry = _read(file)
                if entry is None:
                    return
                yield entry[3]

    def close(self) -> None:
        """Delete everything."""
        self._folder.cleanup()

    @property
    def _path(self) -> Path:
        return Path(self._folder.name)

    def _write_run(self) -> None:
        if not self._held:
            return
        self._held.sort(key=itemgetter(0, 1, 2))
        path = self._path / f"run-{len(self._runs)}"
        try:
            with path.open("wb") as out:
                for entry in self._held:
                    _write(out, entry)
        except OSError as error:
            raise UnreadableSource(
                f"There is no space in {self._path.parent}: {error.strerror}. To use another "
                "folder, set TMPDIR."
            ) from error
        self._runs.append(path)
        self._held, self._bytes = [], 0

    def _merged(self) -> Iterator[Entry]:
        return heapq.merge(*map(_run, self._runs), key=itemgetter(0, 1, 2))


def _run(path: Path) -> Iterator[Entry]:
    with path.open("rb") as file:
        while (entry := _read(file)) is not None:
            yield entry


def _write(out: BinaryIO, entry: Entry) -> None:
    number, at, order, line = entry
    out.write(HEAD.pack(number, at, order, len(line)))
    out.write(line)


def _read(file: BinaryIO) -> Entry | None:
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    number, at, order, length = HEAD.unpack(head)
    return number, at, order, file.read(length)
