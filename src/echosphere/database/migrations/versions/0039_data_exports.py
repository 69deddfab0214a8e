"""Downloads of one's own data."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "data_exports",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("size", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("problem", sa.String(16)),
        sa.PrimaryKeyConstraint("user_id", name="pk_data_exports"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_data_exports_user_id_users", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("id", name="uq_data_exports_id"),
    )
    op.create_index("ix_data_exports_expires_at", "data_exports", ["expires_at"])
