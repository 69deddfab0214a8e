"""How much storage the files of users and conversations take."""

from typing import NamedTuple

import msgspec

from echosphere.attachments import store
from echosphere.attachments.attachment import ConversationSize, Quota
from echosphere.attachments.store.quotas import find_quota
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.database import Snapshot

MIB = 1024 * 1024


class Usage(msgspec.Struct, frozen=True):
    """The storage that the files of one user, and of the user's programs, take.

    Attributes:
        used: Bytes; a file that was sent several times counts once.
        by_programs: Those of them that bots and webhooks of the user sent.
        quota: The limit in bytes; None for none.
        own_quota: Whether the limit was set for this user alone.
        server_full: Whether the files of all users leave no room for another MiB.
    """

    used: int
    by_programs: int
    quota: int | None
    own_quota: bool
    server_full: bool


class PostedFile(NamedTuple):
    """A file that a user sent, and its message."""

    conversation: str
    seq: int
    attachment: Attachment


def usage_of(snapshot: Snapshot, owner: str, quota: Quota) -> Usage:
    """Return how much storage a user's files take, and the limit."""
    full = bool(quota.server) and store.total_bytes(snapshot) + MIB > quota.server
    own = find_quota(snapshot, owner)
    limit = quota.user if own is None else own
    return Usage(
        used=store.bytes_paid_by(snapshot, owner),
        by_programs=store.bytes_of_programs(snapshot, owner),
        quota=limit or None,
        own_quota=own is not None,
        server_full=full,
    )


def quota_of_payer(snapshot: Snapshot, payer: str, quota: Quota) -> int:
    """Return the limit of one user in bytes, 0 for none: their own, or that of everyone."""
    own = find_quota(snapshot, payer)
    return quota.user if own is None else own


def bytes_stored_by(snapshot: Snapshot, owner: str) -> int:
    """Return how many bytes the files of a user, and of the user's programs, take."""
    return store.bytes_paid_by(snapshot, owner)


def total_bytes_stored(snapshot: Snapshot) -> int:
    """Return how many bytes the files of all users take."""
    return store.total_bytes(snapshot)


def bytes_in_conversation(snapshot: Snapshot, conversation: str, after: int) -> int:
    """Return how many bytes the files of the messages after a `seq` have together."""
    return store.bytes_in_conversation(snapshot, conversation, after)


def largest_posted_files(snapshot: Snapshot, owner: str, limit: int) -> list[PostedFile]:
    """Return the largest files that a user or their programs sent; one sent often comes once."""
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
