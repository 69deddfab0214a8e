"""Founds a group: the conversation, its members, and the line that says so."""

from collections.abc import Sequence

from echosphere.conversations import access_for_update, start_group
from echosphere.database import Transaction
from echosphere.memberships.groups import system_messages


def create_group(transaction: Transaction, owner: str, title: str, user_ids: Sequence[str]) -> str:
    """Return the id of a new group.

    Raises:
        Invalid: The title or the number of people breaks a rule.
        NotFound: Somebody is not a contact.
    """
    conversation = start_group(transaction, owner, title, user_ids)
    group = access_for_update(transaction, owner, conversation).conversation
    system_messages.post(transaction, group, owner, "created", title=group.title or "")
    return conversation
