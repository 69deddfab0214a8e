"""In which history of the database an epoch began, and with which keys."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0041"


def upgrade() -> None:
    """What there was before has no name."""
    for name in ("timeline", "keys"):
        op.add_column("epochs", sa.Column(name, sa.String(64), nullable=False, server_default=""))
