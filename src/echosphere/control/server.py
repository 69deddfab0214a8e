"""Listens locally for the operator's commands."""

import asyncio
import hmac
import logging
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import msgspec

from echosphere.control.endpoint import ControlSocket
from echosphere.control.frames import LENGTH, MAX_CALL, Answer, Call, Problem, encode_frame
from echosphere.control.os_user import verified_os_user
from echosphere.core.errors import Refusal

MAX_CALLS = 16
"""Commands at a time; further ones wait to be accepted."""

CALL_WITHIN = 10.0
"""Seconds in which a connection has to say what it wants."""

SEND_WITHIN = 30.0
"""Seconds in which a command has to read a part of its answer; one that is stopped would hold a place."""

WORKING_EVERY = 20.0
"""Seconds of silence after which a command is told that the server still works; it waits for 120."""

END_WITHIN = 5.0
"""Seconds that running commands have to end when the server stops."""

Run = Callable[[Call], AsyncGenerator[Any, None]]
"""Runs a command and gives the parts of its answer."""

FAILED = "The server could not do this. See its log."
CANNOT = "The server could not do this: {}."

log = logging.getLogger(__name__)


NO_MORE = object()


class CommandGoneError(Exception):
    """Whoever asked is not there any more, or does not read."""


class ControlServer:
    """Answers commands; what it cannot open is logged, and the server serves all the same.

    Args:
        folder: The data folder.
        run: Runs a command.
    """

    def __init__(self, folder: Path, run: Run) -> None:
        self._socket = ControlSocket(folder)
        self._run = run
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(MAX_CALLS)

    async def start(self, **how: bool) -> None:
        """Listen."""
        listening = self._socket.open(**how)
        if listening is None:
            return
        if listening.family == socket.AF_INET:
            self._server = await asyncio.start_server(self._serve, sock=listening)
        else:
            self._server = await asyncio.start_unix_server(self._serve, sock=listening)

    async def serve(self, connection: socket.socket) -> None:
        """Answer the command of a connection that another process has accepted."""
        reader, writer = await asyncio.open_unix_connection(sock=connection)
        await self._serve(reader, writer)

    async def stop(self) -> None:
        """Listen no more, and give running commands a moment to end."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=END_WITHIN)
            for task in late:
                task.cancel()
        self._socket.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - streams are served in tasks
        self._running.add(task)
        try:
            async with self._turn:
                await self._answer(reader, writer)
        except (CommandGoneError, OSError, EOFError, TimeoutError):
            log.debug("A command disconnected")
            writer.transport.abort()  # what it does not read is not kept for it
        finally:
            self._running.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = await self._read_call(reader, writer)
        if call is None:
            return
        try:
            async with aclosing(self._run(call)) as parts:
                await _send_parts(parts, writer)
            await _send(writer, Answer("done"))
        except Refusal as refusal:
            await _send(writer, _refused(Problem(refusal.code, refusal.detail, refusal.fields)))
        except CommandGoneError:
            raise
        except Exception as error:
            log.exception("The command %r failed", call.command)
            is_told = isinstance(error, OSError) and error.strerror
            sentence = CANNOT.format(error.strerror) if is_told else FAILED  # type: ignore[attr-defined]
            await _send(writer, _refused(Problem("internal", sentence)))

    async def _read_call(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Call | None:
        """Return what is asked for, by whom; None for those who may not ask."""
        async with asyncio.timeout(CALL_WITHIN):
            size = int.from_bytes(await reader.readexactly(LENGTH))
            if size > MAX_CALL:
                return None
            body = await reader.readexactly(size)
        with suppress(msgspec.DecodeError):
            call = msgspec.json.decode(body, type=Call)
            if hmac.compare_digest(call.token.encode(), self._socket.token.encode()):
                connection = writer.get_extra_info("socket")
                user = verified_os_user(call.os_user, connection)
                return msgspec.structs.replace(call, os_user=user, token="")
        log.warning("An unknown command was sent to the control socket")
        return None


def _refused(problem: Problem) -> Answer:
    return Answer("refused", msgspec.Raw(msgspec.json.encode(problem)))


async def _send_parts(parts: AsyncGenerator[Any, None], writer: asyncio.StreamWriter) -> None:
    """Send the parts as they come. In a long pause it would look as if the server had stopped."""
    while True:
        coming = asyncio.ensure_future(anext(parts, NO_MORE))
        try:
            while not (await asyncio.wait({coming}, timeout=WORKING_EVERY))[0]:
                await _send(writer, Answer("working"))
        finally:
            if not coming.done():
                coming.cancel()
                await asyncio.wait({coming})
        if (part := coming.result()) is NO_MORE:
            return
        await _send(writer, Answer("part", msgspec.Raw(msgspec.json.encode(part))))


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    writer.write(encode_frame(answer))
    try:
        async with asyncio.timeout(SEND_WITHIN):
            await writer.drain()
    except (OSError, TimeoutError) as error:
        raise CommandGoneError from error
