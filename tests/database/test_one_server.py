"""One server on one database: what prevents a second one, even when connections break."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select

from echosphere.core.errors import Unavailable
from echosphere.core.in_use import InUseError
from echosphere.database import Database, Snapshot, Transaction, dialect_for, jobs
from echosphere.database.dialects import server_lock
from echosphere.database.dialects.server_lock import SERVER_LOCK
from echosphere.database.epochs import OtherKeysError, begin_epoch, epochs
from tests.conftest import missing
from tests.database.pooler import find_pgbouncer, pgbouncer
from tests.served import Served

HOLDER = f"""
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND objid = {SERVER_LOCK} AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
LOCK_TIMEOUT = 60


def add(transaction: Transaction, kind: str) -> None:
    transaction.execute(
        insert(jobs).values(kind=kind, payload="{}", run_at=0, attempts=0, created_at=0)
    )


def kinds(snapshot: Snapshot) -> list[str]:
    return list(snapshot.execute(select(jobs.c.kind).order_by(jobs.c.id)).scalars())


async def test_a_second_server_on_the_same_database_is_refused(database_url: str) -> None:
    first, second = Database(database_url), Database(database_url)
    await first.start()
    with pytest.raises(RuntimeError, match="already running"):
        await second.start()
    await first.write(add, "one")
    await first.stop()
    await second.start()
    assert await second.read(kinds) == ["one"]
    await second.stop()


async def test_the_next_server_finds_the_place_free_at_once(database_url: str) -> None:
    for _ in range(10):
        database = Database(database_url)
        await database.start()
        await database.stop()


async def test_a_command_beside_the_server_keeps_no_one_away(postgresql_url: str) -> None:
    shared, server = Database(postgresql_url, shared=True), Database(postgresql_url)
    await shared.start()
    await server.start()
    await shared.write(add, "one")
    assert await server.read(kinds) == ["one"]
    await shared.stop()
    await server.stop()


