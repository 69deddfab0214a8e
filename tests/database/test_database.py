"""The boundary: group commit, isolation of neighbours, events only after the commit, one server."""

import asyncio
import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Barrier
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import Column, Integer, String, Table, bindparam, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from echosphere.core.clock import system_clock
from echosphere.core.errors import Conflict, Unavailable
from echosphere.database import (
    Creation,
    Database,
    Event,
    Prepared,
    Snapshot,
    Transaction,
    as_list,
    dialect_for,
    in_list,
    jobs,
    migrate,
    once,
    writer,
)
from echosphere.database.batch import (
    Batch,
    BatchRolledBackError,
    PendingWrite,
    PersistentConnection,
)
from echosphere.database.probe import write_probe
from echosphere.database.write_state import WriteState
from tests.database.in_lane import InLaneAlone, in_lane

INSERT = Prepared(
    insert(jobs).values(
        kind=bindparam("kind"), payload="{}", run_at=0, attempts=0, created_at=bindparam("at")
    )
)
KINDS = select(jobs.c.kind).order_by(jobs.c.id)


def add(transaction: Transaction, kind: str) -> int:
    count = transaction.run(INSERT, kind=kind, at=transaction.now)
    transaction.announce(f"added {kind}")
    return count


def refuse(transaction: Transaction) -> None:
    raise Conflict("This is refused before anything was written.")


def write_and_fail(transaction: Transaction, kind: str) -> None:
    add(transaction, kind)
    raise ZeroDivisionError


def break_a_rule_of_the_database(transaction: Transaction) -> None:
    transaction.execute(text("INSERT INTO jobs (kind) VALUES ('incomplete')"))


def kinds(snapshot: Snapshot) -> list[str]:
    return list(snapshot.execute(KINDS).scalars())


async def test_what_was_written_is_read_after_the_answer(database: Database) -> None:
    assert await database.write(add, "one") == 1
    assert await database.read(kinds) == ["one"]


async def test_commands_that_wait_share_a_commit_and_keep_their_order(database: Database) -> None:
    batches: list[Sequence[Event]] = []
    database.publish = batches.append
    lanes = [database.write(in_lane("lane", add, str(number))) for number in range(300)]
    await asyncio.gather(*lanes)
    assert await database.read(kinds) == [str(number) for number in range(300)]
    assert [event for batch in batches for event in batch] == [f"added {n}" for n in range(300)]
    assert len(batches) < 100


async def test_a_refused_command_does_not_disturb_its_neighbours(database: Database) -> None:
    answers = await asyncio.gather(
        database.write(in_lane("lane", add, "before")),
        database.write(in_lane("lane", refuse)),
        database.write(in_lane("lane", add, "after")),
        return_exceptions=True,
    )
    assert answers[0] == answers[2] == 1
    assert isinstance(answers[1], Conflict)
    assert await database.read(kinds) == ["before", "after"]


@pytest.mark.parametrize("harm", [(write_and_fail, "half"), (break_a_rule_of_the_database,)])
async def test_a_command_that_fails_after_it_wrote_harms_no_one(
    database: Database, harm: tuple[Any, ...]
) -> None:
    published: list[Event] = []
    database.publish = published.extend
    answers = await asyncio.gather(
        database.write(in_lane("lane", add, "before")),
        database.write(in_lane("lane", *harm)),
        database.write(in_lane("lane", add, "after")),
        return_exceptions=True,
    )
    assert answers[0] == answers[2] == 1
    assert isinstance(answers[1], Exception)
    assert await database.read(kinds) == ["before", "after"]
    assert published == ["added before", "added after"]


async def test_an_empty_commit_does_not_show_that_writing_works(bare_database_url: str) -> None:
    """What was rolled back before was counted for it: a full disk looked well again."""
    dialect, state = dialect_for(bare_database_url), WriteState()
    engine = dialect.writing_engine()
    migrate(engine)
    connection = PersistentConnection(engine)
    batch = Batch(connection, dialect, system_clock, state=state)
    loop = asyncio.get_running_loop()
    writing, harming, looking = [
        PendingWrite(run, loop.create_future())
        for run in (partial(add, kind="one"), partial(write_and_fail, kind="two"), kinds)
    ]
    state.record_refusal("full")
    batch.begin()
    with pytest.raises(BatchRolledBackError):
        batch.run([writing, harming])
    batch.execute([looking])
    assert looking.result == []
    assert state.failing_for() > 0
    batch.execute([writing])
    assert state.failing_for() == 0
    connection.close()
    engine.dispose()


