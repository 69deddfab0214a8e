"""Work that must survive a crash: left by a transaction, run after its commit, with retries."""

from echosphere.jobs.runner import JobRunner
from echosphere.jobs.store import (
    FailedJob,
    JobsChanged,
    count_waiting,
    discard_job,
    failed_jobs,
    oldest_due_age,
    retry_job,
    shift_due_times,
)

__all__ = [
    "FailedJob",
    "JobRunner",
    "JobsChanged",
    "count_waiting",
    "discard_job",
    "failed_jobs",
    "oldest_due_age",
    "retry_job",
    "shift_due_times",
]
