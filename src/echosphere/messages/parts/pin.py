"""Pin: whether a message is pinned in its conversation, which a copy elsewhere is not."""

from typing import ClassVar

from echosphere.messages.parts.part import Part
from echosphere.wire import Shape


class Pinned(Shape, frozen=True):
    """Who pinned a message, and when."""

    user: str
    at: int


class Pin(Part):
    """The pin of a message; `pin.py` beside this folder sets it."""

    fields: ClassVar = {"pinned_at": None, "pinned_by": None}
