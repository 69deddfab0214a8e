"""Events encoded once and framed once, to be written as they are to any number of clients."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATOR = b"\x1e"

# Names the protocol's clients keep for themselves; an event of such a name would be taken for
# a change of the connection's state.
RESERVED_EVENTS = frozenset(
    {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
)

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


def frame(event: str, *args: object, namespace: str = "/") -> Frame:
    """Encode an event once. Arguments may be anything msgspec encodes, `msgspec.Raw` for JSON
    that is already encoded, and `bytes` (also inside lists and dicts) for binary attachments.

    Raises ValueError for a reserved event name and TypeError for what cannot be encoded.
    """
    if event in RESERVED_EVENTS:
        raise ValueError(f"the event name {event!r} is reserved by the protocol")
    return frame_of(event_packet(event, args, namespace), namespace)


def frame_of_json(event: str, argument: bytes) -> Frame:
    """Encode an event of the main namespace whose one argument is JSON already."""
    packet = b"42[%b,%b]" % (encode_json(event), argument)
    return Frame(wire_text(packet), (packet,), 1, "/")


def join(frames: Sequence[Frame]) -> Frame:
    """Several frames of one namespace as one: a receiver gets all of them in a single write."""
    if len(frames) == 1:
        return frames[0]
    packets: tuple[bytes, ...] = sum((each.packets for each in frames), ())
    count = sum(each.count for each in frames)
    namespace = frames[0].namespace if frames else "/"
    return Frame(b"".join([each.wire for each in frames]), packets, count, namespace)


def frame_of(parts: tuple[bytes, list[bytes]], namespace: str) -> Frame:
    """Frame a Socket.IO packet (its text and its attachments) for both transports."""
    text, attachments = parts
    packet = b"4" + text
    if not attachments:
        return Frame(wire_text(packet), (packet,), 1, namespace)
    wire = b"".join([wire_text(packet), *map(wire_binary, attachments)])
    return Frame(wire, (packet, *map(polling_binary, attachments)), 1, namespace)


def event_packet(
    event: str, args: Iterable[object], namespace: str, ack: int | None = None
) -> tuple[bytes, list[bytes]]:
    """An EVENT or BINARY_EVENT packet: its text and its attachments."""
    return _packet(2, [event, *args], namespace, ack)


def ack_packet(args: Iterable[object], namespace: str, ack: int) -> tuple[bytes, list[bytes]]:
    """An ACK or BINARY_ACK packet: its text and its attachments."""
    return _packet(3, list(args), namespace, ack)


def plain_packet(kind: int, namespace: str, data: object = None) -> bytes:
    """A packet without attachments: CONNECT (0), DISCONNECT (1) or CONNECT_ERROR (4)."""
    prefix = b"%d" % kind if namespace == "/" else b"%d%s," % (kind, namespace.encode())
    return prefix if data is None else prefix + encode_json(data)


def _packet(
    kind: int, data: list[object], namespace: str, ack: int | None
) -> tuple[bytes, list[bytes]]:
    attachments: list[bytes] = []
    if any(map(_has_binary, data)):
        data = [_take_binary(value, attachments) for value in data]
    head = b"%d%d-" % (kind + 3, len(attachments)) if attachments else b"%d" % kind
    if namespace != "/":
        head += namespace.encode() + b","
    if ack is not None:
        head += b"%d" % ack
    return head + encode_json(data), attachments


def _has_binary(value: Any) -> bool:
    if isinstance(value, bytes | bytearray | memoryview):
        return True
    if isinstance(value, dict):
        return any(map(_has_binary, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_binary, value))
    return False


def _take_binary(value: Any, attachments: list[bytes]) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        attachments.append(bytes(value))
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(value, dict):
        return {key: _take_binary(item, attachments) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_take_binary(item, attachments) for item in value]
    return value


def wire_text(payload: bytes) -> bytes:
    """A whole WebSocket text message from a server (RFC 6455, section 5.2: not masked)."""
    size = len(payload)
    if size < 126:
        return _TEXT_HEADERS[size] + payload
    return _header(0x81, size) + payload


def wire_binary(payload: bytes) -> bytes:
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
