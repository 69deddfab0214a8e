"""Strips Matroska and WebM files (RFC 9559): personal metadata becomes void elements."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo

EBML, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
SEEK_HEAD, CUES, CHAPTERS = 0x114D9B74, 0x1C53BB6B, 0x1043A770
VOID, CHECKSUM, DOC_TYPE = 0xEC, 0xBF, 0x4282
SCALE, LENGTH, MUXER, WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
TRACK, TRACK_KIND, TRACK_NAME, PICTURE = 0xAE, 0x83, 0x536E, 0xE0
WIDTH, HEIGHT, SHOWN_WIDTH, SHOWN_HEIGHT = 0xB0, 0xBA, 0x54B0, 0x54BA
VIDEO, AUDIO = 1, 2
KEPT = frozenset({SEEK_HEAD, CUES, CHAPTERS, CLUSTER, TRACKS, INFO})
PLAYABLE = frozenset({VIDEO, AUDIO, 3, 0x10, 0x11, 0x12})
UNKNOWN = -1


class Element(NamedTuple):
    """An element; `end` is `UNKNOWN` in a live recording."""

    id: int
    start: int
    body: int
    end: int


def strip_matroska(reader: BoundedReader, patch: FilePatch, _kind: str) -> RecordingInfo:
    """Add the personal metadata to the patch, and return what the file is.

    Raises:
        UnreadableError: It cannot be parsed completely, or has data of unknown content.
    """
    head = _element(reader, 0, reader.size)
    segment = _element(reader, head.end, reader.size)
    if head.id != EBML or segment.id != SEGMENT:
        raise UnreadableError("it does not begin as it should")
    names = [one for one in _children(reader, head) if one.id == DOC_TYPE]
    doc_type = reader.read(names[0].body, names[0].end - names[0].body) if names else b"matroska"
    end = reader.size if segment.end == UNKNOWN else segment.end
    patch.fill(end, reader.size)
    stripper = _SegmentStripper(reader, patch)
    stripper.read(segment._replace(end=end))
    return stripper.info("webm" if doc_type.rstrip(b"\0") == b"webm" else "x-matroska")


class _SegmentStripper:
    """Strips a segment in one pass, and collects its properties."""

    def __init__(self, reader: BoundedReader, patch: FilePatch) -> None:
        self._reader = reader
        self._patch = patch
        self._kinds: set[int] = set()
        self._size: tuple[int, int] = (0, 0)
        self._scale = 1_000_000
        self._length = 0.0

    def info(self, container: str) -> RecordingInfo:
        """Return what the file is."""
        if not self._kinds & {VIDEO, AUDIO}:
            raise UnreadableError("there is neither picture nor sound in it")
        length = self._length * self._scale / 1_000_000
        duration = int(length) if 0 < length < 2**31 else None
        if VIDEO not in self._kinds:
            return RecordingInfo(f"audio/{container}", duration=duration)
        width, height = (min(side, 65535) or None for side in self._size)
        return RecordingInfo(f"video/{container}", width, height, duration)

    def read(self, segment: Element) -> None:
        """Strip the elements of a segment, level by level."""
        position = segment.body
        while position < segment.end:
            element = _element(self._reader, position, segment.end)
            if element.end == UNKNOWN:
                if element.id != CLUSTER:
                    raise UnreadableError("an element does not say where it ends")
                position = element.body  # its children follow as if they were its siblings
                continue
            self._strip_element(element)
            position = element.end

    def _strip_element(self, element: Element) -> None:
        if element.id == INFO:
            self._strip_info(element)
        elif element.id == TRACKS:
            self._strip_tracks(element)
        elif element.id == VOID:
            self._patch.fill(element.body, element.end)
        elif element.id not in KEPT and element.id not in IN_CLUSTER:
            make_void(element, self._patch)

    def _strip_info(self, info: Element) -> None:
        for element in _children(self._reader, info):
            if element.id == SCALE:
                self._scale = self._number(element)
            elif element.id == LENGTH:
                self._length = self._real(element)
            elif element.id in (MUXER, WRITER):  # both must be there
                self._patch.fill(element.body, element.end)
            else:
                make_void(element, self._patch)

    def _strip_tracks(self, tracks: Element) -> None:
        for element in _children(self._reader, tracks):
            if element.id == TRACK:
                self._strip_track(element)
            else:
                make_void(element, self._patch)

    def _strip_track(self, track: Element) -> None:
        for element in _children(self._reader, track):
            if element.id == TRACK_KIND:
                self._kinds.add(self._number(element))
            elif element.id == PICTURE:
                self._size = max(self._size, self._shown_size(element))
            elif element.id in (TRACK_NAME, CHECKSUM, VOID):
                make_void(element, self._patch)
        if self._kinds - PLAYABLE:
            raise UnreadableError("it has data that cannot be judged")

    def _shown_size(self, picture: Element) -> tuple[int, int]:
        numbers = {
            one.id: self._number(one)
            for one in _children(self._reader, picture)
            if one.id in (WIDTH, HEIGHT, SHOWN_WIDTH, SHOWN_HEIGHT)
        }
        width = numbers.get(SHOWN_WIDTH) or numbers.get(WIDTH, 0)
        return width, numbers.get(SHOWN_HEIGHT) or numbers.get(HEIGHT, 0)

    def _number(self, element: Element) -> int:
        if element.end - element.body > 8:
            raise UnreadableError("a number is too long")
        return self._reader.number(element.body, element.end - element.body)

    def _real(self, element: Element) -> float:
        content = self._reader.read(element.body, min(element.end - element.body, 16))
        forms = {4: ">f", 8: ">d"}
        if len(content) not in forms:
            return 0.0
        value: float = struct.unpack(forms[len(content)], content)[0]
        return value if value == value else 0.0  # noqa: PLR0124 - NaN differs from itself


IN_CLUSTER = frozenset({0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0xAF, 0x5854})
"""Children of a cluster of unknown size: time, blocks, positions."""


def make_void(element: Element, patch: FilePatch) -> None:
    """Turn an element into a void element of the same length."""
    rest = element.end - element.start - 2
    length = bytes([0x80 | rest]) if rest < 127 else b"\1" + (rest - 7).to_bytes(7)
    patch.fill(element.start, element.end)
    patch.write(element.start, bytes([VOID]) + length)


def _children(reader: BoundedReader, parent: Element) -> Iterator[Element]:
    position = parent.body
    while position < parent.end:
        element = _element(reader, position, parent.end)
        if element.end == UNKNOWN:
            raise UnreadableError("an element does not say where it ends")
        yield element
        position = element.end


def _element(reader: BoundedReader, start: int, end: int) -> Element:
    reader.count_part()
    identity = _length_of_number(reader, start, 4)
    body = start + identity
    digits = _length_of_number(reader, body, 8)
    size = reader.number(body, digits) & ~(1 << 7 * digits)
    after = body + digits + size
    if size == (1 << 7 * digits) - 1:
        return Element(reader.number(start, identity), start, body + digits, UNKNOWN)
    if after > end:
        raise UnreadableError("an element is longer than what it lies in")
    return Element(reader.number(start, identity), start, body + digits, after)


def _length_of_number(reader: BoundedReader, position: int, most: int) -> int:
    length = 9 - reader.number(position, 1).bit_length()
    if length > most:
        raise UnreadableError("a number is too long")
    return length
