"""What happened between people; each event is for the devices of one person."""

from dataclasses import dataclass

from echosphere.contacts.wire import Contact, ContactRequest, SentRequest


@dataclass(frozen=True, slots=True)
class ContactRequested:
    """Somebody asks a person to become a contact.

    Attributes:
        fresh: It is a new one; else only its words or the look of who asks changed.
    """

    person: str
    request: ContactRequest
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """A request that a person could see waits no more."""

    person: str
    request: str


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A person sent a request, or one of those they sent looks different now."""

    person: str
    request: SentRequest


@dataclass(frozen=True, slots=True)
class SentRequestClosed:
    """A request that a person sent is accepted or taken back; of a no they are not told."""

    person: str
    request: str


@dataclass(frozen=True, slots=True)
class FirstMessage:
    """Two people are contacts now, and the one's words to the other are to be posted.

    Attributes:
        request: In which they came; it makes the message's key, so that they come once.
    """

    request: str
    author: str
    other: str
    body: str


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A person has a new contact, or a contact looks different now.

    Attributes:
        accepted: The contact has just accepted what the person asked.
    """

    person: str
    contact: Contact
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class ContactRemoved:
    """Somebody is no contact of a person any more."""

    person: str
    removed: str


@dataclass(frozen=True, slots=True)
class BlockChanged:
    """A person blocked another one, or does no more."""

    person: str
    other: str
    on: bool
