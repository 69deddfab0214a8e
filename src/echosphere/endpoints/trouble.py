"""Tells the operator which endpoints do not take the events of their bots."""

from datetime import UTC, datetime

from echosphere.accounts import active_bots_by_id
from echosphere.core.clock import DAY, SECOND
from echosphere.core.counting import counted
from echosphere.database import Snapshot
from echosphere.endpoints import store
from echosphere.endpoints.endpoint import Disabled, Endpoint
from echosphere.http_client import parse_url

FRESH = 30 * DAY
"""Milliseconds for which a disabled endpoint is news: as long as its deliveries are kept."""

LISTED = 10

WHY = {
    Disabled.GONE: "is disabled: it answered that it no longer exists",
    Disabled.FAILING: "is disabled: all deliveries failed for a day",
    Disabled.SECRET: "is disabled: the server's secret key has changed",
}


def count_failing(snapshot: Snapshot) -> int:
    """Return how many endpoints fail at the moment, of bots that may act."""
    return len(_failing_since(snapshot))


def longest_failing(snapshot: Snapshot) -> float:
    """Return for how many seconds the endpoint has failed that has failed longest; 0 if none does."""
    since = min(_failing_since(snapshot), default=snapshot.now)
    return max(0, snapshot.now - since) / SECOND


def trouble_of_endpoints(snapshot: Snapshot) -> str | None:
    """Return which endpoints were disabled lately, or have failed for a day; None if none has.

    An endpoint is named by its bot and host: its path may have a secret in it.
    """
    now = snapshot.now
    found = store.endpoints_in_trouble(snapshot, now - FRESH, now - DAY)
    bots = active_bots_by_id(snapshot, sorted({one.bot for one in found}))
    said = [
        f"the endpoint of the bot {bots[one.bot].name!r} ({one.bot}) at "
        f"{parse_url(one.url).authority} {_state_of(one)}"
        for one in found
        if one.bot in bots
    ]
    if not said:
        return None
    head = counted(
        len(said),
        "is not accepting events; its owner can see the reason in the settings:",
        "are not accepting events; their owners can see the reason in the settings:",
    )
    more = [f"and {len(said) - LISTED} more"] if len(said) > LISTED else []
    return "\n      ".join([head, *said[:LISTED], *more])


def _failing_since(snapshot: Snapshot) -> list[int]:
    """Return since when endpoints fail; those of bots that may not act are not even tried."""
    found = store.failing_endpoints(snapshot)
    if not found:
        return []
    bots = active_bots_by_id(snapshot, sorted({bot for bot, _ in found}))
    return [since for bot, since in found if bot in bots]


def _state_of(endpoint: Endpoint) -> str:
    if endpoint.disabled_why is not None:
        return WHY[Disabled(endpoint.disabled_why)]
    since = datetime.fromtimestamp((endpoint.failing_since or 0) / SECOND, UTC)
    return f"has been failing since {since:%Y-%m-%d %H:%M} UTC"
