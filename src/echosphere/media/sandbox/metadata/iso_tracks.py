"""Strips the `moov` box of an ISO base media file, and reads the properties of its tracks."""

from dataclasses import dataclass, field
from typing import NamedTuple

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch
from echosphere.media.sandbox.metadata.iso_boxes import EMPTY, Box, iterate_boxes, make_free
from echosphere.media.sandbox.metadata.iso_samples import erase_samples
from echosphere.media.sandbox.metadata.music_tags import strip_music_tags

LISTS: dict[bytes, frozenset[bytes]] = {
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods", b"pssh"}),
    b"trak": frozenset(
        {b"tkhd", b"tapt", b"edts", b"tref", b"mdia", b"trgr", b"clip", b"matt", b"load", b"imap"}
    ),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset(
        {b"vmhd", b"smhd", b"sthd", b"nmhd", b"gmhd", b"hmhd", b"hdlr", b"dinf", b"stbl"}
    ),
    b"stbl": frozenset(
        {
            b"stsd", b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stco", b"co64",
            b"stss", b"stsh", b"padb", b"stdp", b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz",
            b"saio", b"stps",
        }
    ),
    b"mvex": frozenset({b"mehd", b"trex", b"leva"}),
    b"moof": frozenset({b"mfhd", b"traf", b"pssh"}),
    b"traf": frozenset(
        {
            b"tfhd", b"tfdt", b"trun", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio", b"sdtp",
            b"senc",
        }
    ),
}  # fmt: skip
"""The children that are kept, by type of the parent box."""

TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
PLAYABLE = frozenset(
    {b"vide", b"soun", b"auxv", b"pict", b"text", b"sbtl", b"subt", b"subp", b"clcp"}
)
"""Tracks of other types hold positions, camera movements or times, and are erased."""


class Track(NamedTuple):
    """A track: its handler, its codec, and its size as displayed."""

    handler: bytes
    codec: bytes
    width: int
    height: int


@dataclass(slots=True)
class Movie:
    """The kept tracks, whether others were erased, and the duration in milliseconds."""

    tracks: list[Track] = field(default_factory=list)
    has_erased_tracks: bool = False
    duration: int | None = None


def strip_movie(reader: BoundedReader, moov: Box, patch: FilePatch, *, is_audio: bool) -> Movie:
    """Strip a `moov` box; tags that name a published work are kept in audio files.

    Raises:
        UnreadableError: It cannot be parsed, or has data of unknown content.
    """
    movie = Movie()
    boxes = list(iterate_boxes(reader, moov.body, moov.end))
    kinds = {box.kind for box in boxes}
    if b"cmov" in kinds:
        raise UnreadableError("the list of tracks is compressed")
    tracks = {box: _parts(reader, box) for box in boxes if box.kind == b"trak"}
    dropped = [box for box, parts in tracks.items() if _handler(reader, parts) not in PLAYABLE]
    movie.has_erased_tracks = bool(dropped)
    if dropped and b"mvex" in kinds:
        raise UnreadableError("data that cannot be judged lie in fragments")
    for box in boxes:
        if box in dropped:
            erase_samples(reader, tracks[box], patch)
            make_free(box, patch)
        elif box.kind == b"udta" and is_audio:
            strip_music_tags(reader, box, patch)
        else:
            _strip_box(reader, box, b"moov", patch)
    for box, parts in tracks.items():
        if box not in dropped:
            movie.tracks.append(_track(reader, parts))
            if dropped and b"tref" in parts:
                make_free(parts[b"tref"], patch)  # it may refer to erased tracks
    movie.duration = _duration(reader, boxes)
    return movie


def strip_fragment(reader: BoundedReader, moof: Box, patch: FilePatch) -> None:
    """Clean a `moof`."""
    for box in iterate_boxes(reader, moof.body, moof.end):
        _strip_box(reader, box, b"moof", patch)


