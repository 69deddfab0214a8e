"""Which conversations changed lately, for processes that look for what was not delivered."""

from typing import NamedTuple

from echosphere.conversations import members_of
from echosphere.database import Snapshot
from echosphere.memberships.store import recent


class ChangeMarks(NamedTuple):
    """The highest id of a message, and the highest number of another change."""

    message: int
    change: int


def changed_conversations(
    snapshot: Snapshot, since: tuple[int, int] | None
) -> tuple[ChangeMarks, list[tuple[str, int, int]]]:
    """Return the marks of now, and id, `version` and `members_version` of what changed since others.

    Neither depends on a clock: those of several machines differ. Without earlier marks there are no
    changes.
    """
    if since is None:
        return ChangeMarks(*recent.latest_changes(snapshot)), []
    message, change = since
    found: dict[str, tuple[str, int, int]] = {}
    for last_message, last_change, *conversation in recent.changes_after(snapshot, message, change):
        message, change = max(message, last_message), max(change, last_change)
        found[conversation[0]] = (conversation[0], conversation[1], conversation[2])
    return ChangeMarks(message, change), list(found.values())


def left_since(snapshot: Snapshot, conversation: str, version: int) -> frozenset[str]:
    """Return the ids of the users who left a conversation after a version."""
    changed = members_of(snapshot, conversation, version)
    return frozenset(member.user for member in changed if member.left)
