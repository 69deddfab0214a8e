"""Creates a group with its members, and posts the system message about it."""

from collections.abc import Sequence

from echosphere.conversations import access_for_update, start_group
from echosphere.database import Transaction
from echosphere.memberships.groups import system_messages


def create_group(transaction: Transaction, owner: str, title: str, user_ids: Sequence[str]) -> str:
    """Create a group and return its id.

    Raises:
        Invalid: The title or the number of members is not valid.
        NotFound: A user in `user_ids` is not a contact of the owner.
    """
    conversation = start_group(transaction, owner, title, user_ids)
    group = access_for_update(transaction, owner, conversation).conversation
    system_messages.post(transaction, group, owner, "created", title=group.title or "")
    return conversation
