"""Enters an upload that has reached the storage; from then on a message can use it."""

from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_UNUSED, MAX_UNUSED_BYTES, StoredFile
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.database import Snapshot, Transaction
from echosphere.errors import Conflict


def add_attachment(transaction: Transaction, file: StoredFile) -> Attachment:
    """Enter a file.

    Raises:
        Conflict: The person holds too many files that no message uses.
    """
    require_room(transaction, file.owner, file.size)
    store.add(transaction, file)
    return attachment_shape(file)


def require_room(snapshot: Snapshot, owner: str, size: int) -> None:
    """Refuse a file beyond what a person may hold without sending it.

    Raises:
        Conflict: One more of this size would be too much.
    """
    count, held = store.held_unused(snapshot, owner)
    if count >= MAX_UNUSED or held + size > MAX_UNUSED_BYTES:
        raise Conflict(
            "Too many uploaded files wait for a message. Send or remove some of them first."
        )
