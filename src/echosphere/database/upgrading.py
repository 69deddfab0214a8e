"""Brings the tables up to date when a server starts."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 7_305_806
"""An arbitrary number: PostgreSQL lets one process at a time hold the advisory lock of it."""


def migrate(engine: Engine) -> bool:
    """Run the migrations that this database has not seen; return whether there were any.

    Raises:
        RuntimeError: The tables are newer than this version of EchoSphere.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        current = current_revision(connection)
        if current == newest_revision():
            return False
        if current is not None and current not in known_revisions():
            raise RuntimeError(
                f"The database was written by a newer EchoSphere (its tables are at {current!r}). "
                "Install that version again, or restore a backup from before the upgrade."
            )
        upgrade_tables(connection)
        return True


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the tables, or None when the database is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return row


def known_revisions() -> list[str]:
    """Return the revisions that this version knows, oldest first."""
    versions = (MIGRATIONS / "versions").glob("[0-9]*.py")
    return sorted(path.stem.partition("_")[0] for path in versions)


def newest_revision() -> str:
    """Return the revision that this version wants."""
    return known_revisions()[-1]


def upgrade_tables(connection: Connection) -> None:
    """Run Alembic; it is loaded for this alone, as it takes ten megabytes."""
    alembic_command = import_module("alembic.command")
    alembic_config = import_module("alembic.config")
    config = alembic_config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    alembic_command.upgrade(config, "head")
