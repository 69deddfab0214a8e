"""Reactions: the emoji under a message. A forwarded message begins without any."""

from typing import ClassVar

import msgspec

from echosphere.messages.parts.part import Part
from echosphere.wire import Shape


class Reaction(Shape, frozen=True):
    """An emoji under a message, and who put it there."""

    emoji: str
    users: list[str]


decode_reactions = msgspec.json.Decoder(list[Reaction]).decode


class Reactions(Part):
    """The reactions of a message; `react.py` changes them."""

    fields: ClassVar = {"reactions": None}
    json_fields: ClassVar = ("reactions",)
