"""The writer: takes every waiting command, runs them in one transaction, commits once."""

import logging
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine

from echosphere.core.clock import Clock
from echosphere.core.errors import Unavailable
from echosphere.database.batch import Batch, Command, Line
from echosphere.database.dialects import Dialect
from echosphere.database.transaction import Also
from echosphere.database.write_state import WriteState

MAX_BATCH = 256
"""Commands that share one commit at most; more would make the first of them wait too long."""

DEADLINE = 10.0
"""Seconds after which a command is answered that it cannot be done now, whatever the reason."""

PATIENCE = 5.0
"""Seconds, from its arrival on, that a command waits while another program holds the database."""

LOOK_EVERY = 1.0

TRUNCATE_AFTER = 3.0
"""Seconds after a deletion in which others may come, before the write-ahead log is emptied."""

TRUNCATE_EVERY = 60.0
"""Seconds after any other change until the same: it may have replaced words, such as a draft."""

TRY_AGAIN_AFTER = 1.0
"""Seconds until that is tried again, when somebody was reading."""

MAX_ON_LOOP = 0.004
"""Seconds that quick commands may keep the loop; those that are left come with the next batch."""

F = TypeVar("F", bound=Callable[..., Any])

log = logging.getLogger(__name__)

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
        state: WriteState,
        name: str = "writer",
    ) -> None:
        self._line = Line(engine)
        self._dialect = dialect
        self._clock = clock
        self._loop = loop
        self._publish = publish
        self._also = also
        self._epoch = epoch
        self._state = state
        self._running: Sequence[Command] = ()
        self._watch: TimerHandle | None = None
        self._truncating: TimerHandle | None = None
        self._truncate_next = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._waiting: deque[Command] = deque()
        self._busy = False
        self._idle: Future[None] | None = None

    def submit(self, command: Command) -> None:
        """Put a command in the queue; its future is answered after the commit."""
        command.arrived = self._loop.time()
        self._waiting.append(command)
        if not self._busy:
            self._busy = True
            if self._watch is None:
                self._watch = self._loop.call_later(LOOK_EVERY, self._look)
            # What else arrives in this turn of the loop shares the commit.
            self._loop.call_soon(self._next)

    async def stop(self) -> None:
        """Return when all that waits is settled; nothing may be submitted any more."""
        if self._busy:
            self._idle = self._loop.create_future()
            await self._idle
        for timer in (self._watch, self._truncating):
            if timer is not None:
                timer.cancel()
        self._thread.shutdown()
        self._line.close()

    def queue(self) -> tuple[int, float]:
        """Return how many commands are not answered yet, and the age of the oldest in seconds."""
        unanswered = [*self._running, *self._waiting]
        oldest = min((one.arrived for one in unanswered), default=self._loop.time())
        return len(unanswered), self._loop.time() - oldest

    def _look(self) -> None:
        """Answer those who have waited for too long; hang up on a database that is silent.

        Whether a command that ran was committed is not known: it is like a lost answer, and the
        caller may repeat it.
        """
        self._watch = None
        since = self._loop.time() - DEADLINE
        late = [one for one in self._running if one.arrived < since and not one.answer.done()]
        while self._waiting and self._waiting[0].arrived < since:
            late.append(self._waiting.popleft())
        for command in late:
            command.error = Unavailable(
                "The database does not answer. Try again soon.", retry_after=5
            )
            answer(command)
        if late:
            self._state.refused("silent", len(late), waited=DEADLINE)
            log.warning("The database did not answer %d writes in time", len(late))
        if self._running and self._running[0].arrived < since:
            self._line.interrupt(self._dialect)
        if self._busy:
            self._watch = self._loop.call_later(LOOK_EVERY, self._look)

    def _next(self) -> None:
        """Take what waits and run it, here or in the thread."""
        self._running = ()
        if self._truncate_next:
            self._truncate_next = False
            self._thread.submit(self._truncate_in_thread)
            return
        waiting = self._waiting
        if not waiting:
            self._busy = False
            if self._idle is not None:
                self._idle.set_result(None)
            return
        commands = self._take()
        self._running = commands
        batch = Batch(
            self._line, self._dialect, self._clock, self._also, epoch=self._epoch, state=self._state
        )
        if self._dialect.is_local and all(is_quick(one.use_case) for one in commands):
            self._run_here(batch, commands)
        else:
            self._settle_in_thread(batch, commands)

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
            batch.begin(patience=0)
            done = batch.run(commands, MAX_ON_LOOP)
        except Exception:
            # Harmed, or the database is held by another program: the thread has the patience.
            self._settle_in_thread(batch, commands)
            return
        self._waiting.extendleft(reversed(commands[done:]))
        self._run_in_thread(batch.commit_or_fail, batch)

    def _settle_in_thread(self, batch: Batch, commands: list[Command]) -> None:
        waited = self._loop.time() - min(one.arrived for one in commands)
        patience = max(PATIENCE - waited, 0.1)
        self._run_in_thread(partial(batch.settle, patience=patience), batch, commands)

    def _run_in_thread(self, work: Callable[..., None], batch: Batch, *args: list[Command]) -> None:
        def run() -> None:
            work(*args)
            self._loop.call_soon_threadsafe(self._settled, batch)

        self._thread.submit(run)

    def _settled(self, batch: Batch) -> None:
        if batch.wrote and self._dialect.is_local:
            self._truncate_in(TRUNCATE_AFTER if batch.erased else TRUNCATE_EVERY)
        try:
            self._publish(batch.commands)
        finally:
            self._next()

    def _truncate_in(self, seconds: float) -> None:
        """Have the write-ahead log emptied: it still holds what was deleted."""
        due = self._loop.time() + seconds
        if self._truncating is not None:
            if self._truncating.when() <= due:
                return
            self._truncating.cancel()
        self._truncating = self._loop.call_at(due, self._truncate)

    def _truncate(self) -> None:
        self._truncating = None
        self._truncate_next = True
        if not self._busy:
            self._busy = True
            self._next()

    def _truncate_in_thread(self) -> None:
        try:
            done = self._dialect.truncate_wal(self._line.open())
        except Exception:
            log.exception("The write-ahead log could not be emptied")
            done = False
        self._loop.call_soon_threadsafe(self._truncated, done)

    def _truncated(self, done: bool) -> None:
        if not done:
            self._truncate_in(TRY_AGAIN_AFTER)
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
