"""Cleans MP3 and AAC files: their tags stand before and behind the sound."""

from collections.abc import Iterator

from echosphere.attachments.sandbox.recordings.song_tags import tells_of_a_camera
from echosphere.attachments.sandbox.recordings.source import MAX_TABLE, Facts, Overwrites, Source

PERFORMER = b"TPE1"
FRAMES = frozenset(
    {
        PERFORMER, b"TIT1", b"TIT2", b"TIT3", b"TPE2", b"TPE3", b"TPE4", b"TALB", b"TRCK", b"TPOS",
        b"TCON", b"TCOM", b"TEXT", b"TBPM", b"TKEY", b"RVA2",
    }
)  # fmt: skip
COVER = b"APIC"
HEAD = 10


def clean_mpeg(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find the tags: what names a work stays, all else goes."""
    place = 0
    while place + HEAD <= source.size and source.read(place, 3) == b"ID3":
        place = _clean_tag(source, place, overwrites)
    overwrites.cut(_end_of_sound(source, place))
    return Facts(kind)


def _clean_tag(source: Source, place: int, overwrites: Overwrites) -> int:
    """Clean an ID3 tag of any version; return where it ends."""
    head = source.read(place, HEAD)
    version, flags, body = head[3], head[5], place + HEAD
    end = min(body + _seven_bits(head[6:10]), source.size)
    overwrites.zero(body, end)
    if version in (3, 4) and flags == 0 and end - body <= MAX_TABLE:
        frames = list(_frames(source.read(body, end - body), version))
        if any(frame[:4] == PERFORMER for frame in frames):
            overwrites.put(body, b"".join(frame for frame in frames if _may_stay(frame)))
    footer = HEAD if version == 4 and flags & 0x10 else 0
    overwrites.zero(end, min(end + footer, source.size))
    return min(end + footer, source.size)


def _frames(tag: bytes, version: int) -> Iterator[bytes]:
    place = 0
    while place + HEAD <= len(tag) and tag[place : place + 4].isalnum():
        size = tag[place + 4 : place + 8]
        end = place + HEAD + (_seven_bits(size) if version == 4 else int.from_bytes(size))
        if end > len(tag):
            return
        yield tag[place:end]
        place = end


def _may_stay(frame: bytes) -> bool:
    # What is packed, ciphered or grouped is not looked into.
    if frame[9]:
        return False
    return frame[:4] in FRAMES or (frame[:4] == COVER and not tells_of_a_camera(frame))


def _seven_bits(size: bytes) -> int:
    return sum((byte & 127) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))


def _end_of_sound(source: Source, start: int) -> int:
    """Return where the sound ends and tags of ID3 1, Lyrics3 and APE begin."""
    end = source.size
    while (shorter := _before_last_tag(source, start, end)) < end:
        end = shorter
    return end


def _before_last_tag(source: Source, start: int, end: int) -> int:
    if end - start >= 128 and source.read(end - 128, 3) == b"TAG":
        return end - 128
    if end - start >= 32 and source.read(end - 32, 8) == b"APETAGEX":
        size = max(32, int.from_bytes(source.read(end - 20, 4), "little"))
        has_head = int.from_bytes(source.read(end - 12, 4), "little") >> 31
        return max(start, end - size - 32 * has_head)
    if end - start >= 15 and source.read(end - 9, 9) == b"LYRICS200":
        digits = source.read(end - 15, 6)
        return max(start, end - 15 - int(digits)) if digits.isdigit() else end - 15
    return end
