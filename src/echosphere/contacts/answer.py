"""Accepts or declines a request."""

from echosphere.accounts import get_own_user
from echosphere.contacts import store
from echosphere.contacts.become import make_contacts
from echosphere.contacts.events import RequestWithdrawn
from echosphere.contacts.wire import Contact
from echosphere.core.errors import NotFound
from echosphere.database import Transaction


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
        return make_contacts(transaction, found.from_user, caller)
    decline(transaction, found.from_user, caller, email)
    return None


def decline(transaction: Transaction, asker: str, asked: str, email: str) -> None:
    """Hide what somebody asked of a person; for who asked, it waits as before."""
    found = store.requests_between(transaction, asker, asked, email)
    waiting = [one.id for one in found if one.declined_at is None]
    store.decline_requests(transaction, waiting)
    for request in waiting:
        transaction.announce(RequestWithdrawn(asked, request))
