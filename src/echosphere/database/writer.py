"""The writer: takes every waiting command, runs them in one transaction, commits once."""

import logging
import queue
import threading
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from echosphere.clock import Clock
from echosphere.database.dialects import Dialect
from echosphere.database.transaction import Event, Transaction

MAX_BATCH = 256
"""Commands that share one commit at most; more would make the first of them wait too long."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Command:
    """A use case that waits to be run, and what came of it."""

    use_case: Callable[..., Any]
    args: tuple[Any, ...]
    answer: Future[Any]
    result: Any = None
    error: BaseException | None = None
    events: list[Event] = field(default_factory=list)
    jobs: bool = False


Publish = Callable[[Sequence[Command]], None]
"""Called on the loop with the commands of one committed batch."""


class HarmedBatchError(Exception):
    """A command failed after it wrote: its neighbours must be run again without it."""


class Writer(threading.Thread):
    """One connection that writes, in one thread of its own."""

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect,
        clock: Clock,
        loop: AbstractEventLoop,
        publish: Publish,
        *,
        name: str = "writer",
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._engine = engine
        self._dialect = dialect
        self._clock = clock
        self._loop = loop
        self._publish = publish
        self._waiting: queue.SimpleQueue[Command | None] = queue.SimpleQueue()

    def submit(self, command: Command) -> None:
        """Put a command in the queue; its future is answered after the commit."""
        self._waiting.put(command)

    def stop(self) -> None:
        """Finish what is waiting, then end."""
        self._waiting.put(None)

    def run(self) -> None:
        """Take, run, commit and answer until told to stop."""
        running = True
        while running:
            batch, running = self._take()
            if batch:
                self._settle(batch)
                self._loop.call_soon_threadsafe(self._publish, batch)

    def _take(self) -> tuple[list[Command], bool]:
        """Wait for a command, then take all that have arrived meanwhile."""
        batch: list[Command] = []
        command = self._waiting.get()
        while command is not None:
            batch.append(command)
            if len(batch) == MAX_BATCH:
                return batch, True
            try:
                command = self._waiting.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _settle(self, batch: list[Command]) -> None:
        """Give every command of the batch its result or its error."""
        try:
            self._run_together(batch)
        except HarmedBatchError:
            for command in batch:
                self._run_alone(command)
        except Exception as error:
            self._fail(batch, error)

    def _run_together(self, batch: list[Command]) -> None:
        with self._engine.connect() as connection, connection.begin():
            now, cursor = self._clock(), connection.connection.cursor()
            for command in batch:
                self._attempt(command, Transaction(connection, now, cursor))

    def _run_alone(self, command: Command) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                self._attempt(command, Transaction(connection, self._clock()), alone=True)
        except Exception as error:
            self._fail([command], error)

    def _attempt(self, command: Command, transaction: Transaction, *, alone: bool = False) -> None:
        command.error = None
        try:
            command.result = command.use_case(transaction, *command.args)
        except Exception as error:
            if alone:
                raise
            if transaction.wrote or _is_database_error(error):
                raise HarmedBatchError from error
            command.error = error
        command.events = transaction.events
        command.jobs = transaction.jobs

    def _fail(self, batch: Sequence[Command], error: Exception) -> None:
        cause = getattr(error, "orig", None) or error
        refusal = self._dialect.refusal(cause)
        if refusal is not None:
            log.warning("The database refused a write: %s", cause)
        for command in batch:
            command.error = refusal or error
            command.events = []
            command.jobs = False


def _is_database_error(error: Exception) -> bool:
    return isinstance(error, DBAPIError) or type(error).__module__.startswith(
        ("sqlite3", "psycopg")
    )


def answer(command: Command) -> None:
    """Hand a command's result or error to whoever waits for it."""
    if command.answer.done():  # the caller has given up; the commit stands
        return
    if command.error is not None:
        command.answer.set_exception(command.error)
    else:
        command.answer.set_result(command.result)
