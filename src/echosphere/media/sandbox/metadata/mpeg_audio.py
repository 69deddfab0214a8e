"""Strips MP3 and AAC files, whose tags precede and follow the audio."""

from collections.abc import Iterator

from echosphere.media.sandbox.metadata.file_patch import (
    MAX_TABLE,
    BoundedReader,
    FilePatch,
    RecordingInfo,
)
from echosphere.media.sandbox.metadata.music_tags import has_camera_metadata

PERFORMER = b"TPE1"
FRAMES = frozenset(
    {
        PERFORMER, b"TIT1", b"TIT2", b"TIT3", b"TPE2", b"TPE3", b"TPE4", b"TALB", b"TRCK", b"TPOS",
        b"TCON", b"TCOM", b"TEXT", b"TBPM", b"TKEY", b"RVA2",
    }
)  # fmt: skip
COVER = b"APIC"
HEAD = 10


def strip_mpeg_audio(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Add the tags to the patch, except those that name a published work."""
    position = 0
    while position + HEAD <= reader.size and reader.read(position, 3) == b"ID3":
        position = _strip_tag(reader, position, patch)
    patch.truncate(_end_of_audio(reader, position))
    return RecordingInfo(kind)


def _strip_tag(reader: BoundedReader, position: int, patch: FilePatch) -> int:
    """Strip an ID3 tag of any version; return where it ends."""
    head = reader.read(position, HEAD)
    version, flags, body = head[3], head[5], position + HEAD
    end = min(body + _syncsafe_int(head[6:10]), reader.size)
    patch.fill(body, end)
    if version in (3, 4) and flags == 0 and end - body <= MAX_TABLE:
        frames = list(_frames(reader.read(body, end - body), version))
        if any(frame[:4] == PERFORMER for frame in frames):
            patch.write(body, b"".join(frame for frame in frames if _is_kept(frame)))
    footer = HEAD if version == 4 and flags & 0x10 else 0
    patch.fill(end, min(end + footer, reader.size))
    return min(end + footer, reader.size)


def _frames(tag: bytes, version: int) -> Iterator[bytes]:
    position = 0
    while position + HEAD <= len(tag) and tag[position : position + 4].isalnum():
        size = tag[position + 4 : position + 8]
        end = position + HEAD + (_syncsafe_int(size) if version == 4 else int.from_bytes(size))
        if end > len(tag):
            return
        yield tag[position:end]
        position = end


def _is_kept(frame: bytes) -> bool:
    # Compressed, encrypted and grouped frames are not parsed.
    if frame[9]:
        return False
    return frame[:4] in FRAMES or (frame[:4] == COVER and not has_camera_metadata(frame))


def _syncsafe_int(size: bytes) -> int:
    return sum((byte & 127) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))


def _end_of_audio(reader: BoundedReader, start: int) -> int:
    """Return where the audio ends and tags of ID3 1, Lyrics3 and APE begin."""
    end = reader.size
    while (shorter := _before_last_tag(reader, start, end)) < end:
        end = shorter
    return end


def _before_last_tag(reader: BoundedReader, start: int, end: int) -> int:
    if end - start >= 128 and reader.read(end - 128, 3) == b"TAG":
        return end - 128
    if end - start >= 32 and reader.read(end - 32, 8) == b"APETAGEX":
        size = max(32, int.from_bytes(reader.read(end - 20, 4), "little"))
        has_head = int.from_bytes(reader.read(end - 12, 4), "little") >> 31
        return max(start, end - size - 32 * has_head)
    if end - start >= 15 and reader.read(end - 9, 9) == b"LYRICS200":
        digits = reader.read(end - 15, 6)
        return max(start, end - 15 - int(digits)) if digits.isdigit() else end - 15
    return end
