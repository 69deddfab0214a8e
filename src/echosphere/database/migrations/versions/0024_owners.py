"""The server has an owner: the first of its administrators."""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute(
        "UPDATE users SET role = 'owner' WHERE id = (SELECT id FROM users "
        "WHERE role = 'administrator' AND closed_at IS NULL ORDER BY created_at, id LIMIT 1)"
    )
