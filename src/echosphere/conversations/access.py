"""The one place where the right to see a conversation is checked: inside the query."""

from echosphere.conversations import store
from echosphere.conversations.conversation import Access, Conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction

NO_SUCH_CONVERSATION = "Conversation not found."


def access_conversation(snapshot: Snapshot, viewer: str, conversation: str) -> Access:
    """Return a conversation as the viewer may see it.

    Raises:
        NotFound: It does not exist, or the viewer is not a present member.
    """
    access = store.find_access(snapshot, viewer, conversation)
    if access is None:
        raise NotFound(NO_SUCH_CONVERSATION)
    return access


def sees_message(snapshot: Snapshot, access: Access, seq: int) -> bool:
    """Whether a message is none from before the viewer joined, none that they cleared, and, for a bot
    that sees only what is meant for it, one of those."""
    if seq > access.sees_after:
        return True
    here, viewer = access.conversation.id, access.viewer
    return access.sees_only_addressed and store.is_addressed(snapshot, viewer, here, seq)


def access_for_update(transaction: Transaction, viewer: str, conversation: str) -> Access:
    """Like `access_conversation`, and lock the conversation until the commit.

    The lock is taken before the read, so that a member whom another process has just removed is
    seen as removed.
    """
    transaction.lock(store.LOCK, conversation=conversation)
    return access_conversation(transaction, viewer, conversation)


def get_conversation_for_update(transaction: Transaction, conversation: str) -> Conversation:
    """Lock a conversation and return it without checking access: an invite gives the right to see.

    Raises:
        NotFound: It does not exist.
    """
    transaction.lock(store.LOCK, conversation=conversation)
    found = store.find_conversation(transaction, conversation)
    if found is None:
        raise NotFound(NO_SUCH_CONVERSATION)
    return found
