"""Removes attachments: the rows at once, the stored files by a job that is retried."""

from collections.abc import Iterable

from echosphere.accounts import AccountClosed
from echosphere.attachments import store
from echosphere.attachments.access import UNKNOWN, access_attachment
from echosphere.attachments.attachment import MAX_UNUSED_AGE
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Command, Transaction

REMOVE_BLOB = "attachments.remove"
"""The job that deletes a stored file; its payload is `{id}`, the blob id."""

DELETE_BATCH = 500


def remove_attachments_of(transaction: Transaction, conversation: str, seq: int) -> None:
    """Remove the attachments of a message that is being deleted.

    The job keeps files that a forwarded message uses too.
    """
    _enqueue_removals(transaction, store.remove_of_message(transaction, conversation, seq))


class DiscardAttachment(Command[None]):
    """Remove an upload that its owner does not want to send.

    Raises:
        NotFound: It does not exist, or the user may not see it.
        Conflict: A message uses it; it is removed when the message is deleted.
    """

    owner: str
    attachment: str

    def run(self, transaction: Transaction) -> None:
        """Remove it."""
        if store.find_unused(transaction, self.owner, self.attachment) is None:
            access_attachment(transaction, self.owner, self.attachment)
            raise Conflict("A message uses this file. Delete the message instead.")
        if not store.remove_unused(transaction, self.owner, self.attachment):
            raise NotFound(UNKNOWN)
        _enqueue_removals(transaction, [self.attachment])


class DeleteUnusedAttachments(Command[bool]):
    """Delete uploads that no message used in time; return whether there may be more."""

    def run(self, transaction: Transaction) -> bool:
        """Delete them."""
        before = transaction.now - MAX_UNUSED_AGE
        deleted = store.remove_unused_before(transaction, before, DELETE_BATCH)
        _enqueue_removals(transaction, deleted)
        return len(deleted) == DELETE_BATCH


def remove_unused_with_account(transaction: Transaction, event: AccountClosed) -> None:
    """Remove what a user who closed their account had uploaded and not sent."""
    _enqueue_removals(transaction, store.remove_unused_of(transaction, event.user_id))


def _enqueue_removals(transaction: Transaction, blob_ids: Iterable[str]) -> None:
    for blob_id in blob_ids:
        transaction.enqueue(REMOVE_BLOB, {"id": blob_id})
