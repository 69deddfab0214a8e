"""An export asks for the ids of imported messages page by page, which scanned all of them."""

from alembic import op

revision = "0057"
down_revision = "0056"
rolling = True


def upgrade() -> None:
    op.create_index("ix_imported_messages_seq", "imported_messages", ["conversation_id", "seq"])
