"""Contacts and requests as their owner sees them on the wire."""

import msgspec

from echosphere.accounts import User, limited_profile
from echosphere.contacts.store import StoredContact, StoredRequest
from echosphere.contacts.wire import Contact, ContactRequest, ContactUser, SentRequest


def contact_shape(stored: StoredContact, user: User) -> Contact:
    """Return a contact for the user who has it."""
    contact = ContactUser(
        user.id,
        user.name,
        user.about,
        user.avatar_url,
        user.status,
        user.kind,
        msgspec.UNSET if stored.email is None else stored.email,
    )
    return Contact(contact, stored.created_at)


def request_shape(stored: StoredRequest, sender: User) -> ContactRequest:
    """Return a request for its receiver."""
    return ContactRequest(stored.id, sender, stored.created_at, stored.body)


def sent_request_shape(stored: StoredRequest, receiver: User | None) -> SentRequest:
    """Return a request for its sender.

    Args:
        stored: The request.
        receiver: The user whom it names; ignored for a request to an address.
    """
    user = limited_profile(receiver) if stored.to_user and receiver else None
    return SentRequest(stored.id, stored.to_email, user, stored.created_at, stored.body)
