"""Deletes some messages of one conversation whose time is over."""

from collections.abc import Sequence

from echosphere.conversations import get_conversation_for_update, set_conversation_fields
from echosphere.core.clock import DAY
from echosphere.database import Transaction
from echosphere.memberships.store import aging
from echosphere.messages import erase_aged_message, find_message, has_expired

AT_ONCE = 100
"""Messages deleted in one transaction, during which no other write runs."""


def remove_expired(transaction: Transaction, conversation: str, seqs: Sequence[int]) -> None:
    """Delete those of these messages that have disappeared."""
    whole = get_conversation_for_update(transaction, conversation)
    for seq in seqs:
        message = find_message(transaction, conversation, seq)
        if message is None or message.deleted or not has_expired(message, transaction.now):
            continue
        whole = erase_aged_message(transaction, whole, message)


def remove_outdated(transaction: Transaction, conversation: str, server_days: int) -> bool:
    """Delete the oldest messages that are kept no longer; return whether there may be more.

    How far that came is written down, so that the next sweep does not look at the same again.
    """
    whole = get_conversation_for_update(transaction, conversation)
    days = shorter(whole.retention_days, server_days)
    if not days:
        return False
    limit = days * DAY
    found = [
        message
        for message, age in aging.oldest_messages(transaction, conversation, AT_ONCE)
        if age >= limit
    ]
    for message in found:
        whole = erase_aged_message(transaction, whole, message)
    if found:
        set_conversation_fields(transaction, conversation, retained_seq=found[-1].seq)
    return len(found) == AT_ONCE


def shorter(days: int, other: int) -> int:
    """Return the shorter of two times of keeping; 0 stands for ever."""
    return min(days, other) if days and other else days or other
