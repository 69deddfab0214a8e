"""Engine.IO packets, framed once for both transports and for any number of clients."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

SEPARATOR = b"\x1e"

encode_json = msgspec.json.Encoder().encode

_TEXT_HEADERS = tuple(bytes((0x81, size)) for size in range(126))


class Frame:
    """An encoded event: `wire` is its WebSocket bytes, `packets` its long-polling packets."""

    __slots__ = ("count", "namespace", "packets", "wire")

    def __init__(self, wire: bytes, packets: tuple[bytes, ...], count: int, namespace: str) -> None:
        self.wire = wire
        self.packets = packets
        self.count = count
        self.namespace = namespace

    def __repr__(self) -> str:
        return f"<Frame of {self.count} events, {len(self.wire)} bytes>"


def join_frames(frames: Sequence[Frame]) -> Frame:
    """Several frames of one namespace as one: a receiver gets all of them in a single write."""
    if len(frames) == 1:
        return frames[0]
    packets: tuple[bytes, ...] = sum((each.packets for each in frames), ())
    count = sum(each.count for each in frames)
    namespace = frames[0].namespace if frames else "/"
    return Frame(b"".join([each.wire for each in frames]), packets, count, namespace)


def websocket_text(payload: bytes) -> bytes:
    """A whole WebSocket text message from a server (RFC 6455, section 5.2: not masked)."""
    size = len(payload)
    if size < 126:
        return _TEXT_HEADERS[size] + payload
    return _header(0x81, size) + payload


def websocket_binary(payload: bytes) -> bytes:
    """A whole WebSocket binary message from a server."""
    return _header(0x82, len(payload)) + payload


def polling_binary(payload: bytes) -> bytes:
    """A binary message as a long-polling packet: "b" and base64 (Engine.IO 4)."""
    return b"b" + base64.b64encode(payload)


def _header(opcode: int, size: int) -> bytes:
    if size < 126:
        return bytes((opcode, size))
    if size < 65536:
        return struct.pack("!BBH", opcode, 126, size)
    return struct.pack("!BBQ", opcode, 127, size)
