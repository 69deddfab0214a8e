"""Lists a person's contacts, the requests that wait for them, and whom they have blocked."""

from echosphere.accounts import User, get_own_user, limited_profile, users_by_id
from echosphere.contacts import store
from echosphere.contacts.shown import contact_shape, request_shape, sent_shape
from echosphere.contacts.wire import Contact, ContactRequest, SentRequest
from echosphere.database import Snapshot


def list_contacts(snapshot: Snapshot, caller: str) -> list[Contact]:
    """Return the caller's contacts, the oldest first."""
    known = store.contacts_of(snapshot, caller)
    users = users_by_id(snapshot, (one.contact for one in known))
    return [contact_shape(one, users[one.contact]) for one in known]


def list_requests(snapshot: Snapshot, caller: str) -> list[ContactRequest]:
    """Return the requests that wait for the caller's answer, the oldest first."""
    email = get_own_user(snapshot, caller).email
    waiting = store.requests_to(snapshot, caller, email)
    users = users_by_id(snapshot, (one.from_user for one in waiting))
    return [request_shape(one, users[one.from_user]) for one in waiting]


def list_sent_requests(snapshot: Snapshot, caller: str) -> list[SentRequest]:
    """Return the requests that the caller sent and that were not accepted, the newest first."""
    sent = store.requests_from(snapshot, caller)
    users = users_by_id(snapshot, (one.to_user for one in sent if one.to_user))
    return [sent_shape(one, users.get(one.to_user or "")) for one in sent]


def list_blocks(snapshot: Snapshot, caller: str) -> list[User]:
    """Return whom the caller has blocked, the oldest block first; only their faces are seen.

    Of whom they only found in the directory it is the name of that time: a block is no way to
    watch somebody.
    """
    blocked = store.blocked_by(snapshot, caller)
    users = users_by_id(snapshot, blocked)
    return [
        limited_profile(users[one]) if name is None else User(one, name, "", None, None)
        for one, name in blocked.items()
    ]
