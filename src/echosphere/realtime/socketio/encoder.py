"""Encodes Socket.IO 5 packets, each event once for all its receivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engineio import Frame, encode_json, polling_binary, websocket_binary, websocket_text

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names the protocol's clients keep for themselves; an event of such a name would be taken for
# a change of the connection's state.
RESERVED_EVENTS = frozenset(
    {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
)


def event_frame(event: str, *args: object, namespace: str = "/") -> Frame:
    """Encode an event once. Arguments may be anything msgspec encodes, `msgspec.Raw` for JSON
    that is already encoded, and `bytes` (also inside lists and dicts) for binary attachments.

    Raises ValueError for a reserved event name and TypeError for what cannot be encoded.
    """
    if event in RESERVED_EVENTS:
        raise ValueError(f"the event name {event!r} is reserved by the protocol")
    return packet_frame(event_packet(event, args, namespace), namespace)


def json_event_frame(event: str, argument: bytes) -> Frame:
    """Encode an event of the main namespace whose one argument is JSON already."""
    packet = b"42[%b,%b]" % (encode_json(event), argument)
    return Frame(websocket_text(packet), (packet,), 1, "/")


def packet_frame(parts: tuple[bytes, list[bytes]], namespace: str) -> Frame:
    """Frame a Socket.IO packet (its text and its attachments) for both transports."""
    text, attachments = parts
    packet = b"4" + text
    if not attachments:
        return Frame(websocket_text(packet), (packet,), 1, namespace)
    wire = b"".join([websocket_text(packet), *map(websocket_binary, attachments)])
    return Frame(wire, (packet, *map(polling_binary, attachments)), 1, namespace)


def event_packet(
    event: str, args: Iterable[object], namespace: str, ack: int | None = None
) -> tuple[bytes, list[bytes]]:
    """An EVENT or BINARY_EVENT packet: its text and its attachments."""
    return _packet(2, [event, *args], namespace, ack)


def ack_packet(args: Iterable[object], namespace: str, ack: int) -> tuple[bytes, list[bytes]]:
    """An ACK or BINARY_ACK packet: its text and its attachments."""
    return _packet(3, list(args), namespace, ack)


def control_packet(kind: int, namespace: str, data: object = None) -> bytes:
    """A packet without attachments: CONNECT (0), DISCONNECT (1) or CONNECT_ERROR (4)."""
    prefix = b"%d" % kind if namespace == "/" else b"%d%s," % (kind, namespace.encode())
    return prefix if data is None else prefix + encode_json(data)


def _packet(
    kind: int, data: list[object], namespace: str, ack: int | None
) -> tuple[bytes, list[bytes]]:
    attachments: list[bytes] = []
    if any(map(_has_binary, data)):
        data = [_extract_binary(value, attachments) for value in data]
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


def _extract_binary(value: Any, attachments: list[bytes]) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        attachments.append(bytes(value))
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(value, dict):
        return {key: _extract_binary(item, attachments) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_extract_binary(item, attachments) for item in value]
    return value
