"""Shapes of storage usage."""

from echosphere.attachments import Attachment
from echosphere.messages.storage import OwnStorage, SentFile
from echosphere.wire import Shape


class OwnFileShape(Shape, frozen=True):
    """A file of the caller, with the message that carries it."""

    conversation: str
    seq: int
    created_at: int
    attachment: Attachment


class StorageShape(Shape, frozen=True):
    """What files take, in bytes; a quota of null is none, `own_quota` if it was set for them alone."""

    used: int
    quota: int | None
    own_quota: bool
    server_full: bool
    largest: list[OwnFileShape]


class StorageAnswer(Shape, frozen=True):
    """An answer with what the caller's files take."""

    storage: StorageShape


def storage_answer(found: OwnStorage) -> StorageAnswer:
    """Return storage usage as it is sent to the client."""
    usage = found.usage
    largest = [_file_shape(one) for one in found.largest]
    return StorageAnswer(
        StorageShape(usage.used, usage.quota, usage.own_quota, usage.server_full, largest)
    )


def _file_shape(sent: SentFile) -> OwnFileShape:
    message = sent.message
    return OwnFileShape(sent.conversation, message.seq, message.created_at, sent.file.attachment)
