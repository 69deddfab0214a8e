"""An event: what the server sends by itself, as the description says it."""

from dataclasses import dataclass

from echosphere.wire import Shape


@dataclass(frozen=True, slots=True)
class Event:
    """A name and the shapes that are sent under it: one, or several of which each event has one."""

    name: str
    shapes: tuple[type[Shape], ...]


class BehindEvent(Shape, frozen=True):
    """Something of these conversations was not pushed: call `sync`."""

    conversations: list[str]


class SignedOutEvent(Shape, frozen=True):
    """The session ended, and the socket closes."""

    reason: str


EVENTS = (Event("behind", (BehindEvent,)), Event("signed_out", (SignedOutEvent,)))
"""What no feature sends."""
