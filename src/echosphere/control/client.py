"""Asks the server that runs on a data folder."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from echosphere.control.endpoint import find_endpoint
from echosphere.control.frames import LENGTH, MAX_ANSWER, Answer, Call, Problem, encode_frame

SILENCE = 120.0
"""Seconds after which a server that says nothing is given up."""


class NotReachable(Exception):  # noqa: N818 - expected where no server runs
    """No server listens on this data folder."""


class Refused(Exception):  # noqa: N818 - an answer
    """The server refused a command."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def ask(folder: Path, call: Call) -> Iterator[Any]:
    """Have the running server run a command; return the parts of its answer as they come.

    Raises:
        NotReachable: No server listens, so nothing was done.
        Refused: The server refused.
        UnsafeFolderError: Others could have put themselves in the server's place.
        ConnectionError: The server went away; the command may have been run.
        TimeoutError: The server does not answer.
    """
    endpoint = find_endpoint(folder)
    if endpoint is None:
        raise NotReachable
    try:
        connection = endpoint.connect()
    except OSError:
        raise NotReachable from None
    connection.settimeout(SILENCE)
    call = msgspec.structs.replace(call, token=endpoint.token)
    return _answers(connection, encode_frame(call))


def _answers(connection: socket.socket, call: bytes) -> Iterator[Any]:
    with closing(connection):
        connection.sendall(call)
        while (answer := _read(connection)).kind != "done":
            if answer.kind == "refused":
                raise Refused(msgspec.json.decode(answer.value, type=Problem))
            if answer.kind == "part":
                yield msgspec.json.decode(answer.value)


def _read(connection: socket.socket) -> Answer:
    size = int.from_bytes(_read_bytes(connection, LENGTH))
    if size > MAX_ANSWER:
        raise ConnectionError("The server sent an invalid answer.")
    return msgspec.json.decode(_read_bytes(connection, size), type=Answer)


def _read_bytes(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        some = connection.recv(min(count - len(parts), 65_536))
        if not some:
            raise ConnectionError("The server disconnected before it answered.")
        parts += some
    return bytes(parts)
