"""The writer of another process: commands are sent to it, and what it answers is returned."""

import asyncio
import logging
from asyncio import Future, TimerHandle
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from echosphere.core import tracing
from echosphere.core.errors import Unavailable
from echosphere.database.command import Command, encode_command
from echosphere.database.command_messages import (
    Answer,
    Request,
    decode_answers,
    encode,
    result_decoder,
)
from echosphere.database.write_state import WriteState
from echosphere.database.writer import CHECK_INTERVAL, DEADLINE

STOP_SECONDS = 5.0
"""For the commands that are under way when this process stops."""

Send = Callable[[bytes], None]
"""Sends commands to one writing process; each connection to one has its own."""

T = TypeVar("T")

log = logging.getLogger(__name__)


class CommandFailedError(RuntimeError):
    """A command failed in the process that writes, by a fault of ours; its log says more."""


@dataclass(slots=True, eq=False)
class PendingCommand:
    """A command that is not answered yet.

    Attributes:
        request: It, as it is sent.
        decode: Decodes its result.
        submitted_at: On the clock of the event loop.
        sent_by: With what it was sent; None while it waits for a process that writes.
    """

    request: Request
    decode: Callable[[msgspec.Raw], Any]
    future: Future[Any]
    submitted_at: float
    sent_by: Send | None = None


class RemoteWriter:
    """Has commands run by the process that writes.

    Commands of one turn of the loop are sent together. While no process writes, they wait; those that
    were sent to one that has ended may have been committed or not, and their callers repeat them.

    Attributes:
        state: How the last commands ended.
    """

    def __init__(self) -> None:
        self.state = WriteState()
        self._send: Send | None = None
        self._waiting: deque[PendingCommand] = deque()
        self._sent: dict[int, PendingCommand] = {}
        self._number = 0
        self._is_scheduled = self._is_stopped = False
        self._watch: TimerHandle | None = None
        self._idle: Future[None] | None = None

    def submit(self, command: Command[T]) -> Future[T]:
        """Queue a command; its future is resolved once the commit is on disk there.

        Raises:
            Unavailable: This process is stopping.
        """
        if self._is_stopped:
            raise Unavailable("The server is stopping. Try again in a moment.", retry_after=5)
        loop = asyncio.get_running_loop()
        future: Future[T] = loop.create_future()
        self._number += 1
        now = loop.time()
        encoded = msgspec.Raw(encode_command(command))
        request = Request(self._number, encoded, now + DEADLINE, tracing.current())
        decode = result_decoder(type(command)).decode
        self._waiting.append(PendingCommand(request, decode, future, now))
        self._schedule(loop)
        if self._watch is None:
            self._watch = loop.call_later(CHECK_INTERVAL, self._expire_overdue)
        return future

    def connect(self, send: Send) -> None:
        """Send commands by this from now on: first those that wait."""
        self._send = send
        self._schedule(asyncio.get_running_loop())

    def pause(self, send: Send) -> None:
        """Send none by this any more: that process stops, once it has answered what it has."""
        if self._send == send:
            self._send = None

    def disconnect(self, send: Send) -> None:
        """Take it that the process is gone: no one knows what became of what it has not answered."""
        self.pause(send)
        lost = [one for one in self._sent.values() if one.sent_by == send]
        if lost:
            log.warning("The writing process ended before it answered %d writes", len(lost))
        error = Unavailable("The server was interrupted. Try again.", retry_after=1)
        for pending in lost:
            self._fail(pending, error)

    def receive(self, data: bytes) -> None:
        """Take answers."""
        message = decode_answers(data)
        for answer in message.answers:
            pending = self._sent.pop(answer.number, None)
            if pending is not None:
                _resolve(pending, answer)
        if message.cause:
            # That process has counted them; `count` would count them twice.
            self.state.record_refusal(message.cause, 0)
        else:
            self.state.record_success()
        self._note_idle()

    def queue(self) -> tuple[int, float]:
        """Return how many commands wait for a process that writes; the age of the oldest unanswered one."""
        now = asyncio.get_running_loop().time()
        oldest = min((one.submitted_at for one in self._unanswered()), default=now)
        return len(self._waiting), now - oldest

    async def stop(self) -> None:
        """Wait for the answers that are still to come; nothing may be submitted afterwards."""
        self._is_stopped = True
        if self._sent or self._waiting:
            self._idle = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._idle}, timeout=STOP_SECONDS)
        if self._watch is not None:
            self._watch.cancel()

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._send is not None and self._waiting and not self._is_scheduled:
            self._is_scheduled = True
            loop.call_soon(self._send_waiting)

    def _send_waiting(self) -> None:
        self._is_scheduled = False
        if self._send is None:
            return
        waiting, self._waiting = self._waiting, deque()
        for pending in waiting:
            pending.sent_by = self._send
            self._sent[pending.request.number] = pending
        self._send(encode([pending.request for pending in waiting]))

    def _expire_overdue(self) -> None:
        """Fail what was not answered in time: the caller repeats it, as after a lost answer."""
        self._watch = None
        loop = asyncio.get_running_loop()
        since = loop.time() - DEADLINE
        late = [one for one in self._unanswered() if one.submitted_at < since]
        for pending in late:
            error = Unavailable(
                "The database is not responding. Try again in a moment.", retry_after=5
            )
            self._fail(pending, error)
        self._waiting = deque(one for one in self._waiting if not one.submitted_at < since)
        if late:
            self.state.record_refusal("silent", len(late), waited=DEADLINE)
            log.warning("The writing process did not answer %d writes in time", len(late))
        if self._sent or self._waiting:
            self._watch = loop.call_later(CHECK_INTERVAL, self._expire_overdue)

    def _unanswered(self) -> Iterable[PendingCommand]:
        return (*self._sent.values(), *self._waiting)

    def _fail(self, pending: PendingCommand, error: Unavailable) -> None:
        self._sent.pop(pending.request.number, None)
        if not pending.future.done():
            pending.future.set_exception(error)
        self._note_idle()

    def _note_idle(self) -> None:
        idle = self._idle
        if idle is not None and not (idle.done() or self._sent or self._waiting):
            idle.set_result(None)


def _resolve(pending: PendingCommand, answer: Answer) -> None:
    """Resolve the future of a command."""
    if pending.future.done():  # cancelled by the caller, though committed
        return
    if answer.refusal is not None:
        pending.future.set_exception(answer.refusal.refusal())
    elif answer.failure:
        pending.future.set_exception(CommandFailedError(answer.failure))
    else:
        try:
            pending.future.set_result(pending.decode(answer.result))
        except msgspec.MsgspecError as error:  # a fault of ours, which must not harm the others
            pending.future.set_exception(error)
