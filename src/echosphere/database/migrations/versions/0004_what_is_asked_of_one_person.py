"""Indexes for what one person is mentioned in and has saved."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SAVED = "ix_saved_messages_user_id_saved_at"
MENTIONED = "ix_mentions_user_id_conversation_id_seq"


def upgrade() -> None:
    op.drop_index("ix_mentions_user_id", "mentions")
    op.create_index(MENTIONED, "mentions", ["user_id", "conversation_id", "seq"])
    op.create_index(SAVED, "saved_messages", ["user_id", "saved_at"])
    op.create_index(
        "ix_messages_for_everybody",
        "messages",
        ["conversation_id", "seq"],
        sqlite_where=sa.text("mentions_all"),
        postgresql_where=sa.text("mentions_all"),
    )
