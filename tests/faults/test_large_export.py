"""A download of many messages is made in bounded memory, survives a kill, and delays no one's words."""

import asyncio
import hashlib
import json
import os
import sqlite3
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_memory import MEBIBYTE, field
from tests.product.exported import shown_history
from tests.product.people import Person, people_on
from tests.served import Served

MESSAGES = int(os.environ.get("ECHOSPHERE_TEST_EXPORTED_MESSAGES", "6000"))
"""`bin/long export` has 100,000."""

MAX_GROWTH = 48 * MEBIBYTE
"""Bytes that the process may grow by, however many messages there are."""

PATIENCE = 1200.0


def fill(data: Path, conversation: str, author: str) -> None:
    """Put messages into the database of a stopped server, as if they had been posted."""
    database = sqlite3.connect(data / "app.db")
    (first,) = database.execute(
        "SELECT max(seq) FROM messages WHERE conversation_id = ?", (conversation,)
    ).fetchone()
    now = int(time.time() * 1000)
    rows = (
        (
            conversation,
            seq,
            seq,
            author,
            f"key-{seq:08d}",
            f"**Number** {seq} " + "words " * 20,
            now,
        )
        for seq in range(first + 1, first + 1 + MESSAGES)
    )
    database.executemany(
        "INSERT INTO messages (conversation_id, seq, version, author_id, key, body, created_at, deleted, files)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
        rows,
    )
    last = first + MESSAGES
    database.execute(
        "UPDATE conversations SET version = ?, last_seq = ? WHERE id = ?",
        (last, last, conversation),
    )
    database.commit()
    database.close()


async def state_of(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = (await person.get("/me/export"))["export"]
    return found


async def made(person: Person, pid: int) -> tuple[dict[str, Any], int]:
    """Wait until the download is made; return it, and the most memory meanwhile in bytes."""
    most = 0
    async with asyncio.timeout(PATIENCE):
        while (export := await state_of(person))["state"] == "waiting":
            most = max(most, field(pid, "VmRSS"))
            await asyncio.sleep(0.1)
    return export, most


async def fetch(person: Person, export: dict[str, Any], path: Path) -> None:
    with path.open("wb") as file:
        async with person.http.stream("GET", export["url"].removeprefix("/api/v1")) as answer:
            assert answer.status_code == 200
            async for chunk in answer.aiter_bytes():
                file.write(chunk)


def require_whole(path: Path, first: int, last: int) -> None:
    """Every hash fits, and every message is there once."""
    with zipfile.ZipFile(path) as archive:
        for one in json.loads(archive.read("manifest.json"))["files"]:
            with archive.open(one["path"]) as member:
                digest = hashlib.sha256()
                while chunk := member.read(MEBIBYTE):
                    digest.update(chunk)
                assert digest.hexdigest() == one["sha256"]
        (name,) = (one for one in archive.namelist() if one.endswith("messages.jsonl"))
        with archive.open(name) as lines:
            seqs = [json.loads(line)["seq"] for line in lines]
    assert seqs == list(range(first, last + 1))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
async def test_many_messages_take_bounded_memory_and_survive_a_kill(tmp_path: Path) -> None:
    served = Served(tmp_path / "data")
    served.start()
    async with people_on(served.address, "Ada", "Ben") as (ada, ben):
        here = await ada.talk_to(ben)
        said = await ada.say(here, "the first")
        served.stop()
        fill(served.data, here, ben.id)
        served.start()
        last = said["seq"] + MESSAGES
        assert (await ada.get(f"/conversations/{here}"))["conversation"]["last_message"][
            "seq"
        ] == last
        await ada.put("/me/export", status=200)
        await asyncio.sleep(0.5)
        served.kill()
        served.start()
        # Until the job of the killed process is taken over, the search index and the caches fill.
        await shown_history(ada, here)
        before = field(served.pid, "VmRSS")
        export, most = await made(ada, served.pid)
        assert export["state"] == "ready", export
        await fetch(ada, export, tmp_path / "data.zip")
        require_whole(tmp_path / "data.zip", said["seq"], last)
        assert not list((served.data / "files" / "incoming").iterdir())
        print(f"{MESSAGES} messages: {export['size']} bytes, grown by {(most - before) // 1024} kB")
        assert most - before < MAX_GROWTH
    served.stop()
