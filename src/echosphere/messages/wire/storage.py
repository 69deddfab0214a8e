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
    """What files take, in bytes; a quota of null is none, `own_quota` if it was set for them alone.

    `by_programs` is what bots and webhooks of the caller sent of it.
    """

    used: int
    by_programs: int
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
        StorageShape(
            used=usage.used,
            by_programs=usage.by_programs,
            quota=usage.quota,
            own_quota=usage.own_quota,
            server_full=usage.server_full,
            largest=largest,
        )
    )


def _file_shape(sent: SentFile) -> OwnFileShape:
    message = sent.message
    return OwnFileShape(sent.conversation, message.seq, message.created_at, sent.file.attachment)
