"""Exports: what leaves a server arrives at another one, and leaves that one as it was."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Database
from echosphere.exporting import Exported, Exporter
from tests.importing.conftest import Import, import_into
from tests.importing.imported import imported_conversations
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.samples.slack import SlackSample
from tests.importing.story import Story
from tests.importing.test_people import Cast, GiveAddress
from tests.product.conftest import Running, settings_for


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Running]:
    """Another server, on SQLite."""
    data = tmp_path / "elsewhere"
    running = Running(settings_for(data, f"sqlite:///{data}/app.db"))
    await running.start()
    yield running
    await running.stop()


async def export(
    running: Running, path: Path, conversation: str | None = None, *, html: bool = False
) -> Exported:
    """Export; return what the export has."""
    application = running.application
    exporter = Exporter(application.database, application.storage, path, html=html)
    parts = [part async for part in exporter.run(conversation)]
    return parts[-1]


def contents(path: Path) -> dict[str, Any]:
    """Return all lines of an export, and the sizes of its files; pictures are made anew."""
    found: dict[str, Any] = {}
    with ZipFile(path) as zipped:
        assert zipped.testzip() is None
        for info in zipped.infolist():
            if info.filename.endswith(".jsonl"):
                lines = zipped.read(info).splitlines()
                found[info.filename] = [json.loads(line) for line in lines]
            elif info.filename.startswith("files/"):
                found[info.filename] = zipped.read(info)
            elif info.filename.startswith("avatars/"):
                found[info.filename] = "a picture"
    return found


async def _talk(ada: Any, ben: Any) -> str:
    here = str(await ada.talk_to(ben))
    said = await ada.say(here, "Hello **Ben**")
    await ben.say(here, "Hi @Ada", reply_to=said["seq"])
    await ben.put(f"/conversations/{here}/messages/{said['seq']}/reactions/👍", status=200)
    await ada.patch(f"/conversations/{here}/messages/{said['seq']}", {"body": "Hello *Ben*"})
    file = await ada.upload("notes.txt", b"some notes\n")
    await ada.say(here, "", attachments=[file["id"]])
    return here


async def test_what_is_exported_imported_and_exported_is_equal(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import, elsewhere: Running
) -> None:
    ada, ben, _ = cast
    database: Database = running.application.database
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await _talk(ada, ben)
    await do_import(SlackSample().write(Story(120), tmp_path))
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    made = await export(running, first)
    assert (made.messages, made.missing) == (123, 0)
    report = await import_into(elsewhere.application, first)
    assert (report.messages, report.files, report.lost) == (123, made.files, [])
    await export(elsewhere, second)
    assert contents(second) == contents(first)
    again = await import_into(elsewhere.application, second)
    assert (again.messages, again.known) == (0, 123)


async def test_what_is_here_already_is_not_imported_again(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, ben, _ = cast
    await _talk(ada, ben)
    await export(running, tmp_path / "own.zip")
    report = await do_import(tmp_path / "own.zip")
    assert report.messages == 0
    assert [one.times for one in report.lost] == [3]


async def test_one_conversation_is_exported_alone_with_pages_to_read(
    tmp_path: Path, running: Running, server: str, do_import: Import
) -> None:
    story = Story(660)
    await do_import(EchoSphereSample().write(story, tmp_path))
    here = await imported_conversations(running.application.database)
    path = tmp_path / "one.zip"
    made = await export(running, path, here["C0TEA"], html=True)
    assert (made.conversations, made.messages) == (1, 220)
    with ZipFile(path) as zipped:
        index = zipped.read("index.html").decode()
        pages = [zipped.read(f"pages/000001-{number}.html").decode() for number in (1, 2)]
        assert "tea-kitchen" in index
        assert "pages/000001-1.html" in index
        assert "Later" in pages[0]
        for said in story.rooms[1].messages:
            assert said.text.replace("'", "&#x27;") in "".join(pages)
        hashes = {name for name in zipped.namelist() if name == "SHA256SUMS"}
        assert hashes


async def test_an_export_replaces_nothing(tmp_path: Path, running: Running, server: str) -> None:
    path = tmp_path / "there.zip"
    path.write_bytes(b"mine")
    with pytest.raises(Conflict):
        await export(running, path)
    assert path.read_bytes() == b"mine"
    with pytest.raises(NotFound):
        await export(running, tmp_path / "none.zip", "unknown")
    assert sorted(one.name for one in tmp_path.glob("none*")) == []
