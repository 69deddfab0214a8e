"""Endpoints: addresses to which the events of a bot are posted, and what may be set for them."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from echosphere.bots import TYPES, UNKNOWN_TYPE, Position
from echosphere.core.clock import DAY
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import Rate

MAX_ENDPOINTS = 5
"""Of one bot."""

MAX_CONVERSATIONS = 100
"""That one endpoint may name."""

OLD_SECRET_FOR = DAY
"""Milliseconds for which the secret before still signs, after it was changed."""

TEST = "test"
"""The type of the event that is sent on request; it is about nothing."""

CREATION_RATE = Rate("endpoints", burst=20, every=60)
TEST_RATE = Rate("tests of endpoints", burst=10, every=10)

UNKNOWN = "Endpoint not found."
UNKNOWN_DELIVERY = "Delivery not found."
DELETED = "This endpoint was deleted."
TOO_MANY = f"This bot already has {MAX_ENDPOINTS} endpoints. Delete one first."
IS_DISABLED = "This endpoint is disabled. Enable it first."
UNREADABLE = "The secret cannot be read, because the server's key has changed. Create a new secret."
NOT_KEPT = "The server no longer has this event."
NO_TYPES = "must name at least one event"
NOT_A_MEMBER = "names a conversation that the bot is not a member of"


class Disabled(StrEnum):
    """Why nothing is sent to an endpoint any more."""

    OWNER = "owner"
    """Its bot's owner wanted it."""
    GONE = "gone"
    """It answered 410."""
    FAILING = "failing"
    """Nothing got through for a day."""
    SECRET = "secret"  # noqa: S105 - a word, no secret
    """The server's secret key was lost, and with it what the events were signed with."""
    PASSWORD = "password"  # noqa: S105 - as above
    """The owner has a new password, or was signed out everywhere: whoever knew the old one may have
    set this up."""


GIVEN_UP = (Disabled.GONE, Disabled.FAILING, Disabled.SECRET)
"""Of these the owner is told; the others they did themselves."""


class Endpoint(NamedTuple):
    """An endpoint as stored; times in milliseconds.

    Attributes:
        types: The events that are sent.
        conversations: Only events of these are; empty for all.
        secret: What signs, sealed.
        previous_secret: What was used before, sealed, and signs until `previous_until`.
        log: The log of events in which it stands at `position`; after a restore there is another.
        position: It was sent, or was at least tried once, what came up to here.
        failing_since: When an attempt failed, if none got through afterwards and something waits to be
            tried again; later by the time in which nothing could be tried.
        paused_until: It asked to be left alone until then.
        due_at: When its job is to run, or was to begin; None while there is none.
        turn: Only the job with this number may deliver.
        held: Events that were not tried yet wait for one that failed.
    """

    id: str
    bot: str
    url: str
    types: frozenset[str]
    conversations: tuple[str, ...]
    created_at: int
    secret: str
    previous_secret: str | None
    previous_until: int | None
    log: str
    position: Position
    failing_since: int | None
    paused_until: int | None
    disabled_at: int | None
    disabled_why: str | None
    due_at: int | None
    turn: int
    held: bool

    def wants(self, type_: str, conversation: str) -> bool:
        """Whether an event of this type in this conversation is sent."""
        is_here = not self.conversations or conversation in self.conversations
        return type_ in self.types and is_here

    def takes_new(self, now: int) -> bool:
        """Whether an event that was not tried yet would be sent now."""
        return not self.held and (self.paused_until is None or self.paused_until <= now)

    def secrets_at(self, now: int) -> list[str]:
        """Return the sealed secrets with which an event is signed: two while they are changed."""
        is_changing = self.previous_until is not None and now < self.previous_until
        before = self.previous_secret if is_changing else None
        return [one for one in (self.secret, before) if one is not None]


class State(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """It is not tried again by itself."""


class Delivery(NamedTuple):
    """An event on its way to an endpoint, once it was tried; it has none of what messages say.

    Attributes:
        event: The id of the event: `webhook-id`.
        position: Where the event is in the log; None for a test.
        attempts: How often it was tried.
        tried_at: When it was tried last; None for never.
        status: The status of the last answer; None if there was none.
        error: What went wrong the last time; empty if nothing did.
        answer: The beginning of an answer that was no success.
        duration: Milliseconds until the last answer.
        next_at: When it is tried again; None for never.
        reply_seq: The message that its answer became.
    """

    id: str
    endpoint: str
    event: str
    position: Position | None
    type: str
    conversation: str | None
    created_at: int
    state: str
    attempts: int
    tried_at: int | None = None
    status: int | None = None
    error: str = ""
    answer: str = ""
    duration: int | None = None
    next_at: int | None = None
    reply_seq: int | None = None


def require_types(given: Sequence[str]) -> frozenset[str]:
    """Return the types of events to send.

    Raises:
        Invalid: There is none, or one does not exist.
    """
    types = frozenset(given)
    if not types <= set(TYPES):
        raise Invalid(f"The field 'types' {UNKNOWN_TYPE}.", fields={"types": UNKNOWN_TYPE})
    if not types:
        raise Invalid(f"The field 'types' {NO_TYPES}.", fields={"types": NO_TYPES})
    return types
