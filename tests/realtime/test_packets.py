"""Packets read and written, whatever is in them."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from echosphere.realtime.socketio import event_frame, join_frames
from echosphere.realtime.socketio.decoder import (
    MalformedPacket,
    insert_attachments,
    read_list,
    read_packet,
    read_raw,
)
from echosphere.realtime.socketio.encoder import event_packet
from tests.conftest import EXAMPLES

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
).filter(lambda value: not contains_placeholder(value))
# How long an example takes says nothing on a busy machine.
examples = settings(max_examples=max(60, EXAMPLES), deadline=None)
NAMESPACES = st.sampled_from(["/", "/custom", "/a b/ž"])


def contains_placeholder(value: object) -> bool:
    return "_placeholder" in str(value)


@examples
@given(st.lists(VALUES, max_size=4), NAMESPACES, st.none() | st.integers(0, 10**14))
def test_what_is_written_is_read_back(args: list[object], namespace: str, ack: int | None) -> None:
    text, attachments = event_packet("an event", args, namespace, ack)
    packet = read_packet(text.decode())
    assert (packet.namespace, packet.ack) == (namespace, ack)
    assert packet.attachments == len(attachments)
    assert packet.kind == (5 if attachments else 2)
    assert insert_attachments(read_list(packet.json), attachments) == ["an event", *args]


@examples
@given(st.text() | st.from_regex(r"[0-6]([0-9]{0,20}-?)?(/[a-z,]*)?[0-9]*[\[{\"].*"))
def test_any_text_is_read_or_malformed_and_nothing_else(text: str) -> None:
    try:
        packet = read_packet(text)
        read_raw(packet.json)
        insert_attachments(read_list(packet.json), [b""])
    except MalformedPacket:
        return


@examples
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_joined_frames_carry_the_bytes_of_each(texts: list[str]) -> None:
    frames = [event_frame("x", text) for text in texts]
    joined = join_frames(frames)
    assert joined.wire == b"".join(each.wire for each in frames)
    assert joined.packets == tuple(each.packets[0] for each in frames)
    assert joined.count == len(texts)


@pytest.mark.parametrize(
    ("size", "header"),
    [(125, b"\x81\x7d"), (126, b"\x81\x7e\x00\x7e"), (65_536, b"\x81\x7f" + b"\0" * 5 + b"\1\0\0")],
)
def test_a_frame_has_the_header_of_its_length(size: int, header: bytes) -> None:
    packet = b'42["x","' + b"y" * (size - len('42["x",""]')) + b'"]'
    encoded = event_frame("x", "y" * (size - len('42["x",""]')))
    assert encoded.wire == header + packet
    assert encoded.packets == (packet,)


def test_encoded_json_and_attachments_travel_as_they_are() -> None:
    encoded = event_frame("x", msgspec.Raw(b'{"a": 1}'), b"\x01" * 200, namespace="/n")
    text = b'451-/n,["x",{"a": 1},{"_placeholder":true,"num":0}]'
    assert encoded.packets == (text, b"b" + base64.b64encode(b"\x01" * 200))
    assert encoded.wire == bytes((0x81, len(text))) + text + b"\x82\x7e\x00\xc8" + b"\x01" * 200


def test_what_json_cannot_say_is_refused_when_it_is_encoded() -> None:
    with pytest.raises(TypeError):
        event_frame("x", object())
    with pytest.raises(UnicodeEncodeError):
        event_frame("x", "\ud800")
    assert json.loads(event_frame("x", float("nan")).packets[0][2:]) == ["x", None]
