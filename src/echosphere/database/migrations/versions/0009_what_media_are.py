"""Whether a picture moves, and what one with transparency has to be shown on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("attachments", sa.Column("animated", sa.Boolean))
    op.add_column("attachments", sa.Column("ground", sa.String(10)))
