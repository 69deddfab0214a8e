"""Creates a group with its members, and posts the system message about it."""

from collections.abc import Sequence

from echosphere.conversations import access_for_update, start_group
from echosphere.database import CreateOnce, Transaction
from echosphere.memberships.groups import system_messages


class CreateGroup(CreateOnce):
    """Create a group and return its id.

    Raises:
        Invalid: The title or the number of members is not valid.
        NotFound: A user in `user_ids` is not a contact of the owner.
    """

    owner: str
    title: str
    user_ids: Sequence[str]

    def create(self, transaction: Transaction) -> str:
        """Create it."""
        conversation = start_group(transaction, self.owner, self.title, self.user_ids)
        group = access_for_update(transaction, self.owner, conversation).conversation
        system_messages.post(transaction, group, self.owner, "created", title=group.title or "")
        return conversation
