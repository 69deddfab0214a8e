"""Who may post in a group, how often, and when it disappears again."""

from echosphere.conversations import Access, MemberScope, set_posted
from echosphere.core.clock import SECOND
from echosphere.core.errors import Forbidden, too_many_requests
from echosphere.database import Transaction

ONLY_ADMINS_POST = "Only the owner and admins can write in this group."
ONLY_ADMINS_REACT = "Only the owner and admins can react in this group."
SLOW_MODE = "Slow mode is on in this group."


def require_may_post(access: Access, now: int) -> None:
    """Refuse what a member says, by a new message or by other words, if the group does not allow it.

    All of it was read with the access: nothing is asked here.

    Raises:
        Forbidden: Only the owner and the admins post.
        TooMany: Slow mode is on and the member posted a moment ago.
    """
    group = access.conversation
    if access.runs_group:
        return
    require_may_post_at_all(access)
    seconds = _seconds_to_wait(access, now) if group.slow_seconds else 0
    if seconds:
        raise too_many_requests(SLOW_MODE, seconds)


def require_may_post_at_all(access: Access) -> None:
    """Refuse what a member says, however long ago they said something.

    Raises:
        Forbidden: Only the owner and the admins post.
    """
    group = access.conversation
    if access.runs_group:
        return
    if group.posting is MemberScope.ADMINS:
        raise Forbidden(ONLY_ADMINS_POST)


def note_post(transaction: Transaction, access: Access) -> None:
    """Have the member wait from now on, where slow mode is on."""
    if access.conversation.slow_seconds and not access.runs_group:
        set_posted(transaction, access.viewer, access.conversation.id)


def expiry_of(access: Access, now: int) -> int | None:
    """Return when a message posted now disappears, in milliseconds; None for never."""
    seconds = access.conversation.expire_seconds
    return now + seconds * SECOND if seconds else None


def require_may_react(access: Access) -> None:
    """Refuse a reaction where only the owner and the admins react.

    Raises:
        Forbidden: They are neither.
    """
    if access.conversation.reacting is MemberScope.ADMINS and not access.runs_group:
        raise Forbidden(ONLY_ADMINS_REACT)


def _seconds_to_wait(access: Access, now: int) -> int:
    """Return 0 also if the last message seems to come from the future: the clock was put back."""
    passed = now - (access.posted_at or 0)
    left = access.conversation.slow_seconds * SECOND - passed
    return -(-left // SECOND) if left > 0 and passed >= 0 else 0
