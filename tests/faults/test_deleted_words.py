"""What was deleted is in no file of the data folder a moment later."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person

PATIENCE = 60
WORDS = "quetzalcoatlus over the fjord"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests are about what is left in the end."""
    monkeypatch.setattr("echosphere.database.writer.TRUNCATE_AFTER", 0.2)


def files_with(folder: Path, words: str) -> list[str]:
    """Return the files below a folder that hold these words."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    ]


async def until_gone(folder: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while files_with(folder, WORDS):
            await asyncio.sleep(0.05)


@on_one_database
async def test_deleted_words_leave_every_file(
    running: Running, cast: tuple[Person, Person, Person], database_url: str
) -> None:
    ada, ben, _ = cast
    folder = Path(database_url.removeprefix("sqlite:///")).parent
    conversation = await ada.talk_to(ben)
    said = await ada.say(conversation, WORDS)
    await running.application.indexer.catch_up()
    assert files_with(folder, WORDS)
    await ada.delete(f"/conversations/{conversation}/messages/{said['seq']}", 200)
    await until_gone(folder)


@on_one_database
@pytest.mark.own_product
async def test_they_leave_also_when_someone_reads_an_old_state_for_a_while(
    cast: tuple[Person, Person, Person], database_url: str
) -> None:
    ada, ben, _ = cast
    path = Path(database_url.removeprefix("sqlite:///"))
    conversation = await ada.talk_to(ben)
    said = await ada.say(conversation, WORDS)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM messages").fetchone()
        await ada.delete(f"/conversations/{conversation}/messages/{said['seq']}", 200)
        for number in range(20):  # no one who writes waits for the reader
            await ada.say(conversation, f"meanwhile {number}")
        assert files_with(path.parent, WORDS)
        reader.execute("COMMIT")
    await until_gone(path.parent)
