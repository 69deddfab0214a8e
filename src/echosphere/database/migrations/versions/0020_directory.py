"""The directory: people by folded name and its words, empty until the operator wants one."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "directory",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.Column("listed", sa.Boolean, nullable=False),
        sa.Column("folding", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_directory_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_directory"),
    )
    op.create_index("ix_directory_listed_name_user_id", "directory", ["listed", "name", "user_id"])
    op.create_table(
        "directory_words",
        sa.Column("user_id", sa.String(64), nullable=False),
        sa.Column("word", _text(64), nullable=False),
        sa.Column("name", _text(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["directory.user_id"],
            name="fk_directory_words_user_id_directory",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "word", name="pk_directory_words"),
    )
    op.create_index(
        "ix_directory_words_word_name_user_id", "directory_words", ["word", "name", "user_id"]
    )
    # Whom someone blocked without having met them: their name at that time.
    op.add_column("blocks", sa.Column("name", sa.String(80)))


def _text(length: int) -> sa.types.TypeEngine[str]:
    by_code_points = sa.String(length, collation="C")
    return sa.String(length).with_variant(by_code_points, "postgresql")
