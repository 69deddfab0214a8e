"""The connection breaks at a commit that PostgreSQL carries out: nothing is lost, and all hear of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.faults.commit_cutter import CommitCutter
from tests.product.conftest import Running, settings_for
from tests.product.people import new_key, people_on

PATIENCE = 60


@pytest.fixture
async def cutter(postgresql_url: str) -> AsyncIterator[CommitCutter]:
    """The way to PostgreSQL."""
    async with CommitCutter(make_url(postgresql_url).port or 5432) as cutter:
        yield cutter


async def test_what_was_committed_and_refused_reaches_everyone(
    tmp_path: Path, postgresql_url: str, cutter: CommitCutter
) -> None:
    through = make_url(postgresql_url).set(host="127.0.0.1", port=cutter.port)
    url = through.render_as_string(hide_password=False)
    server = Running(settings_for(tmp_path / "data", url))
    base = await server.start()
    async with people_on(base, "Ann", "Ben") as (ann, ben):
        here = await ann.talk_to(ben)
        await ann.say(here, "before")
        there = await ben.connect()
        given = {"key": new_key(), "body": "committed, and refused"}
        cutter.cuts_after = given["body"].encode()
        path = f"/conversations/{here}/messages"
        answer = await ann.http.post(path, json=given, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        # What may have been stored is not pushed: those who lack it are told to ask.
        await there.next("behind")
        bodies = [one["body"] for one in (await ben.get(path))["messages"]]
        assert bodies.count(given["body"]) == 1
        again = await ann.http.post(path, json=given, timeout=PATIENCE)
        assert again.status_code == 200, "the first answer, though nobody got it"
        bodies = [one["body"] for one in (await ben.get(path))["messages"]]
        assert bodies.count(given["body"]) == 1
    await server.stop()


async def test_who_is_refused_for_another_reason_has_no_one_ask(
    tmp_path: Path, postgresql_url: str
) -> None:
    server = Running(settings_for(tmp_path / "data", postgresql_url))
    base = await server.start()
    async with people_on(base, "Ann", "Ben") as (ann, ben):
        here = await ann.talk_to(ben)
        there = await ben.connect()
        await ann.post(f"/conversations/{here}/messages", {"key": new_key(), "body": ""}, 400)
        await ann.say(here, "after")
        await there.next("message")
        assert there.of("behind") == []
    await server.stop()
