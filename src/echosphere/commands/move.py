"""`echosphere move`: to another database."""

from echosphere.backup import Progress, move_database
from echosphere.core.counting import counted
from echosphere.settings import Settings


def move(settings: Settings, to: str) -> int:
    """Move the database of the settings to another one."""
    moved = move_database(settings.database_url, to, progress=Progress())
    rows = sum(table.rows for table in moved.tables.values())
    again = " (including what an earlier run had moved)" if moved.resumed else ""
    print(
        f"Moved{again} and verified by count and checksum: {counted(rows, 'row')} in "
        f"{counted(len(moved.tables), 'table')}, including "
        f"{counted(moved.tables['messages'].rows, 'message')}. It took {moved.seconds:,.1f} s."
    )
    print("Set ECHOSPHERE_DATABASE_URL to the new database and start the server. Files stay where")
    print("they are. The old database is unchanged: remove it once everything works.")
    return 0
