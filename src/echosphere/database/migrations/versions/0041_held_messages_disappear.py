"""When held messages disappear."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("held_messages", sa.Column("expires_at", sa.BigInteger))
