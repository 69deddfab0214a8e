"""Announcements, who dismissed them, and an index of who has which role."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(64), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("mails", sa.Boolean, nullable=False),
        sa.Column("mailed", sa.Integer, nullable=False),
        sa.Column("mailed_to", sa.String(64), nullable=False),
        sa.Column("mail_batch", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_created_at", "announcements", ["created_at"])
    op.create_table(
        "dismissed_announcements",
        sa.Column("announcement_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("announcement_id", "user_id", name="pk_dismissed_announcements"),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_dismissed_announcements_announcement_id_announcements",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_dismissed_announcements_user_id_users"
        ),
    )
    op.create_index("ix_dismissed_announcements_user_id", "dismissed_announcements", ["user_id"])
    op.create_index("ix_users_role", "users", ["role"])
