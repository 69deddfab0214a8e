"""Assigns uploads to the message that uses them."""

from collections.abc import Sequence

from echosphere.attachments import store
from echosphere.attachments.attachment import MAX_IN_MESSAGE, StoredFile
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.core.errors import Invalid
from echosphere.database import Transaction


def require_unused(transaction: Transaction, owner: str, ids: Sequence[str]) -> list[StoredFile]:
    """Return the uploads that a user wants to send, in the given order.

    Raises:
        Invalid: There are too many, one comes twice, or one is not an unused upload of this user.
    """
    if len(ids) > MAX_IN_MESSAGE:
        raise _invalid_attachments(f"has more than {MAX_IN_MESSAGE} files")
    if len(set(ids)) != len(ids):
        raise _invalid_attachments("names a file twice")
    files = [store.find_unused_for_update(transaction, owner, attachment) for attachment in ids]
    found = [file for file in files if file is not None]
    if len(found) != len(ids):
        raise _invalid_attachments("names a file that you did not upload or have already used")
    return found


def claim_attachments(
    transaction: Transaction, owner: str, ids: Sequence[str], conversation: str, seq: int
) -> list[Attachment]:
    """Assign uploads to a message that was stored in the same transaction, in the given order.

    Raises:
        Invalid: As in `require_unused`; the transaction must be rolled back.
    """
    files = require_unused(transaction, owner, ids)
    for position, file in enumerate(files):
        # Another server process may have used or deleted it since it was read.
        if not store.claim(transaction, file, conversation, seq, position):
            raise _invalid_attachments("names a file that you did not upload or have already used")
    return [attachment_shape(file) for file in files]


def _invalid_attachments(problem: str) -> Invalid:
    return Invalid(f"The list of attachments {problem}.", fields={"attachments": problem})
