"""How long messages are kept, and when each disappears; leaps of the clock, which age nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    for name in ("retention_days", "expire_seconds"):
        op.add_column(
            "conversations", sa.Column(name, sa.Integer, nullable=False, server_default="0")
        )
    op.add_column(
        "conversations",
        sa.Column("retained_seq", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.add_column("messages", sa.Column("expires_at", sa.BigInteger))
    op.create_index(
        "ix_messages_expiring",
        "messages",
        ["expires_at"],
        sqlite_where=sa.text("expires_at > 0"),
        postgresql_where=sa.text("expires_at > 0"),
    )
    op.create_table(
        "clock_shifts",
        sa.Column("up_to", sa.BigInteger, nullable=False),
        sa.Column("shifted_by", sa.BigInteger, nullable=False),
    )
