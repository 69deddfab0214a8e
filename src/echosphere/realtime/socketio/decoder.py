"""Decodes Socket.IO 5 packets strictly; the arguments of raw handlers stay encoded."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK = range(7)

# type, number of attachments and a dash, namespace up to a comma, acknowledgement id, JSON
_PACKET = re.compile(r"([0-6])(?:([0-9]{1,4})-)?(?:(/[^,]*),?)?([0-9]{1,15})?", re.ASCII)

decode_json = msgspec.json.Decoder().decode
_decode_raw = msgspec.json.Decoder(list[msgspec.Raw]).decode


class MalformedPacket(ValueError):  # noqa: N818
    """Not a packet of the protocol; the connection must be closed."""


class Packet(NamedTuple):
    """A packet whose JSON is not decoded yet."""

    kind: int
    namespace: str
    ack: int | None
    attachments: int
    json: str


def read_packet(text: str) -> Packet:
    """Split a packet into its parts; raises MalformedPacket."""
    match = _PACKET.match(text)
    if match is None:
        raise MalformedPacket("unknown packet type")
    digit, attachments, namespace, ack = match.groups()
    kind = int(digit)
    if (attachments is not None) is not (kind >= BINARY_EVENT):
        raise MalformedPacket("attachments do not fit the packet type")
    return Packet(
        kind,
        namespace or "/",
        None if ack is None else int(ack),
        int(attachments or 0),
        text[match.end() :],
    )


def read_json(text: str) -> Any:
    """Decode a payload. NaN, bad escapes, endless nesting and trailing text are malformed."""
    try:
        return decode_json(text)
    except (ValueError, RecursionError) as error:
        raise MalformedPacket("not JSON") from error


def read_list(text: str) -> list[Any]:
    """Decode a payload that must be an array."""
    data = read_json(text)
    if not isinstance(data, list):
        raise MalformedPacket("the payload is not an array")
    return data


def read_raw(text: str) -> list[msgspec.Raw]:
    """Decode an array and leave its items encoded."""
    try:
        return _decode_raw(text)
    except (ValueError, RecursionError) as error:
        raise MalformedPacket("not a JSON array") from error


def insert_attachments(data: Any, attachments: list[bytes]) -> Any:
    """Replace the placeholders by their attachments; each must be used."""
    unused = set(range(len(attachments)))
    try:
        filled = _fill(data, attachments, unused)
    except RecursionError as error:
        raise MalformedPacket("nested too deeply") from error
    if unused:
        raise MalformedPacket("an attachment without a placeholder")
    return filled


def _fill(data: Any, attachments: list[bytes], unused: set[int]) -> Any:
    if isinstance(data, list):
        return [_fill(item, attachments, unused) for item in data]
    if not isinstance(data, dict):
        return data
    if data.get("_placeholder") is not True:
        return {key: _fill(item, attachments, unused) for key, item in data.items()}
    number = data.get("num")
    if type(number) is not int or not 0 <= number < len(attachments):
        raise MalformedPacket("a placeholder without an attachment")
    unused.discard(number)
    return attachments[number]
