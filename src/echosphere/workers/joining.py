"""What a parent gives to a worker on its command line."""

from dataclasses import astuple, dataclass
from enum import Enum


class Role(Enum):
    """What a worker is among those of its parent."""

    EQUAL = "equal"
    """On PostgreSQL: it writes and serves as all others do."""

    WRITES = "writes"
    """On SQLite: it writes for all, and clients do not connect to it."""

    READS = "reads"
    """On SQLite: it serves, and has another one write."""


@dataclass(frozen=True, slots=True)
class Joining:
    """What joins a worker to its parent.

    Attributes:
        name: Its name.
        group: The number of the parent.
        stream: The descriptor of a stream for messages.
        handover: That of a datagram socket for open connections.
        role: What it is.
        lock: The descriptor of the lock on the file to which it writes; -1 if it does not.
        was_unclean: Whether the last server on that file did not shut down cleanly.
        others_run: Whether workers run that had another process write.
        another_writes: Whether that one still does.
    """

    name: str
    group: int
    stream: int
    handover: int
    role: Role = Role.EQUAL
    lock: int = -1
    was_unclean: bool = False
    others_run: bool = False
    another_writes: bool = False

    def encode(self) -> str:
        """Return it as one argument."""
        return ":".join(
            one.value if isinstance(one, Role) else str(one if isinstance(one, str) else int(one))
            for one in astuple(self)
        )

    @classmethod
    def decode(cls, given: str) -> "Joining":
        """Return what `encode` made an argument of."""
        name, group, stream, handover, role, lock, *flags = given.split(":")
        return cls(
            name,
            int(group),
            int(stream),
            int(handover),
            Role(role),
            int(lock),
            *(flag == "1" for flag in flags),
        )
