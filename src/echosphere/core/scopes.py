"""What a key may do: each operation that keys may use names the scopes that it needs."""

from enum import StrEnum

KEY_PREFIX = "esb_"
"""What every key begins with, so that scanners for secrets find one that was published."""


class Scope(StrEnum):
    """A part of what a user may do, which a key has or has not."""

    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    REACTIONS_WRITE = "reactions:write"
    FILES_WRITE = "files:write"
    MEMBERS_READ = "members:read"


Scopes = frozenset[Scope]


def needs(*scopes: Scope) -> Scopes:
    """Return what an operation needs; whatever shows messages needs `MESSAGES_READ`, too."""
    return frozenset(scopes)


READS = needs(Scope.MESSAGES_READ)
WRITES = needs(Scope.MESSAGES_WRITE)
REACTS = needs(Scope.REACTIONS_WRITE, Scope.MESSAGES_READ)
SENDS_FILES = needs(Scope.FILES_WRITE)
SEES_MEMBERS = needs(Scope.MEMBERS_READ)
