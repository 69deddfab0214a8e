"""Asks the holder of an e-mail address, whoever it is, to become a contact."""

from echosphere.accounts import (
    accepted_email,
    collect,
    find_id_by_email,
    find_user,
    get_own_user,
)
from echosphere.contacts import store
from echosphere.contacts.become import make_contacts
from echosphere.contacts.events import ContactRequested
from echosphere.contacts.shown import request_shape
from echosphere.database import Transaction
from echosphere.errors import Invalid

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
    email = collect({"email": lambda: accepted_email(given)})["email"]
    own = get_own_user(transaction, caller)
    if email == own.email:
        sentence = "This is your own address."
        raise Invalid(sentence, fields={"email": sentence})
    other = find_id_by_email(transaction, email) or NOBODY
    blocked = store.is_blocked_between(transaction, caller, other)
    known = store.are_contacts(transaction, caller, other)
    asked = store.find_request_from(transaction, other, own.email)
    asker = find_user(transaction, caller)
    if known:
        return
    if asked is not None and not blocked:
        make_contacts(transaction, asked, caller, email)
        return
    request = store.insert_request(transaction, caller, email)
    if request and asker and other and not blocked:
        transaction.announce(ContactRequested(other, request_shape(request, asker)))