async def test_a_lock_that_broke_is_taken_again_before_the_next_write(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    await database.start()
    with psycopg.connect(postgresql_url, autocommit=True) as operator:
        [(before,)] = operator.execute(HOLDER).fetchall()
        operator.execute("SELECT pg_terminate_backend(%s, 10000)", [before])
        await database.write(add, "one")
        [(after,)] = operator.execute(HOLDER).fetchall()
    assert after != before
    with pytest.raises(RuntimeError, match="already running"):
        await Database(postgresql_url).start()
    await database.stop()


async def test_a_server_whose_place_was_taken_writes_no_more_and_says_why(
    postgresql_url: str,
) -> None:
    database = Database(postgresql_url)
    said: asyncio.Queue[str] = asyncio.Queue()
    database.on_claim_lost = said.put_nowait
    await database.start()
    with psycopg.connect(postgresql_url, autocommit=True) as another:
        await take_the_place(another, postgresql_url)
        with pytest.raises(Unavailable):
            await database.write(add, "one")
        assert "Another EchoSphere server" in await asyncio.wait_for(said.get(), LOCK_TIMEOUT)
        with pytest.raises(Unavailable):
            await database.write(add, "two")
    assert await database.read(kinds) == []
    await database.stop()


def test_a_server_that_lost_its_place_stops_with_a_sentence_though_no_one_writes(
    postgresql_url: str, tmp_path: Path
) -> None:
    served = Served(tmp_path / "data", ECHOSPHERE_DATABASE_URL=postgresql_url)
    served.start()
    try:
        with psycopg.connect(postgresql_url, autocommit=True) as another:
            asyncio.run(take_the_place(another, postgresql_url))
            code = served.wait(LOCK_TIMEOUT)
    finally:
        served.kill()
    assert code == 1
    assert "Another EchoSphere server is already running" in served.log


def test_a_second_server_process_ends_with_a_sentence(postgresql_url: str, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one = Served(tmp_path / "one" / "data", ECHOSPHERE_DATABASE_URL=postgresql_url)
    other = Served(tmp_path / "other" / "data", ECHOSPHERE_DATABASE_URL=postgresql_url)
    one.start()
    try:
        with pytest.raises(AssertionError):
            other.start()
        assert other.wait(LOCK_TIMEOUT) != 0
        assert "Another EchoSphere server is already running" in other.log
    finally:
        one.kill()
        other.kill()


async def test_through_a_pool_of_transactions_the_start_is_refused(
    postgresql_url: str, tmp_path: Path
) -> None:
    if find_pgbouncer() is None:
        missing("pgbouncer")
    with pgbouncer(postgresql_url, "transaction", tmp_path) as url:
        with pytest.raises(RuntimeError, match="pool_mode"):
            await Database(url).start()
        # Also when the pool has several sessions at hand.
        busy = [psycopg.connect(url) for _ in range(4)]
        for one in busy:
            one.execute("SELECT 1")
        for one in busy:
            one.close()
        with pytest.raises(RuntimeError, match="pool_mode"):
            await Database(url).start()


async def test_through_a_pool_of_sessions_it_serves(postgresql_url: str, tmp_path: Path) -> None:
    if find_pgbouncer() is None:
        missing("pgbouncer")
    with pgbouncer(postgresql_url, "session", tmp_path) as url:
        database = Database(url)
        await database.start()
        await database.write(add, "one")
        with pytest.raises(RuntimeError, match="already running"):
            await Database(postgresql_url).start()
        await database.stop()


async def take_the_place(another: psycopg.Connection, url: str) -> None:
    """Break the server's lock while another waits for it: it has it before anyone notices."""
    waiting = asyncio.create_task(
        asyncio.to_thread(another.execute, "SELECT pg_advisory_lock(%s)", [SERVER_LOCK])
    )
    with psycopg.connect(url, autocommit=True) as operator:
        queued = HOLDER.replace("granted", "NOT granted")
        while not operator.execute(queued).fetchall():
            await asyncio.sleep(0.01)
        [(holder,)] = operator.execute(HOLDER).fetchall()
        operator.execute("SELECT pg_terminate_backend(%s, 10000)", [holder])
    await waiting


@pytest.fixture
def impatient_url(postgresql_url: str) -> str:
    """A PostgreSQL database whose sessions wait a moment for a lock, and not for ever."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET lock_timeout = 500')
    return postgresql_url


async def test_a_server_starts_while_a_backup_is_made(impatient_url: str) -> None:
    with dialect_for(impatient_url).hold_deletions():
        database = Database(impatient_url)
        await database.start()
        await database.write(add, "one")
        await database.stop()


def started_before(url: str) -> None:
    """Leave the row of a server with other keys that ran before, and has ended."""
    engine = dialect_for(url).writing_engine()
    with engine.begin() as connection:
        begin_epoch(connection, 1, dialect_for(url).timeline(connection), "old", alone=True)
    engine.dispose()


async def test_servers_that_start_together_do_not_take_each_other_for_running(
    postgresql_url: str,
) -> None:
    started_before(postgresql_url)
    other = dialect_for(postgresql_url, one_of_several=True)
    other.claim()  # it has come no further than this
    first = Database(postgresql_url, one_of_several=True, keys="new")
    second = Database(postgresql_url, one_of_several=True, keys="new")
    try:
        await first.start()
        assert len(await first.read(epoch_numbers)) == 2
        await second.start()
        assert len(await first.read(epoch_numbers)) == 2
    finally:
        await second.stop()
        await first.stop()
        other.release()


async def test_a_server_that_runs_is_seen_by_the_next_also_after_its_connection_broke(
    postgresql_url: str,
) -> None:
    first = Database(postgresql_url, one_of_several=True, keys="these")
    second = Database(postgresql_url, one_of_several=True, keys="others")
    await first.start()
    try:
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            for (pid,) in connection.execute(HOLDER).fetchall():
                connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        await first.write(add, "one")
        with pytest.raises(OtherKeysError):
            await second.start()
    finally:
        await first.stop()


@pytest.mark.parametrize(("one", "other"), [(7, 8), (7, 0), (0, 7)])
def test_servers_of_another_group_are_refused_and_those_of_the_same_are_not(
    one: int, other: int, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_lock, "ACQUIRE_TIMEOUT", 0.2)
    first, same, stranger, same_again = (
        dialect_for(postgresql_url, one_of_several=True, group=group)
        for group in (one, one, other, one)
    )
    first.claim()
    same.claim()
    with pytest.raises(InUseError, match="already running on this PostgreSQL database"):
        stranger.claim()
    same_again.claim()  # the refused one left nothing behind
    for claimed in (first, same, same_again):
        claimed.release()
    stranger.claim()
    stranger.release()


def epoch_numbers(snapshot: Snapshot) -> list[int]:
    return list(snapshot.execute(select(epochs.c.number)).scalars())
