"""Enters an upload that has reached the storage; from then on a message can use it."""

from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_UNUSED, MAX_UNUSED_BYTES, Quota, StoredFile
from echosphere.core.errors import Conflict, QuotaExceeded
from echosphere.database import (
    Creation,
    Snapshot,
    Transaction,
    find_created,
    forget_created,
    once,
)

MIB = 1024 * 1024


def add_attachment(transaction: Transaction, file: StoredFile, quota: Quota) -> str:
    """Enter a file and return its id.

    Raises:
        Conflict: The person holds too many files that no message uses.
        QuotaExceeded: There is no room for it.
    """
    require_room(transaction, file.owner, file.size, quota)
    store.add(transaction, file)
    return file.id


def add_once(
    transaction: Transaction, wish: Creation, file: StoredFile, quota: Quota
) -> StoredFile:
    """Enter a file, or return the one that the same wish has brought before.

    Raises:
        Conflict: The person holds too many files that no message uses.
    """
    known = find_added(transaction, wish)
    if known is not None:
        return known
    if wish.key is not None:
        forget_created(transaction, wish)  # what it had brought was discarded or swept since
    once(transaction, wish, add_attachment, file, quota)
    return file


def find_added(snapshot: Snapshot, wish: Creation) -> StoredFile | None:
    """Return the file that a wish has brought, as long as it is there."""
    known = find_created(snapshot, wish)
    return None if known is None else store.find(snapshot, known)


def require_room(snapshot: Snapshot, owner: str, size: int, quota: Quota) -> None:
    """Refuse a file beyond what a person may hold: without sending it, or at all.

    What is held is counted anew each time, so that no number beside the rows can be wrong.

    Raises:
        Conflict: One more of this size would be too much.
        QuotaExceeded: There is no room for it.
    """
    count, held = store.held_unused(snapshot, owner)
    if count >= MAX_UNUSED or held + size > MAX_UNUSED_BYTES:
        raise Conflict(
            "Too many uploaded files wait for a message. Send or remove some of them first."
        )
    if quota.person and store.stored_by(snapshot, owner) + size > quota.person:
        raise QuotaExceeded(_over(quota.person // MIB))
    if quota.server and store.stored_by_all(snapshot) + size > quota.server:
        raise QuotaExceeded("This server has no room for more files. Ask its operator.")


def _over(mib: int) -> str:
    if mib % 1024:
        return f"Your files may take up {mib} MiB here. Delete some of them, then try again."
    return f"Your files may take up {mib // 1024} GiB here. Delete some of them, then try again."
