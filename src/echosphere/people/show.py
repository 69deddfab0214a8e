"""Shows somebody's profile to those around them, and tells them when it changes."""

from echosphere.accounts import ProfileChanged, User, face_of, find_user, get_own_user
from echosphere.contacts import has_asked, is_blocked_between, requests_between
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot, Transaction
from echosphere.people import store
from echosphere.people.events import PersonChanged

UNKNOWN = "There is no such person."


def access_person(snapshot: Snapshot, viewer: str, user: str) -> User:
    """Return somebody's profile as this person may see it.

    It is seen of contacts, of fellow members, and of those whose request waits for an answer.
    Across a block only the face is seen.

    Raises:
        NotFound: There is no such person, or they have nothing to do with each other.
    """
    if user != viewer and not _sees(snapshot, viewer, user):
        raise NotFound(UNKNOWN)
    found = find_user(snapshot, user)
    if found is None:
        raise NotFound(UNKNOWN)
    return face_of(found) if is_blocked_between(snapshot, viewer, user) else found


def _sees(snapshot: Snapshot, viewer: str, user: str) -> bool:
    if store.are_around(snapshot, viewer, user):
        return True
    return has_asked(snapshot, viewer, get_own_user(snapshot, viewer).email, user)


def may_block(snapshot: Snapshot, viewer: str, user: str) -> bool:
    """Whether somebody may block another: whoever they have met, or were asked by.

    Blocking strangers would tell whether an id is somebody's, and then how they look.
    """
    if store.have_met(snapshot, viewer, user):
        return True
    return bool(requests_between(snapshot, user, viewer, get_own_user(snapshot, viewer).email))


def tell_those_around(transaction: Transaction, event: ProfileChanged) -> None:
    """Announce how somebody looks now, to those who may see it at this moment."""
    user = find_user(transaction, event.user)
    if user is not None:
        around = store.people_around(transaction, event.user)
        transaction.announce(PersonChanged(user, around))
