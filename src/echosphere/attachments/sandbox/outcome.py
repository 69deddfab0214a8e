"""What a look into a file came to."""

from dataclasses import dataclass


class TooBigError(Exception):
    """A small file that unpacks to more than anybody wants to look at; the text says how much."""


class UnreadableError(Exception):
    """The file is not what its first bytes say, or is broken."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: the size as displayed, in pixels, and which files were written."""

    width: int
    height: int
    thumbnail: bool
    cleaned: bool = False


@dataclass(frozen=True, slots=True)
class PageLook:
    """What a web page says of itself; empty where it says nothing. `picture` is its address."""

    title: str
    description: str
    picture: str
