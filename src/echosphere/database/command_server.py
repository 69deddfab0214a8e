"""Runs the commands of other processes in the one that writes."""

import asyncio
import logging
from asyncio import Future
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec

from echosphere.core import tracing
from echosphere.core.errors import Refusal, RefusalData, Unavailable
from echosphere.database.command import Command, decode_command
from echosphere.database.command_messages import (
    Answer,
    Answers,
    Request,
    decode_requests,
    encode,
)
from echosphere.database.write_state import WriteState

Reply = Callable[[bytes], None]
"""Sends answers to one process."""

log = logging.getLogger(__name__)


class CommandServer:
    """Has the commands of other processes written, in batches with those of this process.

    What comes before `start` waits for it.

    Args:
        write: `Database.write`.
        state: How the last writes ended.
    """

    def __init__(self, write: Callable[[Command[Any]], Awaitable[Any]], state: WriteState) -> None:
        self._write = write
        self._state = state
        self._early: list[tuple[bytes, Reply]] | None = []
        self._running = 0
        self._answers: dict[Reply, list[Answer]] = {}
        self._idle: Future[None] | None = None

    def start(self) -> None:
        """Begin to run them."""
        early, self._early = self._early or [], None
        for data, reply in early:
            self.receive(data, reply)

    def receive(self, data: bytes, reply: Reply) -> None:
        """Run the commands of a message; they are answered as they end."""
        if self._early is not None:
            self._early.append((data, reply))
            return
        now = asyncio.get_running_loop().time()
        for request in decode_requests(data):
            if (
                request.until < now
            ):  # its caller was told long ago, and perhaps thought better of it
                self._answer(reply, _refused(request, Unavailable(TOO_LATE, retry_after=5)))
            else:
                self._run(request, reply)

    async def drain(self) -> None:
        """Return once all that came is answered."""
        if self._running or self._answers:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle

    def _run(self, request: Request, reply: Reply) -> None:
        try:
            command = decode_command(bytes(request.command))
        except (KeyError, msgspec.MsgspecError):
            log.warning("A command from another process belongs to another version")
            self._answer(reply, _refused(request, Unavailable(REPLACED, retry_after=5)))
            return
        try:
            with tracing.span_from("run for a worker", {}, [request.trace]):
                future = asyncio.ensure_future(self._write(command))
        except Refusal as refusal:  # this process is stopping
            self._answer(reply, _refused(request, refusal))
            return
        self._running += 1
        future.add_done_callback(partial(self._done, request, reply, command))

    def _done(
        self, request: Request, reply: Reply, command: Command[Any], done: Future[Any]
    ) -> None:
        self._running -= 1
        self._answer(reply, _answer(request, command, done))

    def _answer(self, reply: Reply, answer: Answer) -> None:
        """Answer with what else ends in this turn of the loop."""
        if not self._answers:
            asyncio.get_running_loop().call_soon(self._send_answers)
        self._answers.setdefault(reply, []).append(answer)

    def _send_answers(self) -> None:
        answers, self._answers = self._answers, {}
        cause = self._state.cause if self._state.failing_for() else ""
        for reply, some in answers.items():
            reply(encode(Answers(some, cause)))
        if self._idle is not None and not (self._idle.done() or self._running):
            self._idle.set_result(None)


TOO_LATE = "The database is not responding. Try again in a moment."
REPLACED = "The server is being replaced by another version. Try again in a moment."


def _answer(request: Request, command: Command[Any], done: Future[Any]) -> Answer:
    if done.cancelled():
        return Answer(request.number, failure="cancelled")
    error = done.exception()
    if error is None:
        return Answer(request.number, msgspec.Raw(encode(done.result())))
    if isinstance(error, Refusal):
        return _refused(request, error)
    log.error("The command %r from another process failed", command, exc_info=error)
    return Answer(request.number, failure=type(error).__name__)


def _refused(request: Request, refusal: Refusal) -> Answer:
    return Answer(request.number, refusal=RefusalData.of(refusal))
