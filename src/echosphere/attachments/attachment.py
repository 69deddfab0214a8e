"""What an attachment is and what is allowed: plain rules, no web, no storage, no SQL."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from echosphere.core.clock import DAY
from echosphere.core.text import strip_invisible
from echosphere.richtext import boundary_before, cut_bytes

MAX_IN_MESSAGE = 10
MAX_NAME_BYTES = 255
MAX_UNUSED = 40
"""Uploads that a person may hold without having sent them in a message."""

MAX_UNUSED_BYTES = 500 * 1024 * 1024
KEPT_UNUSED = DAY
"""How long an upload waits for its message, and a stored file for its row."""

MAX_GIVEN_NAME = 1_000
"""Characters of a given name that are looked at, from its end: normalising takes far longer for a
name of nothing but accents than for another one."""

UNNAMED = "file"
UNKNOWN_TYPE = "application/octet-stream"
INLINE = frozenset(
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm", "audio/flac",
        "audio/aac", "audio/x-matroska", "video/mp4", "video/webm", "video/ogg", "video/quicktime",
        "video/3gpp", "video/x-matroska",
    }
)  # fmt: skip
"""What a browser may show in place: it cannot run script. All else is only downloaded."""


class FileKind(StrEnum):
    """What people look for among the files of a conversation."""

    MEDIA = "media"
    AUDIO = "audio"
    FILE = "file"


class ConversationSize(NamedTuple):
    """How many files a conversation has, and how many bytes they are."""

    conversation: str
    files: int
    bytes: int


class FilesWanted(NamedTuple):
    """Files of one kind, of at most `limit` messages before a number."""

    kind: FileKind
    before: int
    limit: int


@dataclass(frozen=True, slots=True)
class Quota:
    """How many bytes of files there may be; 0 for as many as the disk holds.

    Attributes:
        person: What one person may store.
        server: What all may store together.
    """

    person: int = 0
    server: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment as the database knows it.

    Attributes:
        conversation: Where the message that uses it was posted; None until one does.
        size: Bytes as stored.
        width: Pixels as displayed, of an image, a film, or a document's first page.
        stored: The id under which the bytes are stored; forwarded files share those of the first.
        duration: Milliseconds of sound or film.
        waveform: How loud it is from one end to the other, a character of base 32 per bar.
        animated: Whether it is a picture that moves.
        ground: What a picture with transparency has to be shown on: `light`, `dark`, `middle`.
    """

    id: str
    owner: str
    conversation: str | None
    seq: int | None
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    thumbnail: bool
    stored: str
    duration: int | None = None
    waveform: str | None = None
    animated: bool = False
    ground: str | None = None


def is_picture_film_or_sound(kind: str) -> bool:
    """Whether a file of this type must not tell where, when and with what it was made."""
    return kind.partition("/")[0] in ("image", "video", "audio")


def clean_name(given: str) -> str:
    """Return a file name fit to be shown and saved: no folders, no invisible characters.

    The name is only ever shown and offered for saving; it never reaches our file system.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    last = last[boundary_before(last, max(0, len(last) - MAX_GIVEN_NAME)) :]
    last = unicodedata.normalize("NFC", last).rpartition("/")[2]
    name = strip_invisible(last).strip(". ")
    return _shortened(name) or UNNAMED


def _shortened(name: str) -> str:
    """Cut the middle out of a long name: the ending tells people what it is."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 16:
        stem, dot, ending = name, "", ""
    room = MAX_NAME_BYTES - len((dot + ending).encode())
    return cut_bytes(stem, room).rstrip(". ") + dot + ending
