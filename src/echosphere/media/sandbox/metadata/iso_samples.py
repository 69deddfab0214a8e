"""Erases the samples of a track of an ISO base media file."""

import struct
from collections.abc import Iterator, Mapping

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import MAX_TABLE, BoundedReader, FilePatch
from echosphere.media.sandbox.metadata.iso_boxes import Box


def erase_samples(reader: BoundedReader, parts: Mapping[bytes, Box], patch: FilePatch) -> None:
    """Add all samples of a track to the patch.

    Raises:
        UnreadableError: Its tables are inconsistent or unsupported.
    """
    offsets = _chunk_offsets(reader, parts)
    sizes = _sizes(reader, parts)
    for position, count in zip(
        offsets, _samples_per_chunk(reader, parts, len(offsets)), strict=True
    ):
        length = sum(size for _, size in zip(range(count), sizes, strict=False))
        patch.fill(position, position + length)


def _chunk_offsets(reader: BoundedReader, parts: Mapping[bytes, Box]) -> tuple[int, ...]:
    if b"co64" in parts:
        return _table(reader, parts[b"co64"], "Q", 4)
    if b"stco" in parts:
        return _table(reader, parts[b"stco"], "I", 4)
    raise UnreadableError("a track does not say where its data lie")


def _sizes(reader: BoundedReader, parts: Mapping[bytes, Box]) -> Iterator[int]:
    """Yield the size of each sample."""
    if b"stsz" not in parts:
        raise UnreadableError("a track does not say how long its samples are")
    box = parts[b"stsz"]
    same, count = reader.number(box.body + 4, 4), reader.number(box.body + 8, 4)
    if not same:
        yield from _table(reader, box, "I", 8)
        return
    for _ in range(min(count, MAX_TABLE)):
        yield same


def _samples_per_chunk(
    reader: BoundedReader, parts: Mapping[bytes, Box], chunks: int
) -> Iterator[int]:
    if b"stsc" not in parts:
        raise UnreadableError("a track does not say how its data are divided")
    numbers = _table(reader, parts[b"stsc"], "III", 4)
    runs = list(zip(numbers[::3], numbers[1::3], strict=True))
    chunk = 1
    for (first, count), (following, _) in zip(runs, [*runs[1:], (chunks + 1, 0)], strict=True):
        if first != chunk or not first < following <= chunks + 1:
            raise UnreadableError("a track divides its data in an impossible way")
        for _ in range(first, following):
            yield count
        chunk = following


def _table(reader: BoundedReader, box: Box, row: str, at: int) -> tuple[int, ...]:
    """Return the numbers of a table that begins with its number of rows."""
    count = reader.number(box.body + at, 4)
    length = count * struct.calcsize(f">{row}")
    if box.body + at + 4 + length > box.end:
        raise UnreadableError("a table is longer than its box")
    return struct.unpack(f">{row * count}", reader.read(box.body + at + 4, length))
