"""Founds a group: the conversation, its members, and the line that says so."""

from collections.abc import Sequence

from echosphere.conversations import access_for_update, start_group
from echosphere.database import Transaction
from echosphere.memberships.groups.system_messages import say


def found_group(transaction: Transaction, founder: str, title: str, people: Sequence[str]) -> str:
    """Return the id of a new group.

    Raises:
        Invalid: The title or the number of people breaks a rule.
        NotFound: Somebody is not a contact.
    """
    conversation = start_group(transaction, founder, title, people)
    group = access_for_update(transaction, founder, conversation).conversation
    say(transaction, group, founder, "created", title=group.title or "")
    return conversation
