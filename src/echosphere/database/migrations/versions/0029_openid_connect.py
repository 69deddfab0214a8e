"""Who signs in at OpenID Connect providers, and what was opened by that."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("second_factor_at", sa.BigInteger))
    op.create_table(
        "openid_identities",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(64)),
        sa.Column("waiting", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_openid_identities_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_openid_identities"),
        sa.UniqueConstraint("waiting", name="uq_openid_identities_waiting"),
        sa.UniqueConstraint("issuer", "subject", name="uq_openid_identities_issuer_subject"),
    )
    op.create_index("ix_openid_identities_user_id", "openid_identities", ["user_id"])
    op.create_table(
        "openid_sessions",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("sid", sa.String(255)),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name="fk_openid_sessions_session_id_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name="pk_openid_sessions"),
    )
    op.create_index("ix_openid_sessions_issuer_subject", "openid_sessions", ["issuer", "subject"])
    op.create_table(
        "openid_pending",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("sid", sa.String(255)),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_openid_pending"),
    )
    op.create_index("ix_openid_pending_expires_at", "openid_pending", ["expires_at"])
    op.create_table(
        "openid_used_tokens",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_openid_used_tokens"),
    )
    op.create_index("ix_openid_used_tokens_expires_at", "openid_used_tokens", ["expires_at"])
