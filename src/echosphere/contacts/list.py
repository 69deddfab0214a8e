"""Lists a user's contacts, requests and blocks."""

from echosphere.accounts import User, get_own_user, limited_profile, users_by_id
from echosphere.contacts import store
from echosphere.contacts.serialize import contact_shape, request_shape, sent_request_shape
from echosphere.contacts.wire import Contact, ContactRequest, SentRequest
from echosphere.database import Snapshot


def list_contacts(snapshot: Snapshot, actor: str) -> list[Contact]:
    """Return the actor's contacts, the oldest first."""
    stored = store.contacts_of(snapshot, actor)
    users = users_by_id(snapshot, (contact.contact for contact in stored))
    return [contact_shape(contact, users[contact.contact]) for contact in stored]


def list_requests(snapshot: Snapshot, actor: str) -> list[ContactRequest]:
    """Return the requests that wait for the actor's answer, the oldest first."""
    email = get_own_user(snapshot, actor).email
    pending = store.pending_requests_to(snapshot, actor, email)
    users = users_by_id(snapshot, (request.from_user for request in pending))
    return [request_shape(request, users[request.from_user]) for request in pending]


def list_sent_requests(snapshot: Snapshot, actor: str) -> list[SentRequest]:
    """Return the actor's own requests that were not accepted, the newest first."""
    sent = store.sent_requests_of(snapshot, actor)
    users = users_by_id(snapshot, (request.to_user for request in sent if request.to_user))
    return [sent_request_shape(request, users.get(request.to_user or "")) for request in sent]


def list_blocks(snapshot: Snapshot, actor: str) -> list[User]:
    """Return the users whom the actor has blocked, with name and picture, the oldest block first.

    A user whom the actor only found in the directory keeps the name of that time: a block must not
    be a way to watch someone.
    """
    blocked = store.users_blocked_by(snapshot, actor)
    users = users_by_id(snapshot, blocked)
    return [
        limited_profile(users[user_id])
        if name is None
        else User(user_id, name, "", None, None, "person")
        for user_id, name in blocked.items()
    ]
