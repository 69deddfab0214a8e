"""What joins the processes of one instance: a bus, the processes on it, and what they share."""

from echosphere.bus.bus import Bus, Receive
from echosphere.bus.cluster import (
    HEARTBEAT_SECONDS,
    Cluster,
    conversation_subject,
    label_of,
    user_subject,
)
from echosphere.bus.nats_bus import NatsBus
from echosphere.bus.shared_map import SharedMap, in_pieces
from echosphere.bus.worker_identity import WorkerIdentity

__all__ = [
    "HEARTBEAT_SECONDS",
    "Bus",
    "Cluster",
    "NatsBus",
    "Receive",
    "SharedMap",
    "WorkerIdentity",
    "conversation_subject",
    "in_pieces",
    "label_of",
    "user_subject",
]
