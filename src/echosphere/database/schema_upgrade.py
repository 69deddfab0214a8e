"""Upgrades the tables so that a failure leaves the previous version usable."""

import logging
from time import sleep

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from echosphere.core.clock import system_clock
from echosphere.database.dialects import Dialect, SQLite
from echosphere.database.schema_migration import (
    current_revision,
    is_known,
    is_pending,
    migrate,
    need_standstill,
)
from echosphere.database.snapshots import NoRoomError, prune_snapshots, put_back, take_snapshot

ASK = (
    "The tables belong to an earlier version. Back them up and upgrade them with `echosphere "
    "db upgrade --snapshot FOLDER`, or, if you have a backup, with `echosphere db upgrade "
    "--no-snapshot`. Nothing was changed."
)
NOT_BESIDE = (
    "Processes of the earlier version are using this database and would stop working after "
    "this upgrade (migrations: {migrations}). Stop all of them, run `echosphere db upgrade` "
    "again, and start the new version. Nothing was changed."
)
BUSY = (
    "The tables were in use each time the upgrade tried to lock them: {problem}. Try again "
    "when there is less traffic, or stop the processes first. Nothing was changed."
)
TRIES, PAUSE = 20, 0.5
"""How often the upgrade asks for tables that others use, and the seconds between."""

NO_ROOM = (
    "There is no space for a snapshot before the upgrade: {problem}. Free up space, or run "
    "`echosphere db upgrade --no-snapshot` if you have a backup. Nothing was changed."
)
FAILED = (
    "The upgrade of the tables failed, and the database is unchanged: {problem}. Keep using "
    "your previous version, and report this."
)
NOT_PUT_BACK = (
    "The upgrade of the tables failed ({problem}), and the snapshot could not be restored "
    "({second}). Keep the server stopped, and copy {snapshot} over {path}."
)

log = logging.getLogger(__name__)


def upgrade_tables(
    dialect: Dialect, engine: Engine, *, snapshot: bool = True, alone: bool = True
) -> bool:
    """Bring the tables up to date; return whether there was anything to do.

    On SQLite a snapshot is kept, and put back if anything goes wrong. On PostgreSQL all is one
    transaction; a copy of it is for the operator to make.

    Args:
        dialect: The database.
        engine: Writes to it.
        snapshot: Whether to take a snapshot, or on PostgreSQL to ask for a backup.
        alone: Whether no one else uses it. Otherwise only what the earlier version can serve beside
            is done, and without holding up what it writes.

    Raises:
        RuntimeError: It was not upgraded; the sentence says what to do.
    """
    with engine.begin() as connection:
        revision = current_revision(connection)
    if isinstance(dialect, SQLite):
        prune_snapshots(dialect.path, system_clock())
    if revision is None or not is_known(revision) or not is_pending(revision):
        return migrate(engine)
    if not isinstance(dialect, SQLite):
        if snapshot:
            raise RuntimeError(ASK)
        return _migrate(engine) if alone else _migrate_beside_others(engine, revision)
    return _upgrade_file(dialect, engine, revision, snapshot=snapshot)


def _upgrade_file(dialect: SQLite, engine: Engine, revision: str, *, snapshot: bool) -> bool:
    if not snapshot:
        return _migrate(engine)
    try:
        copy = take_snapshot(dialect.path, revision)
    except NoRoomError as error:
        raise RuntimeError(NO_ROOM.format(problem=error)) from error
    try:
        changed = _migrate(engine)
    except BaseException as error:
        engine.dispose()
        try:
            put_back(copy, dialect.path)
        except Exception as second:
            raise RuntimeError(
                NOT_PUT_BACK.format(problem=error, second=second, snapshot=copy, path=dialect.path)
            ) from error
        raise
    prune_snapshots(dialect.path, system_clock())
    return changed


def _migrate_beside_others(engine: Engine, revision: str) -> bool:
    """Ask for the tables for a moment, and again and again: what others write waits no longer."""
    needed = need_standstill(revision)
    if needed:
        raise RuntimeError(NOT_BESIDE.format(migrations=", ".join(needed)))
    tried = 0
    while True:
        try:
            return _migrate(engine, alone=False)
        except OperationalError as error:
            tried += 1
            if tried == TRIES:
                raise RuntimeError(BUSY.format(problem=_first_line(error))) from error
            log.info("The upgrade is waiting for the tables: %s", _first_line(error))
            sleep(PAUSE)


def _migrate(engine: Engine, *, alone: bool = True) -> bool:
    try:
        return migrate(engine, alone=alone)
    except Exception as error:
        if isinstance(error, OperationalError) and not alone:
            raise
        log.exception("The tables could not be upgraded")
        raise RuntimeError(FAILED.format(problem=_first_line(error))) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
