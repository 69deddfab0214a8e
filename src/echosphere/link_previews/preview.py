"""What a link preview holds."""

from typing import Any

import msgspec

from echosphere.core.text import strip_invisible
from echosphere.richtext import truncate_with_ellipsis

MAX_TITLE = 200
MAX_DESCRIPTION = 400
MAX_SITE = 100


class PreviewImage(msgspec.Struct, frozen=True):
    """A page's image, re-encoded by us as WebP; sizes in pixels."""

    content: bytes
    width: int
    height: int


class FetchedPreview(msgspec.Struct, frozen=True):
    """What was found at a link.

    Attributes:
        is_image_pending: Whether there is an image that this server had no time to inspect.
    """

    url: str
    title: str
    description: str
    site: str
    image: PreviewImage | None = None
    is_image_pending: bool = False

    def to_json(self, image_url: str | None) -> dict[str, Any]:
        """Return the preview as it is stored with the message."""
        return {
            "url": self.url,
            "title": self.title,
            "description": self.description,
            "site": self.site,
            "image_url": image_url,
            "width": self.image.width if self.image else None,
            "height": self.image.height if self.image else None,
        }


def clean_line(text: str, max_length: int) -> str:
    """Return untrusted text as one line, without invisible and direction-changing characters."""
    line = strip_invisible(text[: max_length * 4])
    return truncate_with_ellipsis(line, max_length)
