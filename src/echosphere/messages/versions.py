"""Shows what a message said before it was edited."""

from typing import NamedTuple

from echosphere.database import Snapshot
from echosphere.messages import store
from echosphere.messages.access import access_message


class Version(NamedTuple):
    """Earlier words of a message, and when they were written."""

    body: str
    created_at: int


def versions_of_message(
    snapshot: Snapshot, viewer: str, conversation: str, seq: int
) -> list[Version]:
    """Return the earlier words of a message, the oldest first; a deleted one has none.

    Raises:
        NotFound: The viewer cannot see such a message.
    """
    access_message(snapshot, viewer, conversation, seq)
    return [Version(*found) for found in store.versions_of(snapshot, conversation, seq)]
