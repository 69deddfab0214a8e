"""No cursor passes what a slower transaction commits late, on PostgreSQL with several writers."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from echosphere.accounts import create_bot_user
from echosphere.accounts.register import create_user, new_account
from echosphere.api_keys import SECRETS, KeySecrets, add_key
from echosphere.bots.bot import ALL_SCOPES
from echosphere.bots.event import Position, StoredEvent
from echosphere.bots.hear import BotsHeard
from echosphere.bots.listen import Listeners
from echosphere.bots.store import append_event, current_position, events_after
from echosphere.conversations import start_group
from echosphere.core.caller import Caller
from echosphere.core.clock import system_clock
from echosphere.database import Database, Snapshot, Transaction, dialect_for


class World:
    """A bot, a conversation, and two connections that write at the same time."""

    def __init__(self, database: Database, one: Connection, two: Connection) -> None:
        self.database, self.one, self.two = database, one, two
        self.bot = self.conversation = ""

    async def make(self) -> None:
        """Make the bot and the conversation."""

        def make(transaction: Transaction) -> tuple[str, str]:
            given = {"email": "ada@example.org", "name": "Ada", "password": "kestrel-over-fjord"}
            ada = create_user(transaction, new_account(**given, guessable=False), "no hash")
            bot = create_bot_user(transaction, ada.id, "Echo", "")
            return bot, start_group(transaction, ada.id, "Garden", [])

        self.bot, self.conversation = await self.database.write(make)

    async def caller(self) -> Caller:
        """Return the bot's program, with a key."""
        self.database.provide(SECRETS, KeySecrets("a secret"))

        def make(transaction: Transaction) -> str:
            return add_key(transaction, self.bot, "Program", ALL_SCOPES, None)

        key = await self.database.write(make)
        return Caller(self.bot, key, is_bot=True)

    def note(self, connection: Connection, seq: int) -> None:
        """Add an event in the transaction that a connection has open."""
        event = StoredEvent(
            0, 0, self.bot, self.conversation, "message.posted", 1, seq, None, None, 0
        )
        append_event(Transaction(connection, system_clock()), event)

    async def position(self) -> Position:
        """Return where a bot begins that listens from now on."""
        return await self.database.read(current_position)

    async def after(self, position: Position) -> tuple[list[int | None], Position]:
        """Return the messages after a place, and the place behind them."""

        def read(snapshot: Snapshot) -> list[StoredEvent]:
            return events_after(snapshot, self.bot, position, 50)

        found = await self.database.read(read)
        last = Position(found[-1].txid, found[-1].number) if found else position
        return [one.seq for one in found], last

    async def until(self, position: Position, count: int) -> tuple[list[int | None], Position]:
        """Return so many messages after a place: other databases' transactions may run before them."""
        async with asyncio.timeout(60):
            while True:
                found, last = await self.after(position)
                if len(found) >= count:
                    return found, last
                await asyncio.sleep(0.05)


@pytest.fixture
async def world(postgresql_url: str) -> AsyncIterator[World]:
    """Two writers on one database."""
    database = Database(postgresql_url)
    await database.start()
    engine = dialect_for(postgresql_url).writing_engine()
    with engine.connect() as one, engine.connect() as two:
        made = World(database, one, two)
        await made.make()
        yield made
    await database.stop()
    engine.dispose()


async def test_what_began_earlier_and_commits_later_is_not_skipped(world: World) -> None:
    place = await world.position()
    slow, quick = world.one.begin(), world.two.begin()
    world.note(world.one, 1)
    world.note(world.two, 2)
    quick.commit()
    found, place = await world.after(place)
    assert found == []  # the first may still come, and would be before it
    slow.commit()
    found, place = await world.until(place, 2)
    assert found == [1, 2]
    assert (await world.after(place))[0] == []


async def test_a_lower_number_in_a_later_transaction_is_not_skipped(world: World) -> None:
    place = await world.position()
    early = world.one.begin()
    world.note(world.one, 1)
    late = world.two.begin()
    world.note(world.two, 2)
    world.note(world.one, 3)  # in the earlier transaction, with a higher number
    early.commit()
    found, place = await world.until(place, 2)
    assert found == [1, 3]
    late.commit()
    found, place = await world.until(place, 1)
    assert found == [2]


async def test_who_begins_while_another_writes_hears_of_it_once(world: World) -> None:
    slow = world.one.begin()
    world.note(world.one, 1)
    place = await world.position()
    quick = world.two.begin()
    world.note(world.two, 2)
    quick.commit()
    slow.commit()
    found, place = await world.until(place, 2)
    assert found == [1, 2]
    again = world.one.begin()
    world.note(world.one, 3)
    again.commit()
    assert (await world.until(place, 1))[0] == [3]


async def test_each_is_read_once_in_order_wherever_one_stops(world: World) -> None:
    place = await world.position()
    for seq in (1, 2, 3):
        with world.one.begin():
            world.note(world.one, seq)
    await world.until(place, 3)
    read: list[int | None] = []
    for _ in range(3):

        def first(snapshot: Snapshot, after: Position = place) -> StoredEvent:
            return events_after(snapshot, world.bot, after, 1)[0]

        event = await world.database.read(first)
        read.append(event.seq)
        place = Position(event.txid, event.number)
    assert read == [1, 2, 3]


@pytest.mark.parametrize("woken", [False, True])
async def test_a_poll_is_answered_as_soon_as_what_was_there_before_it_is_settled(
    world: World, monkeypatch: pytest.MonkeyPatch, woken: bool
) -> None:
    monkeypatch.setattr("echosphere.bots.listen.RECHECK", 1_000.0)
    monkeypatch.setattr("echosphere.bots.listen.SETTLE_LOOKS", 1_000)
    listeners, caller = Listeners(world.database), await world.caller()
    begin = (await listeners.read(caller, None)).cursor
    slow, quick = world.one.begin(), world.two.begin()
    world.note(world.one, 1)
    left = StoredEvent(
        0, 0, world.bot, world.conversation, "member.left", 1, None, world.bot, None, 0
    )
    append_event(Transaction(world.two, system_clock()), left)
    quick.commit()
    assert (await listeners.read(caller, begin)).events == []
    poll = asyncio.create_task(listeners.next_events(caller, begin, frozenset(), 1_000))
    await asyncio.sleep(0.2)
    if woken:
        listeners.wake(BotsHeard((world.bot,)))
    slow.rollback()
    async with asyncio.timeout(30):
        page = await poll
    assert [one.event.type for one in page.events] == ["member.left"]
