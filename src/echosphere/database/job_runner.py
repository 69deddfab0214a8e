"""Runs what the `jobs` table asks for: once for all processes, again after failures and crashes."""

import asyncio
import json
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from sqlalchemy import Insert, Update, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from echosphere.core.clock import HOUR, MINUTE, SECOND, Clock
from echosphere.core.errors import Refusal, RetryLater
from echosphere.database.database import Database
from echosphere.database.jobs import jobs
from echosphere.database.transaction import Snapshot, Transaction

LEASE = MINUTE
"""How long a claimed job is left to its process before another takes it; renewed while it runs."""

MAX_ATTEMPTS = 12
"""With the pauses between them, about four hours of trying."""

FIRST_PAUSE = 5 * SECOND
LONGEST_PAUSE = HOUR
NEVER = 2**53
"""The time at which a job is due that was given up; it stays, with its error, to be looked at."""

AT_ONCE = 4
"""Jobs that one process runs at the same time."""

LONGEST_SLEEP = 15.0
"""Seconds after which the table is looked at unasked: another process may have died or failed."""

MAX_ERROR = 2_000

Work = Callable[[dict[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)
random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job; `attempt` counts from one and tells this claim from later ones."""

    id: int
    kind: str
    payload: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """Work that is done again and again; its row's number follows from its name."""

    kind: str
    interval: int

    @property
    def id(self) -> int:
        """Below zero, so that it meets no automatic number; every process finds the same."""
        number: int = zlib.crc32(self.kind.encode())
        return -1 - number


class JobRunner:
    """Claims due jobs and runs them.

    A claim is a lease: it moves the job's time forward, so that a job whose process died is due
    again by itself. Work may therefore be done twice and must not mind.

    Args:
        database: Where the jobs are.
        clock: The server's time; the database's if none is given.
        lease: Milliseconds until the job of a dead process is taken by another.
        at_once: Jobs that are run at the same time.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        *,
        lease: int = LEASE,
        at_once: int = AT_ONCE,
    ) -> None:
        self._database = database
        self._clock = clock or database.clock
        self._lease = lease
        self._at_once = at_once
        self._work: dict[str, Work] = {}
        self._recurring: dict[str, Recurring] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def register(self, kind: str, work: Work) -> None:
        """Say what is to be done for a kind of job; it is called with the job's payload."""
        self._work[kind] = work

    def every(self, kind: str, milliseconds: int, work: Callable[[], Awaitable[None]]) -> None:
        """Have something done once per interval, by one of all processes.

        A failure is tried again after a pause, and in the next interval in any case.
        """
        self._recurring[kind] = Recurring(kind, milliseconds)
        self._work[kind] = lambda _payload: work()

    async def start(self) -> None:
        """Begin to run jobs; commits that leave a job wake the runner from now on."""
        for one in self._recurring.values():
            await self._database.write(enter_recurring, one)
        self._database.wake_jobs.add(self.wake)
        self._loop = asyncio.create_task(self._run_for_ever(), name="jobs")

    async def stop(self, grace: float = 5.0) -> None:
        """Give running jobs some seconds to finish; what does not is left to be run again."""
        self._database.wake_jobs.discard(self.wake)
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
        """Look for due jobs now."""
        self._woken.set()

    async def _run_for_ever(self) -> None:
        while True:
            self._woken.clear()
            try:
                seconds = await self._start_due()
            except Refusal:  # the database is away, and says so in the log itself
                seconds = LONGEST_SLEEP
            except Exception:
                log.exception("The jobs could not be looked at")
                seconds = LONGEST_SLEEP
            try:
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _start_due(self) -> float:
        """Start what is due and fits; return how many seconds there is nothing to do."""
        room = self._at_once - len(self._running)
        if room <= 0:
            return LONGEST_SLEEP  # a job that ends wakes us
        due_at = await self._database.read(next_due, tuple(self._work))
        if due_at is not None and due_at <= self._clock():
            kinds = tuple(self._work)
            for job in await self._database.write(claim_due, kinds, room, self._lease):
                task = asyncio.create_task(self._run(job), name=f"job {job.kind}")
                self._running.add(task)
                task.add_done_callback(self._ended)
            due_at = await self._database.read(next_due, kinds)
        if due_at is None:
            return LONGEST_SLEEP
        return min(max((due_at - self._clock()) / 1000, 0.01), LONGEST_SLEEP)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception():
            log.error("The end of a job could not be noted", exc_info=task.exception())
        self.wake()

    async def _run(self, job: Job) -> None:
        recurring = self._recurring.get(job.kind)
        try:
            await self._work_on(job)
        except asyncio.CancelledError:
            await self._database.write(give_back, job)
            raise
        except Exception as error:
            _log_failure(job, error)
            await self._database.write(note_failure, job, recurring, describe(error))
        else:
            await self._database.write(note_success, job, recurring)

    async def _work_on(self, job: Job) -> None:
        if job.attempt > MAX_ATTEMPTS:
            raise RuntimeError("every process that took this job ended before the job did")
        work = asyncio.ensure_future(self._work[job.kind](json.loads(job.payload)))
        try:
            while not (await asyncio.wait({work}, timeout=self._lease / 3000))[0]:
                await self._database.write(renew, job, self._lease)
            work.result()
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})


