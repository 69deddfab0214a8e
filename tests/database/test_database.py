"""The boundary: group commit, isolation of neighbours, events only after the commit, one server."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, bindparam, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from echosphere.database import Database, Event, Prepared, Snapshot, Transaction, jobs
from echosphere.errors import Conflict, Unavailable

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
    lanes = [database.write_in("lane", add, str(number)) for number in range(300)]
    await asyncio.gather(*lanes)
    assert await database.read(kinds) == [str(number) for number in range(300)]
    assert [event for batch in batches for event in batch] == [f"added {n}" for n in range(300)]
    assert len(batches) < 100


async def test_a_refused_command_does_not_disturb_its_neighbours(database: Database) -> None:
    answers = await asyncio.gather(
        database.write_in("lane", add, "before"),
        database.write_in("lane", refuse),
        database.write_in("lane", add, "after"),
        return_exceptions=True,
    )
    assert answers[0] == answers[2] == 1
    assert isinstance(answers[1], Conflict)
    assert await database.read(kinds) == ["before", "after"]


@pytest.mark.parametrize("harm", [(write_and_fail, "half"), (break_a_rule_of_the_database,)])
async def test_a_command_that_fails_after_it_wrote_harms_nobody(
    database: Database, harm: tuple[object, ...]
) -> None:
    published: list[Event] = []
    database.publish = published.extend
    answers = await asyncio.gather(
        database.write_in("lane", add, "before"),
        database.write_in("lane", *harm),  # type: ignore[arg-type]
        database.write_in("lane", add, "after"),
        return_exceptions=True,
    )
    assert answers[0] == answers[2] == 1
    assert isinstance(answers[1], Exception)
    assert await database.read(kinds) == ["before", "after"]
    assert published == ["added before", "added after"]


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


async def test_a_second_server_on_the_same_file_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'app.db'}"
    first, second = Database(url), Database(url)
    await first.start()
    with pytest.raises(RuntimeError, match="already running"):
        await second.start()
    await first.stop()
    await second.start()
    await second.stop()


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
