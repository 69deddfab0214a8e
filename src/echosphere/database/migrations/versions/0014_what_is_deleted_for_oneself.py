"""What people delete for themselves can be taken back for a moment."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for column in (
        sa.Column("hidden_at", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("restored", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("hidden_messages", column)
