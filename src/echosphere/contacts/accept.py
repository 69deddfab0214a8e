"""Makes two users contacts of each other."""

from collections.abc import Sequence

from echosphere.accounts import get_own_user, users_by_id
from echosphere.contacts import store
from echosphere.contacts.events import (
    Accepted,
    ContactChanged,
    FirstMessage,
    RequestWithdrawn,
    SentRequestClosed,
)
from echosphere.contacts.serialize import contact_shape
from echosphere.contacts.store import StoredRequest
from echosphere.contacts.wire import Contact
from echosphere.database import Transaction


def make_contacts(
    transaction: Transaction, sender: str, accepter: str, *, invited: bool = False
) -> Contact:
    """Make two users contacts; return the sender as the accepter's contact.

    All requests between the two are closed, and their first messages are posted.

    Args:
        transaction: The transaction.
        sender: The user who sent a request, or made an invite.
        accepter: The user who accepts.
        invited: Whether the accepter used the sender's invite, without any request.
    """
    users = users_by_id(transaction, (sender, accepter))
    sent = _close_requests(transaction, sender, accepter)
    received = _close_requests(transaction, accepter, sender)
    of_sender = store.insert_contact(transaction, sender, accepter, _email_in(sent))
    of_accepter = store.insert_contact(transaction, accepter, sender, _email_in(received))
    new_contact = contact_shape(of_accepter, users[sender])
    seen_by_sender = contact_shape(of_sender, users[accepter])
    what: Accepted | None = "request" if sent else "invite" if invited else None
    transaction.announce(ContactChanged(sender, seen_by_sender, accepted=what))
    transaction.announce(ContactChanged(accepter, new_contact))
    for request in sorted((*sent, *received), key=lambda one: (one.created_at, one.id)):
        if request.body:
            author = request.from_user
            receiver = accepter if author == sender else sender
            transaction.announce(FirstMessage(request.id, author, receiver, request.body))
    return new_contact


def _close_requests(
    transaction: Transaction, sender: str, receiver: str
) -> Sequence[StoredRequest]:
    """Remove the sender's requests to the receiver, and return them."""
    email = get_own_user(transaction, receiver).email
    requests = store.requests_between(transaction, sender, receiver, email)
    store.delete_requests(transaction, [request.id for request in requests])
    for request in requests:
        transaction.announce(RequestWithdrawn(receiver, request.id))
        transaction.announce(SentRequestClosed(sender, request.id))
    return requests


def _email_in(requests: Sequence[StoredRequest]) -> str | None:
    """Return the address to which a request was sent, if one was sent to an address."""
    return next((request.to_email for request in requests if request.to_email), None)
