"""Opens the database for one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from echosphere.core.clock import Clock, system_clock
from echosphere.database import Database
from echosphere.settings import Settings


@asynccontextmanager
async def open_database(
    settings: Settings, clock: Clock = system_clock, *, shared: bool = False
) -> AsyncIterator[Database]:
    """Start the database, hand it out, and stop it.

    Args:
        beside: Whether a server may run meanwhile; on SQLite none may.

    Raises:
        RuntimeError: A server is running on the same database.
    """
    database = Database(settings.database_url, clock, shared=shared)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()
