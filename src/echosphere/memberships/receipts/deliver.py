"""Notes how far messages have reached one of a member's devices."""

from echosphere.conversations import access_conversation, set_delivered
from echosphere.database import Transaction
from echosphere.memberships.receipts.events import ReceiptGiven
from echosphere.memberships.receipts.recipients import (
    is_very_large,
    receipt_recipients,
    sends_receipts,
)


def mark_delivered(transaction: Transaction, receiver: str, conversation: str, seq: int) -> None:
    """Count everything up to a number as delivered; a smaller one than before changes nothing.

    In very large groups, and where the receiver gives no receipts, nothing is noted.

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
