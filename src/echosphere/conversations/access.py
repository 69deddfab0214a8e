"""The one place where the right to see a conversation is checked: inside the query."""

from echosphere.conversations import store
from echosphere.conversations.conversation import Access, Conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction

UNKNOWN = "There is no such conversation."


def access_conversation(snapshot: Snapshot, viewer: str, conversation: str) -> Access:
    """Return a conversation as this person may see it.

    Raises:
        NotFound: It does not exist, or the person is not a member of it now.
    """
    access = store.find_access(snapshot, viewer, conversation)
    if access is None:
        raise NotFound(UNKNOWN)
    return access


def access_to_change(transaction: Transaction, viewer: str, conversation: str) -> Access:
    """Like `access_conversation`, and nobody else changes the conversation until the commit.

    The lock is taken before the look: a person who was removed a moment ago by another process is
    seen as removed.
    """
    transaction.lock(store.LOCK, conversation=conversation)
    return access_conversation(transaction, viewer, conversation)


def conversation_to_enter(transaction: Transaction, conversation: str) -> Conversation:
    """Return a conversation, locked, for somebody who comes with an invite into it.

    The caller has checked the invite: it is the right to see.

    Raises:
        NotFound: It does not exist.
    """
    transaction.lock(store.LOCK, conversation=conversation)
    found = store.find_conversation(transaction, conversation)
    if found is None:
        raise NotFound(UNKNOWN)
    return found
