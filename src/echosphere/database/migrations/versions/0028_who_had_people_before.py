"""Servers that have people already keep taking everyone; a repeated call may have made several things."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "kept_registration_mode",
        sa.Column("mode", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("mode", name="pk_kept_registration_mode"),
    )
    # A server with an invite for its owner was new when there were modes.
    op.execute(
        "INSERT INTO kept_registration_mode (mode) SELECT 'open' WHERE EXISTS (SELECT 1 FROM users) "
        "AND NOT EXISTS (SELECT 1 FROM server_invites WHERE created_by IS NULL)"
    )
    with op.batch_alter_table("idempotency_keys") as keys:
        keys.alter_column(
            "made", existing_type=sa.String(64), type_=sa.Text, existing_nullable=False
        )
