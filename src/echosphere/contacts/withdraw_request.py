"""Withdraws a contact request."""

from echosphere.accounts import find_user_id_by_email
from echosphere.contacts import store
from echosphere.contacts.events import RequestWithdrawn, SentRequestClosed
from echosphere.contacts.store import StoredRequest
from echosphere.core.errors import NotFound
from echosphere.database import Command, Transaction


class WithdrawRequest(Command[None]):
    """Withdraw a request of the actor, declined or not.

    Raises:
        NotFound: The actor has sent no such request.
    """

    actor: str
    request_id: str

    def run(self, transaction: Transaction) -> None:
        """Withdraw it."""
        request = store.find_sent_request(transaction, self.actor, self.request_id)
        if request is None:
            raise NotFound("Request not found.")
        close_requests(transaction, [request])


def close_requests(transaction: Transaction, requests: list[StoredRequest]) -> None:
    """Remove requests, and announce it to their senders and to the receivers who see them."""
    store.delete_requests(transaction, [request.id for request in requests])
    for request in requests:
        transaction.announce(SentRequestClosed(request.from_user, request.id))
        receiver = receiver_of(transaction, request)
        if receiver and request.declined_at is None:
            transaction.announce(RequestWithdrawn(receiver, request.id))


def receiver_of(transaction: Transaction, request: StoredRequest) -> str | None:
    """Return the id of a request's receiver; None if no account has its address."""
    return request.to_user or find_user_id_by_email(transaction, request.to_email or "")
