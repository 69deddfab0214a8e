"""One declaration serves both doors: what a call takes, what it costs, what it does, where it is."""

from echosphere.api.endpoint import Endpoint, delete, get, patch, post, put
from echosphere.api.operation import AnyOperation, DeviceOperation, Empty, Operation
from echosphere.api.registry import Operations
from echosphere.wire import Existing

__all__ = [
    "AnyOperation",
    "DeviceOperation",
    "Empty",
    "Endpoint",
    "Existing",
    "Operation",
    "Operations",
    "delete",
    "get",
    "patch",
    "post",
    "put",
]
