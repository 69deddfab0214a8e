"""Work that must survive a crash: left by a transaction, run after its commit, with retries."""

from echosphere.jobs.runner import JobRunner
from echosphere.jobs.store import oldest_due_age, shift_due_times

__all__ = ["JobRunner", "oldest_due_age", "shift_due_times"]
