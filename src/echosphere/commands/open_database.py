"""Opens the database for one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from echosphere.clock import Clock, system_clock
from echosphere.database import Database
from echosphere.settings import Settings


@asynccontextmanager
async def open_database(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Database]:
    """Start the database, hand it out, and stop it.

    Raises:
        RuntimeError: A server is running on the same SQLite file.
    """
    database = Database(settings.database_url, clock)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()
