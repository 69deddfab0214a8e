"""What contacts do when something happens to a person's account."""

from echosphere.accounts import find_id_by_email, find_user, get_own_user
from echosphere.contacts import store
from echosphere.contacts.events import (
    BlockChanged,
    ContactChanged,
    ContactRemoved,
    ContactRequested,
    RequestWithdrawn,
)
from echosphere.contacts.shown import contact_shape, request_shape
from echosphere.database import Transaction


def show_new_profile(transaction: Transaction, user: str) -> None:
    """Tell those who have somebody as a contact, or are asked by them, how they look now."""
    seen = find_user(transaction, user)
    if seen is None:
        return
    for person, stored in store.views_of(transaction, user).items():
        transaction.announce(ContactChanged(person, contact_shape(stored, seen)))
    for request in store.requests_from(transaction, user):
        asked = find_id_by_email(transaction, request.to_email)
        if asked and not store.is_blocked_between(transaction, user, asked):
            transaction.announce(ContactRequested(asked, request_shape(request, seen)))


def forget_person(transaction: Transaction, user: str) -> None:
    """Remove the contacts, requests and blocks of somebody whose account is being closed."""
    email = get_own_user(transaction, user).email
    for person in store.views_of(transaction, user):
        transaction.announce(ContactRemoved(person, user))
    for blocker in sorted(store.blockers_of(transaction, user)):
        transaction.announce(BlockChanged(blocker, user, on=False))
    requests = store.requests_concerning(transaction, user, email)
    for request in requests:
        asked = find_id_by_email(transaction, request.to_email)
        if asked is not None:
            transaction.announce(RequestWithdrawn(asked, request.id))
    store.delete_requests(transaction, [request.id for request in requests])
    store.delete_person(transaction, user)
