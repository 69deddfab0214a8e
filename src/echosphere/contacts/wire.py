"""The shapes of contacts on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from echosphere.accounts import User
from echosphere.core.errors import Invalid
from echosphere.wire import Id, Key, Request, Shape

MAX_FIRST_MESSAGE = 2_000
"""Characters: enough to say who one is and what it is about."""

ONE_OF_TWO = "Give either an e-mail address or a person."
NO_BODY = "A request to an e-mail address has no message in it."


class KnownUser(User, frozen=True, omit_defaults=True):
    """A contact as their contact sees them: with the e-mail, if they were added by it."""

    email: str | msgspec.UnsetType = msgspec.UNSET


class Contact(Shape, frozen=True):
    """Somebody whom the caller may reach."""

    user: KnownUser
    created_at: int


class ContactRequest(Shape, frozen=True):
    """Somebody asks the caller to become a contact; `body` is their first message."""

    id: str
    user: User
    created_at: int
    body: str | None


class SentRequest(Shape, frozen=True):
    """What the caller asked, by an address as they typed it or of a person they could see."""

    id: str
    email: str | None
    user: User | None
    created_at: int
    body: str | None


class ContactAnswer(Shape, frozen=True):
    """A contact that was made."""

    contact: Contact


class ContactEvent(Shape, frozen=True, omit_defaults=True):
    """A contact is new or looks different; `accepted` if they said yes to the person just now."""

    contact: Contact
    accepted: bool = False


class ContactsAnswer(Shape, frozen=True):
    """The caller's contacts, the oldest first."""

    contacts: list[Contact]


class RequestsAnswer(Shape, frozen=True):
    """The requests that wait for the caller's answer, the oldest first."""

    requests: list[ContactRequest]


class SentRequestsAnswer(Shape, frozen=True):
    """The requests that the caller sent, the newest first."""

    requests: list[SentRequest]


class BlocksAnswer(Shape, frozen=True):
    """The people whom the caller has blocked."""

    blocks: list[User]


class RequestEvent(Shape, frozen=True):
    """A request arrived."""

    request: ContactRequest


class WithdrawnEvent(Shape, frozen=True):
    """A request waits no more: answered on another device, or withdrawn."""

    withdrawn: str


class SentEvent(Shape, frozen=True):
    """The caller sent a request on one of their devices."""

    sent: SentRequest


class UnsentEvent(Shape, frozen=True):
    """A request that the caller sent was accepted or taken back."""

    unsent: str


class RemovedEvent(Shape, frozen=True):
    """Somebody is no contact any more."""

    removed: str


class BlockEvent(Shape, frozen=True):
    """The caller has blocked somebody on one of their devices, or does no more."""

    blocked: str
    on: bool


class AskContact(Request, frozen=True):
    """`{email}` asks the holder of an address; `{user, body?}` somebody of a shared group."""

    email: Annotated[str, Meta(max_length=1_100)] | msgspec.UnsetType = msgspec.UNSET
    user: Id | msgspec.UnsetType = msgspec.UNSET
    body: Annotated[str, Meta(max_length=MAX_FIRST_MESSAGE)] | msgspec.UnsetType = msgspec.UNSET
    key: Key | None = None

    def __post_init__(self) -> None:
        """Refuse a request that names nobody, or that says too much.

        Raises:
            Invalid: Names the field.
        """
        if isinstance(self.email, str) == isinstance(self.user, str):
            raise Invalid(ONE_OF_TWO, fields={"email": ONE_OF_TWO})
        if isinstance(self.email, str) and isinstance(self.body, str):
            raise Invalid(NO_BODY, fields={"body": NO_BODY})


class AnswerCall(Request, frozen=True):
    """Which request is accepted or declined."""

    request: Id
    accept: bool


class WithdrawCall(Request, frozen=True):
    """Which request is taken back."""

    sent: Id


class UserCall(Request, frozen=True):
    """Who is meant."""

    user: Id
