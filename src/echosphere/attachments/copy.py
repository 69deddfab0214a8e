"""Copies the attachments of a forwarded message; the stored files are shared."""

from dataclasses import replace

from echosphere.attachments import store
from echosphere.attachments.add import payer_of
from echosphere.attachments.attachment import MessageId
from echosphere.core.ids import new_id
from echosphere.database import Transaction


def copy_attachments(
    transaction: Transaction, owner: str, source: MessageId, target: MessageId
) -> None:
    """Add the attachments of one message to another that was stored in the same transaction.

    The source must be locked, so that its stored files cannot be deleted meanwhile.
    """
    conversation, seq = target
    found = store.of_messages(transaction, source[0], [source[1]])
    copies = [
        replace(file, id=new_id(), owner=owner, conversation=conversation, seq=seq)
        for file in found
    ]
    payer = payer_of(transaction, owner) if copies else owner
    for position, copy in enumerate(copies):
        store.add_copy(transaction, copy, payer, position)
