"""Migrates the tables when a server starts."""

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
FIRST_TABLES = MIGRATIONS / "sqlite.sql"
"""What the migrations lead to on SQLite. `python -m tests.database.first_tables` writes it again."""

MIGRATION_LOCK = 7_305_806
"""The arbitrary key of a PostgreSQL advisory lock."""

SHORT_WAIT = "SET LOCAL lock_timeout = '400ms'"
"""Below PostgreSQL's `deadlock_timeout`: if a migration and a write wait for each other, it gives way."""

UNFINISHED_MOVE = "moving"
"""The revision of tables that `echosphere move` has not filled yet."""


def migrate(engine: Engine, *, alone: bool = True) -> bool:
    """Run the pending migrations; return whether there were any.

    Args:
        engine: Writes to the database.
        alone: Whether no one else uses the tables, so that waiting for them holds up no one.

    Raises:
        sqlalchemy.exc.OperationalError: Others use the tables, and the wait for them was too long.
        RuntimeError: The tables are newer than this version of EchoSphere.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            if not alone:
                connection.execute(text(SHORT_WAIT))
        current = current_revision(connection)
        if current == latest_revision():
            return False
        if current == UNFINISHED_MOVE:
            raise RuntimeError(
                "A move to this database was not finished. Run `echosphere move` again with "
                "the settings of the original database."
            )
        if current is not None and current not in all_revisions():
            raise RuntimeError(
                "The database was written by a newer EchoSphere (tables at version "
                f"{current!r}). Install that version again, or restore a backup from before the "
                "upgrade."
            )
        broken = _broken_references(connection)
        _bring_to(connection, latest_revision())
        _require_whole(connection, broken)
        return True


def _require_whole(connection: Connection, broken: int) -> None:
    """Check what a migration has made, before it is committed.

    Args:
        connection: With the transaction.
        broken: How many references were broken before.

    Raises:
        RuntimeError: The database is not what it should be.
    """
    if current_revision(connection) != latest_revision():
        raise RuntimeError("The migrations did not produce the tables of this version.")
    if _broken_references(connection) > broken:
        raise RuntimeError("The migration left rows that refer to missing rows.")
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise RuntimeError(f"The migration left the database damaged: {found}.")


def _broken_references(connection: Connection) -> int:
    """Count the rows that refer to missing ones; PostgreSQL lets none arise."""
    if connection.dialect.name != "sqlite":
        return 0
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())


def is_known(revision: str) -> bool:
    """Return whether this version knows a revision."""
    return revision in all_revisions()


def is_pending(revision: str) -> bool:
    """Return whether there are migrations after a revision."""
    return revision != latest_revision()


def is_current(engine: Engine) -> bool:
    """Return whether the tables are up to date."""
    with engine.connect() as connection:
        return current_revision(connection) == latest_revision()


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None if the database is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return row


def all_revisions() -> list[str]:
    """Return all known revisions, oldest first."""
    versions = (MIGRATIONS / "versions").glob("[0-9]*.py")
    return sorted(path.stem.partition("_")[0] for path in versions)


def latest_revision() -> str:
    """Return the revision that this version uses."""
    return all_revisions()[-1]


def create_tables(connection: Connection, revision: str) -> None:
    """Make the tables of a revision in an empty database, in the transaction that runs.

    Raises:
        RuntimeError: This version does not know that revision.
    """
    if revision not in all_revisions():
        raise RuntimeError(
            f"This was made by a newer EchoSphere (tables at version {revision!r}). Install "
            "that version."
        )
    _bring_to(connection, revision)


def _bring_to(connection: Connection, revision: str) -> None:
    if revision == latest_revision() and current_revision(connection) is None:
        _create_first_tables(connection)
    if current_revision(connection) != revision:
        run_alembic(connection, revision)


def _create_first_tables(connection: Connection) -> None:
    """Make all tables at once where the database is SQLite, so that a first start takes no second.

    The file may be of an earlier revision; the migrations since are then run.
    """
    if connection.dialect.name == "sqlite":
        for statement in FIRST_TABLES.read_text(encoding="utf-8").split(";\n"):
            connection.exec_driver_sql(statement)


def run_alembic(connection: Connection, revision: str = "head") -> None:
    """Run Alembic, which is imported only when needed because it takes 10 MB."""
    config = _config()
    config.attributes["connection"] = connection
    import_module("alembic.command").upgrade(config, revision)


def need_standstill(revision: str) -> list[str]:
    """Return the revisions after one that processes of the version before could not serve beside.

    Each migration declares it as `rolling`: True where it only adds what they need not know of.
    """
    scripts = import_module("alembic.script").ScriptDirectory.from_config(_config())
    pending = [one for one in scripts.walk_revisions(revision, "heads") if one.revision != revision]
    return sorted(one.revision for one in pending if not getattr(one.module, "rolling", False))


def _config() -> Any:
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