async def test_trying_to_write_leaves_nothing_and_needs_as_much_room_as_a_message(
    database: Database,
) -> None:
    for _ in range(3):
        await database.probe()
    (rows,) = await database.read(_probe_rows)
    assert len(rows.filling) >= 12 * 4096  # pages that a message and its indexes change
    assert rows.id == 1


def _probe_rows(snapshot: Snapshot) -> list[Any]:
    return list(snapshot.execute(select(write_probe)).all())


async def test_events_are_published_after_the_commit_and_before_the_answer(
    database: Database,
) -> None:
    seen: list[str] = []

    def publish(events: Sequence[Event]) -> None:
        seen.extend(map(str, events))

    database.publish = publish
    await database.write(add, "one")
    assert seen == ["added one"]


async def test_a_fault_in_publishing_does_not_hold_the_answer_back(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def publish(events: Sequence[Event]) -> None:
        raise ZeroDivisionError

    database.publish = publish
    assert await database.write(add, "one") == 1
    assert "catch up" in caplog.text


async def test_a_caller_who_gives_up_does_not_undo_the_write(database: Database) -> None:
    waiting = asyncio.ensure_future(database.write(add, "one"))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await database.write(add, "two") == 1
    assert await database.read(kinds) == ["one", "two"]


async def test_a_reader_cannot_write(database: Database) -> None:
    def try_to_write(snapshot: Snapshot) -> None:
        snapshot.execute(text("DELETE FROM jobs"))

    await database.write(add, "one")
    with pytest.raises((Unavailable, DBAPIError)):
        await database.read(try_to_write)
    assert await database.read(kinds) == ["one"]


async def test_a_reader_sees_one_state_from_first_to_last_look(database: Database) -> None:
    await database.write(add, "one")
    loop = asyncio.get_running_loop()

    def look_twice(snapshot: Snapshot) -> tuple[list[str], list[str]]:
        first = kinds(snapshot)
        writing = asyncio.run_coroutine_threadsafe(write_two(), loop)
        writing.result(timeout=10)
        return first, kinds(snapshot)

    async def write_two() -> None:
        await database.write(add, "two")

    assert await database.read(look_twice) == (["one"], ["one"])
    assert await database.read(kinds) == ["one", "two"]


async def test_after_the_stop_calls_are_refused_and_nothing_hangs(database: Database) -> None:
    await database.stop()
    with pytest.raises(Unavailable):
        await database.write(add, "one")
    with pytest.raises(Unavailable):
        await database.read(kinds)


async def test_what_waits_at_the_stop_is_still_written(database: Database) -> None:
    waiting = [database.write(add, str(number)) for number in range(50)]
    await database.stop()
    assert await asyncio.gather(*waiting) == [1] * 50


async def test_a_locked_database_file_answers_unavailable_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.database.dialects.sqlite.BUSY_TIMEOUT", 100)
    path = tmp_path / "app.db"
    database = Database(f"sqlite:///{path}")
    await database.start()
    intruder = sqlite3.connect(path, isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        await database.write(add, "one")
    assert refused.value.retry_after
    intruder.execute("ROLLBACK")
    intruder.close()
    assert await database.write(add, "two") == 1
    assert await database.read(kinds) == ["two"]
    await database.stop()


def test_a_prepared_statement_says_the_same_in_both_dialects() -> None:
    table = Table("things", jobs.metadata.__class__(), Column("id", Integer), Column("n", String))
    prepared = Prepared(select(table.c.id).where(table.c.n == bindparam("n")).limit(bindparam("m")))
    sql, bind = prepared.compiled("sqlite", sqlite.dialect())
    assert "?" in sql
    assert list(bind({"n": "x", "m": 3}))[:2] == ["x", 3]
    other = postgresql.dialect()  # type: ignore[no-untyped-call]
    _, bind = prepared.compiled("postgresql", other)
    assert bind({"n": "x", "m": 3}).items() >= {"n": "x", "m": 3}.items()


async def test_any_number_of_ids_can_be_asked_for_in_one_statement(database: Database) -> None:
    kinds = [f'it\'s "{number}" \\ ünï,☃' for number in range(3_000)]
    chosen = Prepared(select(jobs.c.kind).where(in_list(jobs.c.kind, "kinds")))

    def add_all(transaction: Transaction) -> None:
        for kind in kinds:
            transaction.run(INSERT, kind=kind, at=0)

    def ask(snapshot: Snapshot, *wanted: str) -> set[str]:
        return {kind for (kind,) in snapshot.all(chosen, kinds=as_list(wanted))}

    await database.write(add_all)
    assert await database.read(ask, *kinds[:2_500], *kinds[:3], "none of them") == set(
        kinds[:2_500]
    )
    assert await database.read(ask) == set()


async def test_a_read_that_never_ends_is_ended_and_holds_no_reader(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.database.dialects.postgresql.STATEMENT_TIMEOUT", 100)

    def sleep(snapshot: Snapshot) -> None:
        snapshot.execute(text("SELECT pg_sleep(3600)"))

    database = Database(postgresql_url)
    await database.start()
    ended = await asyncio.gather(*(database.read(sleep) for _ in range(8)), return_exceptions=True)
    assert [type(one) for one in ended] == [Unavailable] * 8
    assert await database.read(kinds) == []
    await database.stop()


FREE = Prepared(select(jobs.c.id).where(jobs.c.kind == bindparam("kind")).with_for_update())
ORDER = "lane 11", "lane 13", "lane 5"
"""As texts in this order."""


async def test_commands_of_several_lanes_are_run_in_the_order_of_the_lanes(
    postgresql_url: str,
) -> None:
    database = Database(postgresql_url)
    database.dialect.writers = 1
    await database.start()
    run: list[str] = []
    held, go = Signal(), Signal()

    def hold(_transaction: Transaction) -> None:
        held.set()
        assert go.wait(10)

    def note(_transaction: Transaction, said: str) -> None:
        run.append(said)

    first = database.write(in_lane(ORDER[0], hold))
    await asyncio.to_thread(held.wait)
    waiting = [
        database.write(in_lane(lane, note, f"{lane} {n}")) for n in (1, 2) for lane in ORDER[::-1]
    ]
    go.set()
    await asyncio.gather(first, *waiting)
    assert run == [f"{lane} {n}" for lane in ORDER for n in (1, 2)]
    await database.stop()


async def test_a_lane_stays_with_its_writer_and_others_pass_one_that_is_held_up(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(postgresql_url)
    await database.start()
    run: list[str] = []
    held, go = Signal(), Signal()

    def hold(_transaction: Transaction) -> None:
        held.set()
        assert go.wait(10)

    def note(_transaction: Transaction, said: str) -> None:
        run.append(said)

    first = database.write(in_lane("one", hold))
    await asyncio.to_thread(held.wait)
    monkeypatch.setattr(writer, "HELD_UP", -1)  # whoever is busy
    behind = database.write(in_lane("one", note, "behind"))
    await database.write(in_lane("other", note, "passed"))
    go.set()
    await asyncio.gather(first, behind)
    assert run == ["passed", "behind"]
    await database.stop()


async def test_writers_that_lock_each_others_rows_do_not_wait_in_a_ring(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "HELD_UP", -1)  # so that each lane has a writer of its own
    database = Database(postgresql_url)
    await database.start()
    both_hold = Barrier(2, timeout=10)
    run: list[str] = []

    def lock(transaction: Transaction, kind: str) -> None:
        run.append(f"own {kind}")
        transaction.lock(FREE, kind=kind)
        both_hold.wait()

    def lock_another(transaction: Transaction, kind: str) -> None:
        run.append(f"other {kind}")
        transaction.lock(FREE, kind=kind)

    one, other = "lane 1", "lane 2"
    await database.write(add, one)
    await database.write(add, other)
    await asyncio.gather(
        database.write(in_lane(one, lock, one)),
        database.write(InLaneAlone(one, lock_another, (other,))),
        database.write(in_lane(other, lock, other)),
        database.write(InLaneAlone(other, once, (Creation("", "locks", None), lock_another, one))),
    )
    assert sorted(run) == ["other lane 1", "other lane 2", "own lane 1", "own lane 2"]
    await database.stop()
