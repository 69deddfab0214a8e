"""Changes what one person keeps about a conversation: muted, pinned, archived, draft."""

from typing import Any

from echosphere.conversations import access_conversation, set_member_settings
from echosphere.database import Transaction
from echosphere.memberships.inbox.events import OwnChanged
from echosphere.memberships.store import inbox as store


def change_own(
    transaction: Transaction, person: str, conversation: str, changes: dict[str, Any]
) -> None:
    """Store the changed fields and tell the person's other devices.

    Raises:
        NotFound: The person is not a member.
    """
    access_conversation(transaction, person, conversation)
    if not changes:
        return
    set_member_settings(transaction, person, conversation, changes)
    entry = store.find_entry(transaction, person, conversation)
    assert entry is not None  # noqa: S101 - access was checked
    transaction.announce(OwnChanged(person, entry))
