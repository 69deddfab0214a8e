"""Lists the earlier texts of an edited message."""

from typing import NamedTuple

from echosphere.database import Snapshot
from echosphere.messages import store
from echosphere.messages.access import access_message


class Version(NamedTuple):
    """An earlier text of a message, and when it was written."""

    body: str
    created_at: int


def versions_of_message(
    snapshot: Snapshot, viewer: str, conversation: str, seq: int
) -> list[Version]:
    """Return the earlier texts of a message, oldest first; none of a deleted one.

    Raises:
        NotFound: The viewer cannot see the message.
    """
    access_message(snapshot, viewer, conversation, seq)
    return [Version(*found) for found in store.versions_of(snapshot, conversation, seq)]
