"""Cleans Ogg files (RFC 3533): each stream in it has a packet of comments near its beginning."""

from dataclasses import dataclass, field

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.comments import cleaned_comments
from echosphere.attachments.sandbox.recordings.source import (
    MAX_TABLE,
    Facts,
    Overwrites,
    Source,
)

HEAD = 27
FIRST, CONTINUED = 2, 1
LEADS = {b"\x03vorbis": (7, b"\1"), b"OpusTags": (8, b""), b"\x81theora": (7, b"")}
PLAIN = b"Speex   "
FLAC = b"\x7fFLAC"
KNOWN = (b"\x01vorbis", b"OpusHead", b"\x80theora", PLAIN, FLAC)


@dataclass(slots=True)
class _Stream:
    """A stream: its first packet, the packet that is being read, and where its pieces lie."""

    first: bytes | None = None
    count: int = 0
    packet: bytearray = field(default_factory=bytearray)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    is_done: bool = False


def clean_ogg(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find the comments, and write others of the same length and new checksums.

    Raises:
        UnreadableError: It cannot be followed to its end, or has a stream that is not known.
    """
    reading = _Reading(source)
    reading.read()
    pages = {page for page, _, _ in reading.changes}
    for start in pages:
        page = bytearray(source.read(start, _page_size(source, start)))
        for at, place, content in reading.changes:
            if at == start:
                page[place - start : place - start + len(content)] = content
        page[22:26] = bytes(4)
        page[22:26] = _checksum(page).to_bytes(4, "little")
        overwrites.put(start, bytes(page))
    overwrites.cut(reading.end)
    has_film = any(first.startswith(b"\x80theora") for first in reading.beginnings)
    return Facts("video/ogg" if has_film else kind)


class _Reading:
    """Follows the pages of all streams.

    Attributes:
        changes: The page, the place and the bytes of what is to be written.
        beginnings: The first packets of all streams.
        end: Where the last whole page ends.
    """

    def __init__(self, source: Source) -> None:
        self.changes: list[tuple[int, int, bytes]] = []
        self.beginnings: list[bytes] = []
        self.end = 0
        self._source = source
        self._streams: dict[bytes, _Stream] = {}
        self._pages: dict[int, int] = {}

    def read(self) -> None:
        """Read all pages."""
        while self.end + HEAD <= self._source.size:
            self._source.count_part()
            size = _page_size(self._source, self.end)
            if self.end + size > self._source.size:
                break  # the recording was cut off
            self._read_page(self.end)
            self.end += size
        if any(not stream.is_done for stream in self._streams.values()) or not self._streams:
            raise UnreadableError("a stream ends before its comments do")

    def _read_page(self, start: int) -> None:
        head = self._source.read(start, HEAD)
        serial = head[14:18]
        if head[5] & FIRST:
            self._streams[serial] = _Stream()
        stream = self._streams.get(serial)
        if stream is None:
            raise UnreadableError("a stream has no beginning")
        if stream.is_done:
            return
        place = start + HEAD + head[26]
        for length in self._source.read(start + HEAD, head[26]):
            self._add(stream, start, place, length)
            place += length

    def _add(self, stream: _Stream, page: int, place: int, length: int) -> None:
        if stream.is_done:
            return
        stream.packet += self._source.read(place, length)
        stream.pieces.append((page, place))
        if len(stream.packet) > MAX_TABLE:
            raise UnreadableError("a packet is unreasonably long")
        if length < 255:
            self._finish_packet(stream)

    def _finish_packet(self, stream: _Stream) -> None:
        packet = bytes(stream.packet)
        if stream.first is None:
            stream.first = packet
            self.beginnings.append(packet)
            if not packet.startswith(KNOWN):
                raise UnreadableError("a stream is of an unknown kind")
        else:
            self._replace(stream, _cleaned(stream.first, packet))
            is_flac = stream.first.startswith(FLAC)
            stream.is_done = not is_flac or bool(packet[0] & 0x80)
        stream.packet.clear()
        stream.pieces.clear()

    def _replace(self, stream: _Stream, packet: bytes) -> None:
        done = 0
        for page, place in stream.pieces:
            self.changes.append((page, place, packet[done : done + 255]))
            done += 255


def _cleaned(first: bytes, packet: bytes) -> bytes:
    """Return what takes the place of a packet of comments."""
    if first.startswith(FLAC):
        if not packet or packet[0] == 0xFF:
            raise UnreadableError("a stream has no comments")
        kind, head = packet[0] & 0x7F, packet[:4]
        if kind == 4:
            return head + cleaned_comments(packet[4:])
        is_padding = kind not in (3, 5)
        return (
            bytes([packet[0] & 0x80 | 1]) + head[1:] + bytes(len(packet) - 4)
            if is_padding
            else packet
        )
    if first.startswith(PLAIN):
        return cleaned_comments(packet)
    for lead, (length, trail) in LEADS.items():
        if packet.startswith(lead):
            return cleaned_comments(packet, length, trail)
    raise UnreadableError("a stream has no comments")


def _page_size(source: Source, start: int) -> int:
    head = source.read(start, HEAD)
    if head[:4] != b"OggS" or head[4] != 0:
        raise UnreadableError("a page does not begin as it should")
    if start + HEAD + head[26] > source.size:
        return source.size - start + 1
    return HEAD + head[26] + sum(source.read(start + HEAD, head[26]))


def _table() -> list[int]:
    table = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return table


CHECKSUMS = _table()


def _checksum(page: bytearray) -> int:
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ CHECKSUMS[value >> 24 ^ byte]
    return value
