"""A backup is made while people write, send files and delete them, and is restored elsewhere."""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from echosphere.backup import Progress, create_backup
from echosphere.core.clock import SECOND
from echosphere.database import Snapshot, jobs
from echosphere.settings import Settings
from tests.backup.instances import environment_of
from tests.faults.processes import PATIENCE, Sender, SocketSender, crowd_on, whole_history
from tests.faults.test_restored import Device
from tests.product.conftest import Running, settings_for
from tests.product.people import Person, people_on

BACKUPS = int(os.environ.get("ECHOSPHERE_TEST_BACKUPS", "2"))
"""How many restore points are made; 40 in the long run."""

SENDERS = 6


class FileSender:
    """Sends messages with files, and deletes every other of them a moment later."""

    def __init__(self, person: Person, conversation: str) -> None:
        self._person = person
        self._path = f"/conversations/{conversation}/messages"
        self.contents: dict[str, bytes] = {}
        """What is in each file that was sent, by its id."""
        self.kept: set[str] = set()
        """Those that no one deletes, once their message was acknowledged."""
        self.stopping = False

    async def run(self) -> None:
        """Send until told to stop."""
        while not self.stopping:
            content = random.randbytes(random.choice([10, 1_000, 300_000]))
            attachment = (await self._person.upload("notes.bin", content))["id"]
            self.contents[attachment] = content
            given = {"key": f"file-{attachment}", "body": "", "attachments": [attachment]}
            seq = (await self._person.post(self._path, given))["message"]["seq"]
            if random.random() < 0.5:
                await self._person.delete(f"{self._path}/{seq}", 200)
            else:
                self.kept.add(attachment)


async def test_it_has_all_that_was_acknowledged_before_it_began_and_every_file(
    tmp_path: Path, database_url: str, elsewhere: Settings
) -> None:
    running = Running(settings_for(tmp_path / "data", database_url))
    async with crowd_on(await running.start(), SENDERS) as (people, conversation):
        writers = [
            (SocketSender if number % 2 else Sender)(person, conversation)
            for number, person in enumerate(people[1:4])
        ]
        file_senders = [FileSender(person, conversation) for person in people[4:]]
        device = Device(people[1])
        async with all_running([*writers, *file_senders]):
            for _ in range(BACKUPS):
                await some_more(writers, file_senders)
                acknowledged = {key for writer in writers for key in writer.acknowledged}
                kept = set().union(*(sender.kept for sender in file_senders))
                await command(tmp_path / "data", database_url, "backup", tmp_path / "backup")
            await some_more(writers, file_senders)
        await device.come()
        contents = {key: one for sender in file_senders for key, one in sender.contents.items()}
    await running.stop()
    await command(tmp_path / "none", "", "backup", "verify", tmp_path / "backup")
    await command(elsewhere.data, elsewhere.database_url, "restore", tmp_path / "backup")
    restored = Running(settings_for(elsewhere.data, elsewhere.database_url))
    base = await restored.start()
    reader = Person(base, people[1].user, people[1].token)
    history = await whole_history(reader, conversation)
    assert acknowledged <= {message["key"] for message in history}
    assert kept <= await files_of(reader, history, contents)
    # A client that saw what the backup lacks takes the restored state.
    device.person = reader
    await device.come()
    fresh = Device(reader)
    await fresh.come()
    assert set(device.resets) == {conversation}
    assert device.everything() == fresh.everything()
    await reader.close()
    await restored.stop()


@pytest.mark.parametrize("held", [True, False])
async def test_a_file_that_is_deleted_before_it_is_copied_is_in_the_backup(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, *, held: bool
) -> None:
    settings = settings_for(tmp_path / "data", database_url)
    running = Running(settings)
    database, loop = running.application.database, asyncio.get_running_loop()
    if not held:  # then it is missing, and this test would notice
        monkeypatch.setattr(type(database.dialect), "deletions_held", lambda _self: False)
    async with people_on(await running.start(), "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        attachment = (await ada.upload("notes.bin", b"content"))["id"]
        said = await ada.say(conversation, "look", attachments=[attachment])

        async def delete() -> None:
            await ada.delete(f"/conversations/{conversation}/messages/{said['seq']}", 200)
            async with asyncio.timeout(PATIENCE):
                while await database.read(removals_due):
                    await asyncio.sleep(0.02)

        class Deleting(Progress):
            def step(self, text: str) -> None:
                if "Copying the files" in text:
                    asyncio.run_coroutine_threadsafe(delete(), loop).result(PATIENCE)

        made = await asyncio.to_thread(
            create_backup, settings, tmp_path / "backup", progress=Deleting()
        )
        assert made.manifest.files.count == 1
        assert made.manifest.files.missing == (0 if held else 1)
    await running.stop()


def removals_due(snapshot: Snapshot) -> bool:
    """Whether a file is to be removed now, and not in a minute."""
    query = select(jobs.c.id).where(
        jobs.c.kind == "attachments.remove", jobs.c.run_at < snapshot.now + 30 * SECOND
    )
    return snapshot.execute(query).first() is not None


async def files_of(
    reader: Person, history: list[dict[str, Any]], contents: dict[str, bytes]
) -> set[str]:
    """Read every file of every message; return their ids."""
    found = set()
    for message in history:
        for attachment in message["attachments"]:
            answer = await reader.http.get(f"/attachments/{attachment['id']}")
            assert answer.status_code == 200, attachment
            assert answer.content == contents[attachment["id"]]
            found.add(attachment["id"])
    return found


@asynccontextmanager
async def all_running(senders: list[Any]) -> AsyncIterator[None]:
    """Let them send until the block ends."""
    tasks = [asyncio.create_task(sender.run()) for sender in senders]
    try:
        yield
    finally:
        for sender in senders:
            sender.stopping = True
        await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE)


async def some_more(writers: list[Sender], file_senders: list[FileSender]) -> None:
    """Wait until so many more were sent."""

    def sent() -> tuple[int, int]:
        texts = sum(len(writer.acknowledged) for writer in writers)
        return texts, sum(len(sender.contents) for sender in file_senders)

    texts, files = sent()
    async with asyncio.timeout(PATIENCE):
        while sent()[0] < texts + 20 or sent()[1] < files + 10:
            await asyncio.sleep(0.02)


async def command(data: Path, url: str, *words: str | Path) -> None:
    """Run a command as an operator does, beside the server."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "echosphere", *map(str, words),
        env=environment_of(data, url), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    with suppress(TimeoutError):
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, said.decode()
