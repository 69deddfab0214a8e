"""How commands of the operator reach the server that runs on the same data folder."""

from echosphere.control.client import NotReachable, Refused, ask
from echosphere.control.endpoint import ControlSocket, UnsafeFolderError
from echosphere.control.frames import Call, Problem
from echosphere.control.os_user import own_os_user
from echosphere.control.server import ControlServer

__all__ = [
    "Call",
    "ControlServer",
    "ControlSocket",
    "NotReachable",
    "Problem",
    "Refused",
    "UnsafeFolderError",
    "ask",
    "own_os_user",
]
