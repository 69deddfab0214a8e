"""Accepts or declines a contact request."""

from echosphere.accounts import get_own_user
from echosphere.contacts import store
from echosphere.contacts.accept import make_contacts
from echosphere.contacts.events import RequestWithdrawn
from echosphere.contacts.wire import Contact
from echosphere.core.errors import NotFound
from echosphere.database import Transaction


def answer_request(
    transaction: Transaction, actor: str, request_id: str, accept: bool
) -> Contact | None:
    """Accept a request and return the new contact, or decline it; the sender is not told of a no.

    Raises:
        NotFound: No such request waits for the actor.
    """
    email = get_own_user(transaction, actor).email
    request = store.find_received_request(transaction, actor, email, request_id)
    if request is None:
        raise NotFound("There is no such request.")
    if accept:
        return make_contacts(transaction, request.from_user, actor)
    decline_requests_from(transaction, request.from_user, actor, email)
    return None


def decline_requests_from(transaction: Transaction, sender: str, actor: str, email: str) -> None:
    """Hide a sender's requests from the actor; for the sender they wait as before."""
    found = store.requests_between(transaction, sender, actor, email)
    pending = [request.id for request in found if request.declined_at is None]
    store.decline_requests(transaction, pending)
    for request_id in pending:
        transaction.announce(RequestWithdrawn(actor, request_id))
