"""Asks somebody to become a contact: the holder of an address, whoever it is, or a person."""

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
from echosphere.contacts.become import make_contacts
from echosphere.contacts.events import ContactRequested, FirstMessage, RequestSent
from echosphere.contacts.shown import request_shape, sent_shape
from echosphere.contacts.store import StoredRequest
from echosphere.core.errors import Invalid
from echosphere.core.ids import new_id
from echosphere.database import Transaction

NOBODY = ""
"""Looked up in place of a person who is not there, so that the work is the same."""


def ask(transaction: Transaction, caller: str, given: str) -> None:
    """Keep a request to an address and, if somebody has it, tell them.

    The caller learns nothing of who holds the address, nor whether they are blocked: the request
    is kept in any case, and a block hides it. Who was asked by the other already becomes a contact
    at once.

    Raises:
        Invalid: Not an e-mail address, or the caller's own.
    """
    email = validate({"email": lambda: normalize_email(given)})["email"]
    own = get_own_user(transaction, caller)
    if email == own.email:
        sentence = "This is your own address."
        raise Invalid(sentence, fields={"email": sentence})
    other = find_user_id_by_email(transaction, email) or NOBODY
    if not store.are_contacts(transaction, caller, other):
        request = store.new_request(transaction, caller, email=email)
        _send(transaction, request, other, own.email)


def ask_person(
    transaction: Transaction, caller: str, other: str, body: str | None, *, near: bool
) -> None:
    """Keep a request to a person whom the caller may ask, with the first message in it.

    Whether it is shown is not told: a block hides it, and so does the other's wish to be asked by
    address only, or in groups only. Between contacts the message is posted at once.

    Args:
        transaction: Where to.
        caller: Who asks.
        other: Who is asked.
        body: The first message.
        near: Whether the two share a group; if not, the one found the other in the directory.
    """
    if store.are_contacts(transaction, caller, other):
        if body:
            transaction.announce(FirstMessage(new_id(), caller, other, body))
        return
    asked = find_own_user(transaction, other)
    if asked is None:
        return
    taken = ("everyone", "groups") if near else ("everyone",)
    refused = settings_of(transaction, other).requests_from not in taken
    request = store.new_request(transaction, caller, user=other, body=body, declined=refused)
    _send(transaction, request, other, get_own_user(transaction, caller).email)


def _send(transaction: Transaction, request: StoredRequest, other: str, own_email: str) -> None:
    """Keep a request and tell both, or make them contacts if each has asked the other."""
    caller = request.from_user
    blocked = store.is_blocked_between(transaction, caller, other)
    asked_back = store.requests_between(transaction, other, caller, own_email)
    earlier = store.requests_between(transaction, caller, other, request.to_email)
    kept = store.put_request(transaction, request)
    asker = find_user(transaction, caller)
    asked_user = find_user(transaction, kept.to_user or NOBODY)
    if asked_back and not blocked:
        make_contacts(transaction, other, caller)
        return
    transaction.announce(RequestSent(caller, sent_shape(kept, asked_user)))
    shown = other and not blocked and kept.declined_at is None
    if shown and asker and kept not in earlier:
        fresh = kept.id == request.id
        transaction.announce(ContactRequested(other, request_shape(kept, asker), fresh))
