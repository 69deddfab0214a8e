"""Sends a contact request: to an e-mail address, whether an account has it or not, or to a user."""

from collections.abc import Callable

from echosphere.accounts import (
    find_own_user,
    find_user,
    find_user_id_by_email,
    get_own_user,
    normalize_email,
    settings_of,
    validate,
)
from echosphere.contacts import store
from echosphere.contacts.accept import make_contacts
from echosphere.contacts.events import ContactRequested, FirstMessage, RequestSent
from echosphere.contacts.serialize import request_shape, sent_request_shape
from echosphere.contacts.store import StoredRequest
from echosphere.core.errors import Invalid
from echosphere.core.ids import new_id
from echosphere.database import CreateOnce, Provided, Transaction

SendRequest = Callable[[Transaction, str, str, str | None], None]
"""Sends a request to a user with a first message; `profiles/`, which knows who sees whom, has it."""

SEND_REQUEST: Provided[SendRequest] = Provided("how requests to users are sent")

NO_USER = ""
"""Looked up in place of a user who does not exist, so that the work takes the same time."""


class SendRequestByEmail(CreateOnce):
    """Store a request to an address, and show it to the user who has it, if there is one.

    The actor does not learn whether the address has an account, or whether they are blocked: the
    request is stored in any case, and a block hides it. If that user has sent the actor a request,
    they become contacts.

    Raises:
        Invalid: Not an e-mail address, or the actor's own.
    """

    actor: str
    email: str

    def create(self, transaction: Transaction) -> None:
        """Send it."""
        email = self.email
        email = validate({"email": lambda: normalize_email(email)})["email"]
        own_email = get_own_user(transaction, self.actor).email
        if email == own_email:
            sentence = "This is your own address."
            raise Invalid(sentence, fields={"email": sentence})
        receiver = find_user_id_by_email(transaction, email) or NO_USER
        if not store.are_contacts(transaction, self.actor, receiver):
            request = store.new_request(transaction, self.actor, email=email)
            _send(transaction, request, receiver, own_email)


class SendRequestToUser(CreateOnce):
    """Store a request to a user whom the actor sees, with its first message.

    Raises:
        NotFound: The actor does not see such a user.
    """

    actor: str
    receiver: str
    body: str | None

    def create(self, transaction: Transaction) -> None:
        """Send it."""
        SEND_REQUEST.of(transaction)(transaction, self.actor, self.receiver, self.body)


def send_request_to_user(
    transaction: Transaction, actor: str, receiver: str, body: str | None, *, is_connected: bool
) -> None:
    """Store a request to a user whom the actor sees, with its first message.

    The actor does not learn whether it is shown: a block hides it, and so does the receiver's
    setting of who may send requests. Between contacts the message is posted at once.

    Args:
        transaction: The transaction.
        actor: The sender.
        receiver: The user whom the request is for.
        body: The first message.
        is_connected: Whether the two share a group; False if found in the directory alone.
    """
    if store.are_contacts(transaction, actor, receiver):
        if body:
            transaction.announce(FirstMessage(new_id(), actor, receiver, body))
        return
    if find_own_user(transaction, receiver) is None:
        return
    accepted = ("everyone", "groups") if is_connected else ("everyone",)
    declined = settings_of(transaction, receiver).requests_from not in accepted
    request = store.new_request(transaction, actor, user=receiver, body=body, declined=declined)
    _send(transaction, request, receiver, get_own_user(transaction, actor).email)


def _send(transaction: Transaction, request: StoredRequest, receiver: str, own_email: str) -> None:
    """Store a request and announce it, or make both contacts if each has asked the other."""
    sender = request.from_user
    blocked = store.is_blocked_between(transaction, sender, receiver)
    counter_requests = store.requests_between(transaction, receiver, sender, own_email)
    earlier = store.requests_between(transaction, sender, receiver, request.to_email)
    stored = store.upsert_request(transaction, request)
    sending_user = find_user(transaction, sender)
    named_user = find_user(transaction, stored.to_user or NO_USER)
    if counter_requests and not blocked:
        make_contacts(transaction, receiver, sender)
        return
    transaction.announce(RequestSent(sender, sent_request_shape(stored, named_user)))
    if sending_user and stored not in earlier:
        is_hidden = blocked or stored.declined_at is not None
        is_new = stored.id == request.id
        shape = request_shape(stored, sending_user)
        # Announced to no user, too: what the sender causes must not tell whether there is one.
        transaction.announce(ContactRequested(NO_USER if is_hidden else receiver, shape, is_new))
