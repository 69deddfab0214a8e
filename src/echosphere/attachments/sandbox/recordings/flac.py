"""Cleans FLAC files (RFC 9639): a list of blocks stands before the sound."""

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.comments import cleaned_comments
from echosphere.attachments.sandbox.recordings.song_tags import tells_of_a_camera
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source

STREAM, PADDING, SEEK_TABLE, COMMENTS, CUES, COVER = 0, 1, 3, 4, 5, 6
LAST = 0x80


def clean_flac(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find what tells about the owner.

    Raises:
        UnreadableError: It cannot be followed to the beginning of the sound.
    """
    if source.read(0, 4) != b"fLaC":
        raise UnreadableError("it does not begin as it should")
    place, head, duration = 4, 0, None
    while not head & LAST:
        source.count_part()
        head, size = source.number(place, 1), source.number(place + 1, 3)
        if place + 4 + size > source.size:
            raise UnreadableError("a block goes beyond the end of the file")
        block = source.read(place + 4, size)
        if head & ~LAST == STREAM and size >= 18:
            duration = _duration(block)
        elif head & ~LAST == COMMENTS:
            overwrites.put(place + 4, cleaned_comments(block))
        elif not _may_stay(head & ~LAST, block):
            overwrites.put(place, bytes([head & LAST | PADDING]))
            overwrites.zero(place + 4, place + 4 + size)
        place += 4 + size
    return Facts(kind, duration=duration)


def _may_stay(block_kind: int, block: bytes) -> bool:
    if block_kind == COVER:
        return not tells_of_a_camera(block)
    return block_kind in (STREAM, SEEK_TABLE, CUES)


def _duration(stream: bytes) -> int | None:
    rate, samples = int.from_bytes(stream[10:13]) >> 4, int.from_bytes(stream[13:18]) & (2**36 - 1)
    return min(samples * 1000 // rate, 2**31 - 1) or None if rate else None
