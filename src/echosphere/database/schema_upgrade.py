"""Upgrades the tables so that a failure leaves the previous version usable."""

import logging

from sqlalchemy import Engine

from echosphere.core.clock import system_clock
from echosphere.database.dialects import Dialect, SQLite
from echosphere.database.schema_migration import current_revision, is_known, is_pending, migrate
from echosphere.database.snapshots import NoRoomError, prune_snapshots, put_back, take_snapshot

ASK = (
    "The tables are those of an earlier version. Make a backup and upgrade them: "
    "`echosphere db upgrade --snapshot FOLDER`; or, if you have one, "
    "`echosphere db upgrade --no-snapshot`. Nothing was changed."
)
NO_ROOM = (
    "There is no room for a snapshot before the upgrade: {problem}. Make room, or run `echosphere db "
    "upgrade --no-snapshot` if you have a backup. Nothing was changed."
)
FAILED = (
    "The upgrade of the tables failed, and the database is as it was before: {problem}. Go on with "
    "the version that you had, and report this."
)
NOT_PUT_BACK = (
    "The upgrade of the tables failed ({problem}), and the snapshot could not be put back ({second}). "
    "Keep the server stopped, and copy {snapshot} over {path}."
)

log = logging.getLogger(__name__)


def upgrade_tables(dialect: Dialect, engine: Engine, *, snapshot: bool = True) -> bool:
    """Bring the tables up to date; return whether there was anything to do.

    On SQLite a snapshot is kept, and put back if anything goes wrong. On PostgreSQL all is one
    transaction; a copy of it is for the operator to make.

    Args:
        dialect: The database, which nobody else uses.
        engine: Writes to it.
        snapshot: Whether to take a snapshot, or on PostgreSQL to ask for a backup.

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
        return _migrate(engine)
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


def _migrate(engine: Engine) -> bool:
    try:
        return migrate(engine)
    except Exception as error:
        log.exception("The tables could not be upgraded")
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise RuntimeError(FAILED.format(problem=lines[0].rstrip("."))) from error
