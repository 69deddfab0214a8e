"""Deletes some messages of one conversation whose time is over."""

from echosphere.conversations import get_conversation_for_update, set_conversation_fields
from echosphere.core.clock import DAY
from echosphere.database import Command, Transaction
from echosphere.memberships.store import aging
from echosphere.messages import (
    delete_aged_held,
    erase_aged_message,
    find_message,
    has_expired,
)

AT_ONCE = 100
"""Messages deleted in one transaction, during which no other write runs."""


class RemoveExpired(Command[None], lane="conversation"):
    """Delete those of these messages that have disappeared."""

    conversation: str
    seqs: list[int]

    def run(self, transaction: Transaction) -> None:
        """Delete them."""
        whole = get_conversation_for_update(transaction, self.conversation)
        for seq in self.seqs:
            message = find_message(transaction, self.conversation, seq)
            if message is None or message.deleted or not has_expired(message, transaction.now):
                continue
            whole = erase_aged_message(transaction, whole, message)


class RemoveAgedHeld(Command[bool], lane="conversation"):
    """Delete what waits longer than its group keeps messages; return whether there may be more."""

    conversation: str
    days: int

    def run(self, transaction: Transaction) -> bool:
        """Delete at most `AT_ONCE` of them."""
        get_conversation_for_update(transaction, self.conversation)
        return delete_aged_held(transaction, self.conversation, self.days * DAY, AT_ONCE)


class RemoveOutdated(Command[bool], lane="conversation"):
    """Delete the oldest messages that are kept no longer; return whether there may be more.

    How far that came is written down, so that the next sweep does not look at the same again.
    """

    conversation: str
    server_days: int

    def run(self, transaction: Transaction) -> bool:
        """Delete at most `AT_ONCE` of them."""
        whole = get_conversation_for_update(transaction, self.conversation)
        days = shorter(whole.retention_days, self.server_days)
        if not days:
            return False
        limit = days * DAY
        oldest = aging.oldest_messages(transaction, self.conversation, AT_ONCE)
        found = [message for message, age in oldest if age >= limit]
        for message in found:
            whole = erase_aged_message(transaction, whole, message)
        if found:
            set_conversation_fields(transaction, self.conversation, retained_seq=found[-1].seq)
        return len(found) == AT_ONCE


def shorter(days: int, other: int) -> int:
    """Return the shorter of two times of keeping; 0 stands for ever."""
    return min(days, other) if days and other else days or other
