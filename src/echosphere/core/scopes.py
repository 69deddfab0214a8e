"""What a key may do: each operation that keys may use names the scopes that it needs."""

from enum import StrEnum

KEY_PREFIX = "esb_"

KEY_REFUSED = "This API key is not valid. It was mistyped, has expired or was revoked, or its bot is disabled."
"""What every key begins with, so that scanners for secrets find one that was published."""


class Scope(StrEnum):
    """A part of what a user may do, which a key has or has not."""

    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    REACTIONS_WRITE = "reactions:write"
    FILES_WRITE = "files:write"
    MEMBERS_READ = "members:read"
    EVENTS = "events"
    """Of bots only: people's programs read and post."""


Scopes = frozenset[Scope]


def requires(*scopes: Scope) -> Scopes:
    """Return what an operation needs; whatever shows messages needs `MESSAGES_READ`, too."""
    return frozenset(scopes)


READS = requires(Scope.MESSAGES_READ)
WRITES = requires(Scope.MESSAGES_WRITE)
REACTS = requires(Scope.REACTIONS_WRITE, Scope.MESSAGES_READ)
SENDS_FILES = requires(Scope.FILES_WRITE)
HEARS = requires(Scope.EVENTS, Scope.MESSAGES_READ)
DECLARES = requires(Scope.EVENTS)
SEES_MEMBERS = requires(Scope.MEMBERS_READ)
