"""Accepts or declines a contact request."""

from echosphere.accounts import get_own_user
from echosphere.contacts import store
from echosphere.contacts.accept import make_contacts
from echosphere.contacts.events import RequestWithdrawn
from echosphere.contacts.wire import Contact
from echosphere.core.errors import NotFound
from echosphere.database import Command, Transaction


class AnswerRequest(Command[Contact | None]):
    """Accept a request and return the new contact, or decline it; the sender is not told of a no.

    Raises:
        NotFound: No such request waits for the actor.
    """

    actor: str
    request_id: str
    accept: bool

    def run(self, transaction: Transaction) -> Contact | None:
        """Answer it."""
        email = get_own_user(transaction, self.actor).email
        request = store.find_received_request(transaction, self.actor, email, self.request_id)
        if request is None:
            raise NotFound("Request not found.")
        if self.accept:
            return make_contacts(transaction, request.from_user, self.actor)
        decline_requests_from(transaction, request.from_user, self.actor, email)
        return None


def decline_requests_from(transaction: Transaction, sender: str, actor: str, email: str) -> None:
    """Hide a sender's requests from the actor; for the sender they wait as before."""
    found = store.requests_between(transaction, sender, actor, email)
    pending = [request.id for request in found if request.declined_at is None]
    store.decline_requests(transaction, pending)
    for request_id in pending:
        transaction.announce(RequestWithdrawn(actor, request_id))
