"""How much room a person's files take, and which of them take most."""

from dataclasses import dataclass
from typing import NamedTuple

from echosphere.attachments import store
from echosphere.attachments.attachment import Quota
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.database import Snapshot

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What the files of one person take.

    Attributes:
        used: Bytes; what they sent several times counts once.
        quota: How many bytes it may be; None for any number.
        server_full: Whether the files of all people leave no room for another MiB.
    """

    used: int
    quota: int | None
    server_full: bool


class OwnFile(NamedTuple):
    """A file that somebody sent, and where its message is."""

    conversation: str
    seq: int
    attachment: Attachment


def usage_of(snapshot: Snapshot, owner: str, quota: Quota) -> Usage:
    """Return how much room a person's files take, and how much they may."""
    full = bool(quota.server) and store.stored_by_all(snapshot) + MIB > quota.server
    return Usage(store.stored_by(snapshot, owner), quota.person or None, full)


def largest_files_of(snapshot: Snapshot, owner: str, most: int) -> list[OwnFile]:
    """Return the largest files that a person sent; one that they sent several times comes once."""
    found: dict[str, OwnFile] = {}
    for file in store.largest_of(snapshot, owner, most):
        assert file.conversation is not None  # noqa: S101 - selected by it
        assert file.seq is not None  # noqa: S101 - and by this
        own = OwnFile(file.conversation, file.seq, attachment_shape(file))
        found.setdefault(file.stored, own)
    return list(found.values())
