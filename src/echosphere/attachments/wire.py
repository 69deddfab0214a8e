"""Shapes of attachments on the wire."""

from echosphere.attachments.attachment import StoredFile
from echosphere.wire import Shape

PLACE = "/api/v1/attachments/"


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
    )
