"""Commands that another process runs: nothing acknowledged is lost, and no one waits forever."""

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import bindparam, func, select

from echosphere.core.clock import system_clock
from echosphere.core.errors import Conflict, Unavailable
from echosphere.core.in_use import InUseError
from echosphere.database import (
    Command,
    CommandServer,
    Created,
    CreateOnce,
    Creation,
    Database,
    FileClaim,
    Prepared,
    RemoteWriter,
    SharedFile,
    Snapshot,
    Transaction,
    remote_writer,
)
from echosphere.database import database as database_module
from echosphere.database.command_messages import Request, encode
from echosphere.database.command_server import Reply
from echosphere.database.epochs import OtherKeysError
from echosphere.database.idempotency import idempotency_keys
from echosphere.database.remote_writer import CommandFailedError, Send

COUNT = Prepared(
    select(func.count())
    .select_from(idempotency_keys)
    .where(idempotency_keys.c.user_id == bindparam("user"))
)


class Make(CreateOnce):
    """Make something of which only its key is stored."""

    def create(self, transaction: Transaction) -> str:
        """Make it."""
        return f"made at {transaction.now > 0}"


class RefuseIt(Command[None]):
    """Refuse."""

    def run(self, _transaction: Transaction) -> None:
        """Refuse."""
        raise Conflict("Not now.", fields={"word": "is taken"}, retry_after=7)


class BreakIt(Command[None]):
    """Fail by a fault of ours."""

    def run(self, _transaction: Transaction) -> None:
        """Fail."""
        raise ZeroDivisionError


class PromiseTextReturnNumber(Command[str]):
    """Return something else than it says."""

    def run(self, _transaction: Transaction) -> str:
        """Return it."""
        return [1]  # type: ignore[return-value]


def made(number: int = 1) -> Make:
    """Return a command that makes something."""
    return Make(Creation("ann", "make", f"key {number}"))


def count(snapshot: Snapshot) -> int:
    """Return how much was made."""
    row = snapshot.first(COUNT, user="ann")
    assert row is not None
    return int(row[0])


class Pair:
    """A process that writes and one that has it write, both here, and what travels between them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.remote = RemoteWriter()
        self.writing = Database(url, shared_file=SharedFile(claim=FileClaim()), keys="keys")
        self.reading = self.other("keys")
        self.server = CommandServer(self.writing.write, self.writing.writing)
        self.commands: list[bytes] = []
        self.answers: list[bytes] = []
        self.send: Send = self._send
        self.reply: Reply = self._reply

    def other(self, keys: str) -> Database:
        """Return another process's database."""
        return Database(self.url, shared_file=SharedFile(self.remote), keys=keys)

    def _send(self, data: bytes) -> None:
        self.commands.append(data)
        asyncio.get_running_loop().call_soon(self.server.receive, data, self.reply)

    def _reply(self, data: bytes) -> None:
        """Answer a moment later."""
        self.answers.append(data)
        asyncio.get_running_loop().call_soon(self.remote.receive, data)


@pytest.fixture
async def pair(sqlite_url: str) -> AsyncIterator[Pair]:
    """Two processes on one file, not yet connected."""
    pair = Pair(sqlite_url)
    await pair.writing.start()
    await pair.reading.start()
    pair.server.start()
    yield pair
    await pair.reading.stop()
    await pair.writing.stop()


async def test_what_was_acknowledged_is_read_here_and_made_once(pair: Pair) -> None:
    pair.remote.connect(pair.send)
    for number in range(20):
        assert await pair.reading.write(made(number)) == Created("made at True", new=True)
        assert await pair.reading.read(count) == number + 1
        assert await pair.reading.write(made(number)) == Created("made at True", new=False)
    assert await pair.reading.read(count) == 20
    assert not pair.reading.writes
    assert pair.writing.writes


