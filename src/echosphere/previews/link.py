"""Says what a preview of a link may look like."""

from dataclasses import dataclass
from typing import Any

from echosphere.core.text import strip_invisible
from echosphere.richtext import shortened

MAX_TITLE = 200
MAX_DESCRIPTION = 400
MAX_SITE = 100


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we made of the one of a page: WebP, sizes in pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to.

    Attributes:
        missed: It has a picture that could not be looked at just now, and may be a little later.
    """

    url: str
    title: str
    description: str
    site: str
    picture: Picture | None = None
    missed: bool = False

    def shape(self, image_url: str | None) -> dict[str, Any]:
        """Return what the message says of it, with the picture at an address of ours."""
        return {
            "url": self.url,
            "title": self.title,
            "description": self.description,
            "site": self.site,
            "image_url": image_url,
            "width": self.picture.width if self.picture else None,
            "height": self.picture.height if self.picture else None,
        }


def cleaned(text: str, most: int) -> str:
    """Return a stranger's text in one line, without invisible and direction-changing characters."""
    line = strip_invisible(text[: most * 4])
    return shortened(line, most)
