"""Cleans an ISO base media file: what is not known to be needed for playing becomes free space."""

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.boxes import EMPTY, Box, empty, read_box
from echosphere.attachments.sandbox.recordings.items import clean_items
from echosphere.attachments.sandbox.recordings.movie import Movie, clean_fragment, clean_movie
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source

KEPT = frozenset(
    {b"moov", b"meta", b"ftyp", b"styp", b"mdat", b"mfra", b"sidx", b"ssix", b"pdin", b"pssh"}
)
PICTURE_CODECS = frozenset({b"jpeg", b"png "})
"""Pictures of chapters in a book that is read aloud do not make it a film."""


def clean_iso(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find what tells about the owner, and what the file consists of.

    Raises:
        UnreadableError: It cannot be followed to its end, or has data that cannot be judged.
    """
    boxes = _top_level(source, overwrites)
    movie = _movie(source, boxes, overwrites, is_sound=kind == "audio/mp4")
    metas = [clean_items(source, box, overwrites) for box in boxes if box.kind == b"meta"]
    for box in boxes:
        _clean_other(source, box, overwrites)
    if kind.startswith("image/"):
        if not any(metas) and movie is None:
            raise UnreadableError("there is no picture in it")
        return Facts(kind)
    if movie is None:
        raise UnreadableError("there is no list of tracks")
    return _facts(movie, kind)


def _movie(
    source: Source, boxes: list[Box], overwrites: Overwrites, *, is_sound: bool
) -> Movie | None:
    found = [box for box in boxes if box.kind == b"moov"]
    if len(found) > 1:
        raise UnreadableError("there is more than one list of tracks")
    if not found:
        return None
    movie = clean_movie(source, found[0], overwrites, is_sound=is_sound)
    if movie.emptied and any(box.kind == b"moof" for box in boxes):
        raise UnreadableError("data that cannot be judged lie in fragments")
    return movie


def _clean_other(source: Source, box: Box, overwrites: Overwrites) -> None:
    if box.kind == b"moof":
        clean_fragment(source, box, overwrites)
    elif box.kind in EMPTY:
        overwrites.zero(box.body, box.end)
    elif box.kind not in KEPT:
        empty(box, overwrites)


def _top_level(source: Source, overwrites: Overwrites) -> list[Box]:
    """Return all boxes of the file; what follows the last whole one is overwritten.

    Recorders that are switched off in the middle leave media data that say they are longer.
    """
    found: list[Box] = []
    place = 0
    while place + 8 <= source.size:
        box = read_box(source, place, source.size)
        if box is None and source.read(place + 4, 4) == b"mdat":
            box = Box(b"mdat", place, place + 8, source.size)
        if box is None:
            break
        found.append(box)
        place = box.end
    overwrites.zero(place, source.size)
    if 8 <= source.size - place < 2**32:
        overwrites.put(place, (source.size - place).to_bytes(4) + b"free")
    return found


def _facts(movie: Movie, kind: str) -> Facts:
    films = [track for track in movie.tracks if track.handler == b"vide"]
    sounds = [track for track in movie.tracks if track.handler == b"soun"]
    if not films and not sounds:
        raise UnreadableError("there is neither picture nor sound in it")
    if sounds and all(track.codec in PICTURE_CODECS for track in films):
        return Facts("audio/mp4", duration=movie.duration)
    film = max(films, key=lambda track: track.width * track.height)
    shown = "video/mp4" if kind == "audio/mp4" else kind
    return Facts(shown, film.width or None, film.height or None, movie.duration)
