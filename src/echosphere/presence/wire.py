"""The shapes of presence and typing on the wire."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from echosphere.core.errors import Invalid
from echosphere.wire import Id, Request, Shape, convert

MAX_USERS = 200
UserIds = Annotated[list[Id], Meta(max_length=MAX_USERS)]


class PresenceCall(Request, frozen=True):
    """The status of the calling device."""

    status: Literal["online", "away"]


class PresenceQuery(Request, frozen=True):
    """The users to look up, as comma-separated ids."""

    users: Annotated[str, Meta(max_length=MAX_USERS * 65)]

    def ids(self) -> list[str]:
        """Return the ids.

        Raises:
            Invalid: Too many ids, or a malformed one.
        """
        try:
            return convert(UserIds, [user_id for user_id in self.users.split(",") if user_id])
        except Invalid:
            problem = f"must be at most {MAX_USERS} user ids, separated by commas"
            raise Invalid(f"'users' {problem}.", fields={"users": problem}) from None


class UserPresence(Shape, frozen=True):
    """A user's status; if it is offline, also when they were last seen."""

    user: str
    status: str
    last_seen: int | None


class PresenceAnswer(Shape, frozen=True):
    """The users whom the caller asked about and may see."""

    presence: list[UserPresence]


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
