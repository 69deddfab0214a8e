"""Cleans the list of tracks of an ISO base media file, and reads what the tracks are."""

from dataclasses import dataclass, field
from typing import NamedTuple

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.boxes import EMPTY, Box, children, empty
from echosphere.attachments.sandbox.recordings.samples import empty_samples
from echosphere.attachments.sandbox.recordings.song_tags import clean_song_tags
from echosphere.attachments.sandbox.recordings.source import Overwrites, Source

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
"""What is kept in which box; all of these boxes are lists of boxes themselves."""

TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
SEEN_AND_HEARD = frozenset(
    {b"vide", b"soun", b"auxv", b"pict", b"text", b"sbtl", b"subt", b"subp", b"clcp"}
)
"""Tracks of other kinds hold positions, movements of the camera, hours: they are emptied."""


class Track(NamedTuple):
    """A track: what handles it, its codec, and its size as displayed."""

    handler: bytes
    codec: bytes
    width: int
    height: int


@dataclass(slots=True)
class Movie:
    """All tracks that stay; `emptied` says that there were others. The duration in milliseconds."""

    tracks: list[Track] = field(default_factory=list)
    emptied: bool = False
    duration: int | None = None


def clean_movie(source: Source, moov: Box, overwrites: Overwrites, *, is_sound: bool) -> Movie:
    """Clean a `moov`; of a sound what names the work may stay.

    Raises:
        UnreadableError: It cannot be followed, or has data that cannot be judged.
    """
    movie = Movie()
    boxes = list(children(source, moov.body, moov.end))
    kinds = {box.kind for box in boxes}
    if b"cmov" in kinds:
        raise UnreadableError("the list of tracks is compressed")
    tracks = {box: _parts(source, box) for box in boxes if box.kind == b"trak"}
    dropped = [
        box for box, parts in tracks.items() if _handler(source, parts) not in SEEN_AND_HEARD
    ]
    movie.emptied = bool(dropped)
    if dropped and b"mvex" in kinds:
        raise UnreadableError("data that cannot be judged lie in fragments")
    for box in boxes:
        if box in dropped:
            empty_samples(source, tracks[box], overwrites)
            empty(box, overwrites)
        elif box.kind == b"udta" and is_sound:
            clean_song_tags(source, box, overwrites)
        else:
            _clean(source, box, b"moov", overwrites)
    for box, parts in tracks.items():
        if box not in dropped:
            movie.tracks.append(_track(source, parts))
            if dropped and b"tref" in parts:
                empty(parts[b"tref"], overwrites)  # it may speak of tracks that are gone
    movie.duration = _duration(source, boxes)
    return movie


def clean_fragment(source: Source, moof: Box, overwrites: Overwrites) -> None:
    """Clean a `moof`."""
    for box in children(source, moof.body, moof.end):
        _clean(source, box, b"moof", overwrites)


def _clean(source: Source, box: Box, inside: bytes, overwrites: Overwrites) -> None:
    """Follow the lists that are known; how deep they lie in each other is fixed by the table."""
    if box.kind in EMPTY:
        overwrites.zero(box.body, box.end)
    elif box.kind not in LISTS[inside]:
        empty(box, overwrites)
    elif box.kind in LISTS:
        for child in children(source, box.body, box.end):
            _clean(source, child, box.kind, overwrites)
    elif box.kind in TIMED:
        # When it was made and changed: four bytes each, or eight.
        overwrites.zero(box.body + 4, box.body + (20 if _version(source, box) else 12))
    elif box.kind == b"hdlr":
        overwrites.zero(box.body + 12, box.end)  # what the device calls itself
    elif box.kind == b"stsd":
        _clean_descriptions(source, box, overwrites)


def _clean_descriptions(source: Source, stsd: Box, overwrites: Overwrites) -> None:
    """Overwrite the maker and the name of the encoder, where pictures are described."""
    for entry in children(source, stsd.body + 8, stsd.end):
        if entry.end - entry.body >= 78 and source.read(entry.start + 48, 2) == b"\0\1":
            overwrites.zero(entry.start + 20, entry.start + 24)
            overwrites.zero(entry.start + 50, entry.start + 82)


def _parts(source: Source, trak: Box) -> dict[bytes, Box]:
    """Return the boxes of a track by their kinds, through all lists; the first of a kind counts."""
    found: dict[bytes, Box] = {}
    lists = [trak]
    while lists:
        for box in children(source, (one := lists.pop()).body, one.end):
            if box.kind == b"hdlr" and one.kind != b"mdia":
                continue  # QuickTime has a second one that speaks of files
            found.setdefault(box.kind, box)
            if box.kind in LISTS and box.kind in LISTS[one.kind]:
                lists.append(box)
    return found


def _handler(source: Source, parts: dict[bytes, Box]) -> bytes:
    if not {b"tkhd", b"hdlr", b"stsd"} <= parts.keys():
        raise UnreadableError("a track lacks what describes it")
    return source.read(parts[b"hdlr"].body + 8, 4)


def _track(source: Source, parts: dict[bytes, Box]) -> Track:
    stsd, tkhd = parts[b"stsd"], parts[b"tkhd"]
    codec = source.read(stsd.body + 12, 4) if stsd.end - stsd.body >= 16 else b""
    after_times = tkhd.body + (52 if _version(source, tkhd) else 40)
    matrix = source.read(after_times, 36)
    width, height = (
        source.number(after_times + 36, 4) >> 16,
        source.number(after_times + 40, 4) >> 16,
    )
    straight, turned = (abs(int.from_bytes(matrix[at : at + 4], signed=True)) for at in (0, 4))
    if turned > straight:
        width, height = height, width
    return Track(_handler(source, parts), codec, min(width, 65535), min(height, 65535))


def _duration(source: Source, boxes: list[Box]) -> int | None:
    head = next((box for box in boxes if box.kind == b"mvhd"), None)
    if head is None:
        return None
    wide = bool(_version(source, head))
    at = head.body + (20 if wide else 12)
    scale, length = source.number(at, 4), source.number(at + 4, 8 if wide else 4)
    extended = next((box for box in boxes if box.kind == b"mvex"), None)
    if extended is not None and not length:
        length = _fragmented_length(source, extended)
    unknown = not scale or length in (0, 2**32 - 1, 2**64 - 1)
    return None if unknown else min(length * 1000 // scale, 2**31 - 1)


def _fragmented_length(source: Source, mvex: Box) -> int:
    for box in children(source, mvex.body, mvex.end):
        if box.kind == b"mehd":
            return source.number(box.body + 4, 8 if _version(source, box) else 4)
    return 0


def _version(source: Source, box: Box) -> int:
    return source.number(box.body, 1)
