"""Reads whose presence a user may see, and who sees theirs."""

from collections.abc import Collection
from typing import NamedTuple

from echosphere.accounts import last_seen_of, settings_of, settings_of_all
from echosphere.database import Snapshot
from echosphere.profiles import filter_visible_users, presence_receivers


class StoredPresence(NamedTuple):
    """What the database knows of a user's presence.

    Attributes:
        invisible: The user looks offline to everyone, and their last_seen is hidden.
        last_seen: In milliseconds; None if it was never recorded.
    """

    user_id: str
    invisible: bool
    last_seen: int | None


def presence_audience(snapshot: Snapshot, user_id: str) -> tuple[bool, frozenset[str]]:
    """Return whether a user is invisible, and the ids of those who see their presence."""
    invisible = settings_of(snapshot, user_id).invisible
    return invisible, presence_receivers(snapshot, user_id)


def presence_of(snapshot: Snapshot, viewer: str, user_ids: Collection[str]) -> list[StoredPresence]:
    """Return the presence of those of these users whom the viewer may see."""
    visible = filter_visible_users(snapshot, viewer, user_ids)
    settings = settings_of_all(snapshot, visible)
    last_seen = last_seen_of(snapshot, visible)
    return [
        StoredPresence(user_id, settings[user_id].invisible, last_seen.get(user_id))
        for user_id in sorted(visible)
    ]
