"""Runs the jobs of the `jobs` table: each in one process only, again after failures and crashes."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from echosphere.core import tracing
from echosphere.core.clock import MINUTE, Clock
from echosphere.core.errors import Refusal, RetryLater, Unavailable
from echosphere.database import Database
from echosphere.jobs.job import MAX_ATTEMPTS, Job, Recurring
from echosphere.jobs.store import (
    ClaimDue,
    EnsureRecurring,
    MarkDone,
    MarkFailed,
    ReleaseJob,
    RenewLease,
    next_due,
)

LEASE = MINUTE
"""Milliseconds after which another process may take a claimed job; renewed while it runs."""

CONCURRENCY = 4
"""Jobs that one runner runs at the same time."""

MAX_SLEEP = 15.0
"""Seconds after which the table is polled: another process may have died."""

MAX_ERROR = 2_000

Work = Callable[[dict[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


class JobRunner:
    """Claims due jobs and runs them.

    A claim is a lease: it moves the due time forward, so that a job whose process died becomes due
    again. Work may therefore run twice and must be idempotent.

    Args:
        database: The database with the jobs.
        clock: The server's time; the database's if none is given.
        lease: Milliseconds until the job of a dead process is taken by another.
        concurrency: Jobs that are run at the same time.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        *,
        lease: int = LEASE,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._database = database
        self._clock: Clock = clock or self._now
        self._lease = lease
        self._concurrency = concurrency
        self._work: dict[str, Work] = {}
        self._recurring: dict[str, Recurring] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def _now(self) -> int:
        """Return the time of the database's clock of now, which tests replace while the server runs."""
        return self._database.clock()

    def register(self, kind: str, work: Work) -> None:
        """Set the function for a kind of job; it is called with the payload."""
        self._work[kind] = work

    def every(self, kind: str, milliseconds: int, work: Callable[[], Awaitable[None]]) -> None:
        """Run a function once per interval, in one of all processes.

        After a failure it is retried with backoff, and in the next interval in any case.
        """
        self._recurring[kind] = Recurring(kind, milliseconds)
        self._work[kind] = lambda _payload: work()

    async def start(self) -> None:
        """Start running jobs; from now on commits that enqueue a job wake the runner."""
        await self._ensure_recurring()
        # A job that ended while the stored times were shifted was given its next time by the old clock.
        self._database.after_clock_jump.add(self._ensure_recurring)
        self._database.wake_jobs.add(self.wake)
        self._loop = asyncio.create_task(self._run_loop(), name="jobs")

    async def _ensure_recurring(self) -> None:
        for one in self._recurring.values():
            await self._database.write(EnsureRecurring(one))

    async def stop(self, grace: float = 5.0) -> None:
        """Wait `grace` seconds for running jobs; the others are cancelled and released."""
        self._database.wake_jobs.discard(self.wake)
        self._database.after_clock_jump.discard(self._ensure_recurring)
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)

    def wake(self) -> None:
        """Check for due jobs now."""
        self._woken.set()

    async def _run_loop(self) -> None:
        while True:
            self._woken.clear()
            try:
                seconds = await self._start_due()
            except Refusal:  # logged by the database
                seconds = MAX_SLEEP
            except Exception:
                log.exception("Due jobs could not be read")
                seconds = MAX_SLEEP
            try:
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _start_due(self) -> float:
        """Start due jobs; return the seconds until the next check."""
        free = self._concurrency - len(self._running)
        if free <= 0:
            return MAX_SLEEP  # a job that ends wakes us
        due_at = await self._database.read(next_due, tuple(self._work))
        if due_at is not None and due_at <= self._clock():
            kinds = tuple(self._work)
            for job in await self._database.write(ClaimDue(kinds, free, self._lease)):
                task = asyncio.create_task(self._run(job), name=f"job {job.kind}")
                self._running.add(task)
                task.add_done_callback(self._job_done)
            due_at = await self._database.read(next_due, kinds)
        if due_at is None:
            return MAX_SLEEP
        return min(max((due_at - self._clock()) / 1000, 0.01), MAX_SLEEP)

    def _job_done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Unavailable):
            log.warning("The result of a job could not be stored: %s", error)
        elif error is not None:
            log.error("The result of a job could not be stored", exc_info=error)
        self.wake()

    async def _run(self, job: Job) -> None:
        recurring = self._recurring.get(job.kind)
        try:
            await self._execute(job)
        except asyncio.CancelledError:
            await self._database.write(ReleaseJob(job))
            raise
        except Exception as error:
            _log_failure(job, error)
            await self._database.write(MarkFailed(job, recurring, error_text(error)))
        else:
            await self._database.write(MarkDone(job, recurring))

    async def _execute(self, job: Job) -> None:
        if job.attempt > MAX_ATTEMPTS:
            raise RuntimeError("every process that took this job ended before the job did")
        with tracing.span(f"job {job.kind}", {"echosphere.attempt": job.attempt}):
            await self._work_at(job)

    async def _work_at(self, job: Job) -> None:
        work = asyncio.ensure_future(self._work[job.kind](json.loads(job.payload)))
        try:
            while not (await asyncio.wait({work}, timeout=self._lease / 3000))[0]:
                await self._database.write(RenewLease(job, self._lease))
            work.result()
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})


def _log_failure(job: Job, error: Exception) -> None:
    """Log failures of networks and disks in one line, and our own with a traceback."""
    if isinstance(error, (RetryLater, Refusal, OSError)):
        log.warning("The job %s will be tried again: %s", job.kind, error_text(error))
    else:
        log.warning("The job %s failed", job.kind, exc_info=error)


def error_text(error: BaseException) -> str:
    """Return an error as it is stored with its job."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:MAX_ERROR]
