"""The operating system user who runs a command."""

import getpass
import os
import socket
import struct
import sys
from typing import Any

MAX_NAME = 64
UNKNOWN = "unknown"


def own_os_user() -> str:
    """Return who runs this process; with sudo, also who they were before."""
    name = _name_of(os.geteuid()) if hasattr(os, "geteuid") else _login_name()
    before = os.environ.get("SUDO_USER", "")
    return f"{before} as {name}"[:MAX_NAME] if before and before != name else name[:MAX_NAME]


def verified_os_user(said: str, connection: Any) -> str:
    """Return who is at the other end of a Unix socket, as the kernel knows it.

    Args:
        said: What the other end says; who they were before sudo is believed.
        connection: The socket; where the kernel does not tell, what is said counts.
    """
    uid = _peer_uid(connection)
    if uid is None:
        return said[:MAX_NAME] or UNKNOWN
    name = _name_of(uid)
    return said[:MAX_NAME] if said.endswith(f" as {name}") else name[:MAX_NAME]


def _peer_uid(connection: Any) -> int | None:
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None or connection.family != getattr(socket, "AF_UNIX", None):
        return None
    layout = struct.Struct("3i")
    found = connection.getsockopt(socket.SOL_SOCKET, option, layout.size)
    return int(layout.unpack(found)[1])


def _name_of(uid: int) -> str:
    if sys.platform == "win32":
        return _login_name()
    import pwd  # noqa: PLC0415 - there is none on Windows

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # containers run as numbers
        return f"uid {uid}"


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return UNKNOWN
