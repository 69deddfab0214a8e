"""Since when an account's e-mail address is known to be its owner's."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Whoever had an account before goes on without a mail."""
    op.add_column("users", sa.Column("email_confirmed_at", sa.BigInteger))
    op.execute("UPDATE users SET email_confirmed_at = created_at WHERE email IS NOT NULL")
