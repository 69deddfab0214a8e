"""Removes a contact, on both sides."""

from echosphere.contacts import store
from echosphere.contacts.events import ContactRemoved
from echosphere.core.errors import NotFound
from echosphere.database import Transaction


def remove(transaction: Transaction, caller: str, contact: str) -> None:
    """End being contacts.

    Raises:
        NotFound: The caller has no such contact.
    """
    if not store.are_contacts(transaction, caller, contact):
        raise NotFound("There is no such contact.")
    part(transaction, caller, contact)


def part(transaction: Transaction, caller: str, contact: str) -> None:
    """Remove two people from each other's contacts, if they are in them."""
    if store.delete_contact(transaction, caller, contact):
        transaction.announce(ContactRemoved(caller, contact))
        transaction.announce(ContactRemoved(contact, caller))
