"""Where the server listens for commands, and who could have put something there."""

import logging
import os
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

import msgspec

from echosphere.core.durable_files import OWNER_ONLY
from echosphere.core.ids import new_token

SOCKET = "control.sock"
POINTER = "control.json"
"""The file that leads to a socket in another folder, or to a port."""

MAX_SOCKET_PATH = 100
"""Bytes; macOS takes 103, Linux 107."""

ANSWERS_WITHIN = 2.0
"""Seconds in which a connection to this machine is made, or no one listens."""

OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
RUNTIME_PREFIX = "echosphere-"

log = logging.getLogger(__name__)


class UnsafeFolderError(Exception):
    """Others could put themselves in the server's place; the sentence says what to do."""


class Endpoint(msgspec.Struct, frozen=True):
    """A Unix socket with a path, or a port of this machine with the token that it asks for."""

    path: str = ""
    port: int = 0
    token: str = ""

    def connect(self) -> socket.socket:
        """Return a connection to whoever listens.

        Raises:
            OSError: No one does.
        """
        if self.port:
            return socket.create_connection(("127.0.0.1", self.port), ANSWERS_WITHIN)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(ANSWERS_WITHIN)
            connection.connect(self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def answers(self) -> bool:
        """Whether someone listens."""
        try:
            self.connect().close()
        except OSError:
            return False
        return True


class ControlSocket:
    """Where a server listens for commands; what cannot be opened is logged, and it serves all the same.

    Args:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._endpoint: Endpoint | None = None

    @property
    def token(self) -> str:
        """What a command must know; empty where the socket is a file."""
        return "" if self._endpoint is None else self._endpoint.token

    def open(self, **how: bool) -> socket.socket | None:
        """Return a socket that listens; None if commands cannot reach this server."""
        try:
            listening = open_socket(self._folder, **how)
            listening.listen()
            listening.setblocking(False)
        except (UnsafeFolderError, OSError) as problem:
            log.warning("Commands cannot reach this server: %s", problem)
            return None
        self._endpoint = find_endpoint(self._folder)
        return listening

    def close(self) -> None:
        """Remove what `open` made."""
        endpoint, self._endpoint = self._endpoint, None
        if endpoint is not None:
            close_endpoint(self._folder, endpoint)


def find_endpoint(folder: Path) -> Endpoint | None:
    """Return where the server of a data folder listens, if it does; None if it never did.

    Raises:
        UnsafeFolderError: Others could have put something in the server's place.
    """
    direct = folder / SOCKET
    if direct.is_socket():
        require_private(folder)
        return Endpoint(str(direct))
    try:
        written = (folder / POINTER).read_bytes()
    except OSError:
        return None
    require_private(folder)
    with suppress(msgspec.DecodeError):
        endpoint = msgspec.json.decode(written, type=Endpoint)
        if endpoint.path:
            require_private(Path(endpoint.path).parent)
        return endpoint
    return None


def require_private(folder: Path) -> None:
    """Refuse a folder in which others could replace what they find.

    Raises:
        UnsafeFolderError: They could.
    """
    if os.name != "posix":
        return
    try:
        found = folder.stat()
    except FileNotFoundError:
        return
    user = os.geteuid()
    if found.st_mode & OTHERS_MAY_WRITE or (user and found.st_uid not in (0, user)):
        raise UnsafeFolderError(
            f"Other users of this machine can write to {folder}, so commands cannot trust what "
            f"listens there. Allow only the server's user to write to it: chmod go-w {folder}"
        )


def open_socket(folder: Path, *, unix: bool = hasattr(socket, "AF_UNIX")) -> socket.socket:
    """Return a socket that listens for commands, in place of one that a dead server left.

    Raises:
        UnsafeFolderError: Others could replace it.
        FileExistsError: Another server listens there.
        OSError: There is no such folder, or it cannot be written.
    """
    require_private(folder)
    before = find_endpoint(folder)
    if before is not None and before.answers():
        raise FileExistsError(
            "Another server is listening for commands in this data folder. Give each process "
            "its own folder (ECHOSPHERE_DATA)."
        )
    if not unix:
        return _open_port(folder)
    path = folder / SOCKET
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
        (folder / POINTER).unlink(missing_ok=True)
    else:
        path = _runtime_folder(before) / SOCKET
        _write_pointer(folder, Endpoint(str(path)))
    return _open_unix_socket(path)


def close_endpoint(folder: Path, endpoint: Endpoint) -> None:
    """Remove what `open_socket` made, unless it is someone else's by now."""
    if find_endpoint(folder) != endpoint:
        return
    if endpoint.path:
        Path(endpoint.path).unlink(missing_ok=True)
        if Path(endpoint.path).parent != folder:
            with suppress(OSError):
                Path(endpoint.path).parent.rmdir()
    (folder / POINTER).unlink(missing_ok=True)


def _open_unix_socket(path: Path) -> socket.socket:
    """Return a socket that no one else may connect to, from its first moment on."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    try:
        with suppress(OSError):  # Linux takes the mode of the file from here
            os.fchmod(listening.fileno(), OWNER_ONLY)
        listening.bind(str(path))
        path.chmod(OWNER_ONLY)
    except BaseException:
        listening.close()
        raise
    return listening


def _open_port(folder: Path) -> socket.socket:
    listening = socket.create_server(("127.0.0.1", 0))
    port: int = listening.getsockname()[1]
    _write_pointer(folder, Endpoint(port=port, token=new_token()))
    return listening


def _runtime_folder(before: Endpoint | None) -> Path:
    """Return a private folder with a short path: that of the server before, or a new one."""
    if before is not None and before.path and Path(before.path).parent.is_dir():
        return Path(before.path).parent
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usable = runtime is not None and os.access(runtime, os.W_OK)
    return Path(tempfile.mkdtemp(prefix=RUNTIME_PREFIX, dir=runtime if usable else None))


def _write_pointer(folder: Path, endpoint: Endpoint) -> None:
    temporary = folder / f"{POINTER}.{os.getpid()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(endpoint))
    temporary.replace(folder / POINTER)
