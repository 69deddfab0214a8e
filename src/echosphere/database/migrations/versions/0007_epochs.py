"""Each start of a server, and since which one a conversation has its versions."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

COLUMNS = ("epoch", "epoch_base", "earlier_epoch")


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "epochs",
        sa.Column("number", number, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_epochs"),
        sa.UniqueConstraint("id", name="uq_epochs_id"),
    )
    for name in COLUMNS:
        column = sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        op.add_column("conversations", column)
