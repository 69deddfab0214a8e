"""On PostgreSQL the posts of a batch are read and written in common, and come out as if each were alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from functools import partial
from threading import Event as Signal
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select

from echosphere.accounts.register import create_user, new_account
from echosphere.contacts.block import ACQUAINTANCE_OF, AcquaintanceOf, BlockUser
from echosphere.contacts.send_request import SendRequestByEmail
from echosphere.conversations import start_direct, start_group
from echosphere.core.errors import Forbidden, NotFound
from echosphere.database import (
    Creation,
    Database,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    dialect_for,
    jobs,
)
from echosphere.database.batch import Batch, PendingWrite, PersistentConnection
from echosphere.messages import MessagePosted, Posted, PostMessage
from echosphere.messages.store import messages
from echosphere.profiles import acquaintance_of, no_directory
from tests.database.in_lane import in_lane
from tests.product.statements import Statements, noted_statements

PAIRS = 6
KNOWN: AcquaintanceOf = partial(acquaintance_of, no_directory)


@pytest.fixture
def statements() -> Iterator[Statements]:
    """The statements that are run, on connections opened from now on."""
    with noted_statements() as noted:
        yield noted


@pytest.fixture
async def database(postgresql_url: str, statements: Statements) -> AsyncIterator[Database]:
    """A PostgreSQL database with one writer, so that what waits is one batch."""
    database = Database(postgresql_url)
    database.dialect.writers = 1
    database.provide(ACQUAINTANCE_OF, KNOWN)
    await database.start()
    yield database
    await database.stop()


async def person(database: Database, name: str) -> str:
    email = f"{name.lower()}@example.org"
    account = new_account(email=email, name=name, password="kestrel-over-fjord", guessable=False)
    return (await database.write(create_user, account, "no hash")).id


async def befriend(database: Database, one: str, other: str, names: Sequence[str]) -> None:
    for sender, name in ((one, names[1]), (other, names[0])):
        email = f"{name.lower()}@example.org"
        await database.write(SendRequestByEmail(Creation(sender, "contacts", None), sender, email))


async def pair(database: Database, number: int = 0) -> tuple[str, str, str]:
    """Return two people and their conversation."""
    names = f"Ada{number}", f"Ben{number}"
    one, other = [await person(database, name) for name in names]
    await befriend(database, one, other, names)
    conversation, _ = await database.write(start_direct, one, other)
    return one, other, conversation


async def together(database: Database, writes: Sequence[Any]) -> list[Any]:
    """Have these commands wait until all are there, and run in one batch."""
    held, go = Signal(), Signal()

    def hold(_transaction: Transaction) -> None:
        held.set()
        assert go.wait(10)

    first = database.write(in_lane("", hold))
    await asyncio.to_thread(held.wait)
    waiting: list[Awaitable[Any]] = [database.write(one) for one in writes]
    go.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


def stored(snapshot: Snapshot, conversation: str) -> list[tuple[int, int, str]]:
    columns = messages.c.seq, messages.c.version, messages.c.body
    found = select(*columns).where(messages.c.conversation_id == conversation)
    return [tuple(row) for row in snapshot.execute(found.order_by(messages.c.seq))]


async def test_many_posts_take_as_many_statements_as_two(
    database: Database, statements: Statements
) -> None:
    pairs = [await pair(database, number) for number in range(PAIRS)]
    counts = []
    for some in (pairs[:2], pairs):
        await statements.settled()
        statements.clear()
        posts = [PostMessage(place, one, f"key {len(some)}", "Hello") for one, _, place in some]
        posted = await together(database, posts)
        assert [type(one) for one in posted] == [Posted] * len(some)
        counts.append(await statements.settled())

    few, many = counts
    assert many == few
    assert sum("messages" in one for one in few) == 2  # the keys, and the rows


async def test_posts_in_one_conversation_follow_each_other(database: Database) -> None:
    one, other, place = await pair(database)
    told: list[Any] = []
    database.publish = told.extend
    posts = [
        PostMessage(place, author, f"key {number}", f"{number}")
        for number in range(4)
        for author in (one, other)
    ]
    posted = await together(database, posts)

    seqs = [found.message.seq for found in posted]
    assert seqs == list(range(seqs[0], seqs[0] + len(posts)))
    assert await database.read(stored, place) == [
        (seq, seq, post.body) for seq, post in zip(seqs, posts, strict=True)
    ]
    assert [event.message.seq for event in told if isinstance(event, MessagePosted)] == seqs
    (after,) = await together(database, [PostMessage(place, one, "later", "Later")])
    assert after.message.seq == seqs[-1] + 1


async def test_a_key_that_is_sent_twice_in_a_batch_posts_once(database: Database) -> None:
    one, other, place = await pair(database)
    first, again, others = await together(
        database,
        [
            PostMessage(place, one, "key", "First"),
            PostMessage(place, one, "key", "Again"),
            PostMessage(place, other, "key", "Another's"),
        ],
    )
    assert (first.new, again.new, others.new) == (True, False, True)
    assert again.message == first.message
    (later,) = await together(database, [PostMessage(place, one, "key", "Later")])
    assert (later.new, later.message) == (False, first.message)
    assert [body for *_, body in await database.read(stored, place)] == ["First", "Another's"]


async def test_refusals_in_a_batch_concern_no_one_else(database: Database) -> None:
    one, other, place = await pair(database)
    stranger, blocked, third = await pair(database, 1)
    await database.write(BlockUser(stranger, blocked))
    posted, refused, unknown, foreign = await together(
        database,
        [
            PostMessage(place, one, "key", "Hello"),
            PostMessage(third, blocked, "key", "Let me"),
            PostMessage("x" * 200, other, "key", "Where?"),
            PostMessage(place, stranger, "key", "Let me in"),
        ],
    )
    assert isinstance(posted, Posted)
    assert isinstance(refused, Forbidden)
    assert isinstance(unknown, NotFound)
    assert isinstance(foreign, NotFound)
    assert [body for *_, body in await database.read(stored, place)] == ["Hello"]
    assert await database.read(stored, third) == []


async def test_what_writes_at_once_is_followed_by_its_neighbours(database: Database) -> None:
    names = "Ada", "Ben"
    ada, ben = [await person(database, name) for name in names]
    await befriend(database, ada, ben, names)
    group = await database.write(start_group, ada, "Bees", [ben])
    mentioning = "Look, @Ben!"  # its rows are written with it
    posted = await together(
        database,
        [
            PostMessage(group, ada, f"key {number}", body)
            for number, body in enumerate(["Before", mentioning, "After", mentioning])
        ],
    )
    seqs = [one.message.seq for one in posted]
    assert seqs == list(range(seqs[0], seqs[0] + 4))
    assert [(seq, body) for seq, _, body in await database.read(stored, group)] == list(
        zip(seqs, ["Before", mentioning, "After", mentioning], strict=True)
    )


async def test_what_no_database_can_hold_fails_alone(database: Database) -> None:
    one, other, place = await pair(database)
    posted, failed, also = await together(
        database,
        [
            PostMessage(place, one, "key", "Hello"),
            PostMessage(place, one, "other\0key", "Refused"),
            PostMessage(place, other, "key", "Hello again"),
        ],
    )
    assert isinstance(posted, Posted)
    assert isinstance(failed, Exception)
    assert isinstance(also, Posted)
    bodies = [body for *_, body in await database.read(stored, place)]
    assert bodies == ["Hello", "Hello again"]


ADD = Prepared(
    insert(jobs).values(
        kind=bindparam("kind"),
        payload=bindparam("payload"),
        run_at=bindparam("at"),
        attempts=bindparam("tries"),
        created_at=bindparam("at"),
    )
)
FIND = Prepared(select(jobs.c.kind, jobs.c.run_at).where(jobs.c.kind == bindparam("kind")))


def add_later(transaction: Transaction, kind: str, at: int, key: object = None) -> None:
    transaction.run_later(ADD, key, kind=kind, payload="{}", at=at, tries=0)


def run_batch(url: str, *uses: Any) -> list[Any]:
    """Run functions in one batch, and return their results or errors."""
    dialect = dialect_for(url)
    connection = PersistentConnection(dialect.writing_engine())
    writes = [PendingWrite(use, None) for use in uses]  # type: ignore[arg-type]
    Batch(connection, dialect, lambda: 7).execute(writes)
    connection.close()
    return [one.error or one.result for one in writes]


def found(transaction: Transaction) -> list[Row]:
    return sorted(transaction.all(FIND, kind="one") + transaction.all(FIND, kind="two"))


def test_a_read_sees_what_is_written_later(postgresql_url: str) -> None:
    results = run_batch(
        postgresql_url,
        lambda transaction: add_later(transaction, "one", 1),
        lambda transaction: add_later(transaction, "two", 2),
        found,
    )
    assert results[2] == [("one", 1), ("two", 2)]


def test_of_several_with_one_key_the_last_is_written(postgresql_url: str) -> None:
    run_batch(
        postgresql_url,
        lambda transaction: add_later(transaction, "one", 1, "key"),
        lambda transaction: add_later(transaction, "one", 2, "key"),
        lambda transaction: add_later(transaction, "two", 3),
        lambda transaction: add_later(transaction, "two", 4),
    )
    assert run_batch(postgresql_url, found) == [[("one", 2), ("two", 3), ("two", 4)]]


def test_what_fails_when_it_is_written_at_last_has_each_run_alone(postgresql_url: str) -> None:
    ok, failed = run_batch(
        postgresql_url,
        lambda transaction: add_later(transaction, "one", 1),
        lambda transaction: add_later(transaction, "x" * 65, 2),  # the column has 64
    )
    assert ok is None
    assert isinstance(failed, Exception)
    assert run_batch(postgresql_url, found) == [[("one", 1)]]
