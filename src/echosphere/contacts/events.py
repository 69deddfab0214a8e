"""What happened between two users; each event is for the devices of one of them, `user_id`."""

from dataclasses import dataclass

from echosphere.contacts.wire import Contact, ContactRequest, SentRequest


@dataclass(frozen=True, slots=True)
class ContactRequested:
    """A user received a contact request.

    Attributes:
        is_new: False when only its message or the sender's profile changed.
    """

    user_id: str
    request: ContactRequest
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """A request that a user received waits no more."""

    user_id: str
    request: str


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A user sent a request, or one that they sent looks different now."""

    user_id: str
    request: SentRequest


@dataclass(frozen=True, slots=True)
class SentRequestClosed:
    """A request that a user sent was accepted or withdrawn; a declined one stays open for them."""

    user_id: str
    request: str


@dataclass(frozen=True, slots=True)
class FirstMessage:
    """Two users became contacts, and the message in a request is to be posted.

    Attributes:
        request: The request's id; it makes the message's key, so that it is posted once.
    """

    request: str
    author: str
    receiver: str
    body: str


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A user has a new contact, or a contact's profile changed.

    Attributes:
        accepted: The contact has just accepted the user's request.
    """

    user_id: str
    contact: Contact
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class ContactRemoved:
    """A user lost a contact."""

    user_id: str
    removed: str


@dataclass(frozen=True, slots=True)
class BlockChanged:
    """A user blocked or unblocked another."""

    user_id: str
    other_id: str
    on: bool
