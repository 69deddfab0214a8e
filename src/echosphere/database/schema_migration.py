"""Migrates the tables when a server starts."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_305_806
"""The arbitrary key of a PostgreSQL advisory lock."""


def migrate(engine: Engine) -> bool:
    """Run the pending migrations; return whether there were any.

    Raises:
        RuntimeError: The tables are newer than this version of EchoSphere.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        current = current_revision(connection)
        if current == latest_revision():
            return False
        if current is not None and current not in all_revisions():
            raise RuntimeError(
                f"The database was written by a newer EchoSphere (its tables are at {current!r}). "
                "Install that version again, or restore a backup from before the upgrade."
            )
        run_alembic(connection)
        return True


def is_current(engine: Engine) -> bool:
    """Return whether there is nothing to migrate."""
    with engine.connect() as connection:
        return current_revision(connection) == latest_revision()


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None if the database is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return row


def all_revisions() -> list[str]:
    """Return the known revisions, oldest first."""
    versions = (MIGRATIONS / "versions").glob("[0-9]*.py")
    return sorted(path.stem.partition("_")[0] for path in versions)


def latest_revision() -> str:
    """Return the revision that this version uses."""
    return all_revisions()[-1]


def run_alembic(connection: Connection) -> None:
    """Run Alembic, imported only when needed because it takes 10 MB."""
    alembic_command = import_module("alembic.command")
    alembic_config = import_module("alembic.config")
    config = alembic_config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    alembic_command.upgrade(config, "head")
