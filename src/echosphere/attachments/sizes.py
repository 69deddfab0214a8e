"""How much room files take, for those who look after the server."""

from echosphere.attachments import store
from echosphere.attachments.attachment import ConversationSize
from echosphere.database import Snapshot

__all__ = ["ConversationSize", "bytes_stored_by", "largest_conversations"]


def bytes_stored_by(snapshot: Snapshot, owner: str) -> int:
    """Return how many bytes of files a person has."""
    return store.stored_by(snapshot, owner)


def largest_conversations(snapshot: Snapshot, most: int) -> list[ConversationSize]:
    """Return the conversations whose files take most, the largest first."""
    return store.largest_conversations(snapshot, most)
