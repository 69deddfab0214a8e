"""Queries on the `jobs` table, which belongs to `database/`: any transaction can leave a job."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Insert, Update, delete, func, select, update

from echosphere.database import Command, Snapshot, Transaction, insert, jobs
from echosphere.jobs.job import (
    DEAD,
    MAX_ATTEMPTS,
    MAX_BACKOFF,
    Job,
    Recurring,
    backoff_after,
    recurring_id,
)

log = logging.getLogger(__name__)


class EnsureRecurring(Command[None]):
    """Insert the row of a recurring job unless it exists."""

    one: Recurring

    def run(self, transaction: Transaction) -> None:
        """Insert it."""
        transaction.execute(_insert_if_missing(self.one, transaction.now))
        # If the clock was ahead when the job last ran, the job must not wait until then.
        latest = transaction.now + max(self.one.interval, MAX_BACKOFF)
        transaction.execute(
            update(jobs)
            .where(jobs.c.id == self.one.id, jobs.c.run_at > latest)
            .values(run_at=latest)
        )


def _insert_if_missing(one: Recurring, now: int) -> Insert:
    row = {
        "id": one.id,
        "kind": one.kind,
        "payload": "{}",
        "run_at": now,
        "attempts": 0,
        "created_at": now,
    }
    return insert(jobs).values(row).on_conflict_do_nothing()


def next_due(snapshot: Snapshot, kinds: Sequence[str]) -> int | None:
    """Return when the next job of these kinds is due, in ms; None if there is none."""
    earliest = select(func.min(jobs.c.run_at)).where(jobs.c.kind.in_(kinds), jobs.c.run_at < DEAD)
    due_at: int | None = snapshot.execute(earliest).scalar()
    return due_at


def oldest_due_age(snapshot: Snapshot) -> float:
    """Return for how many seconds the longest due job has been waiting."""
    earliest = select(func.min(jobs.c.run_at)).where(jobs.c.run_at <= snapshot.now)
    due_at: int | None = snapshot.execute(earliest).scalar()
    return 0.0 if due_at is None else (snapshot.now - due_at) / 1000


class JobsChanged(msgspec.Struct, frozen=True):
    """A job failed or was given up, or one that had failed is done, tried again or discarded."""


class FailedJob(NamedTuple):
    """A job whose last attempt failed; `next_at` is None if it was given up."""

    id: int
    kind: str
    attempts: int
    error: str
    created_at: int
    next_at: int | None

    @property
    def recurs(self) -> bool:
        """Whether it is run again and again, and cannot be discarded."""
        return self.id == recurring_id(self.kind)


def count_waiting(snapshot: Snapshot) -> int:
    """Return how many jobs are due."""
    due = select(func.count()).select_from(jobs).where(jobs.c.run_at <= snapshot.now)
    return int(snapshot.execute(due).scalar() or 0)


def failed_jobs(snapshot: Snapshot, limit: int) -> list[FailedJob]:
    """Return the jobs whose last attempt failed, the newest first."""
    columns = (jobs.c.id, jobs.c.kind, jobs.c.attempts, jobs.c.last_error, jobs.c.created_at)
    failed = select(*columns, jobs.c.run_at).where(jobs.c.last_error.is_not(None))
    newest_first = failed.order_by(jobs.c.created_at.desc(), jobs.c.id.desc()).limit(limit)
    return [
        FailedJob(number, kind, attempts, error or "", at, None if due == DEAD else due)
        for number, kind, attempts, error, at, due in map(tuple, snapshot.execute(newest_first))
    ]


def retry_job(transaction: Transaction, job: int) -> bool:
    """Make a failed job due now; return False if there is none with this number."""
    failed = update(jobs).where(jobs.c.id == job, jobs.c.last_error.is_not(None))
    transaction.announce(JobsChanged())
    transaction.jobs = True
    return transaction.execute(failed.values(run_at=transaction.now, attempts=0)).rowcount == 1


def discard_job(transaction: Transaction, job: int) -> bool:
    """Delete a failed job for good; return False if there is none with this number.

    Recurring jobs are never deleted: nothing would run them again.
    """
    failed = (jobs.c.id == job, jobs.c.last_error.is_not(None))
    kind = transaction.execute(select(jobs.c.kind).where(*failed)).scalar()
    if kind is None or job == recurring_id(kind):
        return False
    transaction.announce(JobsChanged())
    return transaction.execute(delete(jobs).where(*failed)).rowcount == 1


class ClaimDue(Command[list[Job]]):
    """Claim due jobs; other processes leave them alone until the lease ends."""

    kinds: Sequence[str]
    limit: int
    lease: int

    def run(self, transaction: Transaction) -> list[Job]:
        """Claim them."""
        due = (
            select(jobs.c.id)
            .where(jobs.c.kind.in_(self.kinds), jobs.c.run_at <= transaction.now)
            .order_by(jobs.c.run_at, jobs.c.id)
            .limit(self.limit)
            .with_for_update(skip_locked=True)
        )
        ids = transaction.execute(due).scalars().all()
        if not ids:
            return []
        claimed = (
            update(jobs)
            .where(jobs.c.id.in_(ids))
            .values(run_at=transaction.now + self.lease, attempts=jobs.c.attempts + 1)
            .returning(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
        )
        return [Job(*tuple(row)) for row in transaction.execute(claimed).all()]


class RenewLease(Command[None]):
    """Extend the lease of a running job."""

    job: Job
    lease: int

    def run(self, transaction: Transaction) -> None:
        """Extend it."""
        transaction.execute(_claimed(self.job).values(run_at=transaction.now + self.lease))


class ReleaseJob(Command[None]):
    """Make an unfinished job due again."""

    job: Job

    def run(self, transaction: Transaction) -> None:
        """Make it due."""
        transaction.execute(
            _claimed(self.job).values(run_at=transaction.now, attempts=self.job.attempt - 1)
        )


class MarkDone(Command[None]):
    """Delete a finished job, or schedule the next run of a recurring one."""

    job: Job
    recurring: Recurring | None

    def run(self, transaction: Transaction) -> None:
        """Delete or schedule it."""
        if self.job.attempt > 1:
            transaction.announce(JobsChanged())
        if self.recurring is None:
            transaction.execute(
                delete(jobs).where(jobs.c.id == self.job.id, jobs.c.attempts == self.job.attempt)
            )
        else:
            due_at = transaction.now + self.recurring.interval
            transaction.execute(
                _claimed(self.job).values(run_at=due_at, attempts=0, last_error=None)
            )


class MarkFailed(Command[None]):
    """Schedule the next attempt, or give up; the error is stored."""

    job: Job
    recurring: Recurring | None
    problem: str

    def run(self, transaction: Transaction) -> None:
        """Schedule it, or give up."""
        transaction.announce(JobsChanged())
        due_at, attempts = transaction.now + backoff_after(self.job.attempt), self.job.attempt
        if self.recurring is not None and (
            self.job.attempt >= MAX_ATTEMPTS or due_at >= transaction.now + self.recurring.interval
        ):
            due_at, attempts = transaction.now + self.recurring.interval, 0
        elif self.job.attempt >= MAX_ATTEMPTS:
            log.error(
                "Gave up on the job %s, number %d: %s", self.job.kind, self.job.id, self.problem
            )
            due_at = DEAD
        transaction.execute(
            _claimed(self.job).values(run_at=due_at, attempts=attempts, last_error=self.problem)
        )


def _claimed(job: Job) -> Update:
    """Update a job only while its claim is ours: after the lease another process may have it."""
    return update(jobs).where(jobs.c.id == job.id, jobs.c.attempts == job.attempt)


def shift_due_times(transaction: Transaction, by: int) -> None:
    """Move the due times of all jobs that were not given up by so many milliseconds."""
    waiting = update(jobs).where(jobs.c.run_at < DEAD)
    transaction.execute(waiting.values(run_at=jobs.c.run_at + by))
