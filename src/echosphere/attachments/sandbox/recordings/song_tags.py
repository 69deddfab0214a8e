"""What may stay of the tags of a sound: what names a published work, and its cover.

A recording that names no performer was made by somebody: of it nothing stays, for phones call
such recordings by the street in which they were made.
"""

from collections.abc import Iterable

from echosphere.attachments.sandbox.recordings.boxes import EMPTY, Box, children, empty
from echosphere.attachments.sandbox.recordings.source import MAX_TABLE, Overwrites, Source

PERFORMER = "artist"
FIELDS = frozenset(
    {
        PERFORMER, "title", "album", "albumartist", "composer", "genre", "tracknumber",
        "tracktotal", "discnumber", "disctotal", "lyricist", "conductor", "replaygain_track_gain",
        "replaygain_track_peak", "replaygain_album_gain", "replaygain_album_peak",
    }
)  # fmt: skip
ILST = {
    b"\xa9ART": PERFORMER, b"\xa9nam": "title", b"\xa9alb": "album", b"aART": "albumartist",
    b"\xa9wrt": "composer", b"\xa9gen": "genre", b"gnre": "genre", b"trkn": "tracknumber",
    b"disk": "discnumber",
}  # fmt: skip
CAMERA = (b"Exif\0", b"eXIf", b"EXIF", b"http://ns.adobe.com/", b"Photoshop 3.0", b"GPS")


def kept_comments(comments: Iterable[bytes]) -> list[bytes]:
    """Return those `NAME=value` comments (Vorbis, FLAC, Opus) that may stay."""
    named = [(one.partition(b"=")[0].decode("ascii", "replace").lower(), one) for one in comments]
    if PERFORMER not in {name for name, _ in named}:
        return []
    return [one for name, one in named if name in FIELDS]


def tells_of_a_camera(picture: bytes) -> bool:
    """Whether a cover has more in it than pixels."""
    return any(mark in picture for mark in CAMERA)


def clean_song_tags(source: Source, udta: Box, overwrites: Overwrites) -> None:
    """Clean the `udta` of a sound in MP4."""
    for box in children(source, udta.body, udta.end):
        if box.kind == b"meta":
            _clean_meta(source, box, overwrites)
        else:
            empty(box, overwrites)


def _clean_meta(source: Source, meta: Box, overwrites: Overwrites) -> None:
    for box in children(source, meta.body + 4, meta.end):
        if box.kind in EMPTY:
            overwrites.zero(box.body, box.end)
        elif box.kind == b"ilst":
            _clean_list(source, box, overwrites)
        elif box.kind != b"hdlr":
            empty(box, overwrites)


def _clean_list(source: Source, ilst: Box, overwrites: Overwrites) -> None:
    tags = list(children(source, ilst.body, ilst.end))
    is_work = any(ILST.get(tag.kind) == PERFORMER for tag in tags)
    for tag in tags:
        is_cover = tag.kind == b"covr" and tag.end - tag.body <= MAX_TABLE
        if is_cover:
            stays = not tells_of_a_camera(source.read(tag.body, tag.end - tag.body))
        else:
            stays = tag.kind in ILST
        if not (is_work and stays):
            empty(tag, overwrites)
