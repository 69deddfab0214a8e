"""Where parts of messages keep their content."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"


def upgrade() -> None:
    for table in ("messages", "held_messages"):
        op.add_column(table, sa.Column("parts", sa.Text))
