"""By which rules the texts that are searched were folded: those of other rules are done again."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    folding = sa.Column("folding", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("search_progress", folding)
