"""The event that a member received or read messages."""

import msgspec

from echosphere.memberships.receipts.recipients import ReceiptRecipients


class ReceiptGiven(msgspec.Struct, frozen=True):
    """A member's read or delivered position moved forward, and others may see it.

    Attributes:
        read_seq: None if only the delivered position moved, and the other way round."""

    conversation: str
    members_version: int
    user_id: str
    recipients: ReceiptRecipients
    read_seq: int | None = None
    delivered_seq: int | None = None
