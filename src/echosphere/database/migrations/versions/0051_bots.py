"""Bots: whose they are, in which groups they are, and which messages are meant for them."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    op.create_table(
        "bots",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled_at", sa.BigInteger),
        sa.Column("hear_bots", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_bots"),
        sa.ForeignKeyConstraint(["id"], ["users.id"], name="fk_bots_id_users"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_bots_owner_id_users"),
    )
    op.create_index("ix_bots_owner_id", "bots", ["owner_id"])
    op.add_column(
        "members", sa.Column("bot", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column(
        "conversations", sa.Column("bots", sa.Integer, nullable=False, server_default="0")
    )
    op.create_table(
        "addressed_messages",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "conversation_id", "seq", name="pk_addressed_messages"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_addressed_messages_user_id_users"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_addressed_messages_conversation_id_conversations",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_addressed_messages_conversation_id_seq",
        "addressed_messages",
        ["conversation_id", "seq"],
    )
