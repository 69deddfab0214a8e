"""The shapes of contacts on the wire."""

from typing import Annotated

import msgspec
from msgspec import Meta

from echosphere.accounts import User
from echosphere.core.errors import Invalid
from echosphere.wire import Id, Key, Request, Shape

MAX_FIRST_MESSAGE = 2_000
"""Characters: enough to introduce oneself."""

EMAIL_OR_USER = "Give either an e-mail address or a person."
NO_BODY_WITH_EMAIL = "A request to an e-mail address cannot include a message."


class ContactUser(User, frozen=True, omit_defaults=True):
    """A contact's profile, with the e-mail address if they were added by it."""

    email: str | msgspec.UnsetType = msgspec.UNSET


class Contact(Shape, frozen=True):
    """A contact of the caller."""

    user: ContactUser
    created_at: int


class ContactRequest(Shape, frozen=True):
    """A request that the caller received; `body` is the first message."""

    id: str
    user: User
    created_at: int
    body: str | None


class SentRequest(Shape, frozen=True):
    """A request that the caller sent, to an address as typed or to a user."""

    id: str
    email: str | None
    user: User | None
    created_at: int
    body: str | None


class ContactAnswer(Shape, frozen=True):
    """A new contact."""

    contact: Contact


class ContactEvent(Shape, frozen=True, omit_defaults=True):
    """A contact is new or changed; `accepted` if they just took a request, or when `invited` an invite."""

    contact: Contact
    accepted: bool = False
    invited: bool = False


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
    """The users whom the caller has blocked."""

    blocks: list[User]


class RequestReceivedEvent(Shape, frozen=True):
    """The caller received a request."""

    request: ContactRequest


class RequestWithdrawnEvent(Shape, frozen=True):
    """A received request was answered on another device, or withdrawn."""

    withdrawn: str


class RequestSentEvent(Shape, frozen=True):
    """The caller sent a request on another device."""

    sent: SentRequest


class SentRequestClosedEvent(Shape, frozen=True):
    """A request that the caller sent was accepted or withdrawn."""

    unsent: str


class ContactRemovedEvent(Shape, frozen=True):
    """A contact was removed."""

    removed: str


class BlockEvent(Shape, frozen=True):
    """The caller blocked or unblocked a user on another device."""

    blocked: str
    on: bool


class SendRequestCall(Request, frozen=True):
    """`{email}` names an address, `{user, body?}` a user whom the caller sees."""

    email: Annotated[str, Meta(max_length=1_100)] | msgspec.UnsetType = msgspec.UNSET
    user: Id | msgspec.UnsetType = msgspec.UNSET
    body: Annotated[str, Meta(max_length=MAX_FIRST_MESSAGE)] | msgspec.UnsetType = msgspec.UNSET
    key: Key | None = None

    def __post_init__(self) -> None:
        """Refuse a request without exactly one receiver, or with a message to an address.

        Raises:
            Invalid: Names the field.
        """
        if isinstance(self.email, str) == isinstance(self.user, str):
            raise Invalid(EMAIL_OR_USER, fields={"email": EMAIL_OR_USER})
        if isinstance(self.email, str) and isinstance(self.body, str):
            raise Invalid(NO_BODY_WITH_EMAIL, fields={"body": NO_BODY_WITH_EMAIL})


class AnswerCall(Request, frozen=True):
    """The request to accept or decline."""

    request: Id
    accept: bool


class WithdrawCall(Request, frozen=True):
    """The request to withdraw."""

    sent: Id


class UserCall(Request, frozen=True):
    """The user to remove, block or unblock."""

    user: Id
