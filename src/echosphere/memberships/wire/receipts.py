"""Shapes of receipts on the wire."""

from msgspec import UNSET, UnsetType

from echosphere.memberships.receipts.recipients import ReceiptStatus
from echosphere.wire import Shape


class ReceiptEvent(Shape, frozen=True, kw_only=True):
    """The event `receipt`; what is read is delivered."""

    conversation: str
    user: str
    read_seq: int | UnsetType = UNSET
    delivered_seq: int | UnsetType = UNSET


class Receipt(Shape, frozen=True, kw_only=True):
    """How far one member has come."""

    user: str
    read_seq: int | UnsetType = UNSET
    delivered_seq: int | UnsetType = UNSET


class ReceiptsEvent(Shape, frozen=True):
    """The event `receipts`: several of one conversation that were collected for a moment."""

    conversation: str
    receipts: list[Receipt]


class MessageReceipts(Shape, frozen=True):
    """How far a message has come with each of those who were there when it was posted."""

    receipts: list[ReceiptStatus]
