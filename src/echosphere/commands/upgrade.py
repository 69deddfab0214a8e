"""`echosphere db upgrade`: migrates the tables without starting a server."""

from echosphere.database import dialect_for, migrate
from echosphere.settings import Settings


def upgrade(settings: Settings) -> int:
    """Run the pending migrations."""
    dialect = dialect_for(settings.database_url)
    dialect.claim()
    engine = dialect.writing_engine()
    try:
        changed = migrate(engine)
    finally:
        engine.dispose()
        dialect.release()
    print("The database was upgraded." if changed else "The database is up to date.")
    return 0
