"""Which conversations changed last, for the sweep of several processes."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

IS_CHANGED = sa.text("change_number > 0")


def upgrade() -> None:
    column = sa.Column("change_number", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("conversations", column)
    op.create_index(
        "ix_conversations_change_number",
        "conversations",
        ["change_number"],
        sqlite_where=IS_CHANGED,
        postgresql_where=IS_CHANGED,
    )
