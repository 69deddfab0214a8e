"""What contacts do when something happens to a person's account."""

from echosphere.accounts import User, find_user
from echosphere.contacts import store
from echosphere.contacts.events import (
    BlockChanged,
    ContactChanged,
    ContactRemoved,
    ContactRequested,
    RequestSent,
)
from echosphere.contacts.shown import contact_shape, request_shape, sent_shape
from echosphere.contacts.store import StoredRequest
from echosphere.contacts.withdraw import asked_by, close_requests
from echosphere.database import Transaction


def show_new_profile(transaction: Transaction, user: str) -> None:
    """Tell those who have somebody as a contact, or are asked by them, how they look now."""
    seen = find_user(transaction, user)
    if seen is None:
        return
    for person, stored in store.views_of(transaction, user).items():
        transaction.announce(ContactChanged(person, contact_shape(stored, seen)))
    for request in store.requests_from(transaction, user):
        _show_request(transaction, request, seen)
    for request in store.requests_to_person(transaction, user):
        transaction.announce(RequestSent(request.from_user, sent_shape(request, seen)))


def _show_request(transaction: Transaction, request: StoredRequest, asker: User) -> None:
    """Tell who is asked how the asker looks now, if they see the request."""
    asked = asked_by(transaction, request)
    hidden = request.declined_at is not None
    if asked and not hidden and not store.is_blocked_between(transaction, asker.id, asked):
        transaction.announce(ContactRequested(asked, request_shape(request, asker)))


def forget_person(transaction: Transaction, user: str) -> None:
    """Remove the contacts, requests and blocks of somebody whose account is being closed."""
    for person in store.views_of(transaction, user):
        transaction.announce(ContactRemoved(person, user))
    for blocker in sorted(store.blockers_of(transaction, user)):
        transaction.announce(BlockChanged(blocker, user, on=False))
    # A request to their address stays: whether somebody has it is not to be learnt from the list.
    close_requests(transaction, store.requests_from(transaction, user))
    close_requests(transaction, store.requests_to_person(transaction, user))
    store.delete_person(transaction, user)
