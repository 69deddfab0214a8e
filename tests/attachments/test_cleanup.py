"""Files that no one can reach are removed from the disk, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from echosphere.attachments import AttachmentCleanup, remove_attachments_of
from echosphere.core.clock import DAY, HOUR
from echosphere.jobs import JobRunner
from echosphere.media import Storage
from echosphere.media.storage import CHUNK
from tests.attachments.conftest import Server, send
from tests.conftest import SetClock
from tests.media import made


@pytest.fixture
async def runner(server: Server) -> AsyncIterator[JobRunner]:
    """The jobs of attachments, running."""
    runner = JobRunner(server.database)
    AttachmentCleanup(server.database, server.storage).register(runner)
    await runner.start()
    yield runner
    await runner.stop()


async def until_stored(server: Server, *expected: str) -> None:
    """Wait until exactly these files are in the storage."""
    async with asyncio.timeout(10):
        while server.stored() != sorted(expected):
            await asyncio.sleep(0.01)


async def test_the_files_of_a_deleted_message_leave_the_disk(
    server: Server, runner: JobRunner
) -> None:
    kept, gone = await server.upload(b"kept"), await server.upload(made.picture())
    await server.database.write(send, 1, kept["id"])
    await server.database.write(send, 2, gone["id"])
    assert f"{gone['id']}.thumbnail" in server.stored()
    await server.database.write(remove_attachments_of, "talk", 2)
    await until_stored(server, kept["id"])


async def test_an_upload_taken_back_leaves_the_disk(server: Server, runner: JobRunner) -> None:
    attachment = await server.upload(b"not wanted")
    await server.as_("member").delete(f"/attachments/{attachment['id']}")
    await until_stored(server)


async def test_uploads_that_no_message_used_in_a_day_are_swept(
    server: Server, runner: JobRunner, clock: SetClock
) -> None:
    used, unused = await server.upload(b"used"), await server.upload(b"unused")
    await server.database.write(send, 1, used["id"])
    clock.advance(DAY - HOUR)
    young = await server.upload(b"young")
    clock.advance(2 * HOUR)
    await AttachmentCleanup(server.database, server.storage).clean_up()
    await until_stored(server, used["id"], young["id"])
    answer = await server.as_("member").get(f"/attachments/{unused['id']}")
    assert answer.status_code == 404


async def test_files_without_a_row_and_half_received_ones_are_swept_when_they_are_old(
    server: Server, clock: SetClock
) -> None:
    known = await server.upload(b"known")
    await server.database.write(send, 1, known["id"])
    orphans = [server.folder / "ab" / "abcdef", server.storage.incoming / "abcdef.part"]
    for orphan in orphans:
        orphan.parent.mkdir(exist_ok=True)
        orphan.write_bytes(b"left by a crash")
    cleanup = AttachmentCleanup(server.database, server.storage)
    # A clock that is days ahead makes no file old that is just being received.
    clock.advance(30 * DAY)
    await cleanup.clean_up()
    assert len(server.stored()) == 3
    server.make_old()
    await cleanup.clean_up()
    assert server.stored() == [known["id"]]


async def test_a_store_of_objects_behaves_as_a_folder_does(tmp_path: Path) -> None:
    for storage in (
        Storage(MemoryStore(), tmp_path / "waiting"),
        Storage.from_url((tmp_path / "files").as_uri(), tmp_path),
    ):
        await storage.ready()
        body = bytes(range(256)) * 4096
        path = storage.incoming / "one.part"
        path.write_bytes(body)
        await storage.put(path, "abc")
        assert not path.exists()
        pieces = [piece async for piece in await storage.read("abc", 5, len(body))]
        assert b"".join(pieces) == body[5:]
        assert await storage.size("abc") == len(body)
        listed = [one.key async for some in storage.listing() for one in some]
        assert listed == ["ab/abc"]
        await storage.remove("abc")
        await storage.remove("abc")
        with pytest.raises(FileNotFoundError):
            await storage.size("abc")
        with pytest.raises(FileNotFoundError):
            await storage.read("abc", 0, 1)


async def test_a_file_is_read_in_small_pieces_however_long_it_is(tmp_path: Path) -> None:
    storage = Storage.from_url((tmp_path / "files").as_uri(), tmp_path)
    path = storage.incoming / "one.part"
    path.write_bytes(bytes(5_000_000))
    await storage.put(path, "abc")
    lengths = [len(piece) async for piece in await storage.read("abc", 0, 5_000_000)]
    assert sum(lengths) == 5_000_000
    assert max(lengths) <= CHUNK
