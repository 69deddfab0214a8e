"""How much the files of single people may take up, where that is not what holds for everyone."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "storage_quotas",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_storage_quotas"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name="fk_storage_quotas_user_id_users",
            ondelete="CASCADE",
        ),
    )
