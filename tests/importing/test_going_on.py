"""Imports that are interrupted, repeated, or meet what people have written meanwhile."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from echosphere.database import Snapshot
from echosphere.importing import Importer, Losses, open_source
from echosphere.importing.run import CONTINUED
from tests.importing.claiming import Cast, GiveAddress
from tests.importing.conftest import Import
from tests.importing.imported import (
    counts,
    expected,
    imported_conversations,
    messages_of,
    rows_of,
)
from tests.importing.samples.echosphere import EchoSphereSample
from tests.importing.story import Story
from tests.product.conftest import Running


class EndedError(Exception):
    """The import ends here."""


def stored_files(snapshot: Snapshot) -> list[Any]:
    """Return the names under which the files of messages are stored."""
    return rows_of(snapshot, "SELECT coalesce(stored, id) FROM attachments")


async def interrupt(
    running: Running, path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Begin an import that ends in the middle, after some batches."""
    application = running.application
    source = open_source(path, None, Losses())
    importer = Importer(
        application.database,
        application.source_files,
        application.live_settings,
        source,
        dry_run=False,
    )
    stored, calls = importer._store, 0

    async def store(*given: object) -> bool:
        nonlocal calls
        calls += 1
        if calls > after:
            raise EndedError
        return await stored(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(importer, "_store", store)
    with pytest.raises(EndedError):
        [_ async for _ in importer.run()]
    source.close()


async def test_what_was_interrupted_goes_on(
    tmp_path: Path, running: Running, do_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample, story, database = EchoSphereSample(), Story(400), running.application.database
    path = sample.write(story, tmp_path)
    await interrupt(running, path, monkeypatch, after=4)
    stored = (await database.read(counts))["messages"]
    assert 0 < stored < 400
    report = await do_import(path)
    assert (report.messages, report.known) == (400 - stored, stored)
    here = await imported_conversations(database)
    for room in story.rooms:
        assert await database.read(messages_of, here[room.id]) == expected(room, sample)


async def test_two_imports_at_once_store_everything_once(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    sample, story, database = EchoSphereSample(), Story(300), running.application.database
    path = sample.write(story, tmp_path)
    reports = await asyncio.gather(do_import(path), do_import(path))
    assert sum(report.messages for report in reports) == 300
    here = await imported_conversations(database)
    for room in story.rooms:
        assert await database.read(messages_of, here[room.id]) == expected(room, sample)
    rows = await database.read(stored_files)
    assert len(rows) == sum(report.files for report in reports)
    stored = {one.name for one in (tmp_path / "data" / "files").glob("[0-9a-f][0-9a-f]/*")}
    assert {one for one in stored if "." not in one} == {row[0] for row in rows}
    assert (await do_import(path)).messages == 0


async def test_nobody_sees_a_conversation_before_it_is_complete(
    tmp_path: Path,
    running: Running,
    cast: Cast,
    do_import: Import,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada, *_ = cast
    await running.application.database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    path = EchoSphereSample().write(Story(400), tmp_path)
    socket = await ada.connect()
    await interrupt(running, path, monkeypatch, after=2)
    assert (await ada.get("/conversations"))["conversations"] == []
    await do_import(path)
    assert len((await ada.get("/conversations"))["conversations"]) == 3
    event = await socket.next("conversation", title="general")
    assert [one["user"]["name"] for one in event["members"] if not one["left"]] == ["Ada Example"]
    assert socket.of("message") == []


async def test_what_came_later_there_is_appended(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, *_ = cast
    database, sample = running.application.database, EchoSphereSample()
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await do_import(sample.write(Story(90), tmp_path))
    socket = await ada.connect()
    story = Story(120)
    report = await do_import(sample.write(story, tmp_path))
    assert (report.messages, report.known) == (30, 90)
    here = await imported_conversations(database)
    for room in story.rooms:
        found = await database.read(messages_of, here[room.id])
        wanted = expected(room, sample)
        for one in (*found, *wanted):
            for part in ("author", "reactions", "mentions"):  # Ada is Ada Example here and there
                one.pop(part)
        assert found == wanted
    own = await socket.next("own", conversation=here["C0GENERAL"])
    assert own["unread"] == 0
    row = await socket.next("message", conversation=here["C0GENERAL"])
    assert row["message"]["version"] > row["message"]["seq"]
    assert all(one["unread"] == 0 for one in (await ada.get("/conversations"))["conversations"])


async def test_nothing_is_put_among_what_people_wrote_here(
    tmp_path: Path, running: Running, cast: Cast, do_import: Import
) -> None:
    ada, *_ = cast
    database, sample = running.application.database, EchoSphereSample()
    await database.write(GiveAddress(ada.id, "ada@example.org", confirmed=True))
    await do_import(sample.write(Story(90), tmp_path))
    here = await imported_conversations(database)
    await ada.say(here["C0TEA"], "we go on here")
    report = await do_import(sample.write(Story(120), tmp_path))
    assert report.messages == 20
    assert {one.what: one.times for one in report.lost}[CONTINUED] == 10
    assert [one["text"] for one in await database.read(messages_of, here["C0TEA"])][
        -1
    ] == "we go on here"
