"""Whether a device has a draft that is longer than those that are kept here."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column(
        "members",
        sa.Column("longer_draft", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
