"""PostgreSQL moves to another server: nothing is written with the epoch of the former one."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import func, insert, select

from echosphere.core.errors import Unavailable
from echosphere.database import Database, Snapshot, Transaction, jobs
from echosphere.database.dialects.server_lock import SERVER_LOCK
from echosphere.database.epochs import epochs
from tests.cluster.postgresql_server import PostgreSQLServer, binaries
from tests.conftest import missing, with_tables
from tests.database.in_lane import in_lane
from tests.faults.silent_proxy import SilentProxy
from tests.waiting import until

PATIENCE = 150
LANES = 8


@pytest.fixture(scope="module")
def with_all_tables() -> Iterator[PostgreSQLServer]:
    """A server that has ended, to be copied: to make one takes longer."""
    if binaries() is None:
        missing("PostgreSQL's initdb")
    server = PostgreSQLServer("tables")
    try:
        server.make()
        server.start()
        with_tables(f"{server.url}postgres")
        server.kill()
        yield server
    finally:
        server.remove()


@pytest.fixture
def servers(
    with_all_tables: PostgreSQLServer,
) -> Iterator[tuple[PostgreSQLServer, PostgreSQLServer]]:
    """A primary with all tables, and its standby."""
    with ExitStack() as stack:
        primary, standby = PostgreSQLServer("primary"), PostgreSQLServer("standby")
        for server in (primary, standby):
            stack.callback(server.remove)
        primary.make(with_all_tables)
        primary.start()
        standby.copy(primary)
        standby.start()
        primary.await_standby("standby", "async")
        yield primary, standby


def add(transaction: Transaction, kind: str) -> int:
    """Store a row; return the number of the epoch in which that is done."""
    row = {"kind": kind, "payload": "{}", "run_at": 0, "attempts": 0, "created_at": 0}
    transaction.execute(insert(jobs).values(row))
    return transaction.epoch


def newest(snapshot: Snapshot) -> int:
    return int(snapshot.execute(select(func.max(epochs.c.number))).scalar_one())


async def written(database: Database, lane: int, kind: str) -> int:
    """Write, as often as it takes."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await database.write(in_lane(str(lane), add, kind))
            except Unavailable:
                await asyncio.sleep(0.1)


def kinds(server: PostgreSQLServer) -> set[object]:
    return {kind for (kind,) in server.run("SELECT kind FROM jobs")}


async def replicated(standby: PostgreSQLServer) -> None:
    """Wait until a standby has what was written before, and with it the number of the epoch."""
    await until(lambda: kinds(standby) == {"before"})


async def test_of_several_hosts_the_one_that_takes_writes_is_used(
    servers: tuple[PostgreSQLServer, PostgreSQLServer],
) -> None:
    primary, standby = servers
    hosts = f"127.0.0.1:{standby.port},127.0.0.1:{primary.port}"
    url = f"postgresql://postgres@{hosts}/postgres?target_session_attrs=read-write"
    database = Database(url)
    await database.start()
    before = await written(database, 0, "before")
    primary.await_standby("standby", "async")
    await replicated(standby)
    primary.kill()
    standby.promote()
    assert await written(database, 0, "after") > before
    assert kinds(standby) == {"before", "after"}
    await database.stop()


async def test_a_standby_that_was_not_promoted_yet_is_not_an_error_of_ours(
    servers: tuple[PostgreSQLServer, PostgreSQLServer],
) -> None:
    primary, standby = servers
    async with SilentProxy(primary.port) as proxy:
        database = Database(f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres")
        await database.start()
        before = await written(database, 0, "before")
        await replicated(standby)
        proxy.lead_to(standby.port)
        primary.kill()
        for lane in range(LANES):
            with pytest.raises(Unavailable):
                await database.write(in_lane(str(lane), add, "too early"))
        standby.promote()
        assert await written(database, 0, "after") > before
        assert "too early" not in kinds(standby)
        await database.stop()


async def test_a_former_primary_that_lives_on_gets_nothing_more(
    servers: tuple[PostgreSQLServer, PostgreSQLServer],
) -> None:
    """The way leads elsewhere, all connections but one stay, and the lock is among those."""
    primary, standby = servers
    async with SilentProxy(primary.port) as proxy:
        database = Database(f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres")
        await database.start()
        before = {await written(database, lane, "before") for lane in range(LANES)}
        async with asyncio.timeout(PATIENCE):
            while kinds(standby) != {"before"}:
                await asyncio.sleep(0.05)
        standby.promote()
        proxy.lead_to(standby.port)
        [(locking,)] = primary.run(f"SELECT pid FROM pg_locks WHERE objid = {SERVER_LOCK}")
        [(one,)] = primary.run(
            "SELECT max(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND state = 'idle' "
            f"AND query = 'COMMIT' AND pid <> {locking}"
        )
        primary.run(f"SELECT pg_terminate_backend({one}, 5000)")
        # Whoever notices first has all the others go over, too.
        async with asyncio.timeout(PATIENCE):
            while await database.read(newest) == max(before):
                for lane in range(LANES):
                    with_lane = in_lane(str(lane), add, "meanwhile")
                    try:
                        await database.write(with_lane)
                    except Unavailable:
                        break
                await asyncio.sleep(0.05)
        after = {await written(database, lane, "after") for lane in range(LANES)}
        assert len(after) == 1
        assert min(after) > max(before)
        assert "after" not in kinds(primary)
        [(epoch,)] = standby.run("SELECT max(number) FROM epochs")
        assert after == {epoch}
        await database.stop()
