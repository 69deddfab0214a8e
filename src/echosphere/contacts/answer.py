"""Accepts or declines a request."""

from echosphere.accounts import get_own_user
from echosphere.contacts import store
from echosphere.contacts.become import make_contacts
from echosphere.contacts.events import RequestWithdrawn
from echosphere.contacts.wire import Contact
from echosphere.database import Transaction
from echosphere.errors import NotFound


def answer(transaction: Transaction, caller: str, request: str, accept: bool) -> Contact | None:
    """Accept a request and return the new contact, or decline it; who asked is not told of a no.

    Raises:
        NotFound: The caller has no such request.
    """
    email = get_own_user(transaction, caller).email
    found = store.find_request(transaction, caller, email, request)
    if found is None:
        raise NotFound("There is no such request.")
    if accept:
        return make_contacts(transaction, found, caller)
    store.delete_requests(transaction, [found.id])
    transaction.announce(RequestWithdrawn(caller, found.id))
    return None
