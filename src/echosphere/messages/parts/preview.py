"""Preview: what the first link leads to. After an edit, and in a copy, it is fetched again."""

from typing import ClassVar

import msgspec

from echosphere.messages.parts.part import Part
from echosphere.wire import Shape


class Preview(Shape, frozen=True):
    """What the first link of a message leads to."""

    url: str
    title: str
    description: str
    site: str
    image_url: str | None
    width: int | None
    height: int | None


decode_preview = msgspec.json.Decoder(Preview).decode


class LinkPreview(Part):
    """The link preview of a message; `link_previews` fetches it, and keeps its picture."""

    fields: ClassVar = {"preview": None}
    json_fields: ClassVar = ("preview",)
    follows_text = True
