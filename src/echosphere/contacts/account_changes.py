"""What contacts do when an account changes or is closed."""

from echosphere.accounts import AccountClosing, ProfileChanged, User, find_user
from echosphere.contacts import store
from echosphere.contacts.events import (
    BlockChanged,
    ContactChanged,
    ContactRemoved,
    ContactRequested,
    RequestSent,
)
from echosphere.contacts.serialize import contact_shape, request_shape, sent_request_shape
from echosphere.contacts.store import StoredRequest
from echosphere.contacts.withdraw_request import close_requests, receiver_of
from echosphere.database import Transaction


def announce_changed_profile(transaction: Transaction, event: ProfileChanged) -> None:
    """Announce a changed profile to the user's contacts, and to both sides of their requests."""
    user_id = event.user_id
    user = find_user(transaction, user_id)
    if user is None:
        return
    for holder, stored in store.reverse_contacts_of(transaction, user_id).items():
        transaction.announce(ContactChanged(holder, contact_shape(stored, user)))
    for request in store.sent_requests_of(transaction, user_id):
        _announce_request(transaction, request, user)
    for request in store.requests_to_user_id(transaction, user_id):
        transaction.announce(RequestSent(request.from_user, sent_request_shape(request, user)))


def _announce_request(transaction: Transaction, request: StoredRequest, sender: User) -> None:
    """Announce a request with the sender's profile as it is now, if its receiver sees it."""
    receiver = receiver_of(transaction, request)
    hidden = request.declined_at is not None
    if receiver and not hidden and not store.is_blocked_between(transaction, sender.id, receiver):
        transaction.announce(ContactRequested(receiver, request_shape(request, sender)))


def purge_contacts(transaction: Transaction, event: AccountClosing) -> None:
    """Remove the contacts, requests and blocks of a user whose account is being closed."""
    user_id = event.user_id
    for holder in store.reverse_contacts_of(transaction, user_id):
        transaction.announce(ContactRemoved(holder, user_id))
    for blocker in sorted(store.blockers_of(transaction, user_id)):
        transaction.announce(BlockChanged(blocker, user_id, on=False))
    # Requests to the address stay: the sender's list must not tell whether it has an account.
    close_requests(transaction, store.sent_requests_of(transaction, user_id))
    close_requests(transaction, store.requests_to_user_id(transaction, user_id))
    store.delete_all_of_user(transaction, user_id)
