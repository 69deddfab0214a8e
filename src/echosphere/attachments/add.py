"""Adds the row of an uploaded file; from then on a message can use it."""

from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_UNUSED, MAX_UNUSED_BYTES, Quota, StoredFile
from echosphere.attachments.usage import quota_of_owner
from echosphere.core.errors import Conflict, QuotaExceeded
from echosphere.database import (
    Command,
    Creation,
    Snapshot,
    Transaction,
    find_created,
    forget_created,
    once,
)

MIB = 1024 * 1024


def add_attachment(transaction: Transaction, file: StoredFile, quota: Quota) -> str:
    """Add a file and return its id.

    Raises:
        Conflict: The user has too many files that no message uses.
        QuotaExceeded: There is no room for it.
    """
    require_quota(transaction, file.owner, file.size, quota)
    store.add(transaction, file)
    return file.id


class AddAttachment(Command[StoredFile]):
    """Add a file, or return the one that an earlier request with the same key added.

    Raises:
        Conflict: The user has too many files that no message uses.
    """

    creation: Creation
    file: StoredFile
    quota: Quota

    def run(self, transaction: Transaction) -> StoredFile:
        """Add it, or find it."""
        existing = find_added(transaction, self.creation)
        if existing is not None:
            return existing
        if self.creation.key is not None:
            forget_created(
                transaction, self.creation
            )  # the file was discarded, or deleted as unused
        once(transaction, self.creation, add_attachment, self.file, self.quota)
        return self.file


def add_imported(transaction: Transaction, file: StoredFile) -> None:
    """Add a file of a message that is imported next, whatever its author may store."""
    store.add(transaction, file)


def find_added(snapshot: Snapshot, creation: Creation) -> StoredFile | None:
    """Return the file that a request with the same key added, if it still exists."""
    existing = find_created(snapshot, creation)
    return None if existing is None else store.find(snapshot, existing)


def require_quota(snapshot: Snapshot, owner: str, size: int, quota: Quota) -> None:
    """Refuse a file that exceeds what its owner, or the server, may store.

    Usage is summed up each time, so that there is no counter that could be wrong.

    Raises:
        Conflict: The user has too many files that no message uses.
        QuotaExceeded: There is no room for it.
    """
    count, unused_bytes = store.unused_usage(snapshot, owner)
    if count >= MAX_UNUSED or unused_bytes + size > MAX_UNUSED_BYTES:
        raise Conflict(
            "Too many uploaded files wait for a message. Send or remove some of them first."
        )
    limit = quota_of_owner(snapshot, owner, quota)
    if limit and store.bytes_of_owner(snapshot, owner) + size > limit:
        raise QuotaExceeded(_over_quota(limit // MIB))
    if quota.server and store.total_bytes(snapshot) + size > quota.server:
        raise QuotaExceeded("This server has no room for more files. Ask its operator.")


def _over_quota(mib: int) -> str:
    if mib % 1024:
        return f"Your files may take up {mib} MiB here. Delete some of them, then try again."
    return f"Your files may take up {mib // 1024} GiB here. Delete some of them, then try again."
