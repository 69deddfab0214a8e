"""Strips ISO base media files: boxes that are not known to be needed become free space."""

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo
from echosphere.media.sandbox.metadata.heif_items import strip_items
from echosphere.media.sandbox.metadata.iso_boxes import EMPTY, Box, make_free, read_box
from echosphere.media.sandbox.metadata.iso_tracks import Movie, strip_fragment, strip_movie

KEPT = frozenset(
    {b"moov", b"meta", b"ftyp", b"styp", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin", b"pssh"}
)
IMAGE_CODECS = frozenset({b"jpeg", b"png "})
"""The chapter images of an audiobook do not make it a video."""


def strip_iso_media(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Add the personal metadata to the patch, and return what the file is.

    Raises:
        UnreadableError: It cannot be parsed completely, or has data of unknown content.
    """
    boxes = _top_level(reader, patch)
    movie = _movie(reader, boxes, patch, is_audio=kind == "audio/mp4")
    metas = [strip_items(reader, box, patch) for box in boxes if box.kind == b"meta"]
    for box in boxes:
        _strip_top_level(reader, box, patch)
    if kind.startswith("image/"):
        if not any(metas) and movie is None:
            raise UnreadableError("there is no picture in it")
        return RecordingInfo(kind)
    if movie is None:
        raise UnreadableError("there is no list of tracks")
    return _info(movie, kind)


def _movie(
    reader: BoundedReader, boxes: list[Box], patch: FilePatch, *, is_audio: bool
) -> Movie | None:
    found = [box for box in boxes if box.kind == b"moov"]
    if len(found) > 1:
        raise UnreadableError("there is more than one list of tracks")
    if not found:
        return None
    movie = strip_movie(reader, found[0], patch, is_audio=is_audio)
    if movie.has_erased_tracks and any(box.kind == b"moof" for box in boxes):
        raise UnreadableError("data that cannot be judged lie in fragments")
    return movie


def _strip_top_level(reader: BoundedReader, box: Box, patch: FilePatch) -> None:
    if box.kind == b"moof":
        strip_fragment(reader, box, patch)
    elif box.kind in EMPTY:
        patch.fill(box.body, box.end)
    elif box.kind not in KEPT:
        make_free(box, patch)


def _top_level(reader: BoundedReader, patch: FilePatch) -> list[Box]:
    """Return all boxes of the file; what follows the last complete one is overwritten.

    A recorder that is switched off leaves media data that are shorter than declared.
    """
    found: list[Box] = []
    position = 0
    while position + 8 <= reader.size:
        box = read_box(reader, position, reader.size)
        if box is None and reader.read(position + 4, 4) == b"mdat":
            box = Box(b"mdat", position, position + 8, reader.size)
        if box is None:
            break
        found.append(box)
        position = box.end
    patch.fill(position, reader.size)
    if 8 <= reader.size - position < 2**32:
        patch.write(position, (reader.size - position).to_bytes(4) + b"free")
    return found


def _info(movie: Movie, kind: str) -> RecordingInfo:
    videos = [track for track in movie.tracks if track.handler == b"vide"]
    audios = [track for track in movie.tracks if track.handler == b"soun"]
    if not videos and not audios:
        raise UnreadableError("there is neither picture nor sound in it")
    if audios and all(track.codec in IMAGE_CODECS for track in videos):
        return RecordingInfo("audio/mp4", duration=movie.duration)
    video = max(videos, key=lambda track: track.width * track.height)
    shown = "video/mp4" if kind == "audio/mp4" else kind
    return RecordingInfo(shown, video.width or None, video.height or None, movie.duration)
