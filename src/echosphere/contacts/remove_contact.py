"""Removes a contact, on both sides."""

from echosphere.contacts import store
from echosphere.contacts.events import ContactRemoved
from echosphere.core.errors import NotFound
from echosphere.database import Transaction


def remove_contact(transaction: Transaction, actor: str, contact_id: str) -> None:
    """Remove a contact of the actor.

    Raises:
        NotFound: The actor has no such contact.
    """
    if not store.are_contacts(transaction, actor, contact_id):
        raise NotFound("There is no such contact.")
    remove_pair(transaction, actor, contact_id)


def remove_pair(transaction: Transaction, user_id: str, other_id: str) -> None:
    """Remove two users from each other's contacts, if they are in them."""
    if store.delete_contact(transaction, user_id, other_id):
        transaction.announce(ContactRemoved(user_id, other_id))
        transaction.announce(ContactRemoved(other_id, user_id))
