"""For whom a file counts that a program sent; those of before count for the program itself."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
rolling = True


def upgrade() -> None:
    op.add_column("attachments", sa.Column("charged_to", sa.String(64)))
    op.create_index("ix_attachments_charged_to", "attachments", ["charged_to"])
