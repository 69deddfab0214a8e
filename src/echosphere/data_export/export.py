"""Personal data downloads and their limits."""

from enum import StrEnum
from typing import NamedTuple

from echosphere.core.clock import DAY
from echosphere.core.rate_limits import Rate

LIFETIME = DAY
"""Milliseconds for which a finished download can be fetched."""

MAX_STARTS = 10
"""How often it is begun, since the server may be stopped while it is made; then it is given up."""

ASK_RATE = Rate("data exports", burst=5, every=4 * 3600)
"""Downloads that one user may ask for: each reads all that they can see."""

FOLDER = "exports"
"""Where finished ones are stored, apart from attachments."""

MAKE = "data_export.make"
"""The job that makes one; its payload is `{id}`."""

REMOVE = "data_export.remove"
"""The job that deletes the file of one; its payload is `{id}`."""


class State(StrEnum):
    """How far it is."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Problem(StrEnum):
    """Why one could not be made."""

    TOO_LARGE = "too_large"
    NO_ROOM = "no_room"
    BROKEN = "broken"


class DataExport(NamedTuple):
    """A download of everything that one user may see.

    Attributes:
        starts: How often it was begun.
        size: Bytes; None until it is ready.
        expires_at: In milliseconds since 1970 UTC; None until it is ready.
    """

    id: str
    user_id: str
    state: State
    requested_at: int
    starts: int = 0
    size: int | None = None
    expires_at: int | None = None
    problem: Problem | None = None
