"""Who posts and reacts in a group, and slow mode."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    for name in ("posting", "reacting"):
        op.add_column(
            "conversations", sa.Column(name, sa.String(8), nullable=False, server_default="all")
        )
    op.add_column(
        "conversations", sa.Column("slow_seconds", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("members", sa.Column("posted_at", sa.BigInteger))
