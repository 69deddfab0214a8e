"""Shapes of attachments on the wire."""

from typing import Annotated

from msgspec import Meta

from echosphere.attachments.attachment import StoredFile
from echosphere.core.clock import DAY
from echosphere.wire import Id, Key, Request, Shape

URL_PREFIX = "/api/v1/attachments/"


class Upload(Request, frozen=True):
    """The query of an upload; `key` makes a repeat the same upload.

    Duration and waveform are kept of voice messages only; the waveform has a character of base 32,
    `0` to `9` and `a` to `v`, for each of its bars. `as_it_is` says that a picture, film or sound is
    wanted even if what it tells about its owner cannot be removed.
    """

    duration: Annotated[int, Meta(ge=0, le=DAY)] | None = None
    waveform: Annotated[str, Meta(pattern=r"^[0-9a-v]{1,100}\Z")] | None = None
    key: Key | None = None
    as_it_is: bool = False


class AttachmentCall(Request, frozen=True):
    """Which attachment is meant."""

    attachment: Id


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
    animated: bool
    ground: str | None


class AttachmentAnswer(Shape, frozen=True):
    """One attachment."""

    attachment: Attachment


def attachment_shape(file: StoredFile) -> Attachment:
    """Return an attachment as it is sent to clients."""
    url = URL_PREFIX + file.id
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
        animated=file.animated,
        ground=file.background,
    )
