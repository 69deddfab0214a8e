"""What was imported, by the ids of where it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.create_table(
        "imported_people",
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("placeholder", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("source", "person", name="pk_imported_people"),
        _foreign("imported_people", "user_id", "users"),
    )
    op.create_index("ix_imported_people_user_id", "imported_people", ["user_id"])
    op.create_index("ix_imported_people_email", "imported_people", ["email"])
    op.create_table(
        "imported_conversations",
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("source", "conversation", name="pk_imported_conversations"),
        sa.UniqueConstraint("conversation_id", name="uq_imported_conversations_conversation_id"),
        _foreign("imported_conversations", "conversation_id", "conversations"),
    )
    op.create_table(
        "imported_members",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name="pk_imported_members"),
        _foreign("imported_members", "conversation_id", "conversations"),
        _foreign("imported_members", "user_id", "users"),
    )
    op.create_index("ix_imported_members_user_id", "imported_members", ["user_id"])
    op.create_table(
        "imported_messages",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("message", sa.String(200), nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "message", name="pk_imported_messages"),
        _foreign("imported_messages", "conversation_id", "conversations"),
    )


def _foreign(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
