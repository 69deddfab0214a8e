"""Overwrites what a track of an ISO base media file keeps among the media data."""

import struct
from collections.abc import Iterator, Mapping

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.boxes import Box
from echosphere.attachments.sandbox.recordings.source import MAX_TABLE, Overwrites, Source


def empty_samples(source: Source, parts: Mapping[bytes, Box], overwrites: Overwrites) -> None:
    """Overwrite all samples of a track.

    Raises:
        UnreadableError: Its tables contradict each other, or lie in a way that is not understood.
    """
    places = _places(source, parts)
    sizes = _sizes(source, parts)
    for place, count in zip(places, _samples_per_chunk(source, parts, len(places)), strict=True):
        length = sum(size for _, size in zip(range(count), sizes, strict=False))
        overwrites.zero(place, place + length)


def _places(source: Source, parts: Mapping[bytes, Box]) -> tuple[int, ...]:
    if b"co64" in parts:
        return _table(source, parts[b"co64"], "Q", 4)
    if b"stco" in parts:
        return _table(source, parts[b"stco"], "I", 4)
    raise UnreadableError("a track does not say where its data lie")


def _sizes(source: Source, parts: Mapping[bytes, Box]) -> Iterator[int]:
    """Yield the size of one sample after the other."""
    if b"stsz" not in parts:
        raise UnreadableError("a track does not say how long its samples are")
    box = parts[b"stsz"]
    same, count = source.number(box.body + 4, 4), source.number(box.body + 8, 4)
    if not same:
        yield from _table(source, box, "I", 8)
        return
    for _ in range(min(count, MAX_TABLE)):
        yield same


def _samples_per_chunk(source: Source, parts: Mapping[bytes, Box], chunks: int) -> Iterator[int]:
    if b"stsc" not in parts:
        raise UnreadableError("a track does not say how its data are divided")
    numbers = _table(source, parts[b"stsc"], "III", 4)
    runs = list(zip(numbers[::3], numbers[1::3], strict=True))
    chunk = 1
    for (first, count), (following, _) in zip(runs, [*runs[1:], (chunks + 1, 0)], strict=True):
        if first != chunk or not first < following <= chunks + 1:
            raise UnreadableError("a track divides its data in an impossible way")
        for _ in range(first, following):
            yield count
        chunk = following


def _table(source: Source, box: Box, row: str, at: int) -> tuple[int, ...]:
    """Return the numbers of a table that begins with the count of its rows."""
    count = source.number(box.body + at, 4)
    length = count * struct.calcsize(f">{row}")
    if box.body + at + 4 + length > box.end:
        raise UnreadableError("a table is longer than its box")
    return struct.unpack(f">{row * count}", source.read(box.body + at + 4, length))
