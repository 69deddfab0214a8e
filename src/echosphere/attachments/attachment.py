"""Attachments and their limits, without web, storage and SQL."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from echosphere.core.clock import DAY

MAX_IN_MESSAGE = 10
MAX_UNUSED = 40
"""Uploads of one user that no message uses yet."""

MAX_UNUSED_BYTES = 500 * 1024 * 1024
MAX_UNUSED_AGE = DAY
"""How long an upload may be without a message, and a stored file without a row."""


MessageId = tuple[str, int]
"""A conversation and the `seq` of a message in it."""


class FileKind(StrEnum):
    """The kinds of files in a conversation that can be listed."""

    MEDIA = "media"
    AUDIO = "audio"
    FILE = "file"


class ConversationSize(NamedTuple):
    """The number of files of a conversation, and their size in bytes."""

    conversation: str
    files: int
    bytes: int


class FilesWanted(NamedTuple):
    """A request for the files of one kind, of at most `limit` messages before a `seq`."""

    kind: FileKind
    before: int
    limit: int


class StorageWanted(NamedTuple):
    """Which people are listed with what their files take.

    Attributes:
        query: A part of the name or address; empty for all.
        sort: `used` or `files`, who has most first, or `name`.
        own_quota: Whether only those who have a limit of their own.
    """

    query: str
    sort: str
    own_quota: bool
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class Quota:
    """Limits for the bytes of files; 0 for no limit.

    Attributes:
        user: For the files of one user.
        server: For all files together.
    """

    user: int = 0
    server: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment, as stored in the database.

    Attributes:
        conversation: Of the message that uses it; None if none does yet.
        size: Bytes as stored.
        width: Pixels as displayed, of an image, a video, or the first page of a document.
        blob_id: The id of the stored file; forwarded attachments share the file of the first.
        duration: Milliseconds of audio or video.
        waveform: The loudness over time, a character of base 32 per bar.
        animated: Whether it is an animated image.
        background: What a transparent image is legible on: `light`, `dark`, `middle`.
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
    blob_id: str
    duration: int | None = None
    waveform: str | None = None
    animated: bool = False
    background: str | None = None


def may_hold_metadata(content_type: str) -> bool:
    """Whether files of a type may hold personal metadata: where, when and with what they were made."""
    return content_type.partition("/")[0] in ("image", "video", "audio")
