"""Invites of a person, which lead to no group."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("invites") as invites:
        invites.alter_column("conversation_id", existing_type=sa.String(64), nullable=True)
    op.create_index("ix_invites_created_by", "invites", ["created_by"])
