"""The results of inspecting a file."""

from dataclasses import dataclass


class TooBigError(Exception):
    """A small file that unpacks to more than is allowed; the message says what the limit is."""


class UnreadableError(Exception):
    """The file is broken, or not of the type that its first bytes claim."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an image, a recording or a document is, and which files were written.

    Attributes:
        width: Pixels as displayed.
        height: Pixels as displayed.
        thumbnail: Whether a thumbnail was written.
        cleaned: Whether a copy without metadata was written; other formats are cleaned in place.
        type: The type that it turned out to have; None if it is the detected one.
        duration: Milliseconds of a recording.
        animated: Whether it is an animated image.
        background: What a transparent image is legible on: `light`, `dark` or `middle`.
    """

    width: int | None
    height: int | None
    thumbnail: bool
    cleaned: bool = False
    type: str | None = None
    duration: int | None = None
    animated: bool = False
    background: str | None = None


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Title, description and image URL of a web page; empty where the page has none."""

    title: str
    description: str
    image_url: str
