"""Second factors: codes of an app, recovery codes, passkeys, remembered devices, fresh proofs."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("users", sa.Column("second_factor_at", sa.BigInteger))
    op.add_column(
        "sessions", sa.Column("proved_at", sa.BigInteger, nullable=False, server_default="0")
    )
    op.create_table(
        "totp_secrets",
        *_owned_by("totp_secrets"),
        sa.Column("secret", sa.Text),
        sa.Column("offered", sa.Text),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("user_id", name="pk_totp_secrets"),
    )
    op.create_table(
        "recovery_codes",
        *_owned_by("recovery_codes"),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name="pk_recovery_codes"),
    )
    op.create_table(
        "pending_sign_ins",
        sa.Column("token_hash", sa.String(64), nullable=False),
        *_owned_by("pending_sign_ins"),
        sa.Column("password_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_pending_sign_ins"),
    )
    op.create_table(
        "remembered_devices",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        *_owned_by("remembered_devices"),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remembered_devices"),
        sa.UniqueConstraint("token_hash", name="uq_remembered_devices_token_hash"),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("credential", sa.String(1400), nullable=False),
        *_owned_by("passkeys"),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("transports", sa.String(200), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("backed_up", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential", name="uq_passkeys_credential"),
    )
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name="pk_passkey_challenges"),
    )
    for table in ("pending_sign_ins", "remembered_devices", "passkeys"):
        op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    for table in ("pending_sign_ins", "passkey_challenges"):
        op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def _owned_by(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    """Return the column of the owner, with whom the rows go."""
    return (
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=f"fk_{table}_user_id_users", ondelete="CASCADE"
        ),
    )
