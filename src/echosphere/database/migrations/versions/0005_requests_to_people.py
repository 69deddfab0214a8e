"""Contact requests to a person, with a first message; a declined one stays."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("contact_requests") as requests:
        requests.alter_column("to_email", existing_type=sa.String(254), nullable=True)
        requests.add_column(sa.Column("to_user", sa.String(64)))
        requests.add_column(sa.Column("body", sa.Text()))
        requests.add_column(sa.Column("declined_at", sa.BigInteger()))
        requests.create_foreign_key(
            "fk_contact_requests_to_user_users",
            "users",
            ["to_user"],
            ["id"],
            ondelete="CASCADE",
        )
        requests.create_unique_constraint(
            "uq_contact_requests_from_user_to_user", ["from_user", "to_user"]
        )
    op.create_index("ix_contact_requests_to_user", "contact_requests", ["to_user"])
