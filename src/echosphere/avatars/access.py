"""Checks the right to see an avatar."""

from echosphere.avatars import store
from echosphere.avatars.avatar import Avatar
from echosphere.conversations import access_conversation
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot

UNKNOWN = "Picture not found."


def access_avatar(snapshot: Snapshot, viewer: str, avatar: str) -> Avatar:
    """Return an avatar that this user may see; those of groups are for their members.

    Raises:
        NotFound: It does not exist, or the user may not see it.
    """
    found = store.find(snapshot, avatar)
    if found is None or not _may_see(snapshot, viewer, found):
        raise NotFound(UNKNOWN)
    return found


def _may_see(snapshot: Snapshot, viewer: str, avatar: Avatar) -> bool:
    if avatar.conversation is None:
        return True
    try:
        access_conversation(snapshot, viewer, avatar.conversation)
    except NotFound:
        return False
    return True
