"""Moves a member's delivered position forward."""

from echosphere.conversations import access_conversation, set_delivered
from echosphere.database import Transaction
from echosphere.memberships.receipts.events import ReceiptGiven
from echosphere.memberships.receipts.recipients import (
    is_very_large,
    receipt_recipients,
    sends_receipts,
)


def mark_delivered(transaction: Transaction, receiver: str, conversation: str, seq: int) -> None:
    """Mark all messages up to `seq` as delivered; a lower `seq` than before changes nothing.

    Nothing is stored in very large groups, or if the receiver sends no receipts.

    Raises:
        NotFound: The receiver is not a member.
    """
    access = access_conversation(transaction, receiver, conversation)
    recipients = receipt_recipients(transaction, access)
    if not recipients.immediate and is_very_large(transaction, conversation):
        return
    reached = min(seq, access.conversation.last_seq)
    if sends_receipts(transaction, access) and set_delivered(
        transaction, receiver, conversation, reached
    ):
        transaction.announce(
            ReceiptGiven(
                conversation,
                access.conversation.members_version,
                receiver,
                recipients,
                delivered_seq=reached,
            )
        )
