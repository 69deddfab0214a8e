"""Opens the database for a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from echosphere.core.clock import Clock, system_clock
from echosphere.database import Database
from echosphere.security_notices import record_events
from echosphere.settings import Settings


@asynccontextmanager
async def open_database(
    settings: Settings, clock: Clock = system_clock, *, shared: bool = False
) -> AsyncIterator[Database]:
    """Start the database, and stop it afterwards; what happens to accounts is told their owners.

    Args:
        shared: Allow a running server, except on SQLite.

    Raises:
        RuntimeError: A server is running on the same database.
    """
    database = Database(settings.database_url, clock, shared=shared)
    record_events(database, settings)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()
