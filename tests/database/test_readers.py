"""Reading: where queries run, whom they block, and what happens when a connection is lost."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from echosphere.core.errors import NotFound
from echosphere.database import Database, Snapshot, Transaction, run_on_loop
from echosphere.database.reader import Reader

LOOP = threading.main_thread().name


@run_on_loop
def where_quick(_snapshot: Snapshot) -> str:
    return threading.current_thread().name


def where(_snapshot: Snapshot) -> str:
    return threading.current_thread().name


async def started(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'app.db'}")
    await database.start()
    return database


async def test_only_quick_queries_run_on_the_loop_and_only_where_the_database_is_a_file(
    database: Database,
) -> None:
    assert (await database.read(where)).startswith("reader")
    ran = await database.read(where_quick)
    assert ran == LOOP if database.dialect.single_process else ran.startswith("reader")


async def test_what_a_query_refuses_comes_to_its_caller_and_the_reader_goes_on(
    database: Database,
) -> None:
    @run_on_loop
    def refuse_quickly(snapshot: Snapshot) -> None:
        snapshot.execute(text("SELECT 1"))
        raise NotFound("Not found.")

    def refuse(snapshot: Snapshot) -> None:
        refuse_quickly(snapshot)

    for query in (refuse, refuse_quickly):
        for _ in range(9):  # more than there are readers
            with pytest.raises(NotFound):
                await database.read(query)
    assert await database.read(where_quick)
    assert await database.read(where)


async def test_a_quick_query_sees_what_was_committed_before_it(database: Database) -> None:
    @run_on_loop
    def count(snapshot: Snapshot) -> int:
        return int(snapshot.execute(text("SELECT count(*) FROM jobs")).scalar_one())

    def add(transaction: Transaction) -> None:
        transaction.enqueue("nothing", {})

    for number in range(1, 4):
        await database.write(add)
        assert await database.read(count) == number


async def test_after_a_query_that_was_not_quick_the_threads_read_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.database.reader.SLOW_QUERY", 0.0)
    database = await started(tmp_path)
    assert await database.read(where_quick) == LOOP
    assert (await database.read(where_quick)).startswith("reader")
    await database.stop()


async def test_many_quick_queries_let_the_loop_do_other_things_in_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.database.reader.MAX_ON_LOOP", 1e-9)
    database = await started(tmp_path)
    done: list[str] = []
    loop = asyncio.get_running_loop()

    @run_on_loop
    def note(_snapshot: Snapshot, number: int) -> None:
        done.append(str(number))
        loop.call_soon(done.append, "something else")

    await asyncio.gather(*(database.read(note, number) for number in range(3)))
    await asyncio.sleep(0)
    assert done == ["0", "something else", "1", "something else", "2", "something else"]
    await database.stop()


async def test_what_no_one_waits_for_any_more_is_not_read(tmp_path: Path) -> None:
    database = await started(tmp_path)
    done: list[int] = []

    @run_on_loop
    def note(_snapshot: Snapshot, number: int) -> None:
        done.append(number)

    given_up = asyncio.ensure_future(database.read(note, 1))
    given_up.cancel()
    await database.read(note, 2)
    assert done == [2]
    await database.stop()


async def test_what_is_being_read_at_the_stop_is_still_answered(tmp_path: Path) -> None:
    database = await started(tmp_path)
    waiting = [database.read(where_quick), database.read(where)]
    await database.stop()
    assert len(await asyncio.gather(*waiting)) == 2


async def test_a_reader_whose_connection_was_lost_connects_again_by_itself(
    postgresql_url: str,
) -> None:
    database = Database(postgresql_url)
    await database.start()

    def look(snapshot: Snapshot) -> int:
        return int(snapshot.execute(text("SELECT pg_backend_pid()")).scalar_one())

    def hang_up(transaction: Transaction) -> None:
        transaction.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    before = {await database.read(look) for _ in range(8)}
    await database.write(hang_up)
    after = {await database.read(look) for _ in range(8)}
    assert not before & after
    await database.stop()


async def test_a_view_that_cannot_be_ended_keeps_no_reader_from_its_next_query(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without memory even a rollback may fail: the connection must not be used further."""

    def out_of_memory(_snapshot: Snapshot) -> None:
        raise MemoryError

    def cannot_end(_reader: Reader) -> None:
        raise MemoryError

    for query in (out_of_memory, where):
        with monkeypatch.context() as broken:
            broken.setattr(Reader, "_end_snapshot", cannot_end)
            for _ in range(9):  # more than there are readers
                with pytest.raises(MemoryError):
                    await database.read(query)
    for _ in range(9):
        assert await database.read(where)
