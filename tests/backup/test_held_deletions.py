"""While a backup runs, deleted files are kept; they are removed when it is finished."""

import asyncio
import os
from pathlib import Path

from sqlalchemy import select

from echosphere.attachments.cleanup import AttachmentCleanup
from echosphere.avatars.cleanup import AvatarCleanup
from echosphere.core.clock import DAY, MINUTE, system_clock
from echosphere.database import Database, Snapshot, dialect_for, jobs
from echosphere.jobs import JobRunner
from echosphere.media import Storage
from tests.conftest import SetClock


async def store(storage: Storage, blob_id: str) -> None:
    path = storage.incoming / blob_id
    path.write_bytes(b"content")
    await storage.put(path, blob_id)


async def is_there(storage: Storage, blob_id: str) -> bool:
    try:
        return await storage.size(blob_id) > 0
    except FileNotFoundError:
        return False


def waiting(snapshot: Snapshot) -> list[tuple[str, int]]:
    rows = snapshot.execute(select(jobs.c.kind, jobs.c.run_at).order_by(jobs.c.id))
    return [(row.kind, row.run_at) for row in rows]


async def test_the_file_of_a_removed_row_goes_after_the_backup(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    storage = Storage.from_url((tmp_path / "files").as_uri(), tmp_path)
    avatars = storage.subfolder("avatars")
    await store(storage, "a" * 20)
    await store(avatars, "b" * 20)
    attachment, avatar = AttachmentCleanup(database, storage), AvatarCleanup(database, storage)
    with dialect_for(database_url_of(database)).hold_deletions():
        await attachment.remove_blob({"id": "a" * 20})
        await avatar.remove_avatar({"id": "b" * 20})
        assert await is_there(storage, "a" * 20)
        assert await is_there(avatars, "b" * 20)
        left = await database.read(waiting)
        assert [kind for kind, _ in left] == ["attachments.remove", "avatars.remove"]
        assert all(clock.now < due <= clock.now + MINUTE for _, due in left)
    runner = JobRunner(database)
    runner.register("attachments.remove", attachment.remove_blob)
    runner.register("avatars.remove", avatar.remove_avatar)
    clock.advance(MINUTE)
    await runner.start()
    async with asyncio.timeout(30):
        while await database.read(waiting):
            await asyncio.sleep(0.02)
    await runner.stop()
    assert not await is_there(storage, "a" * 20)
    assert not await is_there(avatars, "b" * 20)


async def test_files_without_a_row_are_swept_after_the_backup(
    database: Database, tmp_path: Path
) -> None:
    storage = Storage.from_url((tmp_path / "files").as_uri(), tmp_path)
    await store(storage, "a" * 20)
    os.utime(tmp_path / "files" / "aa" / ("a" * 20), ((system_clock() - 3 * DAY) / 1000,) * 2)
    cleanup = AttachmentCleanup(database, storage)
    with dialect_for(database_url_of(database)).hold_deletions():
        await cleanup.clean_up()
        assert await is_there(storage, "a" * 20)
    await cleanup.clean_up()
    assert not await is_there(storage, "a" * 20)


def database_url_of(database: Database) -> str:
    return database.dialect.url
