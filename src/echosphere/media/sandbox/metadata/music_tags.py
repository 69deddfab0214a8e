"""The tags of audio files that are kept: those that name a published work, and its cover.

A file without a performer is a private recording and keeps no tags: phones put the name of the street
where it was made into its title.
"""

from collections.abc import Iterable

from echosphere.media.sandbox.metadata.file_patch import MAX_TABLE, BoundedReader, FilePatch
from echosphere.media.sandbox.metadata.iso_boxes import EMPTY, Box, iterate_boxes, make_free

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
CAMERA_MARKERS = (b"Exif\0", b"eXIf", b"EXIF", b"http://ns.adobe.com/", b"Photoshop 3.0", b"GPS")


def filter_comments(comments: Iterable[bytes]) -> list[bytes]:
    """Return the `NAME=value` comments (Vorbis, FLAC, Opus) that are kept."""
    named = [(one.partition(b"=")[0].decode("ascii", "replace").lower(), one) for one in comments]
    if PERFORMER not in {name for name, _ in named}:
        return []
    return [one for name, one in named if name in FIELDS]


def has_camera_metadata(picture: bytes) -> bool:
    """Whether a cover image holds Exif, XMP or the like."""
    return any(mark in picture for mark in CAMERA_MARKERS)


def strip_music_tags(reader: BoundedReader, udta: Box, patch: FilePatch) -> None:
    """Strip the `udta` box of an MP4 audio file."""
    for box in iterate_boxes(reader, udta.body, udta.end):
        if box.kind == b"meta":
            _strip_meta(reader, box, patch)
        else:
            make_free(box, patch)


def _strip_meta(reader: BoundedReader, meta: Box, patch: FilePatch) -> None:
    for box in iterate_boxes(reader, meta.body + 4, meta.end):
        if box.kind in EMPTY:
            patch.fill(box.body, box.end)
        elif box.kind == b"ilst":
            _strip_ilst(reader, box, patch)
        elif box.kind != b"hdlr":
            make_free(box, patch)


def _strip_ilst(reader: BoundedReader, ilst: Box, patch: FilePatch) -> None:
    tags = list(iterate_boxes(reader, ilst.body, ilst.end))
    is_work = any(ILST.get(tag.kind) == PERFORMER for tag in tags)
    for tag in tags:
        is_cover = tag.kind == b"covr" and tag.end - tag.body <= MAX_TABLE
        if is_cover:
            stays = not has_camera_metadata(reader.read(tag.body, tag.end - tag.body))
        else:
            stays = tag.kind in ILST
        if not (is_work and stays):
            make_free(tag, patch)
