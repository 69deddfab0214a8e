"""What a look into a file came to."""

from dataclasses import dataclass


class TooBigError(Exception):
    """A small file that unpacks to more than anybody wants to look at; the text says how much."""


class UnreadableError(Exception):
    """The file is not what its first bytes say, or is broken."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: the size as displayed, in pixels, and which files were written.

    Attributes:
        cleaned: Whether a cleaned copy was written; other formats are cleaned in place.
        type: What it turned out to be; None if it is what it was called.
        duration: Milliseconds of sound or film.
        animated: Whether it is a picture that moves.
        ground: What a picture with transparency has to be shown on: `light`, `dark` or `middle`.
    """

    width: int | None
    height: int | None
    thumbnail: bool
    cleaned: bool = False
    type: str | None = None
    duration: int | None = None
    animated: bool = False
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class PageLook:
    """What a web page says of itself; empty where it says nothing. `picture` is its address."""

    title: str
    description: str
    picture: str
