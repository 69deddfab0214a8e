"""How much storage the files of users and conversations take."""

from dataclasses import dataclass
from typing import NamedTuple

from echosphere.attachments import store
from echosphere.attachments.attachment import ConversationSize, Quota
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.database import Snapshot

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """The storage that the files of one user take.

    Attributes:
        used: Bytes; a file that was sent several times counts once.
        quota: The limit in bytes; None for none.
        server_full: Whether the files of all users leave no room for another MiB.
    """

    used: int
    quota: int | None
    server_full: bool


class PostedFile(NamedTuple):
    """A file that a user sent, and its message."""

    conversation: str
    seq: int
    attachment: Attachment


def usage_of(snapshot: Snapshot, owner: str, quota: Quota) -> Usage:
    """Return how much storage a user's files take, and the limit."""
    full = bool(quota.server) and store.total_bytes(snapshot) + MIB > quota.server
    return Usage(store.bytes_of_owner(snapshot, owner), quota.user or None, full)


def bytes_stored_by(snapshot: Snapshot, owner: str) -> int:
    """Return how many bytes a user's files take."""
    return store.bytes_of_owner(snapshot, owner)


def largest_posted_files(snapshot: Snapshot, owner: str, limit: int) -> list[PostedFile]:
    """Return the largest files that a user sent; one that was sent several times comes once."""
    found: dict[str, PostedFile] = {}
    for file in store.largest_of(snapshot, owner, limit):
        assert file.conversation is not None  # noqa: S101 - selected by it
        assert file.seq is not None  # noqa: S101 - and by this
        sent = PostedFile(file.conversation, file.seq, attachment_shape(file))
        found.setdefault(file.blob_id, sent)
    return list(found.values())


def largest_conversations(snapshot: Snapshot, limit: int) -> list[ConversationSize]:
    """Return the conversations whose files take most storage, the largest first."""
    return store.largest_conversations(snapshot, limit)
