"""A worker as its parent sees it."""

import asyncio
import signal
from asyncio.subprocess import Process
from contextlib import suppress
from time import monotonic

from echosphere.workers.handover import Handover
from echosphere.workers.heartbeat import Heartbeat
from echosphere.workers.joining import Role
from echosphere.workers.message_stream import MessageStream


class Worker:
    """A process that serves.

    Attributes:
        role: What it is among the others.
        counts: Whether it is one of those that there should be, and is replaced when it ends.
        has_turn: Whether it is the one that may write.
        stands_by: Set once it could write, if it is to; and when it has ended.
        decided: Set once it serves, or has ended.
        silent: Set when its connection to the parent is closed.
        serves: Whether it has said that it serves.
        is_leaving: Whether it gets no new clients any more.
        load: How many connections it has, with those that it was given since it said so.
        heartbeat: When it said something last.
    """

    def __init__(self, name: str, role: Role, *, counts: bool) -> None:
        self.name = name
        self.role = role
        self.counts = counts
        self.has_turn = False
        self.code = -1
        self.stands_by = asyncio.Event()
        self.serves = self.is_leaving = False
        self.owner_link = ""
        self.load = 0
        self.heartbeat = Heartbeat()
        self.began = monotonic()
        self.decided, self.ended, self.silent = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.report: asyncio.Future[None] | None = None
        self.process: Process
        self.stream: MessageStream
        self.handover: Handover

    @property
    def writes(self) -> bool:
        """Whether it writes for the others."""
        return self.role is Role.WRITES

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    def note_report(self) -> None:
        """Note that its metrics have come, or will not come any more."""
        if self.report is not None and not self.report.done():
            self.report.set_result(None)
