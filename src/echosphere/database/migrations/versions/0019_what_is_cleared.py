"""Members can clear a conversation, or delete it, for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    for column in (
        sa.Column("cleared_seq", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("cleared_before", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("cleared_at", sa.BigInteger),
        sa.Column("clear_version", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("dropped", sa.Boolean, nullable=False, server_default=sa.false()),
    ):
        op.add_column("members", column)
