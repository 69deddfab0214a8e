"""The `jobs` table: work that must survive a crash, enqueued in the transaction that requires it."""

from sqlalchemy import Column, Index, Integer, String, Table, bindparam, insert

from echosphere.database.prepared import Prepared
from echosphere.database.schema import Milliseconds, RowNumber, Text, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("kind", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("run_at", Milliseconds, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    Column("last_error", Text),
    Index(None, "run_at"),
)

INSERT_JOB = Prepared(
    insert(jobs).values(
        kind=bindparam("kind"),
        payload=bindparam("payload"),
        run_at=bindparam("run_at"),
        attempts=bindparam("attempts"),
        created_at=bindparam("created_at"),
    )
)
