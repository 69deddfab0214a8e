"""What happened between two users; each event is for the devices of one of them, `user_id`."""

from typing import Literal

import msgspec

from echosphere.contacts.wire import Contact, ContactRequest, SentRequest

Accepted = Literal["request", "invite"]


class ContactRequested(msgspec.Struct, frozen=True):
    """A user received a contact request, or one was sent that no user receives.

    Attributes:
        user_id: The receiver; empty if there is none, or the request is hidden from them.
        is_new: False when only its message or the sender's profile changed.
    """

    user_id: str
    request: ContactRequest
    is_new: bool = False


class RequestWithdrawn(msgspec.Struct, frozen=True):
    """A request that a user received waits no more."""

    user_id: str
    request: str


class RequestSent(msgspec.Struct, frozen=True):
    """A user sent a request, or one that they sent looks different now."""

    user_id: str
    request: SentRequest


class SentRequestClosed(msgspec.Struct, frozen=True):
    """A request that a user sent was accepted or withdrawn; a declined one stays open for them."""

    user_id: str
    request: str


class FirstMessage(msgspec.Struct, frozen=True):
    """Two users became contacts, and the message in a request is to be posted.

    Attributes:
        request: The request's id; it makes the message's key, so that it is posted once.
    """

    request: str
    author: str
    receiver: str
    body: str


class ContactChanged(msgspec.Struct, frozen=True):
    """A user has a new contact, or a contact's profile changed.

    Attributes:
        accepted: What of the user's the contact has just accepted; None for nothing.
    """

    user_id: str
    contact: Contact
    accepted: Accepted | None = None


class ContactRemoved(msgspec.Struct, frozen=True):
    """A user lost a contact."""

    user_id: str
    removed: str


class BlockChanged(msgspec.Struct, frozen=True):
    """A user blocked or unblocked another."""

    user_id: str
    other_id: str
    on: bool
