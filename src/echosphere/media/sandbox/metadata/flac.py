"""Strips FLAC files (RFC 9639), whose metadata blocks precede the audio."""

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo
from echosphere.media.sandbox.metadata.music_tags import has_camera_metadata
from echosphere.media.sandbox.metadata.vorbis_comments import filter_comment_packet

STREAM, PADDING, SEEK_TABLE, COMMENTS, CUES, COVER = 0, 1, 3, 4, 5, 6
LAST = 0x80


def strip_flac(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Add the personal metadata to the patch.

    Raises:
        UnreadableError: It cannot be parsed up to the audio.
    """
    if reader.read(0, 4) != b"fLaC":
        raise UnreadableError("it does not begin as it should")
    position, head, duration = 4, 0, None
    while not head & LAST:
        reader.count_part()
        head, size = reader.number(position, 1), reader.number(position + 1, 3)
        if position + 4 + size > reader.size:
            raise UnreadableError("a block goes beyond the end of the file")
        block = reader.read(position + 4, size)
        if head & ~LAST == STREAM and size >= 18:
            duration = _duration(block)
        elif head & ~LAST == COMMENTS:
            patch.write(position + 4, filter_comment_packet(block))
        elif not _is_kept(head & ~LAST, block):
            patch.write(position, bytes([head & LAST | PADDING]))
            patch.fill(position + 4, position + 4 + size)
        position += 4 + size
    return RecordingInfo(kind, duration=duration)


def _is_kept(block_kind: int, block: bytes) -> bool:
    if block_kind == COVER:
        return not has_camera_metadata(block)
    return block_kind in (STREAM, SEEK_TABLE, CUES)


def _duration(stream: bytes) -> int | None:
    rate, samples = int.from_bytes(stream[10:13]) >> 4, int.from_bytes(stream[13:18]) & (2**36 - 1)
    return min(samples * 1000 // rate, 2**31 - 1) or None if rate else None
