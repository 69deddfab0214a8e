"""Events for bots: their types, how far a bot has read, and when that is too long ago."""

import base64
import binascii
from typing import Annotated, NamedTuple

import msgspec

from echosphere.core.clock import DAY, MINUTE
from echosphere.core.errors import Gone, Invalid
from echosphere.core.ids import token_hash
from echosphere.core.rate_limits import Rate

TYPES = (
    "message.posted",
    "message.edited",
    "message.deleted",
    "reaction.added",
    "reaction.removed",
    "member.joined",
    "member.left",
    "command",
    "action",
)

KEPT = 30 * DAY
"""Milliseconds for which events are kept."""

MAX_CHAIN = 3
"""Automated messages that answer one another: other bots do not hear of the last one."""

CHAIN_WINDOW = 10 * MINUTE
"""Milliseconds within which what a bot posts is taken for an answer to what it last heard."""

MAX_WAIT = 50
"""Seconds."""

MAX_EVENTS = 50
"""In one answer."""

MAX_POLLS = 5
"""Of one bot at a time, in one process."""

EVENTS_RATE = Rate("events of a bot", burst=60, every=0.2)
ONLY_BOTS = "Only bots receive events. Use a bot's key."
TOO_OLD = (
    "The events since then are no longer stored. Read what you need, then ask without 'after'."
)
NO_CURSOR = "is not a cursor from this server"
UNKNOWN_TYPE = "names an event that does not exist"


class Position(NamedTuple):
    """A place in the log: after the events up to a number of a transaction.

    Transactions are numbered on PostgreSQL only: one that began earlier may commit later, with a
    lower number of the event.
    """

    txid: int
    number: int


Number = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""What the database can compare: a cursor comes from outside."""


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """How far a bot has read.

    Attributes:
        log: Which log it is: after a restore there is another one.
        txid: See `Position`.
        number: See `Position`.
        at: When this was read, in milliseconds.
    """

    log: str
    txid: Number
    number: Number
    at: Number

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(self.txid, self.number)


class StoredEvent(NamedTuple):
    """An event as stored: without what a message says.

    Attributes:
        at: Milliseconds.
        seq: The message that it is about.
        user_id: Who did it, or whom it is about.
        chain: For a message of a program: the how manieth it is that answers another one; 0 for others.
        interaction: The command or press that it is about.
    """

    txid: int
    number: int
    bot: str
    conversation: str
    type: str
    at: int
    seq: int | None
    user_id: str | None
    emoji: str | None
    chain: int
    interaction: str | None = None


def event_id(log: str, event: StoredEvent) -> str:
    """Return the id of an event, the same whenever it is sent.

    It is a hash: the numbers alone would tell how much happens on the server, and begin again with
    another log after a restore.
    """
    source = f"{log} {event.txid} {event.number} {event.bot} {event.conversation}"
    return token_hash(source)[:20]


def encode_cursor(cursor: Cursor) -> str:
    """Return a cursor as programs keep it."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(cursor)).rstrip(b"=").decode()


def decode_cursor(given: str) -> Cursor:
    """Return what a program kept.

    Raises:
        Invalid: It is no cursor.
    """
    try:
        padded = given.encode() + b"=" * (-len(given) % 4)
        return msgspec.msgpack.decode(base64.b64decode(padded, b"-_", validate=True), type=Cursor)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise Invalid(f"The field 'after' {NO_CURSOR}.", fields={"after": NO_CURSOR}) from None


def require_kept(cursor: Cursor, log: str, last: int | None, now: int) -> None:
    """Refuse a cursor after which events may be missing.

    Args:
        cursor: The cursor.
        log: The log that there is now.
        last: The number of the last event, where numbers rise in the order of commits.
        now: Milliseconds.

    Raises:
        Gone: It is of another log, or too old.
    """
    is_ahead = last is not None and cursor.number > last
    if cursor.log != log or is_ahead or now - cursor.at > KEPT:
        raise Gone(TOO_OLD)


def parse_types(given: str) -> frozenset[str]:
    """Return the types of events in a list with commas; empty for all.

    Raises:
        Invalid: One does not exist.
    """
    asked = frozenset(filter(None, given.split(",")))
    if not asked <= set(TYPES):
        raise Invalid(f"The field 'types' {UNKNOWN_TYPE}.", fields={"types": UNKNOWN_TYPE})
    return asked
