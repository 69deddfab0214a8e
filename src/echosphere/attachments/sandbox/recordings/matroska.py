"""Cleans Matroska and WebM files (RFC 9559): what tells about the owner becomes void elements."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from echosphere.attachments.sandbox.outcome import UnreadableError
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source

EBML, SEGMENT, INFO, TRACKS, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
SEEK_HEAD, CUES, CHAPTERS = 0x114D9B74, 0x1C53BB6B, 0x1043A770
VOID, CHECKSUM, DOC_TYPE = 0xEC, 0xBF, 0x4282
SCALE, LENGTH, MUXER, WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
TRACK, TRACK_KIND, TRACK_NAME, PICTURE = 0xAE, 0x83, 0x536E, 0xE0
WIDTH, HEIGHT, SHOWN_WIDTH, SHOWN_HEIGHT = 0xB0, 0xBA, 0x54B0, 0x54BA
FILM, SOUND = 1, 2
KEPT = frozenset({SEEK_HEAD, CUES, CHAPTERS, CLUSTER, TRACKS, INFO})
SEEN_AND_HEARD = frozenset({FILM, SOUND, 3, 0x10, 0x11, 0x12})
UNKNOWN = -1


class Element(NamedTuple):
    """An element; `end` is `UNKNOWN` of one that is written while it is recorded."""

    id: int
    start: int
    body: int
    end: int


def clean_matroska(source: Source, overwrites: Overwrites, _kind: str) -> Facts:
    """Find what tells about the owner, and what the file consists of.

    Raises:
        UnreadableError: It cannot be followed to its end, or has data that cannot be judged.
    """
    head = _element(source, 0, source.size)
    segment = _element(source, head.end, source.size)
    if head.id != EBML or segment.id != SEGMENT:
        raise UnreadableError("it does not begin as it should")
    names = [one for one in _children(source, head) if one.id == DOC_TYPE]
    doc_type = source.read(names[0].body, names[0].end - names[0].body) if names else b"matroska"
    end = source.size if segment.end == UNKNOWN else segment.end
    overwrites.zero(end, source.size)
    reading = _Reading(source, overwrites)
    reading.read(segment._replace(end=end))
    return reading.facts("webm" if doc_type.rstrip(b"\0") == b"webm" else "x-matroska")


class _Reading:
    """Goes through a segment once, and remembers what the tracks are."""

    def __init__(self, source: Source, overwrites: Overwrites) -> None:
        self._source = source
        self._overwrites = overwrites
        self._kinds: set[int] = set()
        self._size: tuple[int, int] = (0, 0)
        self._scale = 1_000_000
        self._length = 0.0

    def facts(self, container: str) -> Facts:
        """Return what the file consists of."""
        if not self._kinds & {FILM, SOUND}:
            raise UnreadableError("there is neither picture nor sound in it")
        length = self._length * self._scale / 1_000_000
        duration = int(length) if 0 < length < 2**31 else None
        if FILM not in self._kinds:
            return Facts(f"audio/{container}", duration=duration)
        width, height = (min(side, 65535) or None for side in self._size)
        return Facts(f"video/{container}", width, height, duration)

    def read(self, segment: Element) -> None:
        """Clean what lies in a segment, level by level."""
        place = segment.body
        while place < segment.end:
            element = _element(self._source, place, segment.end)
            if element.end == UNKNOWN:
                if element.id != CLUSTER:
                    raise UnreadableError("an element does not say where it ends")
                place = element.body  # its parts follow as if they lay beside it
                continue
            self._clean(element)
            place = element.end

    def _clean(self, element: Element) -> None:
        if element.id == INFO:
            self._clean_info(element)
        elif element.id == TRACKS:
            self._clean_tracks(element)
        elif element.id == VOID:
            self._overwrites.zero(element.body, element.end)
        elif element.id not in KEPT and element.id not in IN_CLUSTER:
            void(element, self._overwrites)

    def _clean_info(self, info: Element) -> None:
        for element in _children(self._source, info):
            if element.id == SCALE:
                self._scale = self._number(element)
            elif element.id == LENGTH:
                self._length = self._real(element)
            elif element.id in (MUXER, WRITER):  # both must be there
                self._overwrites.zero(element.body, element.end)
            else:
                void(element, self._overwrites)

    def _clean_tracks(self, tracks: Element) -> None:
        for element in _children(self._source, tracks):
            if element.id == TRACK:
                self._clean_track(element)
            else:
                void(element, self._overwrites)

    def _clean_track(self, track: Element) -> None:
        for element in _children(self._source, track):
            if element.id == TRACK_KIND:
                self._kinds.add(self._number(element))
            elif element.id == PICTURE:
                self._size = max(self._size, self._shown_size(element))
            elif element.id in (TRACK_NAME, CHECKSUM, VOID):
                void(element, self._overwrites)
        if self._kinds - SEEN_AND_HEARD:
            raise UnreadableError("it has data that cannot be judged")

    def _shown_size(self, picture: Element) -> tuple[int, int]:
        numbers = {
            one.id: self._number(one)
            for one in _children(self._source, picture)
            if one.id in (WIDTH, HEIGHT, SHOWN_WIDTH, SHOWN_HEIGHT)
        }
        width = numbers.get(SHOWN_WIDTH) or numbers.get(WIDTH, 0)
        return width, numbers.get(SHOWN_HEIGHT) or numbers.get(HEIGHT, 0)

    def _number(self, element: Element) -> int:
        if element.end - element.body > 8:
            raise UnreadableError("a number is too long")
        return self._source.number(element.body, element.end - element.body)

    def _real(self, element: Element) -> float:
        content = self._source.read(element.body, min(element.end - element.body, 16))
        forms = {4: ">f", 8: ">d"}
        if len(content) not in forms:
            return 0.0
        value: float = struct.unpack(forms[len(content)], content)[0]
        return value if value == value else 0.0  # noqa: PLR0124 - what is no number is not itself


IN_CLUSTER = frozenset({0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0xAF, 0x5854})
"""Parts of a cluster that does not say where it ends: time, blocks, positions."""


def void(element: Element, overwrites: Overwrites) -> None:
    """Turn an element into a void one of the same length."""
    rest = element.end - element.start - 2
    length = bytes([0x80 | rest]) if rest < 127 else b"\1" + (rest - 7).to_bytes(7)
    overwrites.zero(element.start, element.end)
    overwrites.put(element.start, bytes([VOID]) + length)


def _children(source: Source, parent: Element) -> Iterator[Element]:
    place = parent.body
    while place < parent.end:
        element = _element(source, place, parent.end)
        if element.end == UNKNOWN:
            raise UnreadableError("an element does not say where it ends")
        yield element
        place = element.end


def _element(source: Source, start: int, end: int) -> Element:
    source.count_part()
    identity = _length_of_number(source, start, 4)
    body = start + identity
    digits = _length_of_number(source, body, 8)
    size = source.number(body, digits) & ~(1 << 7 * digits)
    after = body + digits + size
    if size == (1 << 7 * digits) - 1:
        return Element(source.number(start, identity), start, body + digits, UNKNOWN)
    if after > end:
        raise UnreadableError("an element is longer than what it lies in")
    return Element(source.number(start, identity), start, body + digits, after)


def _length_of_number(source: Source, place: int, most: int) -> int:
    length = 9 - source.number(place, 1).bit_length()
    if length > most:
        raise UnreadableError("a number is too long")
    return length
