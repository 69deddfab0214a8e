"""Changes one user's settings of a conversation: muted, pinned, archived, draft."""

from typing import Any

from echosphere.conversations import access_conversation, set_member_settings
from echosphere.database import Transaction
from echosphere.memberships.inbox.events import MemberSettingsChanged
from echosphere.memberships.store import inbox as inbox_store


def change_member_settings(
    transaction: Transaction, user_id: str, conversation: str, changes: dict[str, Any]
) -> None:
    """Store the changed fields and announce them to the user's devices.

    Raises:
        NotFound: The user is not a member.
    """
    access_conversation(transaction, user_id, conversation)
    if not changes:
        return
    set_member_settings(transaction, user_id, conversation, changes)
    entry = inbox_store.find_entry(transaction, user_id, conversation)
    assert entry is not None  # noqa: S101 - access was checked
    transaction.announce(MemberSettingsChanged(user_id, entry))
