"""The tables of a new SQLite database. `python -m tests.database.first_tables` writes them again."""

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from echosphere.database.schema_migration import FIRST_TABLES, current_revision, run_alembic

OF_THE_INDEX = r"search\_index\_%"
"""Tables that SQLite makes with the index for searching."""


def first_tables() -> list[str]:
    """Return what the migrations lead to, as statements in SQL."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        run_alembic(connection)
        statements = [*schema_of(connection), _revision_of(connection)]
    engine.dispose()
    return statements


def schema_of(connection: Connection) -> list[str]:
    """Return the statements that made the tables and indexes of a database, in their order."""
    rows = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        f" AND tbl_name NOT LIKE '{OF_THE_INDEX}' ESCAPE '\\' ORDER BY rowid"
    )
    return [sql for (sql,) in rows]


def in_any_order(statements: list[str]) -> list[list[str]]:
    """Return statements in a form to compare: Alembic writes constraints in an order of chance."""
    return sorted(sorted(line.strip(" \t,") for line in each.splitlines()) for each in statements)


def _revision_of(connection: Connection) -> str:
    return f"INSERT INTO alembic_version VALUES ('{current_revision(connection)}')"


if __name__ == "__main__":
    FIRST_TABLES.write_text(";\n".join(first_tables()) + "\n", encoding="utf-8")
