"""The filter of a group, and the messages that it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("filter_words", sa.Text))
    op.create_table(
        "held_messages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("author_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("reply_to", sa.BigInteger),
        sa.Column("attachments", sa.Text, nullable=False),
        sa.Column("edits", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_held_messages"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_held_messages_conversation_id_conversations",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name="fk_held_messages_author_id_users"
        ),
        sa.UniqueConstraint(
            "author_id",
            "conversation_id",
            "key",
            name="uq_held_messages_author_id_conversation_id_key",
        ),
    )
    op.create_index(
        "ix_held_messages_conversation_id_created_at",
        "held_messages",
        ["conversation_id", "created_at"],
    )
