"""Decides which members see that a user is typing, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from echosphere.accounts import settings_of
from echosphere.contacts import blocked_user_ids
from echosphere.conversations import access_conversation, audience_of
from echosphere.core.bounded_cache import BoundedCache
from echosphere.database import Snapshot

MAX_MEMBERS = 200
"""Larger groups see no typing: in those someone is always typing."""

MIN_INTERVAL = 2.0
"""Seconds for which repeated calls of one user in one conversation are accepted and dropped."""

MAX_ENTRIES = 50_000


class TypingAudience(NamedTuple):
    """The members who see that a user is typing, as of a `members_version`."""

    members_version: int
    user_ids: frozenset[str]


def typing_audience(snapshot: Snapshot, actor: str, conversation: str) -> TypingAudience:
    """Return the other members, without those across a block.

    The audience is empty if the actor does not show typing, or the conversation is too large.

    Raises:
        NotFound: The actor is not a member.
    """
    access_conversation(snapshot, actor, conversation)
    version, members = audience_of(snapshot, conversation)
    if len(members) > MAX_MEMBERS or not settings_of(snapshot, actor).typing:
        return TypingAudience(version, frozenset())
    return TypingAudience(version, members - blocked_user_ids(snapshot, actor) - {actor})


@dataclass(slots=True)
class LastTyping:
    """The last call that was sent on: when typing began, and whether it still goes on."""

    at: float
    on: bool


class TypingThrottle:
    """Allows one start of typing every two seconds, and one end of it.

    Args:
        now: A monotonic clock, in seconds.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._last: BoundedCache[tuple[str, str], LastTyping] = BoundedCache(MAX_ENTRIES)

    def allows(self, user_id: str, conversation: str, *, on: bool) -> bool:
        """Whether this start or end is to be sent to the other members."""
        last = self._last.get((user_id, conversation))
        if on:
            return last is None or self._now() >= last.at + MIN_INTERVAL
        return last is not None and last.on

    def has_recorded(self, user_id: str, conversation: str) -> bool:
        """Whether a call was sent lately: the user was a member of the conversation then."""
        return self._last.get((user_id, conversation)) is not None

    def record(self, user_id: str, conversation: str, *, on: bool) -> None:
        """Note that a start or an end was sent."""
        key = (user_id, conversation)
        last = self._last.get(key)
        began = self._now() if on or last is None else last.at
        self._last.put(key, LastTyping(began, on))
