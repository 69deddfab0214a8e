"""Adds the row of an uploaded file; from then on a message can use it."""

from collections.abc import Sequence

from echosphere.accounts import find_bot
from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_UNUSED, MAX_UNUSED_BYTES, Quota, StoredFile
from echosphere.attachments.usage import quota_of_payer
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
    payer = require_upload(transaction, file.owner, file.size, quota)
    store.add(transaction, file, payer)
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


def add_for_message(
    transaction: Transaction, files: Sequence[StoredFile], payer: str, quota: Quota
) -> None:
    """Add files of a program's message, which is stored in the same transaction.

    Raises:
        QuotaExceeded: There is no room for them in the storage of the person behind the program.
    """
    size = sum(file.size for file in files)
    require_quota(transaction, payer, size, quota, by_program=True)
    for file in files:
        store.add(transaction, file, payer)


def add_imported(transaction: Transaction, file: StoredFile) -> None:
    """Add a file of a message that is imported next, whatever its author may store."""
    store.add(transaction, file, file.owner)


def find_added(snapshot: Snapshot, creation: Creation) -> StoredFile | None:
    """Return the file that a request with the same key added, if it still exists."""
    existing = find_created(snapshot, creation)
    return None if existing is None else store.find(snapshot, existing)


def require_upload(snapshot: Snapshot, owner: str, size: int, quota: Quota) -> str:
    """Return whose storage an upload takes, and refuse it where it is too much.

    Raises:
        Conflict: The user has too many files that no message uses.
        QuotaExceeded: There is no room for it.
    """
    count, unused_bytes = store.unused_usage(snapshot, owner)
    if count >= MAX_UNUSED or unused_bytes + size > MAX_UNUSED_BYTES:
        raise Conflict(
            "Too many uploaded files are waiting for a message. Send or remove some first."
        )
    payer = payer_of(snapshot, owner)
    require_quota(snapshot, payer, size, quota, by_program=payer != owner)
    return payer


def payer_of(snapshot: Snapshot, user_id: str) -> str:
    """Return whose storage a user's files take: their own, or that of a bot's owner."""
    bot = find_bot(snapshot, user_id)
    return user_id if bot is None else bot.owner


def require_quota(
    snapshot: Snapshot, payer: str, size: int, quota: Quota, *, by_program: bool = False
) -> None:
    """Refuse files that exceed what a person and their programs, or all, may store.

    Usage is summed up each time, so that there is no counter that could be wrong.

    Args:
        snapshot: The database.
        payer: The person whose storage they take.
        size: Bytes of the files.
        quota: The limits.
        by_program: Whether a program of theirs brings them, which is told so.

    Raises:
        QuotaExceeded: There is no room for them.
    """
    limit = quota_of_payer(snapshot, payer, quota)
    if limit and store.bytes_paid_by(snapshot, payer) + size > limit:
        mib = limit // MIB
        raise QuotaExceeded(_program_over_quota(mib) if by_program else _over_quota(mib))
    if quota.server and store.total_bytes(snapshot) + size > quota.server:
        raise QuotaExceeded("This server is out of space for files. Contact an administrator.")


def _over_quota(mib: int) -> str:
    if mib % 1024:
        return f"Your files can use up to {mib} MiB here. Delete some, then try again."
    return f"Your files can use up to {mib // 1024} GiB here. Delete some, then try again."


def _program_over_quota(mib: int) -> str:
    if mib % 1024:
        return (
            f"The person who created this program can use up to {mib} MiB for files here, "
            "including the program's. They must delete some first."
        )
    return (
        f"The person who created this program can use up to {mib // 1024} GiB for files here, "
        "including the program's. They must delete some first."
    )
