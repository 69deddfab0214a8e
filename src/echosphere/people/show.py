"""Shows somebody's profile to those around them, and tells them when it changes."""

from collections.abc import Callable

from echosphere.accounts import ProfileChanged, User, find_user, get_own_user, limited_profile
from echosphere.contacts import Acquaintance, has_asked, is_blocked_between, requests_between
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.people import store
from echosphere.people.events import PersonChanged

UNKNOWN = "There is no such person."

Finds = Callable[[Snapshot, str, str], bool]
"""Whether a person finds another in the directory; `directory/`, which keeps it, has it."""


def finds_nobody(_snapshot: Snapshot, _viewer: str, _other: str) -> bool:
    """Answer for a server without a directory."""
    return False


def access_person(finds: Finds, snapshot: Snapshot, viewer: str, user: str) -> User:
    """Return somebody's profile as this person may see it.

    It is seen of contacts, of fellow members, and of those whose request waits for an answer.
    Across a block only the face is seen, and so it is of whom one only finds in the directory.

    Raises:
        NotFound: There is no such person, or they have nothing to do with each other.
    """
    near = user == viewer or _sees(snapshot, viewer, user)
    if not near and not finds(snapshot, viewer, user):
        raise NotFound(UNKNOWN)
    found = find_user(snapshot, user)
    if found is None:
        raise NotFound(UNKNOWN)
    only_face = not near or is_blocked_between(snapshot, viewer, user)
    return limited_profile(found) if only_face else found


def _sees(snapshot: Snapshot, viewer: str, user: str) -> bool:
    if store.are_around(snapshot, viewer, user):
        return True
    return has_asked(snapshot, viewer, get_own_user(snapshot, viewer).email, user)


def how_known(finds: Finds, snapshot: Snapshot, viewer: str, user: str) -> Acquaintance:
    """Return how a person knows another: they met or were asked, or one finds the other.

    Blocking strangers would tell whether an id is somebody's, and then how they look.
    """
    if store.have_met(snapshot, viewer, user):
        return Acquaintance.MET
    if requests_between(snapshot, user, viewer, get_own_user(snapshot, viewer).email):
        return Acquaintance.MET
    return Acquaintance.FOUND if finds(snapshot, viewer, user) else Acquaintance.NONE


def tell_those_around(transaction: Transaction, event: ProfileChanged) -> None:
    """Announce how somebody looks now, to those who may see it at this moment."""
    user = find_user(transaction, event.user_id)
    if user is not None:
        around = store.people_around(transaction, event.user_id)
        transaction.announce(PersonChanged(user, around))
