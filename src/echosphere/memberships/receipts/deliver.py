"""Moves a member's delivered position forward."""

from echosphere.conversations import access_conversation, set_delivered
from echosphere.database import Command, Transaction
from echosphere.memberships.receipts.events import ReceiptGiven
from echosphere.memberships.receipts.recipients import (
    is_very_large,
    receipt_recipients,
    sends_receipts,
)


class MarkDelivered(Command[None], lane="conversation"):
    """Mark all messages up to `seq` as delivered; a lower `seq` than before changes nothing.

    Nothing is stored in very large groups, or if the receiver sends no receipts.

    Raises:
        NotFound: The receiver is not a member.
    """

    receiver: str
    conversation: str
    seq: int

    def run(self, transaction: Transaction) -> None:
        """Move the position."""
        access = access_conversation(transaction, self.receiver, self.conversation)
        recipients = receipt_recipients(transaction, access)
        if not recipients.immediate and is_very_large(transaction, self.conversation):
            return
        reached = min(self.seq, access.conversation.last_seq)
        if sends_receipts(transaction, access) and set_delivered(
            transaction, self.receiver, self.conversation, reached
        ):
            transaction.announce(
                ReceiptGiven(
                    self.conversation,
                    access.conversation.members_version,
                    self.receiver,
                    recipients,
                    delivered_seq=reached,
                )
            )
