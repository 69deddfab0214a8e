"""Strips Ogg files (RFC 3533), whose streams have a comment packet near their beginning."""

from dataclasses import dataclass, field

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import (
    MAX_TABLE,
    BoundedReader,
    FilePatch,
    RecordingInfo,
)
from echosphere.media.sandbox.metadata.vorbis_comments import filter_comment_packet

HEAD = 27
FIRST, CONTINUED = 2, 1
LEADS = {b"\x03vorbis": (7, b"\1"), b"OpusTags": (8, b""), b"\x81theora": (7, b"")}
SPEEX = b"Speex   "
FLAC = b"\x7fFLAC"
KNOWN = (b"\x01vorbis", b"OpusHead", b"\x80theora", SPEEX, FLAC)


@dataclass(slots=True)
class _Stream:
    """A stream: its first packet, the packet being read, and the page and position of its segments."""

    first: bytes | None = None
    count: int = 0
    packet: bytearray = field(default_factory=bytearray)
    lacing: list[tuple[int, int]] = field(default_factory=list)
    is_done: bool = False


def strip_ogg(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Replace comments by others of the same length, and update the checksums.

    Raises:
        UnreadableError: It cannot be parsed completely, or has a stream of an unknown codec.
    """
    pages_reader = _OggReader(reader)
    pages_reader.read()
    pages = {page for page, _, _ in pages_reader.changes}
    for start in pages:
        page = bytearray(reader.read(start, _page_size(reader, start)))
        for at, position, content in pages_reader.changes:
            if at == start:
                page[position - start : position - start + len(content)] = content
        page[22:26] = bytes(4)
        page[22:26] = _checksum(page).to_bytes(4, "little")
        patch.write(start, bytes(page))
    patch.truncate(pages_reader.end)
    has_video = any(first.startswith(b"\x80theora") for first in pages_reader.first_packets)
    return RecordingInfo("video/ogg" if has_video else kind)


class _OggReader:
    """Reads the pages of all streams.

    Attributes:
        changes: Page, position and content of the bytes to be written.
        beginnings: The first packet of each stream.
        end: Where the last complete page ends.
    """

    def __init__(self, reader: BoundedReader) -> None:
        self.changes: list[tuple[int, int, bytes]] = []
        self.first_packets: list[bytes] = []
        self.end = 0
        self._reader = reader
        self._streams: dict[bytes, _Stream] = {}
        self._pages: dict[int, int] = {}

    def read(self) -> None:
        """Read all pages."""
        while self.end + HEAD <= self._reader.size:
            self._reader.count_part()
            size = _page_size(self._reader, self.end)
            if self.end + size > self._reader.size:
                break  # the recording was cut off
            self._read_page(self.end)
            self.end += size
        if any(not stream.is_done for stream in self._streams.values()) or not self._streams:
            raise UnreadableError("a stream ends before its comments do")

    def _read_page(self, start: int) -> None:
        head = self._reader.read(start, HEAD)
        serial = head[14:18]
        if head[5] & FIRST:
            self._streams[serial] = _Stream()
        stream = self._streams.get(serial)
        if stream is None:
            raise UnreadableError("a stream has no beginning")
        if stream.is_done:
            return
        position = start + HEAD + head[26]
        for length in self._reader.read(start + HEAD, head[26]):
            self._add(stream, start, position, length)
            position += length

    def _add(self, stream: _Stream, page: int, position: int, length: int) -> None:
        if stream.is_done:
            return
        stream.packet += self._reader.read(position, length)
        stream.lacing.append((page, position))
        if len(stream.packet) > MAX_TABLE:
            raise UnreadableError("a packet is unreasonably long")
        if length < 255:
            self._finish_packet(stream)

    def _finish_packet(self, stream: _Stream) -> None:
        packet = bytes(stream.packet)
        if stream.first is None:
            stream.first = packet
            self.first_packets.append(packet)
            if not packet.startswith(KNOWN):
                raise UnreadableError("a stream is of an unknown kind")
        else:
            self._replace(stream, _filter_packet(stream.first, packet))
            is_flac = stream.first.startswith(FLAC)
            stream.is_done = not is_flac or bool(packet[0] & 0x80)
        stream.packet.clear()
        stream.lacing.clear()

    def _replace(self, stream: _Stream, packet: bytes) -> None:
        done = 0
        for page, position in stream.lacing:
            self.changes.append((page, position, packet[done : done + 255]))
            done += 255


def _filter_packet(first: bytes, packet: bytes) -> bytes:
    """Return the replacement of a comment packet."""
    if first.startswith(FLAC):
        if not packet or packet[0] == 0xFF:
            raise UnreadableError("a stream has no comments")
        kind, head = packet[0] & 0x7F, packet[:4]
        if kind == 4:
            return head + filter_comment_packet(packet[4:])
        is_padding = kind not in (3, 5)
        return (
            bytes([packet[0] & 0x80 | 1]) + head[1:] + bytes(len(packet) - 4)
            if is_padding
            else packet
        )
    if first.startswith(SPEEX):
        return filter_comment_packet(packet)
    for lead, (length, trail) in LEADS.items():
        if packet.startswith(lead):
            return filter_comment_packet(packet, length, trail)
    raise UnreadableError("a stream has no comments")


def _page_size(reader: BoundedReader, start: int) -> int:
    head = reader.read(start, HEAD)
    if head[:4] != b"OggS" or head[4] != 0:
        raise UnreadableError("a page does not begin as it should")
    if start + HEAD + head[26] > reader.size:
        return reader.size - start + 1
    return HEAD + head[26] + sum(reader.read(start + HEAD, head[26]))


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
