"""The advisory lock of a backup on PostgreSQL: while it is held, no stored file is deleted."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine

from echosphere.core.in_use import InUseError
from echosphere.database.dialects.server_lock import SET_KEEPALIVES

BACKUP_LOCK = 7_305_810
"""The arbitrary key of the advisory lock."""

BEING_MADE = "Another backup of this instance is being made. Wait until it is finished."

ACQUIRE_TIMEOUT = 5.0
"""Seconds to wait for servers that look whether the lock is held, for a moment each."""

_TRY_LOCK = "SELECT pg_try_advisory_lock(%s)"
_TRY_SHARED_LOCK = "SELECT pg_try_advisory_lock_shared(%s)"


@contextmanager
def hold_backup_lock(engine: Engine) -> Iterator[None]:
    """Hold the lock as long as the block runs, in a session that ends with this process.

    Raises:
        InUseError: Another backup holds it.
    """
    with closing(_connect(engine)) as connection:
        connection.execute(SET_KEEPALIVES)
        until = monotonic() + ACQUIRE_TIMEOUT
        while not connection.execute(_TRY_LOCK, [BACKUP_LOCK]).fetchone()[0]:
            if monotonic() > until:
                raise InUseError(BEING_MADE)
            sleep(0.1)
        yield


def is_backup_lock_held(engine: Engine) -> bool:
    """Return whether a backup holds the lock."""
    with closing(_connect(engine)) as connection:
        return not connection.execute(_TRY_SHARED_LOCK, [BACKUP_LOCK]).fetchone()[0]


def _connect(engine: Engine) -> Any:
    """Return a connection of the driver in autocommit mode."""
    fairy = engine.raw_connection()
    connection: Any = fairy.driver_connection
    fairy.detach()
    connection.autocommit = True
    return connection