def _strip_box(reader: BoundedReader, box: Box, inside: bytes, patch: FilePatch) -> None:
    """Follow the lists that are known; how deep they lie in each other is fixed by the table."""
    if box.kind in EMPTY:
        patch.fill(box.body, box.end)
    elif box.kind not in LISTS[inside]:
        make_free(box, patch)
    elif box.kind in LISTS:
        for child in iterate_boxes(reader, box.body, box.end):
            _strip_box(reader, child, box.kind, patch)
    elif box.kind in TIMED:
        # When it was made and changed: four bytes each, or eight.
        patch.fill(box.body + 4, box.body + (20 if _version(reader, box) else 12))
    elif box.kind == b"hdlr":
        patch.fill(box.body + 12, box.end)  # what the device calls itself
    elif box.kind == b"stsd":
        _clean_descriptions(reader, box, patch)


def _clean_descriptions(reader: BoundedReader, stsd: Box, patch: FilePatch) -> None:
    """Overwrite the maker and the name of the encoder, where pictures are described."""
    for entry in iterate_boxes(reader, stsd.body + 8, stsd.end):
        if entry.end - entry.body >= 78 and reader.read(entry.start + 48, 2) == b"\0\1":
            patch.fill(entry.start + 20, entry.start + 24)
            patch.fill(entry.start + 50, entry.start + 82)


def _parts(reader: BoundedReader, trak: Box) -> dict[bytes, Box]:
    """Return the boxes of a track by their kinds, through all lists; the first of a kind counts."""
    found: dict[bytes, Box] = {}
    lists = [trak]
    while lists:
        for box in iterate_boxes(reader, (one := lists.pop()).body, one.end):
            if box.kind == b"hdlr" and one.kind != b"mdia":
                continue  # QuickTime has a second one for file references
            found.setdefault(box.kind, box)
            if box.kind in LISTS and box.kind in LISTS[one.kind]:
                lists.append(box)
    return found


def _handler(reader: BoundedReader, parts: dict[bytes, Box]) -> bytes:
    if not {b"tkhd", b"hdlr", b"stsd"} <= parts.keys():
        raise UnreadableError("a track lacks what describes it")
    return reader.read(parts[b"hdlr"].body + 8, 4)


def _track(reader: BoundedReader, parts: dict[bytes, Box]) -> Track:
    stsd, tkhd = parts[b"stsd"], parts[b"tkhd"]
    codec = reader.read(stsd.body + 12, 4) if stsd.end - stsd.body >= 16 else b""
    after_times = tkhd.body + (52 if _version(reader, tkhd) else 40)
    matrix = reader.read(after_times, 36)
    width, height = (
        reader.number(after_times + 36, 4) >> 16,
        reader.number(after_times + 40, 4) >> 16,
    )
    straight, turned = (abs(int.from_bytes(matrix[at : at + 4], signed=True)) for at in (0, 4))
    if turned > straight:
        width, height = height, width
    return Track(_handler(reader, parts), codec, min(width, 65535), min(height, 65535))


def _duration(reader: BoundedReader, boxes: list[Box]) -> int | None:
    head = next((box for box in boxes if box.kind == b"mvhd"), None)
    if head is None:
        return None
    wide = bool(_version(reader, head))
    at = head.body + (20 if wide else 12)
    scale, length = reader.number(at, 4), reader.number(at + 4, 8 if wide else 4)
    extended = next((box for box in boxes if box.kind == b"mvex"), None)
    if extended is not None and not length:
        length = _fragmented_length(reader, extended)
    unknown = not scale or length in (0, 2**32 - 1, 2**64 - 1)
    return None if unknown else min(length * 1000 // scale, 2**31 - 1)


def _fragmented_length(reader: BoundedReader, mvex: Box) -> int:
    for box in iterate_boxes(reader, mvex.body, mvex.end):
        if box.kind == b"mehd":
            return reader.number(box.body + 4, 8 if _version(reader, box) else 4)
    return 0


def _version(reader: BoundedReader, box: Box) -> int:
    return reader.number(box.body, 1)
