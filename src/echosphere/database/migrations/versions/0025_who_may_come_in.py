"""Invites to the server, and registrations that wait for an administrator."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "server_invites",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_by", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("max_uses", sa.Integer),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("contact", sa.Boolean, nullable=False),
        sa.Column("groups", sa.Text, nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("revoked_at", sa.BigInteger),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_server_invites_created_by_users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_server_invites"),
        sa.UniqueConstraint("token_hash", name="uq_server_invites_token_hash"),
    )
    op.create_index("ix_server_invites_created_by", "server_invites", ["created_by"])
    op.create_table(
        "waiting_registrations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_registrations"),
        sa.UniqueConstraint("email", name="uq_waiting_registrations_email"),
    )
