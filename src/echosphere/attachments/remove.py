"""Removes attachments: the rows at once, the stored files by a job that is retried."""

from collections.abc import Iterable

from echosphere.attachments import store
from echosphere.attachments.access import UNKNOWN, access_attachment
from echosphere.attachments.attachment import KEPT_UNUSED
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Transaction

REMOVE_FILES = "attachments.remove"
"""The kind of job that removes bytes; its payload is `{id}`, under which they are stored."""

SWEPT_AT_ONCE = 500


def remove_attachments_of(transaction: Transaction, conversation: str, seq: int) -> None:
    """Remove the attachments of a message that is being deleted.

    The job keeps bytes that another message carries too: it was forwarded.
    """
    _leave_jobs(transaction, store.remove_of_message(transaction, conversation, seq))


def discard_attachment(transaction: Transaction, owner: str, attachment: str) -> None:
    """Remove an upload that its owner does not want to send after all.

    Raises:
        NotFound: It does not exist, or the person may not see it.
        Conflict: A message uses it; it goes when the message is deleted.
    """
    if store.find_unused(transaction, owner, attachment) is None:
        access_attachment(transaction, owner, attachment)
        raise Conflict("A message uses this file. Delete the message instead.")
    if not store.remove_unused(transaction, owner, attachment):
        raise NotFound(UNKNOWN)
    _leave_jobs(transaction, [attachment])


def sweep_unused(transaction: Transaction) -> bool:
    """Remove uploads that no message used in time; return whether there may be more."""
    before = transaction.now - KEPT_UNUSED
    swept = store.remove_forgotten(transaction, before, SWEPT_AT_ONCE)
    _leave_jobs(transaction, swept)
    return len(swept) == SWEPT_AT_ONCE


def _leave_jobs(transaction: Transaction, ids: Iterable[str]) -> None:
    for attachment in ids:
        transaction.enqueue(REMOVE_FILES, {"id": attachment})
