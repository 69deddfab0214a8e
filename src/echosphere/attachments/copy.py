"""Lets a forwarded message carry the files of another; the bytes are stored once."""

from dataclasses import replace

from echosphere.attachments import store
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.core.ids import new_id
from echosphere.database import Transaction

Place = tuple[str, int]
"""A conversation and the number of a message in it."""


def copy_attachments(
    transaction: Transaction, owner: str, source: Place, target: Place
) -> tuple[Attachment, ...]:
    """Enter the files of one message for another that was stored in the same transaction.

    The source must be locked: while it is there, its bytes are.
    """
    conversation, seq = target
    found = store.of_messages(transaction, source[0], [source[1]])
    copies = [
        replace(file, id=new_id(), owner=owner, conversation=conversation, seq=seq)
        for file in found
    ]
    for position, copy in enumerate(copies):
        store.add_copy(transaction, copy, conversation, seq, position)
    return tuple(attachment_shape(copy) for copy in copies)
