"""Moves a member's read position forward."""

from echosphere.conversations import access_conversation, set_read
from echosphere.database import Command, Transaction
from echosphere.memberships.inbox.events import MemberSettingsChanged
from echosphere.memberships.receipts.events import ReceiptGiven
from echosphere.memberships.receipts.recipients import receipt_recipients, sends_receipts
from echosphere.memberships.store import inbox as inbox_store


class MarkRead(Command[None], lane="conversation"):
    """Mark all messages up to `seq` as read; a lower `seq` than before changes nothing.

    This also removes the reader's "marked as unread".

    Raises:
        NotFound: The reader is not a member.
    """

    reader: str
    conversation: str
    seq: int

    def run(self, transaction: Transaction) -> None:
        """Move the position."""
        access = access_conversation(transaction, self.reader, self.conversation)
        reached = min(self.seq, access.conversation.last_seq)
        sends = sends_receipts(transaction, access)
        if not set_read(
            transaction, self.reader, self.conversation, reached, reached if sends else 0
        ):
            return
        entry = inbox_store.find_entry(transaction, self.reader, self.conversation)
        assert entry is not None  # noqa: S101 - access was checked
        if sends and entry.member_settings.read_seq == reached:
            recipients = receipt_recipients(transaction, access)
            version = access.conversation.members_version
            transaction.announce(
                ReceiptGiven(self.conversation, version, self.reader, recipients, read_seq=reached)
            )
        transaction.announce(MemberSettingsChanged(self.reader, entry))
