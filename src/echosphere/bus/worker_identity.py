"""The identity of a process that is one of several workers of one parent."""

from dataclasses import dataclass

from echosphere.bus.bus import Bus
from echosphere.database import SharedFile


@dataclass(frozen=True, slots=True)
class WorkerIdentity:
    """A worker among those of its parent.

    Attributes:
        name: Its name, which no other one has; a new one at each start.
        group: The number of those who have the parent in common, from 1.
        bus: Carries what they tell each other.
        shared_file: How they share an SQLite file; None if they do not.
    """

    name: str
    group: int
    bus: Bus
    shared_file: SharedFile | None = None

    @property
    def serves(self) -> bool:
        """Whether clients connect to it; on SQLite not to the process that writes."""
        return self.shared_file is None or self.shared_file.writer is not None