async def test_commands_of_one_turn_travel_together_and_so_do_their_answers(pair: Pair) -> None:
    pair.remote.connect(pair.send)
    results = await asyncio.gather(*(pair.reading.write(made(number)) for number in range(50)))
    assert all(result.new for result in results)
    assert len(pair.commands) == 1
    assert len(pair.answers) < 10
    assert pair.reading.queue() == (0, 0.0)


async def test_refusals_arrive_whole_and_faults_harm_no_one_else(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    pair.remote.connect(pair.send)
    commands = (RefuseIt(), made(), BreakIt(), PromiseTextReturnNumber())
    refused, result, broken, wrong = await asyncio.gather(
        *map(pair.reading.write, commands), return_exceptions=True
    )
    assert isinstance(refused, Conflict)
    assert (refused.detail, refused.fields, refused.retry_after) == (
        "Not now.",
        {"word": "is taken"},
        7,
    )
    assert result == Created("made at True", new=True)
    assert isinstance(broken, CommandFailedError)
    assert str(broken) == "ZeroDivisionError"
    assert isinstance(wrong, msgspec.ValidationError)
    [record] = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "BreakIt" in record.getMessage()
    assert record.exc_info is not None


async def test_while_no_one_writes_reading_goes_on_and_commands_wait(pair: Pair) -> None:
    waiting = asyncio.ensure_future(pair.reading.write(made()))
    assert await pair.reading.read(count) == 0
    assert not waiting.done()
    assert pair.reading.queue()[0] == 1
    pair.remote.connect(pair.send)
    assert (await waiting).new


async def test_what_a_process_had_not_answered_when_it_ended_is_repeated_by_the_caller(
    pair: Pair,
) -> None:
    pair.remote.connect(pair.send)
    answers: list[bytes] = []
    reply, pair.reply = pair.reply, answers.append
    lost = asyncio.ensure_future(pair.reading.write(made()))
    while not answers:
        await asyncio.sleep(0.001)
    later = asyncio.ensure_future(pair.reading.write(made(2)))
    pair.remote.disconnect(pair.send)
    with pytest.raises(Unavailable, match="interrupted"):
        await lost
    pair.remote.receive(answers[0])  # too late: no one waits for it
    pair.reply = reply
    pair.remote.connect(partial(pair.send))
    assert (await later).new
    assert await pair.reading.write(made()) == Created("made at True", new=False)


async def test_a_process_that_stops_answers_what_it_has_and_gets_no_more(pair: Pair) -> None:
    pair.remote.connect(pair.send)
    begun = asyncio.ensure_future(pair.reading.write(made()))
    while not pair.commands:
        await asyncio.sleep(0)
    pair.remote.pause(pair.send)
    waiting = asyncio.ensure_future(pair.reading.write(made(2)))
    await pair.server.drain()
    assert (await begun).new
    pair.remote.disconnect(pair.send)
    assert not waiting.done()
    assert len(pair.commands) == 1
    pair.remote.connect(partial(pair.send))
    pair.remote.disconnect(pair.send)  # of the one before; it is late
    assert (await waiting).new


async def test_what_is_not_answered_in_time_fails_and_is_told_to_probes(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[tuple[str, int]] = []
    pair.reading.writing.on_refused = lambda cause, number: refused.append((cause, number))
    with monkeypatch.context() as soon:
        soon.setattr(remote_writer, "DEADLINE", 0.05)
        soon.setattr(remote_writer, "CHECK_INTERVAL", 0.02)
        with pytest.raises(Unavailable, match="not responding"):
            await pair.reading.write(made())
    assert refused == [("silent", 1)]
    assert pair.reading.writing.failing_for() > 0
    assert pair.reading.queue()[0] == 0
    pair.remote.connect(pair.send)
    assert (await pair.reading.write(made())).new
    assert pair.reading.writing.failing_for() == 0


async def test_what_its_caller_gave_up_is_not_written_afterwards(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bytes] = []
    pair.remote.connect(held.append)
    with monkeypatch.context() as soon:
        soon.setattr(remote_writer, "DEADLINE", 0.05)
        soon.setattr(remote_writer, "CHECK_INTERVAL", 0.02)
        with pytest.raises(Unavailable, match="not responding"):
            await pair.reading.write(made())
    for data in held:  # the process that writes goes on
        pair.server.receive(data, pair.reply)
    await pair.server.drain()
    assert b"not responding" in pair.answers[0]
    assert await pair.reading.read(count) == 0


async def test_why_writes_fail_is_known_here_and_counted_there(pair: Pair) -> None:
    pair.remote.connect(pair.send)
    refused: list[tuple[str, int]] = []
    pair.reading.writing.on_refused = lambda cause, number: refused.append((cause, number))
    pair.writing.writing.record_refusal("full", 3)
    with pytest.raises(Conflict):
        await pair.reading.write(RefuseIt())
    assert pair.reading.writing.cause == "full"
    assert pair.reading.writing.failing_for() > 0
    assert refused == [("full", 0)]


async def test_commands_that_come_early_wait_for_the_start(pair: Pair) -> None:
    pair.server = CommandServer(pair.writing.write, pair.writing.writing)
    pair.remote.connect(pair.send)
    early = asyncio.ensure_future(pair.reading.write(made()))
    while not pair.commands:
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    assert not early.done()
    pair.server.start()
    assert (await early).new


async def test_a_command_of_another_version_is_refused(pair: Pair) -> None:
    for command in ({"type": "NobodyKnowsThis"}, {"type": "Make"}):
        request = Request(1, msgspec.Raw(encode(command)))
        answers: list[bytes] = []
        pair.server.receive(encode([request]), answers.append)
        await pair.server.drain()
        assert b"another version" in answers[0]


async def test_a_process_that_has_stopped_refuses_and_one_that_stops_waits_for_its_answers(
    sqlite_url: str,
) -> None:
    pair = Pair(sqlite_url)
    await pair.writing.start()
    await pair.reading.start()
    pair.server.start()
    pair.remote.connect(pair.send)
    begun = asyncio.ensure_future(pair.reading.write(made()))
    await asyncio.sleep(0)
    await pair.reading.stop()
    assert begun.done()
    assert begun.result().new
    with pytest.raises(Unavailable, match="stopping"):
        await pair.reading.write(made())
    await pair.writing.stop()
    answers: list[bytes] = []
    request = Request(1, msgspec.Raw(msgspec.msgpack.encode(made())))
    pair.server.receive(encode([request]), answers.append)
    await pair.server.drain()
    assert b"stopping" in answers[0]


async def test_a_process_with_other_keys_does_not_start(pair: Pair) -> None:
    with pytest.raises(OtherKeysError, match="a different SECRET_KEY"):
        await pair.other("other keys").start()
    with pytest.raises(OtherKeysError, match="a different SECRET_KEY"):
        await Database(pair.url, keys="other keys").require_compatible()


async def test_where_another_process_writes_no_one_migrates_the_tables(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pair.writing.require_compatible(tables=True)
    monkeypatch.setattr(database_module, "is_current", lambda _engine: False)
    await pair.writing.require_compatible()
    with pytest.raises(InUseError, match="runs another version"):
        await pair.writing.require_compatible(tables=True)


async def test_only_the_file_of_a_server_that_crashed_is_examined(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    for was_unclean in (False, True):
        shared = SharedFile(claim=FileClaim(was_unclean))
        database = Database(sqlite_url, system_clock, shared_file=shared)
        examined: list[bool] = []
        monkeypatch.setattr(
            database.dialect,
            "check_after_crash",
            lambda _seconds, examined=examined, database=database: (
                examined.append(database.dialect._was_unclean) or ""
            ),
        )
        await database.start()
        assert examined == [was_unclean]
        assert not path.with_suffix(".running").exists()
        await database.stop()
