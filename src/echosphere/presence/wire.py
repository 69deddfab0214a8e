"""The shapes of presence and typing on the wire."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.errors import Invalid
from echosphere.wire import Id, Request, Shape, convert

MAX_ASKED = 200
Asked = Annotated[list[Id], Meta(max_length=MAX_ASKED)]


class PresenceCall(Request, frozen=True):
    """What a device says of itself."""

    status: Literal["online", "away"]


class PresenceQuery(Request, frozen=True):
    """Whom one asks about: ids with commas between them."""

    users: Annotated[str, Meta(max_length=MAX_ASKED * 65)]

    def ids(self) -> list[str]:
        """Return the ids.

        Raises:
            Invalid: Too many, or something that cannot be an id.
        """
        try:
            return convert(Asked, [one for one in self.users.split(",") if one])
        except Invalid:
            problem = f"must be at most {MAX_ASKED} ids of people with commas between them"
            raise Invalid(f"'users' {problem}.", fields={"users": problem}) from None


class PersonPresence(Shape, frozen=True):
    """Whether somebody is here; when they were last here, if they are not."""

    user: str
    status: str
    last_seen: int | None


class PresenceAnswer(Shape, frozen=True):
    """Those whom the caller asked about and may see."""

    presence: list[PersonPresence]


class PresenceEvent(Shape, frozen=True):
    """The event `presence`."""

    user: str
    status: str
    last_seen: int | UnsetType = UNSET


class TypingCall(Request, frozen=True):
    """Whether the caller is typing in a conversation."""

    conversation: Id
    on: bool


class TypingEvent(Shape, frozen=True):
    """The event `typing`."""

    conversation: str
    user: str
    on: bool
