"""Removes a contact, on both sides."""

from echosphere.contacts import store
from echosphere.contacts.events import ContactRemoved
from echosphere.core.errors import NotFound
from echosphere.database import Command, Transaction


class RemoveContact(Command[None]):
    """Remove a contact of the actor.

    Raises:
        NotFound: The actor has no such contact.
    """

    actor: str
    contact_id: str

    def run(self, transaction: Transaction) -> None:
        """Remove them."""
        if not store.are_contacts(transaction, self.actor, self.contact_id):
            raise NotFound("Contact not found.")
        remove_pair(transaction, self.actor, self.contact_id)


def remove_pair(transaction: Transaction, user_id: str, other_id: str) -> None:
    """Remove two users from each other's contacts, if they are in them."""
    if store.delete_contact(transaction, user_id, other_id):
        transaction.announce(ContactRemoved(user_id, other_id))
        transaction.announce(ContactRemoved(other_id, user_id))
