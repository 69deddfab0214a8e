"""When a server was seen running last."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("epochs", sa.Column("seen_at", sa.BigInteger, nullable=False, server_default="0"))
