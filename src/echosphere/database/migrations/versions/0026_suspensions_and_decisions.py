"""Who is kept out until when, and what was decided about reports."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("users", sa.Column("suspended_until", sa.BigInteger))
    op.add_column("users", sa.Column("suspension_reason", sa.String(500)))
    for column in (
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decision", sa.String(16)),
        sa.Column("decision_reason", sa.String(500)),
        sa.Column("suspended_until", sa.BigInteger),
    ):
        op.add_column("reports", column)
    op.create_index(op.f("ix_reports_decided_at"), "reports", ["decided_at"])
