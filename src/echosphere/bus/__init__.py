"""What joins the processes of one instance: a bus, the processes on it, and what they share."""

from echosphere.bus.bus import Bus, Receive
from echosphere.bus.cluster import Cluster, conversation_subject, user_subject
from echosphere.bus.nats_bus import NatsBus
from echosphere.bus.shared_map import SharedMap, in_pieces
from echosphere.bus.worker_identity import WorkerIdentity

__all__ = [
    "Bus",
    "Cluster",
    "NatsBus",
    "Receive",
    "SharedMap",
    "WorkerIdentity",
    "conversation_subject",
    "in_pieces",
    "user_subject",
]
