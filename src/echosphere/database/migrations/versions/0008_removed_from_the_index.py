"""What was removed from SQLite's search index, and what of it a purge has dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    purged = sa.Column("purged", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("search_progress", purged)
    # It was counted down, sometimes twice.
    op.execute("UPDATE search_progress SET removed = 0 WHERE removed < 0")
