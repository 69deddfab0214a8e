"""What contacts and requests look like to the person who has them."""

import msgspec

from echosphere.accounts import User, limited_profile
from echosphere.contacts.store import StoredContact, StoredRequest
from echosphere.contacts.wire import Contact, ContactRequest, KnownUser, SentRequest


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
    return ContactRequest(stored.id, user, stored.created_at, stored.body)


def sent_shape(stored: StoredRequest, asked: User | None) -> SentRequest:
    """Return a request as the person who sent it may see it: by what they asked for.

    Args:
        stored: The request.
        asked: Whom it names; nobody for a request to an address.
    """
    named = limited_profile(asked) if stored.to_user and asked else None
    return SentRequest(stored.id, stored.to_email, named, stored.created_at, stored.body)
