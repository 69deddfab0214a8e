"""Who may see a user's profile, and who is sent a change of it."""

from collections.abc import Callable

from echosphere.accounts import ProfileChanged, User, find_user, get_own_user, limited_profile
from echosphere.contacts import (
    Acquaintance,
    has_pending_request_from,
    is_blocked_between,
    requests_between,
)
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.profiles import store
from echosphere.profiles.events import VisibleProfileChanged

NO_SUCH_USER = "Person not found."


FindsInDirectory = Callable[[Snapshot, str, str], bool]
"""Whether a viewer finds a user in the directory; `directory/`, which keeps it, has it."""


def no_directory(_snapshot: Snapshot, _viewer: str, _user_id: str) -> bool:
    """Find no one: the `FindsInDirectory` of a server without a directory."""
    return False


def access_profile(
    finds_in_directory: FindsInDirectory, snapshot: Snapshot, viewer: str, user_id: str
) -> User:
    """Return a user's profile as the viewer may see it.

    Contacts, members of the same conversation and the receiver of a request see it. Who only finds
    the user in the directory sees name and picture, and so does a viewer across a block.

    Raises:
        NotFound: There is no such user, or the viewer may not see them.
    """
    is_known = user_id == viewer or _can_see(snapshot, viewer, user_id)
    if not is_known and not finds_in_directory(snapshot, viewer, user_id):
        raise NotFound(NO_SUCH_USER)
    user = find_user(snapshot, user_id)
    if user is None:
        raise NotFound(NO_SUCH_USER)
    is_limited = not is_known or is_blocked_between(snapshot, viewer, user_id)
    return limited_profile(user) if is_limited else user


def _can_see(snapshot: Snapshot, viewer: str, user_id: str) -> bool:
    if store.are_connected(snapshot, viewer, user_id):
        return True
    return has_pending_request_from(snapshot, viewer, get_own_user(snapshot, viewer).email, user_id)


def acquaintance_of(
    finds_in_directory: FindsInDirectory, snapshot: Snapshot, viewer: str, user_id: str
) -> Acquaintance:
    """Return how the viewer knows a user.

    Blocking strangers would tell whether an id exists, and then show the name and picture.
    """
    if store.were_ever_connected(snapshot, viewer, user_id):
        return Acquaintance.MET
    if requests_between(snapshot, user_id, viewer, get_own_user(snapshot, viewer).email):
        return Acquaintance.MET
    is_found = finds_in_directory(snapshot, viewer, user_id)
    return Acquaintance.FOUND if is_found else Acquaintance.NONE


def announce_profile(transaction: Transaction, event: ProfileChanged) -> None:
    """Announce a changed profile to those who may see it at this moment."""
    user = find_user(transaction, event.user_id)
    if user is not None:
        viewers = store.connected_users(transaction, event.user_id)
        transaction.announce(VisibleProfileChanged(user, viewers))
