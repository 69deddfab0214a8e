"""What contacts and requests look like to the person who has them."""

import msgspec

from echosphere.accounts import User
from echosphere.contacts.store import StoredContact, StoredRequest
from echosphere.contacts.wire import Contact, ContactRequest, KnownUser


def contact_shape(stored: StoredContact, user: User) -> Contact:
    """Return a contact as the person who has it may see it."""
    known = KnownUser(
        user.id,
        user.name,
        user.about,
        user.avatar_url,
        user.status,
        msgspec.UNSET if stored.email is None else stored.email,
    )
    return Contact(known, stored.created_at)


def request_shape(stored: StoredRequest, user: User) -> ContactRequest:
    """Return a request as the person whom it asks may see it."""
    return ContactRequest(stored.id, user, stored.created_at)
