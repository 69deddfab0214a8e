"""Events that the server sends over the socket, for the AsyncAPI document."""

import msgspec

from echosphere.wire import AdministrationEvent, Shape


class Event(msgspec.Struct, frozen=True):
    """The name of an event and the shapes of its payload, of which each event has one."""

    name: str
    shapes: tuple[type[Shape], ...]


class BehindEvent(Shape, frozen=True):
    """Something of these conversations was not pushed: call `sync`."""

    conversations: list[str]


class SignedOutEvent(Shape, frozen=True):
    """The session ended, and the socket closes."""

    reason: str


EVENTS = (
    Event("administration", (AdministrationEvent,)),
    Event("behind", (BehindEvent,)),
    Event("signed_out", (SignedOutEvent,)),
)
"""The events that belong to no feature."""
