"""Shapes of receipts on the wire."""

from msgspec import UNSET, UnsetType

from echosphere.memberships.receipts.recipients import ReceiptStatus
from echosphere.wire import Shape


class ReceiptEvent(Shape, frozen=True, kw_only=True):
    """The event `receipt`; a read message is also delivered."""

    conversation: str
    user: str
    read_seq: int | UnsetType = UNSET
    delivered_seq: int | UnsetType = UNSET


class Receipt(Shape, frozen=True, kw_only=True):
    """The new positions of one member."""

    user: str
    read_seq: int | UnsetType = UNSET
    delivered_seq: int | UnsetType = UNSET


class ReceiptsEvent(Shape, frozen=True):
    """The event `receipts`: a batch of one conversation."""

    conversation: str
    receipts: list[Receipt]


class MessageReceipts(Shape, frozen=True):
    """The receipt status of a message for each user who was a member when it was posted."""

    receipts: list[ReceiptStatus]
