"""Who is banned from a group: they are not added again either."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column(
        "removed_members",
        sa.Column("banned", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("removed_members", sa.Column("removed_by", sa.String(64)))
