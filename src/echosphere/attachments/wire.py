"""Shapes of attachments on the wire."""

from typing import Annotated

from msgspec import Meta

from echosphere.attachments.attachment import StoredFile
from echosphere.clock import DAY
from echosphere.wire import Key, Request, Shape

PLACE = "/api/v1/attachments/"


class Upload(Request, frozen=True):
    """The query of an upload: its key, and what is kept of a voice message only.

    The waveform has a character of base 32, `0` to `9` and `a` to `v`, for each of its bars.
    """

    duration: Annotated[int, Meta(ge=0, le=DAY)] | None = None
    waveform: Annotated[str, Meta(pattern=r"^[0-9a-v]{1,100}\Z")] | None = None
    key: Key | None = None


class Attachment(Shape, frozen=True):
    """A file that a message carries or will carry."""

    id: str
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    url: str
    thumbnail_url: str | None
    duration: int | None
    waveform: str | None


class AttachmentAnswer(Shape, frozen=True):
    """One attachment."""

    attachment: Attachment


def attachment_shape(file: StoredFile) -> Attachment:
    """Return what people are told about a file."""
    url = PLACE + file.id
    return Attachment(
        id=file.id,
        name=file.name,
        type=file.type,
        size=file.size,
        width=file.width,
        height=file.height,
        url=url,
        thumbnail_url=url + "/thumbnail" if file.thumbnail else None,
        duration=file.duration,
        waveform=file.waveform,
    )
