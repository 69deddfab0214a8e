"""After a message is deleted, its text and files are found nowhere."""

import io
import json
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from psycopg.sql import SQL, Identifier

from echosphere.database import metadata
from tests.product.changing import Rest, history
from tests.product.conftest import Running
from tests.product.jobs import files_are_removed
from tests.product.people import Person, new_key

Cast = tuple[Person, Person, Person]


@dataclass
class Marked:
    """A conversation with a message to be deleted, full of words that are found nowhere else.

    Attributes:
        marks: What must be gone: words, and names and bytes of files.
        kept: What another message says; a search that cannot find this finds nothing at all.
    """

    here: str
    seq: int
    marks: list[bytes]
    kept: bytes
    urls: list[str]


def _mark(what: str) -> str:
    return f"{what}{secrets.token_hex(8)}"


def _picture() -> bytes:
    """A picture whose bytes are like no other's."""
    noise = Image.frombytes("RGB", (64, 64), secrets.token_bytes(64 * 64 * 3))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
async def marked(cast: Cast) -> Marked:
    """A message with earlier words, files, a thumbnail, reactions, a pin, a reply, saved by one."""
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    early, late, kept = _mark("early"), _mark("late"), _mark("kept")
    note_name, note = f"{_mark('name')}.txt", _mark("inside").encode() * 50
    uploads = [await ada.upload(note_name, note), await ada.upload("picture.png", _picture())]
    ids = [one["id"] for one in uploads]
    said = await ada.say(here, f"{early} @Ben Example", attachments=ids)
    seq = said["seq"]
    await Rest(ada).edit(here, seq, f"{late} @Ben Example **once more**")
    await Rest(ben).react(here, seq, "🦩")
    await Rest(ben).pin(here, seq)
    await Rest(ben).save(here, seq)
    await ben.say(here, kept, reply_to=seq)
    urls = [one["url"].removeprefix("/api/v1") for one in uploads]
    thumbnail = uploads[1]["thumbnail_url"].removeprefix("/api/v1")
    small = (await ben.http.get(thumbnail)).content
    stored = (await ben.http.get(urls[1])).content
    marks = [early.encode(), late.encode(), note_name.encode(), note[:40], "🦩".encode()]
    marks += [stored[100:140], small[100:140], *(one.encode() for one in ids)]
    return Marked(here, seq, marks, kept.encode(), [*urls, thumbnail])


async def _answers(person: Person, marked: Marked) -> bytes:
    """Return everything that a person is answered about a conversation."""
    here, said = marked.here, f"/conversations/{marked.here}/messages/{marked.seq}"
    paths = [
        "/conversations",
        f"/conversations/{here}",
        f"/conversations/{here}/messages",
        f"/conversations/{here}/pins",
        *(f"/conversations/{here}/files?kind={kind}" for kind in ("media", "audio", "file")),
        said,
        f"{said}/versions",
        "/saved",
        "/hidden",
        *(f"/search?q={mark.decode()}" for mark in marked.marks[:3]),
        "/search?q=once more",
    ]
    answers = [(await person.http.get(path)).content for path in paths]
    answers.append((await person.http.post("/sync", json={"versions": {}})).content)
    answers.append((await person.http.post("/sync", json={"versions": {here: 1}})).content)
    return b"\n".join(answers)


def on_disk(folder: Path) -> bytes:
    """Return the names and bytes of all stored files."""
    files = [one for one in folder.rglob("*") if one.is_file()]
    return b"\n".join([str(files).encode(), *(one.read_bytes() for one in files)])


def in_database(url: str) -> bytes:
    """Return the raw bytes of an SQLite database after a checkpoint, or all rows of PostgreSQL."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        with closing(sqlite3.connect(path)) as shared:
            busy, *_ = shared.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert busy == 0
        parts = [one for one in path.parent.glob(f"{path.name}*") if one.suffix != ".lock"]
        return b"\n".join(one.read_bytes() for one in parts)
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        assert {table.name for table in metadata.sorted_tables} <= {name for (name,) in tables}
        rows = [
            connection.execute(SQL("SELECT t::text FROM {} t").format(Identifier(name))).fetchall()
            for (name,) in tables
        ]
    return "\n".join(str(row) for some in rows for row in some).encode()


async def test_what_a_deleted_message_said_and_carried_is_found_nowhere(
    cast: Cast, marked: Marked, running: Running, database_url: str, tmp_path: Path
) -> None:
    ada, ben, _ = cast
    folder = tmp_path / "data" / "files"
    places: dict[str, Callable[[], bytes]] = {
        "database": lambda: in_database(database_url),
        "disk": lambda: on_disk(folder),
    }
    before = {name: look() for name, look in places.items()}
    told = await _answers(ada, marked) + await _answers(ben, marked)
    everything = told + b"".join(before.values())
    assert [mark for mark in marked.marks if mark not in everything] == []
    await Rest(ada).delete(marked.here, marked.seq)
    await files_are_removed(running)
    for name, look in places.items():
        found = look()
        assert [mark for mark in marked.marks if mark in found] == [], name
    for person in (ada, ben):
        told = await _answers(person, marked)
        assert [mark for mark in marked.marks if mark in told] == []
        assert marked.kept in told
        for url in marked.urls:
            await person.get(url, 404)
    assert marked.kept in in_database(database_url)
    (reply,) = [one for one in await history(ben, marked.here) if one["reply_to"]]
    assert (reply["reply_to"], reply["body"].encode()) == (marked.seq, marked.kept)


async def test_a_forwarded_copy_is_a_message_of_its_own(cast: Cast, marked: Marked) -> None:
    ada, ben, oscar = cast
    there = await ben.talk_to(oscar)
    (copy,) = await Rest(ben).forward(marked.here, marked.seq, **{new_key(): there})
    await Rest(ada).delete(marked.here, marked.seq)
    assert await history(oscar, there) == [copy]
    for its in copy["attachments"]:
        assert (await oscar.http.get(f"/attachments/{its['id']}")).status_code == 200
    await Rest(ben).delete(there, copy["seq"])
    for its in copy["attachments"]:
        await oscar.get(f"/attachments/{its['id']}", 404)


async def test_the_event_of_a_deletion_says_nothing_of_what_was_said(
    cast: Cast, marked: Marked
) -> None:
    ada, ben, _ = cast
    device = await ben.connect()
    left = await Rest(ada).delete(marked.here, marked.seq)
    event = await device.next("message", version=left["version"])
    assert event["message"] == left
    told = json.dumps(device.events, ensure_ascii=False).encode()
    assert [mark for mark in marked.marks if mark in told] == []
