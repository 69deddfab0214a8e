"""One declaration serves both HTTP and the socket: what a call takes, costs and does, and where it is."""

from echosphere.api.endpoint import Endpoint, delete, get, patch, post, put
from echosphere.api.event import BehindEvent, Event
from echosphere.api.operation import Declaration, DeviceOperation, Empty, Operation
from echosphere.api.registry import Operations
from echosphere.wire import Existing

__all__ = [
    "BehindEvent",
    "Declaration",
    "DeviceOperation",
    "Empty",
    "Endpoint",
    "Event",
    "Existing",
    "Operation",
    "Operations",
    "delete",
    "get",
    "patch",
    "post",
    "put",
]
