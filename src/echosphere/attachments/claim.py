"""Binds uploads to the message that uses them."""

from collections.abc import Sequence

from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_IN_MESSAGE, StoredFile
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.core.errors import Invalid
from echosphere.database import Transaction


def require_unused(transaction: Transaction, owner: str, ids: Sequence[str]) -> list[StoredFile]:
    """Return the uploads that a person wants to send, in the given order.

    Raises:
        Invalid: Too many, one of them twice, or not an unused upload of this person.
    """
    if len(ids) > MAX_IN_MESSAGE:
        raise _refused(f"has more than {MAX_IN_MESSAGE} files")
    if len(set(ids)) != len(ids):
        raise _refused("names a file twice")
    files = [store.find_free(transaction, owner, attachment) for attachment in ids]
    found = [file for file in files if file is not None]
    if len(found) != len(ids):
        raise _refused("names a file that is not an unused upload of yours")
    return found


def claim_attachments(
    transaction: Transaction, owner: str, ids: Sequence[str], conversation: str, seq: int
) -> list[Attachment]:
    """Bind uploads to a message that was stored in the same transaction, in the given order.

    Raises:
        Invalid: As `require_unused`; the message must not be kept then.
    """
    files = require_unused(transaction, owner, ids)
    for position, file in enumerate(files):
        # Another server process may have bound or swept it since it was looked at.
        if not store.claim(transaction, file, conversation, seq, position):
            raise _refused("names a file that is not an unused upload of yours")
    return [attachment_shape(file) for file in files]


def _refused(problem: str) -> Invalid:
    return Invalid(f"The list of attachments {problem}.", fields={"attachments": problem})
