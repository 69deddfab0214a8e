"""Makes two people contacts of each other."""

from collections.abc import Sequence

from echosphere.accounts import get_own_user, users_by_id
from echosphere.contacts import store
from echosphere.contacts.events import (
    ContactChanged,
    FirstMessage,
    RequestWithdrawn,
    SentRequestClosed,
)
from echosphere.contacts.shown import contact_shape
from echosphere.contacts.store import StoredRequest
from echosphere.contacts.wire import Contact
from echosphere.database import Transaction


def make_contacts(
    transaction: Transaction, asker: str, accepter: str, *, invited: bool = False
) -> Contact:
    """Make two people contacts; return the one who asked as the other sees them.

    All that either had asked of the other is settled, and the first messages are posted.

    Args:
        transaction: Where to.
        asker: Who asked, or invited.
        accepter: Who says yes.
        invited: Whether it is by an invitation of the one, without any request.
    """
    users = users_by_id(transaction, (asker, accepter))
    asked = _settle(transaction, asker, accepter)
    asked_back = _settle(transaction, accepter, asker)
    of_asker = store.insert_contact(transaction, asker, accepter, _address_in(asked))
    of_accepter = store.insert_contact(transaction, accepter, asker, _address_in(asked_back))
    seen_by_asker = contact_shape(of_asker, users[accepter])
    seen_by_accepter = contact_shape(of_accepter, users[asker])
    transaction.announce(ContactChanged(asker, seen_by_asker, accepted=invited or bool(asked)))
    transaction.announce(ContactChanged(accepter, seen_by_accepter))
    for one in sorted((*asked, *asked_back), key=lambda one: (one.created_at, one.id)):
        if one.body:
            other = accepter if one.from_user == asker else asker
            transaction.announce(FirstMessage(one.id, one.from_user, other, one.body))
    return seen_by_accepter


def _settle(transaction: Transaction, asker: str, asked: str) -> Sequence[StoredRequest]:
    """Remove what one asked of the other, and return it."""
    email = get_own_user(transaction, asked).email
    found = store.requests_between(transaction, asker, asked, email)
    store.delete_requests(transaction, [one.id for one in found])
    for one in found:
        transaction.announce(RequestWithdrawn(asked, one.id))
        transaction.announce(SentRequestClosed(asker, one.id))
    return found


def _address_in(requests: Sequence[StoredRequest]) -> str | None:
    """Return the address by which somebody asked, if they did so by one."""
    return next((one.to_email for one in requests if one.to_email), None)
