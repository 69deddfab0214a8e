"""`echosphere db upgrade`: migrates the tables without starting a server."""

from pathlib import Path

from echosphere.backup import Progress, create_backup
from echosphere.commands.backup import read_passphrase
from echosphere.database import dialect_for, upgrade_tables
from echosphere.settings import Settings


def upgrade(
    settings: Settings, snapshot: Path | None, no_snapshot: bool, passphrase_file: str | None
) -> int:
    """Run the pending migrations, after a backup if one is wanted.

    Where several processes share a bus, those of the version before may serve meanwhile.

    Args:
        settings: Of the instance.
        snapshot: The folder of a backup that is made before.
        no_snapshot: Whether to do without a snapshot of SQLite, or the question on PostgreSQL.
        passphrase_file: Of that backup.
    """
    dialect = dialect_for(settings.database_url, one_of_several=bool(settings.bus_url))
    dialect.claim()
    engine = dialect.writing_engine()
    try:
        if snapshot is not None:
            passphrase = read_passphrase(passphrase_file)
            create_backup(settings, snapshot, passphrase=passphrase, progress=Progress())
        ask = snapshot is None and not no_snapshot
        with dialect.starting() as alone:
            changed = upgrade_tables(dialect, engine, snapshot=ask, alone=alone)
    finally:
        engine.dispose()
        dialect.release()
    print("The database was upgraded." if changed else "The database is up to date.")
    if changed and not alone:
        print(
            "Processes of the earlier version keep running: restart each of them with this "
            "version, one by one."
        )
    return 0
