"""The database: one boundary for reading and writing, the same on SQLite and PostgreSQL."""

from echosphere.database.clock_jumps import ClockJumpCorrector, ShiftTimes
from echosphere.database.command import Command, commands, decode_command, encode_command
from echosphere.database.command_server import CommandServer
from echosphere.database.database import Database, SharedFile
from echosphere.database.dialects import FileClaim, SQLite, dialect_for
from echosphere.database.epochs import resolve_epoch
from echosphere.database.error_messages import database_error_message
from echosphere.database.idempotency import (
    Created,
    CreateOnce,
    Creation,
    DeleteExpiredKeys,
    find_created,
    forget_created,
    once,
)
from echosphere.database.integrity import (
    IntegrityReport,
    check_integrity,
    query_offline,
    serving_on,
)
from echosphere.database.job_table import jobs
from echosphere.database.json_list import as_list, in_list
from echosphere.database.prepared import Prepared, Row
from echosphere.database.remote_writer import RemoteWriter
from echosphere.database.schema import Identifier, Milliseconds, RowNumber, Text, metadata
from echosphere.database.schema_migration import (
    UNFINISHED_MOVE,
    create_tables,
    current_revision,
    latest_revision,
    migrate,
)
from echosphere.database.schema_upgrade import upgrade_tables
from echosphere.database.statement_batch import BatchedTransaction
from echosphere.database.transaction import (
    Event,
    Lookup,
    Provided,
    Snapshot,
    Transaction,
    TransactionContext,
)
from echosphere.database.upsert import insert
from echosphere.database.write_state import WriteState
from echosphere.database.writer import run_on_loop

__all__ = [
    "UNFINISHED_MOVE",
    "BatchedTransaction",
    "ClockJumpCorrector",
    "Command",
    "CommandServer",
    "CreateOnce",
    "Created",
    "Creation",
    "Database",
    "DeleteExpiredKeys",
    "Event",
    "FileClaim",
    "Identifier",
    "IntegrityReport",
    "Lookup",
    "Milliseconds",
    "Prepared",
    "Provided",
    "RemoteWriter",
    "Row",
    "RowNumber",
    "SQLite",
    "SharedFile",
    "ShiftTimes",
    "Snapshot",
    "Text",
    "Transaction",
    "TransactionContext",
    "WriteState",
    "as_list",
    "check_integrity",
    "commands",
    "create_tables",
    "current_revision",
    "database_error_message",
    "decode_command",
    "dialect_for",
    "encode_command",
    "find_created",
    "forget_created",
    "in_list",
    "insert",
    "jobs",
    "latest_revision",
    "metadata",
    "migrate",
    "once",
    "query_offline",
    "resolve_epoch",
    "run_on_loop",
    "serving_on",
    "upgrade_tables",
]
