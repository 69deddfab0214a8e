"""The database: one boundary for reading and writing, the same on SQLite and PostgreSQL."""

from echosphere.database.database import Database
from echosphere.database.dialects import dialect_for
from echosphere.database.epochs import resolve_epoch
from echosphere.database.error_messages import database_error_message
from echosphere.database.idempotency import (
    Created,
    Creation,
    delete_expired_keys,
    find_created,
    forget_created,
    once,
)
from echosphere.database.integrity import IntegrityReport, check_integrity, query_offline
from echosphere.database.job_table import jobs
from echosphere.database.json_list import among, listed
from echosphere.database.prepared import Prepared, Row
from echosphere.database.schema import Identifier, Milliseconds, RowNumber, Text, metadata
from echosphere.database.schema_migration import current_revision, latest_revision, migrate
from echosphere.database.timekeeper import Timekeeper
from echosphere.database.transaction import Event, Snapshot, Transaction
from echosphere.database.upsert import insert
from echosphere.database.write_state import WriteState
from echosphere.database.writer import alone, quick

__all__ = [
    "Created",
    "Creation",
    "Database",
    "Event",
    "Identifier",
    "IntegrityReport",
    "Milliseconds",
    "Prepared",
    "Row",
    "RowNumber",
    "Snapshot",
    "Text",
    "Timekeeper",
    "Transaction",
    "WriteState",
    "alone",
    "among",
    "check_integrity",
    "current_revision",
    "database_error_message",
    "delete_expired_keys",
    "dialect_for",
    "find_created",
    "forget_created",
    "insert",
    "jobs",
    "latest_revision",
    "listed",
    "metadata",
    "migrate",
    "once",
    "query_offline",
    "quick",
    "resolve_epoch",
]
