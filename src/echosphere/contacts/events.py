"""What happened between people; each event is for the devices of one person."""

from dataclasses import dataclass

from echosphere.contacts.wire import Contact, ContactRequest


@dataclass(frozen=True, slots=True)
class ContactRequested:
    """Somebody asks a person to become a contact."""

    person: str
    request: ContactRequest


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    """A request that a person could see waits no more."""

    person: str
    request: str


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A person has a new contact, or a contact looks different now."""

    person: str
    contact: Contact


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
