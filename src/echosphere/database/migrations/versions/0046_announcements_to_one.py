"""Announcements to one user alone."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    op.add_column("announcements", sa.Column("for_user", sa.String(64)))
    op.create_index("ix_announcements_for_user", "announcements", ["for_user"])
