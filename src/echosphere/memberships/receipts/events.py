"""A member received or read messages, as far as others are told."""

from dataclasses import dataclass

from echosphere.memberships.receipts.recipients import ReceiptRecipients


@dataclass(frozen=True, slots=True)
class ReceiptGiven:
    """A position of a member, as far as the others are told of it, moved forward."""

    conversation: str
    members_version: int
    user_id: str
    recipients: ReceiptRecipients
    read_seq: int | None = None
    delivered_seq: int | None = None
