"""Search: folded texts of messages and their index."""

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0003"
down_revision = "0002"

log = logging.getLogger(__name__)


def upgrade() -> None:
    op.create_table(
        "search_texts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["messages.id"], name=op.f("fk_search_texts_id_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_texts")),
    )
    op.create_table(
        "search_progress",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("safe", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=True),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_progress")),
    )
    if op.get_bind().dialect.name == "sqlite":
        # No texts of its own, no positions: it answers which messages have a trigram. It is kept
        # in step by the code, which knows the removed text.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "text, content='search_texts', content_rowid='id', "
            "tokenize='trigram case_sensitive 1', detail=none, columnsize=0)"
        )
    else:
        _index_trigrams(op.get_bind())


def _index_trigrams(connection: sa.Connection) -> None:
    """Make the index if this role may; without it the same is found, more slowly."""
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            connection.execute(
                sa.text(
                    "CREATE INDEX search_texts_trigrams ON search_texts"
                    " USING gin (text gin_trgm_ops)"
                )
            )
    except DBAPIError as error:
        log.warning(
            "Search goes without an index: the extension pg_trgm could not be used (%s). "
            "docs/running.md says how to add it.",
            error.orig,
        )
