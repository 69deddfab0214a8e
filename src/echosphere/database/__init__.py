"""The database: one boundary for reading and writing, the same on SQLite and PostgreSQL."""

from echosphere.database.database import Database
from echosphere.database.dialects import dialect_for
from echosphere.database.epochs import epochs_of
from echosphere.database.examination import Findings, examine, look_into
from echosphere.database.id_lists import among, listed
from echosphere.database.idempotency import (
    Created,
    Creation,
    find_created,
    forget_created,
    once,
    sweep_keys,
)
from echosphere.database.job_runner import JobRunner, age_of_due
from echosphere.database.jobs import jobs
from echosphere.database.prepared import Prepared, Row
from echosphere.database.problem import database_problem
from echosphere.database.schema import Identifier, Milliseconds, RowNumber, Text, metadata
from echosphere.database.timekeeper import Timekeeper
from echosphere.database.transaction import Event, Snapshot, Transaction
from echosphere.database.upgrading import current_revision, migrate, newest_revision
from echosphere.database.write_state import WriteState
from echosphere.database.writer import alone, quick

__all__ = [
    "Created",
    "Creation",
    "Database",
    "Event",
    "Findings",
    "Identifier",
    "JobRunner",
    "Milliseconds",
    "Prepared",
    "Row",
    "RowNumber",
    "Snapshot",
    "Text",
    "Timekeeper",
    "Transaction",
    "WriteState",
    "age_of_due",
    "alone",
    "among",
    "current_revision",
    "database_problem",
    "dialect_for",
    "epochs_of",
    "examine",
    "find_created",
    "forget_created",
    "jobs",
    "listed",
    "look_into",
    "metadata",
    "migrate",
    "newest_revision",
    "once",
    "quick",
    "sweep_keys",
]
