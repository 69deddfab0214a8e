"""The writer: takes every waiting command, runs them in one transaction, commits once."""

from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine

from echosphere.clock import Clock
from echosphere.database.batch import Batch, Command, Line
from echosphere.database.dialects import Dialect
from echosphere.database.transaction import Also

MAX_BATCH = 256
"""Commands that share one commit at most; more would make the first of them wait too long."""

MAX_ON_LOOP = 0.004
"""Seconds that quick commands may keep the loop; those that are left come with the next batch."""

F = TypeVar("F", bound=Callable[..., Any])

Publish = Callable[[Sequence[Command]], None]
"""Called on the loop with the commands of one settled batch."""


def quick(use_case: F) -> F:
    """Mark a use case or a query that is a handful of prepared statements on few rows.

    On SQLite such work is done on the loop's own thread, and only a commit, which waits for the
    disk, in the writer's. Two threads that both run Python take turns with the interpreter's
    lock at every statement; docs/decisions tells what that costs.
    """
    use_case.is_quick = True  # type: ignore[attr-defined]
    return use_case


def is_quick(use_case: Callable[..., Any]) -> bool:
    """Tell whether a use case or a query is marked so."""
    return hasattr(use_case, "is_quick")


def alone(use_case: F) -> F:
    """Mark a use case that locks more than the conversation whose lane it is in.

    On PostgreSQL it gets a transaction of its own. In one with others it could wait for a writer
    that waits for it: each would hold what the other needs, until the database ends one of them.
    """
    use_case.is_alone = True  # type: ignore[attr-defined]
    return use_case


class Writer:
    """One connection that writes, one batch at a time.

    Everything but the work itself happens on the loop's thread.
    """

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect,
        clock: Clock,
        loop: AbstractEventLoop,
        publish: Publish,
        *,
        also: Also,
        epoch: Callable[[], int],
        name: str = "writer",
    ) -> None:
        self._line = Line(engine)
        self._dialect = dialect
        self._clock = clock
        self._loop = loop
        self._publish = publish
        self._also = also
        self._epoch = epoch
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: deque[Command] = deque()
        self._busy = False
        self._idle: Future[None] | None = None

    def submit(self, command: Command) -> None:
        """Put a command in the queue; its future is answered after the commit."""
        self._waiting.append(command)
        if not self._busy:
            self._busy = True
            # What else arrives in this turn of the loop shares the commit.
            self._loop.call_soon(self._next)

    async def stop(self) -> None:
        """Return when all that waits is settled; nothing may be submitted any more."""
        if self._busy:
            self._idle = self._loop.create_future()
            await self._idle
        self._thread.shutdown()
        self._line.close()

    def _next(self) -> None:
        """Take what waits and run it, here or in the thread."""
        waiting = self._waiting
        if not waiting:
            self._busy = False
            if self._idle is not None:
                self._idle.set_result(None)
            return
        commands = self._take()
        batch = Batch(self._line, self._dialect, self._clock, self._also, self._epoch)
        if self._dialect.is_local and all(is_quick(one.use_case) for one in commands):
            self._run_here(batch, commands)
        else:
            self._run_in_thread(batch.settle, batch, commands)

    def _take(self) -> list[Command]:
        """Take commands for one transaction, in the order in which they are to be run.

        Where there are several writers, all of them lock conversations in the order of their ids:
        those who wait for each other in a row never wait in a ring.
        """
        waiting = self._waiting
        most = min(len(waiting), MAX_BATCH)
        if self._dialect.is_local:
            return [waiting.popleft() for _ in range(most)]
        some = [waiting.popleft()]
        while len(some) < most and not any(map(_is_alone, (some[0], waiting[0]))):
            some.append(waiting.popleft())
        return sorted(some, key=_lane)

    def _run_here(self, batch: Batch, commands: list[Command]) -> None:
        try:
            batch.begin(patient=False)
            done = batch.run(commands, MAX_ON_LOOP)
        except Exception:
            # Harmed, or the database is held by another program: the thread has the patience.
            self._run_in_thread(batch.settle, batch, commands)
            return
        self._waiting.extendleft(reversed(commands[done:]))
        self._run_in_thread(batch.commit_or_fail, batch)

    def _run_in_thread(self, work: Callable[..., None], batch: Batch, *args: list[Command]) -> None:
        def run() -> None:
            work(*args)
            self._loop.call_soon_threadsafe(self._settled, batch.commands)

        self._thread.submit(run)

    def _settled(self, commands: Sequence[Command]) -> None:
        try:
            self._publish(commands)
        finally:
            self._next()


def _is_alone(command: Command) -> bool:
    return hasattr(command.use_case, "is_alone")


def _lane(command: Command) -> str:
    return command.lane


def answer(command: Command) -> None:
    """Hand a command's result or error to whoever waits for it."""
    if command.answer.done():  # the caller has given up; the commit stands
        return
    if command.error is not None:
        command.answer.set_exception(command.error)
    else:
        command.answer.set_result(command.result)
