"""A database that does not answer: everyone is told in bounded time, and nothing is lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import DBAPIError

from echosphere.core.errors import Unavailable
from echosphere.database import Database, Snapshot, Transaction, dialect_for, jobs
from echosphere.database.dialects import postgresql
from tests.database.in_lane import in_lane
from tests.faults.silent_proxy import SilentProxy

LOCK_TIMEOUT = 60


def add(transaction: Transaction, kind: str) -> str:
    transaction.execute(
        insert(jobs).values(kind=kind, payload="{}", run_at=0, attempts=0, created_at=0)
    )
    return kind


def kinds(snapshot: Snapshot) -> set[str]:
    return set(snapshot.execute(select(jobs.c.kind)).scalars())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines of a moment: the tests are about what happens then, and not about when."""
    for module in ("writer", "reader"):
        monkeypatch.setattr(f"echosphere.database.{module}.DEADLINE", 0.5)
        monkeypatch.setattr(f"echosphere.database.{module}.CHECK_INTERVAL", 0.1)


@pytest.fixture
async def proxy(postgresql_url: str) -> AsyncIterator[SilentProxy]:
    """The way to PostgreSQL."""
    async with SilentProxy(make_url(postgresql_url).port or 5432) as proxy:
        yield proxy


@pytest.mark.usefixtures("impatient")
async def test_a_silent_postgresql_is_told_of_and_used_again_when_it_speaks(
    postgresql_url: str, proxy: SilentProxy
) -> None:
    through = make_url(postgresql_url).set(host="127.0.0.1", port=proxy.port)
    database = Database(through.render_as_string(hide_password=False))
    await database.start()
    stored = {await database.write(in_lane(str(lane), add, f"before {lane}")) for lane in range(8)}
    proxy.fall_silent()
    asked: list[Awaitable[object]] = [
        database.write(in_lane(str(lane % 8), add, f"during {lane}")) for lane in range(40)
    ]
    asked += [database.read(kinds) for _ in range(12)]
    answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), LOCK_TIMEOUT)
    assert all(isinstance(one, Unavailable) and one.retry_after for one in answers)
    assert database.writing.failing_for() > 0
    proxy.speak()
    stored.add(await until_it_works(database))
    assert database.writing.failing_for() == 0
    found = await database.read(kinds)
    assert stored <= found
    assert {kind for kind in found - stored if not kind.startswith(("during", "after"))} == set()
    await database.stop()


async def until_it_works(database: Database) -> str:
    """Write as a client does that was told to try again."""
    async with asyncio.timeout(LOCK_TIMEOUT):
        for number in range(10_000):
            try:
                return await database.write(add, f"after {number}")
            except Unavailable:
                await asyncio.sleep(0.1)
    raise AssertionError("unreachable")


@pytest.mark.usefixtures("impatient")
async def test_a_read_that_holds_an_old_state_of_the_file_is_ended(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'app.db'}")
    await database.start()

    def never_end(snapshot: Snapshot) -> int:
        for_ever = (
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        )
        return int(snapshot.execute(text(for_ever)).scalar_one())

    asked = [database.read(never_end) for _ in range(8)]
    ended = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), LOCK_TIMEOUT)
    assert {type(one) for one in ended} == {Unavailable}
    async with asyncio.timeout(LOCK_TIMEOUT):
        assert await database.read(kinds) == set()
    await database.stop()


async def test_whoever_comes_while_the_file_is_held_waits_no_longer_than_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.database.writer.LOCK_TIMEOUT", 0.5)
    database = Database(f"sqlite:///{tmp_path / 'app.db'}")
    await database.start()
    intruder = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    first = asyncio.ensure_future(database.write(add, "first"))
    await asyncio.sleep(0.25)
    second = asyncio.ensure_future(database.write(add, "second"))
    loop = asyncio.get_running_loop()
    began = loop.time()
    refused = await asyncio.wait_for(
        asyncio.gather(first, second, return_exceptions=True), LOCK_TIMEOUT
    )
    assert {type(one) for one in refused} == {Unavailable}
    # The setting itself allows ten times as long for each of two.
    assert loop.time() - began < 10 * 0.5
    assert database.writing.cause == "locked"
    intruder.execute("ROLLBACK")
    intruder.close()
    assert await database.write(add, "third") == "third"
    assert await database.read(kinds) == {"third"}
    await database.stop()


async def test_a_file_that_a_crash_damaged_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    database = Database(f"sqlite:///{path}")
    await database.start()
    for number in range(200):
        await database.write(add, f"{number} " + "x" * 50)
    await database.stop()
    content = bytearray(path.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    rows = content.index(b"199 xxx") // page * page
    content[rows : rows + 64] = b"\xff" * 64
    path.write_bytes(content)
    path.with_suffix(".running").touch()  # as a server leaves it that is killed
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="damaged"):
        await Database(f"sqlite:///{path}").start()
    assert path.read_bytes() == before


async def test_a_file_that_a_crash_left_whole_is_served(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    database = Database(f"sqlite:///{path}")
    await database.start()
    assert path.with_suffix(".running").exists()
    await database.stop()
    assert not path.with_suffix(".running").exists()
    path.with_suffix(".running").touch()
    await database.start()
    assert await database.write(add, "one") == "one"
    await database.stop()


@pytest.mark.parametrize("milliseconds", [300, 0])
def test_a_transaction_that_says_nothing_locks_others_out_for_a_moment_only(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, milliseconds: int
) -> None:
    monkeypatch.setattr(postgresql, "ABANDONED_AFTER", milliseconds)
    engine = dialect_for(postgresql_url).writing_engine()
    with engine.connect() as silent, engine.connect() as other:
        silent.exec_driver_sql("LOCK TABLE jobs")
        other.exec_driver_sql(f"SET lock_timeout = '{'60s' if milliseconds else '1s'}'")
        if milliseconds:
            other.exec_driver_sql("LOCK TABLE jobs")
            with pytest.raises(DBAPIError, match="idle-in-transaction"):
                silent.exec_driver_sql("SELECT 1")
        else:  # the control
            with pytest.raises(DBAPIError, match="lock timeout"):
                other.exec_driver_sql("LOCK TABLE jobs")
    engine.dispose()
