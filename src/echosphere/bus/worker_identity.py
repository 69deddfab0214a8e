"""Who a process is that is one of several of its machine, which one parent keeps."""

from dataclasses import dataclass

from echosphere.bus.bus import Bus


@dataclass(frozen=True, slots=True)
class WorkerIdentity:
    """A worker among those of its parent.

    Attributes:
        name: Its name, which no other one has; a new one at each start.
        group: The number of those who have the parent in common, from 1.
        bus: Carries what they tell each other.
    """

    name: str
    group: int
    bus: Bus
