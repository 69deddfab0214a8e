"""Makes two people contacts of each other."""

from echosphere.accounts import get_own_user, users_by_id
from echosphere.contacts import store
from echosphere.contacts.events import ContactChanged, RequestWithdrawn
from echosphere.contacts.shown import contact_shape
from echosphere.contacts.store import StoredRequest
from echosphere.contacts.wire import Contact
from echosphere.database import Transaction


def make_contacts(
    transaction: Transaction, request: StoredRequest, accepter: str, asked_back: str | None = None
) -> Contact:
    """Make two people contacts; return the one who asked as the other sees them.

    Args:
        transaction: Where to.
        request: What the first asked.
        accepter: The second, whom the request asked.
        asked_back: The address by which the second asks the first too, if they do.
    """
    asker = request.from_user
    users = users_by_id(transaction, (asker, accepter))
    own_request = _request_back(transaction, accepter, asker)
    if own_request is not None:
        asked_back = own_request.to_email
        _settle(transaction, own_request, asker)
    _settle(transaction, request, accepter)
    of_asker = store.insert_contact(transaction, asker, accepter, request.to_email)
    of_accepter = store.insert_contact(transaction, accepter, asker, asked_back)
    seen_by_accepter = contact_shape(of_accepter, users[asker])
    transaction.announce(ContactChanged(asker, contact_shape(of_asker, users[accepter])))
    transaction.announce(ContactChanged(accepter, seen_by_accepter))
    return seen_by_accepter


def _request_back(transaction: Transaction, accepter: str, asker: str) -> StoredRequest | None:
    email = get_own_user(transaction, asker).email
    return store.find_request_from(transaction, accepter, email)


def _settle(transaction: Transaction, request: StoredRequest, asked: str) -> None:
    store.delete_requests(transaction, [request.id])
    transaction.announce(RequestWithdrawn(asked, request.id))
