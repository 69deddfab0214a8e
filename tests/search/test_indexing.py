"""The index: nothing is lost between commit and indexing, and nothing stays of what was removed."""

import asyncio
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text

from echosphere.database import Database, Transaction, dialect_for
from echosphere.database.schema_migration import MIGRATIONS, migrate
from echosphere.search import Indexer, store
from echosphere.search.indexer import IndexBatch
from echosphere.search.query import parse_query
from echosphere.search.search import SearchRequest, search
from tests.conftest import new_database
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import Person

SOMEBODY, SOMEWHERE = "somebody", "somewhere"
PERSON = (
    "INSERT INTO users (id, name, about, role, settings, created_at)"
    f" VALUES ('{SOMEBODY}', 'Ada', '', 'member', '{{}}', 0)"
)
CONVERSATION = (
    "INSERT INTO conversations (id, kind, title, version, members_version, last_seq, created_at,"
    f" changed_at) VALUES ('{SOMEWHERE}', 'group', 'Old', 3, 1, 3, 0, 0)"
)
MEMBER = (
    'INSERT INTO members (conversation_id, user_id, role, "left", version, joined_seq, read_seq,'
    " delivered_seq, muted, pinned, archived)"
    f" VALUES ('{SOMEWHERE}', '{SOMEBODY}', 'owner', false, 1, 0, 0, 0, false, false, false)"
)
ROWS = (PERSON, CONVERSATION, MEMBER)
MESSAGE = (
    "INSERT INTO messages (conversation_id, seq, version, author_id, key, body, created_at,"
    " deleted, files) VALUES ('{conversation}', {seq}, {seq}, '{author}', 'key-{key}', '{body}',"
    " 0, false, 0)"
)


def upgrade_to(url: str, revision: str) -> None:
    """Make the tables of an earlier version."""
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = dialect_for(url).writing_engine()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        import_module("alembic.command").upgrade(config, revision)
    engine.dispose()


async def found(database: Database, typed: str) -> list[str]:
    """Return the bodies of what someone finds."""
    asked = SearchRequest(parse_query(typed), None, None, 20, None)
    page = await database.read(search, SOMEBODY, asked)
    return [hit.message.body for hit in page.hits]


async def test_what_was_there_before_the_upgrade_is_found_at_once_and_indexed(
    bare_database_url: str,
) -> None:
    upgrade_to(bare_database_url, "0002")
    engine = dialect_for(bare_database_url).writing_engine()
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
        for seq, body in ((2, "ancient wisdom"), (3, "later folly")):
            row = MESSAGE.format(
                conversation=SOMEWHERE, seq=seq, author=SOMEBODY, key=f"{seq:08}", body=body
            )
            connection.execute(text(row))
    migrate(engine)
    engine.dispose()
    database = Database(bare_database_url)
    await database.start()
    assert await found(database, "wisdom") == ["ancient wisdom"]
    await Indexer(database, gather=0.01).catch_up()
    assert (await database.read(store.load_progress)).done == 2
    assert await found(database, "wisdom") == ["ancient wisdom"]
    assert await found(database, "ol") == ["later folly"]
    await database.stop()


@pytest.fixture
def unprivileged_url(postgresql_server: str) -> Iterator[str]:
    """A database in which the role may make tables and no extensions."""
    role, password = f"echosphere_{secrets.token_hex(4)}", secrets.token_hex(8)
    with new_database(postgresql_server) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
            connection.execute(f"GRANT ALL ON SCHEMA public TO {role}")
        with_rate_limit = make_url(url).set(username=role, password=password)
        yield with_rate_limit.render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")


