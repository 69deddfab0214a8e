"""The storage is locked, full or down: no acknowledgement without storage, and then everything works again."""

import asyncio
import contextlib
import os
import resource
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from echosphere.database.dialects import sqlite as dialect
from tests.faults.callers import Caller
from tests.faults.processes import server_process, whole_history
from tests.product.conftest import Running, settings_for
from tests.product.people import Person, new_key, people_on

BUSY = 300
"""Milliseconds; the test need not wait for the ten seconds of a real server."""


async def test_while_another_program_holds_the_lock_people_are_told_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_TIMEOUT", BUSY)
    file = tmp_path / "app.db"
    running = Running(settings_for(tmp_path / "data", f"sqlite:///{file}"))
    async with people_on(await running.start(), "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        caller = await Caller.connect(ada.base, ada.token)
        path = f"/conversations/{conversation}/messages"
        given = {"key": new_key(), "body": "patience"}
        other = {"conversation": conversation, "key": new_key(), "body": "patience"}
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            refused = await ada.http.post(path, json=given)
            assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
            assert int(refused.headers["retry-after"]) > 0
            answer = await caller.call("post", other)
            assert (answer["ok"], answer["error"]["code"]) == (False, "unavailable")
            assert answer["error"]["retry_after"] > 0
            assert (await ben.get(path))["messages"] == []
            assert (await caller.call("history", {"conversation": conversation}))["ok"]
            holder.execute("ROLLBACK")
        assert (await ada.post(path, given))["message"]["seq"] == 2
        assert (await caller.call("post", other))["message"]["seq"] == 3
        assert caller.of("message")[0]["version"] == 2
        await caller.close()
    await running.stop()


async def test_who_waits_for_the_lock_is_answered_when_it_is_free(tmp_path: Path) -> None:
    file = tmp_path / "app.db"
    running = Running(settings_for(tmp_path / "data", f"sqlite:///{file}"))
    async with people_on(await running.start(), "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            sending = [asyncio.create_task(ada.say(conversation, str(n))) for n in range(10)]
            await asyncio.sleep(0.3)
            assert not any(task.done() for task in sending)
            holder.execute("ROLLBACK")
        seqs = [message["seq"] for message in await asyncio.gather(*sending)]
        assert sorted(seqs) == list(range(2, 12))
    await running.stop()


async def test_a_full_disk_costs_no_acknowledged_message(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        async with people_on(server.base, "Ada", "Ben") as (ada, ben):
            conversation = await ada.talk_to(ben)
            path = f"/conversations/{conversation}/messages"
            most = max(file.stat().st_size for file in tmp_path.glob("app.db*"))
            _bound_files(server.process.pid, most + 64 * 1024)
            stored, refused = await _post_until_refused(ada, path)
            assert refused.status_code == 503, refused.text
            assert refused.headers["retry-after"]
            assert refused.json()["code"] == "unavailable"
            assert await whole_history(ben, conversation) == stored
            assert (await ada.get("/conversations"))["conversations"][0]["unread"] == 0
            assert (await ada.http.get(f"{server.base}/healthz")).status_code == 200
            _bound_files(server.process.pid, resource.RLIM_INFINITY)
            again = refused.request.content
            accepted = await ada.http.post(
                path, content=again, headers={"content-type": "application/json"}
            )
            assert accepted.status_code == 201, accepted.text
            stored += [accepted.json()["message"], await ben.say(conversation, "room again")]
            assert await whole_history(ben, conversation) == stored
            assert [message["seq"] for message in stored] == list(range(2, len(stored) + 2))
        assert server.terminate() == 0
        assert server.integrity() == "ok"


async def test_a_full_database_refuses_writes_and_goes_on_reading(
    tmp_path: Path,
) -> None:
    running = Running(settings_for(tmp_path / "data", f"sqlite:///{tmp_path / 'app.db'}"))
    async with people_on(await running.start(), "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        path = f"/conversations/{conversation}/messages"
        await _allow_pages(running, 1)  # SQLite takes the present number as the least
        stored, refused = await _post_until_refused(ada, path)
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert await whole_history(ben, conversation) == stored
        neighbours = await asyncio.gather(
            *(ada.http.post(path, json={"key": new_key(), "body": "x" * 9_000}) for _ in range(8))
        )
        stored += [one.json()["message"] for one in neighbours if one.status_code == 201]
        assert {one.status_code for one in neighbours} <= {201, 503}
        await _allow_pages(running, 1_000_000)
        stored.append(await ada.say(conversation, "room again"))
        found = await whole_history(ben, conversation)
        assert found == sorted(stored, key=lambda message: message["seq"])
        assert [message["seq"] for message in found] == list(range(2, len(found) + 2))
    await running.stop()


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_a_database_server_that_restarts_is_found_again(
    running: Running, server: str, postgresql_server: str, database_url: str
) -> None:
    name = make_url(database_url).database
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        conversation = await ada.talk_to(ben)
        path = f"/conversations/{conversation}/messages"
        stored: list[Any] = []
        for _ in range(3):
            sending = [asyncio.create_task(_post_patiently(ada, path)) for _ in range(20)]
            await asyncio.sleep(0.02)
            with psycopg.connect(postgresql_server, autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [name],
                )
            stored += await asyncio.gather(*sending)
        async with asyncio.timeout(20):
            while (await ben.http.get(path)).status_code != 200:
                await asyncio.sleep(0.1)
        found = await whole_history(ben, conversation)
        assert found == sorted(stored, key=lambda message: message["seq"])
        assert [message["seq"] for message in found] == list(range(2, 62))


async def _post_patiently(person: Person, path: str) -> Any:
    given = {"key": new_key(), "body": "still there?"}
    async with asyncio.timeout(20):
        while True:
            answer = await person.http.post(path, json=given)
            if answer.status_code in (200, 201):
                return answer.json()["message"]
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(0.05)


async def _post_until_refused(person: Person, path: str) -> tuple[list[Any], Any]:
    stored: list[Any] = []
    for _ in range(500):
        answer = await person.http.post(path, json={"key": new_key(), "body": "x" * 9_000})
        if answer.status_code != 201:
            return stored, answer
        stored.append(answer.json()["message"])
    raise AssertionError("the storage was never full")


async def _allow_pages(running: Running, count: int) -> None:
    engine = running.application.database._writing
    (writer, *_) = running.application.database._writers
    assert engine is not None

    def allow() -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={count}")

    # The connection is that of the writing thread, which may be in the middle of something.
    await asyncio.wrap_future(writer._thread.submit(allow))


def _bound_files(process: int, size: int) -> None:
    """Let no file of a process grow past a size: to it, the disk is full."""
    assert os.getpid() != process
    _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))