def _log_failure(job: Job, error: Exception) -> None:
    """What others' servers and disks do is a line; a traceback means a fault of ours."""
    if isinstance(error, (RetryLater, Refusal, OSError)):
        log.warning("The job %s will be tried again: %s", job.kind, describe(error))
    else:
        log.warning("The job %s failed", job.kind, exc_info=error)


def describe(error: BaseException) -> str:
    """Return an error as it is kept with its job."""
    return f"{type(error).__name__}: {error}".replace("\0", "")[:MAX_ERROR]


def pause_after(attempt: int) -> int:
    """Return how many milliseconds to wait after a failed attempt; spread, so as not to march."""
    longest: int = min(FIRST_PAUSE << min(attempt - 1, 20), LONGEST_PAUSE)
    return longest // 2 + random.randrange(longest // 2 + 1)


def enter_recurring(transaction: Transaction, one: Recurring) -> None:
    """Make sure that the row of a recurring job is there, once for all processes."""
    transaction.execute(_insert_if_missing(transaction.dialect, one, transaction.now))
    # A clock that was ahead when the job ran last must not silence it until then.
    latest = transaction.now + max(one.interval, LONGEST_PAUSE)
    transaction.execute(
        update(jobs).where(jobs.c.id == one.id, jobs.c.run_at > latest).values(run_at=latest)
    )


def _insert_if_missing(dialect: str, one: Recurring, now: int) -> Insert:
    row = {
        "id": one.id,
        "kind": one.kind,
        "payload": "{}",
        "run_at": now,
        "attempts": 0,
        "created_at": now,
    }
    if dialect == "sqlite":
        return sqlite.insert(jobs).values(row).on_conflict_do_nothing()
    return postgresql.insert(jobs).values(row).on_conflict_do_nothing()


def next_due(snapshot: Snapshot, kinds: Sequence[str]) -> int | None:
    """Return when the next job of these kinds is due, or None when there is none."""
    earliest = select(func.min(jobs.c.run_at)).where(jobs.c.kind.in_(kinds), jobs.c.run_at < NEVER)
    due_at: int | None = snapshot.execute(earliest).scalar()
    return due_at


def age_of_due(snapshot: Snapshot) -> float:
    """Return for how many seconds the job that is due longest has been waiting."""
    earliest = select(func.min(jobs.c.run_at)).where(jobs.c.run_at <= snapshot.now)
    due_at: int | None = snapshot.execute(earliest).scalar()
    return 0.0 if due_at is None else (snapshot.now - due_at) / 1000


def claim_due(transaction: Transaction, kinds: Sequence[str], most: int, lease: int) -> list[Job]:
    """Take due jobs; until the lease ends nobody else does."""
    due = (
        select(jobs.c.id)
        .where(jobs.c.kind.in_(kinds), jobs.c.run_at <= transaction.now)
        .order_by(jobs.c.run_at, jobs.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = transaction.execute(due).scalars().all()
    if not ids:
        return []
    claimed = (
        update(jobs)
        .where(jobs.c.id.in_(ids))
        .values(run_at=transaction.now + lease, attempts=jobs.c.attempts + 1)
        .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
    )
    return [Job(*tuple(row)) for row in transaction.execute(claimed).all()]


def renew(transaction: Transaction, job: Job, lease: int) -> None:
    """Keep a job that takes longer than its lease."""
    transaction.execute(_own(job).values(run_at=transaction.now + lease))


def give_back(transaction: Transaction, job: Job) -> None:
    """Leave a job that was not finished to whoever comes next."""
    transaction.execute(_own(job).values(run_at=transaction.now, attempts=job.attempt - 1))


def note_success(transaction: Transaction, job: Job, recurring: Recurring | None) -> None:
    """Remove a job that was done, or set the time for its next run."""
    if recurring is None:
        transaction.execute(delete(jobs).where(jobs.c.id == job.id, jobs.c.attempts == job.attempt))
    else:
        due_at = transaction.now + recurring.interval
        transaction.execute(_own(job).values(run_at=due_at, attempts=0, last_error=None))


def note_failure(
    transaction: Transaction, job: Job, recurring: Recurring | None, problem: str
) -> None:
    """Set the time for another try, or give up; the error is kept in either case."""
    due_at, attempts = transaction.now + pause_after(job.attempt), job.attempt
    if recurring is not None and (
        job.attempt >= MAX_ATTEMPTS or due_at >= transaction.now + recurring.interval
    ):
        due_at, attempts = transaction.now + recurring.interval, 0
    elif job.attempt >= MAX_ATTEMPTS:
        log.error("Gave up the job %s, number %d: %s", job.kind, job.id, problem)
        due_at = NEVER
    transaction.execute(_own(job).values(run_at=due_at, attempts=attempts, last_error=problem))


def _own(job: Job) -> Update:
    """Change a job only while it is ours: after the lease another process may have it."""
    return update(jobs).where(jobs.c.id == job.id, jobs.c.attempts == job.attempt)
