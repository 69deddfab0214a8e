"""The shapes of contacts on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from echosphere.accounts import User
from echosphere.wire import Request, Shape


class KnownUser(User, frozen=True, omit_defaults=True):
    """A contact as their contact sees them: with the e-mail, if they were added by it."""

    email: str | msgspec.UnsetType = msgspec.UNSET


class Contact(Shape, frozen=True):
    """Somebody whom the caller may reach."""

    user: KnownUser
    created_at: int


class ContactRequest(Shape, frozen=True):
    """Somebody asks the caller to become a contact."""

    id: str
    user: User
    created_at: int


class ContactAnswer(Shape, frozen=True):
    """A contact that was made; also the event of it."""

    contact: Contact


class ContactsAnswer(Shape, frozen=True):
    """The caller's contacts, the oldest first."""

    contacts: list[Contact]


class RequestsAnswer(Shape, frozen=True):
    """The requests that wait for the caller's answer, the oldest first."""

    requests: list[ContactRequest]


class BlocksAnswer(Shape, frozen=True):
    """The people whom the caller has blocked."""

    blocks: list[User]


class RequestEvent(Shape, frozen=True):
    """A request arrived."""

    request: ContactRequest


class WithdrawnEvent(Shape, frozen=True):
    """A request waits no more: answered on another device, or withdrawn."""

    withdrawn: str


class RemovedEvent(Shape, frozen=True):
    """Somebody is no contact any more."""

    removed: str


class BlockEvent(Shape, frozen=True):
    """The caller has blocked somebody on one of their devices, or does no more."""

    blocked: str
    on: bool


class AddContact(Request, frozen=True):
    """Ask the holder of an address to become a contact."""

    email: Annotated[str, Meta(max_length=1_100)]


class AnswerRequest(Request, frozen=True):
    """Accept or decline."""

    accept: bool
