"""A test write that shows whether a message could be stored."""

import secrets

from sqlalchemy import Column, Integer, Table

from echosphere.database.command import Command
from echosphere.database.schema import Text, metadata
from echosphere.database.transaction import Transaction
from echosphere.database.upsert import insert

SIZE = 48 * 1024
"""Characters; they fill as many pages as a message and its indexes change.

On a full disk, a smaller write could still fit into the allocated log when no message does.
"""

write_probe = Table(
    "write_probe",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("filling", Text, nullable=False),
)


class WriteProbeRow(Command[None]):
    """Overwrite the only row with other characters, since unchanged pages would not be written."""

    def run(self, transaction: Transaction) -> None:
        """Overwrite it."""
        row = insert(write_probe).values(id=1, filling=secrets.token_hex(SIZE // 2))
        anew = row.on_conflict_do_update(
            index_elements=["id"], set_={"filling": row.excluded.filling}
        )
        transaction.execute(anew)
