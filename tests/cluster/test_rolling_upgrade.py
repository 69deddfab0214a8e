"""Processes are upgraded one after another while people write, and no one notices.

In every run the next version is a copy of this one with one more migration. In `bin/long upgrade` the
version before is a commit of this repository, `ECHOSPHERE_TEST_PREVIOUS`, and this source is the next one.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import tarfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
import pytest

from echosphere.database import latest_revision
from tests.cluster.plays import PATIENCE, Play, play_on
from tests.cluster.processes import Processes, at
from tests.conftest import new_database
from tests.product.people import Person, people_on
from tests.served import Served

ROOT = Path(__file__).parents[2]
PREVIOUS = os.environ.get("ECHOSPHERE_TEST_PREVIOUS", "")
MORE = 400 if PREVIOUS else 40
"""Messages between two steps."""
PAUSE = 0.05
"""Seconds between two messages that are watched."""

MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "9998"
down_revision = "{before}"
rolling = {rolling}


def upgrade() -> None:
    op.add_column("messages", sa.Column("mood", sa.Text))
    op.create_table(
        "moods",
        sa.Column("conversation_id", sa.String(64), sa.ForeignKey("conversations.id"), primary_key=True),
    )
"""


@dataclass(frozen=True)
class Versions:
    """The source folders of two versions."""

    before: Path
    after: Path


def extract(commit: str, folder: Path) -> Path:
    """Return the source folder of a commit."""
    archive = folder.with_suffix(".tar")
    with archive.open("wb") as file:
        subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, stdout=file, check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "src"


def with_one_more_migration(folder: Path, *, rolling: bool = True) -> Path:
    """Return the source folder of this version with one more migration."""
    left_out = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=left_out)
    versions = folder / "src" / "echosphere" / "database" / "migrations" / "versions"
    text = MIGRATION.format(before=latest_revision(), rolling=rolling)
    (versions / "9998_moods.py").write_text(text)
    return folder / "src"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A database of its own, which no other test gets afterwards; the first process makes its tables."""
    with new_database(postgresql_server) as url:
        yield url


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    """The version before, and the next one."""
    if PREVIOUS:
        return Versions(extract(PREVIOUS, tmp_path / "before"), ROOT / "src")
    return Versions(ROOT / "src", with_one_more_migration(tmp_path / "after"))


class Watch:
    """How long messages take to someone whose process stays.

    Args:
        listener: Connected to that process.
        sender: Writes at it.
        conversation: That of both.
    """

    def __init__(self, listener: Person, sender: Person, conversation: str) -> None:
        self.seconds: list[float] = []
        self._listener, self._sender, self._conversation = listener, sender, conversation

    async def run(self) -> None:
        """Post a message again and again, and wait for it."""
        socket = await self._listener.connect(transports=["websocket"])
        while True:
            began = time.perf_counter()
            message = await self._sender.say(self._conversation, "Is anybody there?")
            await socket.next("message", version=message["version"])
            self.seconds.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)

    @property
    def worst(self) -> float:
        """Seconds within which 99 of 100 came."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[98]


@asynccontextmanager
async def watched(play: Play, stays: Served) -> AsyncIterator[Watch]:
    """Watch deliveries at a process, from before the block until after it."""
    async with asyncio.timeout(PATIENCE * 2):
        people = at(stays, play.owner), at(stays, play.writers[0])
        watch = Watch(*people, await people[0].talk_to(people[1]))
        running = asyncio.create_task(watch.run())
        try:
            yield watch
            assert not running.done(), running.exception()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            for one in people:
                await one.close()


async def test_processes_are_upgraded_one_after_another_and_nothing_is_lost(
    processes: Processes, versions: Versions
) -> None:
    old, new = str(versions.before), str(versions.after)
    first, second = (processes.add(PYTHONPATH=old) for _ in range(2))
    async with play_on([first.address, second.address]) as play:
        await play.begin()
        async with watched(play, second) as watch:
            done = await asyncio.to_thread(processes.upgrade_tables, new)
            assert done.returncode == 0, done.stderr
            if not PREVIOUS:  # a commit may have the same tables
                assert "Processes of the earlier version keep running" in done.stdout
            await play.more(MORE)
            await asyncio.to_thread(first.stop)
            await asyncio.to_thread(partial(first.start, PYTHONPATH=new))
            await play.more(MORE)
        print(f"a process stays: {len(watch.seconds)} messages, p99 {watch.worst * 1000:.0f} ms")
        async with watched(play, first) as watch:
            await asyncio.to_thread(second.stop)
            await asyncio.to_thread(partial(second.start, PYTHONPATH=new))
            await play.more(MORE)
        print(f"a process stays: {len(watch.seconds)} messages, p99 {watch.worst * 1000:.0f} ms")
        outcome = await play.end()
        assert outcome.wrong == []
        assert signed_out(play) == []
        assert await play.notices() == []
    print(f"{outcome.sent} messages; all equal after {outcome.seconds:.1f} s")


def signed_out(play: Play) -> list[str]:
    """Return whose devices were told that they are signed out."""
    return [
        one.person.user["name"]
        for one in play.followers
        for event, _ in one.heard
        if event == "signed_out"
    ]


async def test_what_the_version_before_could_not_serve_beside_is_refused(
    processes: Processes, tmp_path: Path
) -> None:
    first = processes.add()
    source = with_one_more_migration(tmp_path / "after", rolling=False)
    refused = await asyncio.to_thread(processes.upgrade_tables, str(source))
    assert refused.returncode == 1
    assert "would stop working after this upgrade (migrations: 9998)" in refused.stderr
    async with people_on(first.address, "Ada") as [ada]:
        assert (await ada.get("/me"))["user"]["name"] == "Ada"
    first.stop()
    done = await asyncio.to_thread(processes.upgrade_tables, str(source))
    assert (done.returncode, done.stdout) == (0, "The database was upgraded.\n"), done.stderr


async def test_an_upgrade_gives_way_to_those_who_write(
    processes: Processes, postgresql_url: str, tmp_path: Path
) -> None:
    processes.add()
    source = with_one_more_migration(tmp_path / "after")
    upgrade = asyncio.create_task(asyncio.to_thread(processes.upgrade_tables, str(source)))
    with psycopg.connect(postgresql_url) as busy:
        busy.execute("LOCK TABLE messages IN ROW EXCLUSIVE MODE")
        while not waits_for_tables(postgresql_url):
            assert not upgrade.done(), upgrade.result()
            await asyncio.sleep(0.02)
        with psycopg.connect(postgresql_url) as writer:  # it would wait behind the upgrade
            writer.execute("SET lock_timeout = '5s'")
            writer.execute("LOCK TABLE messages IN ROW EXCLUSIVE MODE")
    done = await upgrade
    assert done.returncode == 0, done.stderr


def waits_for_tables(url: str) -> bool:
    """Whether someone waits for the messages, to change the table."""
    question = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' "
        "AND relation = 'messages'::regclass"
    )
    with psycopg.connect(url) as asking:
        [count] = asking.execute(question).fetchone() or [0]
        return int(count) > 0
