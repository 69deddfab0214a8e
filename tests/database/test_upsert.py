"""One `INSERT … ON CONFLICT` for both databases, and what each of them does with it."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, make_url

from echosphere.database import insert

TABLE = Table(
    "words", MetaData(), Column("id", Integer, primary_key=True), Column("word", String(9))
)
ROW = insert(TABLE).values(id=1, word="new")
STATEMENTS = {
    "ON CONFLICT DO NOTHING": ROW.on_conflict_do_nothing(),
    "ON CONFLICT (id) DO NOTHING": ROW.on_conflict_do_nothing(index_elements=["id"]),
    "ON CONFLICT (id) DO UPDATE SET word = excluded.word": ROW.on_conflict_do_update(
        index_elements=["id"], set_={"word": ROW.excluded.word}
    ),
}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("ending", STATEMENTS)
def test_both_databases_read_the_same_clause(ending: str, database: str) -> None:
    dialect = make_url(f"{database}://").get_dialect()()
    assert str(STATEMENTS[ending].compile(dialect=dialect)).endswith(ending)