async def test_a_role_that_may_not_add_the_extension_searches_without_it(
    unprivileged_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    engine = dialect_for(unprivileged_url).writing_engine()
    assert migrate(engine) is True
    with engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
        row = MESSAGE.format(
            conversation=SOMEWHERE, seq=2, author=SOMEBODY, key="00000001", body="no index here"
        )
        connection.execute(text(row))
    engine.dispose()
    assert "Search goes without an index" in caplog.text
    database = Database(unprivileged_url)
    await database.start()
    await Indexer(database, gather=0.01).catch_up()
    assert await found(database, "index") == ["no index here"]
    await database.stop()


async def test_a_message_committed_after_later_ones_is_not_passed_over(
    postgresql_url: str,
) -> None:
    database = Database(postgresql_url)
    await database.start()
    with psycopg.connect(postgresql_url) as setting:
        for row in ROWS:
            setting.execute(row.encode())
        other = CONVERSATION.replace(SOMEWHERE, "elsewhere")
        setting.execute(other.encode())
        setting.execute(MEMBER.replace(SOMEWHERE, "elsewhere").encode())
    slow = psycopg.connect(postgresql_url)
    slow.execute("UPDATE conversations SET version = 2 WHERE id = 'elsewhere'")
    late = {"conversation": "elsewhere", "seq": 2, "author": SOMEBODY, "key": "00000001"}
    slow.execute(MESSAGE.format(**late, body="began first").encode())
    with psycopg.connect(postgresql_url) as quick:
        soon = late | {"conversation": SOMEWHERE, "key": "00000002"}
        quick.execute(MESSAGE.format(**soon, body="ended first").encode())
    for _ in range(3):
        await database.write(IndexBatch())
    assert await found(database, "first") == ["ended first"]
    slow.commit()
    slow.close()
    assert await found(database, "first") == ["ended first", "began first"]
    await Indexer(database, gather=0.01).catch_up()
    assert await found(database, "first") == ["ended first", "began first"]
    with psycopg.connect(postgresql_url) as looking:
        texts = looking.execute("SELECT text FROM search_texts ORDER BY id").fetchall()
    assert texts == [("began first",), ("ended first",)]
    await database.stop()


@on_one_database
async def test_a_purge_leaves_nothing_of_deleted_words_in_the_file(
    running: Running, cast: tuple[Person, Person, Person], database_url: str
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    path, indexer = f"/conversations/{conversation}/messages", running.application.indexer
    await ada.say(conversation, "what stays in the index")
    deleted = await ada.say(conversation, "QZXVWKJ goes")
    edited = await ada.say(conversation, "YQZWXKV changes")
    await indexer.catch_up()
    assert {"qzx", "xvw", "yqz", "tay"} <= terms_in(database_url)
    await ada.delete(f"{path}/{deleted['seq']}", 200)
    await ada.patch(f"{path}/{edited['seq']}", {"body": "has changed"})
    await indexer.purge()
    left = terms_in(database_url)
    assert {"tay", "nge"} <= left
    assert not {term for term in left if "q" in term or "z" in term}
    progress = await running.application.database.read(store.load_progress)
    assert progress.purged == progress.removed > 0


@on_one_database
async def test_purges_at_the_same_time_count_nothing_twice(
    running: Running, cast: tuple[Person, Person, Person]
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    path, database = f"/conversations/{conversation}/messages", running.application.database
    indexers = [running.application.indexer, Indexer(database), Indexer(database)]
    said = [await ada.say(conversation, f"soon gone {number}") for number in range(12)]
    await indexers[0].catch_up()

    async def delete(messages: list[dict[str, Any]]) -> None:
        for message in messages:
            await ada.delete(f"{path}/{message['seq']}", 200)

    await delete(said[:6])
    await asyncio.gather(*(one.purge() for one in indexers), delete(said[6:]))
    await asyncio.gather(*(one.purge() for one in indexers))
    progress = await database.read(store.load_progress)
    assert (progress.removed, progress.purged) == (12, 12)


def terms_in(url: str) -> set[str]:
    """Return the trigrams that the index holds, and check that it belongs to the texts."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("INSERT INTO search_index(search_index) VALUES ('integrity-check')")
        connection.execute(
            "CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, search_index, row)"
        )
        return {row[0] for row in connection.execute("SELECT term FROM temp.held")}


async def test_the_background_work_indexes_what_is_posted(
    running: Running, cast: tuple[Person, Person, Person]
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    await ada.say(conversation, "soon in the index")
    database = running.application.database
    while (await database.read(store.load_progress)).done < await database.read(
        store.last_message_id
    ):
        await ada.get("/contacts")
    assert (await ben.get("/search", q="soon"))["results"][0]["highlights"] == [[0, 4]]


async def test_long_messages_are_indexed_a_few_at_a_time(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("echosphere.search.indexer.MAX_BATCH_CHARACTERS", 25)
    database = Database(database_url)
    await database.start()

    def fill(transaction: Transaction) -> None:
        for row in ROWS:
            transaction.execute(text(row))
        for seq in range(1, 6):
            who = {"conversation": SOMEWHERE, "author": SOMEBODY, "key": f"0000000{seq}"}
            words = MESSAGE.format(seq=seq, body=f"a text no {seq}", **who)
            transaction.execute(text(words))

    await database.write(fill)
    last = await database.read(store.last_message_id)
    left = [5]
    while left[-1] > 0:
        await database.write(IndexBatch())
        left.append(min(5, last - (await database.read(store.load_progress)).done))
    assert list(dict.fromkeys(left)) == [5, 2, 0]
    assert await found(database, "a text") == [f"a text no {seq}" for seq in range(5, 0, -1)]
    await database.stop()
