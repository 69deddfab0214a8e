"""Takes back a request that was sent."""

from echosphere.accounts import find_user_id_by_email
from echosphere.contacts import store
from echosphere.contacts.events import RequestWithdrawn, SentRequestClosed
from echosphere.contacts.store import StoredRequest
from echosphere.core.errors import NotFound
from echosphere.database import Transaction


def withdraw(transaction: Transaction, caller: str, request: str) -> None:
    """Take back a request of the caller's, whatever became of it.

    Raises:
        NotFound: The caller has sent no such request.
    """
    found = store.find_own_request(transaction, caller, request)
    if found is None:
        raise NotFound("There is no such request.")
    close_requests(transaction, [found])


def close_requests(transaction: Transaction, requests: list[StoredRequest]) -> None:
    """Remove requests, and tell those who sent them and those who see them."""
    store.delete_requests(transaction, [one.id for one in requests])
    for one in requests:
        transaction.announce(SentRequestClosed(one.from_user, one.id))
        asked = asked_by(transaction, one)
        if asked and one.declined_at is None:
            transaction.announce(RequestWithdrawn(asked, one.id))


def asked_by(transaction: Transaction, request: StoredRequest) -> str | None:
    """Return whom a request asks, if that is somebody here."""
    return request.to_user or find_user_id_by_email(transaction, request.to_email or "")
