"""Fills a database with very many messages, by the tables and statements of the product, without its server."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, select, text, update

CHUNK = 5_000
STEP = 2_000
"""Messages that are indexed in one transaction: no one waits for its end here."""

PATIENCE = 600.0
"""Seconds that a step may take: the machine may be busy."""

BEGIN = 1_700_000_000_000
"""When the first message was posted; each other one a second later."""


class Place:
    """A conversation, those who write in it, and its version, which is its last message's `seq`."""

    def __init__(self, conversation: str, authors: Sequence[str]) -> None:
        self.conversation = conversation
        self.authors = authors
        self.last = 0

    def post(self, body: str, number: int) -> dict[str, Any]:
        """Return the row of the next message."""
        self.last += 1
        return {
            "conversation_id": self.conversation,
            "seq": self.last,
            "version": self.last,
            "author_id": self.authors[self.last % len(self.authors)],
            "key": f"fill-{secrets.token_hex(8)}",
            "body": body,
            "created_at": BEGIN + number * 1_000,
            "files": 0,
        }


def insert(url: str, places: Sequence[Place], texts: Iterable[str]) -> None:
    """Insert a message in each place, in this order, and have the conversations end with them."""
    from echosphere.conversations.store import conversations  # noqa: PLC0415 - the product's tables

    engine = _engine(url)
    rows = (
        place.post(body, number)
        for number, (place, body) in enumerate(zip(places, texts, strict=True))
    )
    with engine.begin() as connection:
        if (
            connection.dialect.name == "postgresql"
        ):  # one that is made of all at once is made sooner
            connection.execute(text("DROP INDEX IF EXISTS search_texts_trigrams"))
        for place in set(places):
            version = select(conversations.c.version).where(
                conversations.c.id == place.conversation
            )
            place.last = connection.execute(version).scalar_one()
        for some in _chunks(rows):
            _insert(connection, some)
        for place in set(places):
            connection.execute(
                update(conversations)
                .where(conversations.c.id == place.conversation)
                .values(version=place.last, last_seq=place.last, changed_at=BEGIN)
            )
    engine.dispose()


async def index(url: str) -> None:
    """Index what was inserted as the product does, in larger steps."""
    from echosphere.core.clock import system_clock  # noqa: PLC0415 - as above
    from echosphere.database import Database, reader, writer  # noqa: PLC0415 - as above
    from echosphere.search import indexer  # noqa: PLC0415 - as above

    reader.DEADLINE = writer.DEADLINE = PATIENCE
    indexer.BATCH = STEP
    indexer.MAX_BATCH_CHARACTERS = STEP * 1_000
    indexer.MAX_READ_SECONDS = 60.0
    database = Database(url, system_clock)
    database.publish = lambda _events: None
    await database.start()
    while await database.read(indexer.has_unindexed_messages):
        await database.write(indexer.IndexBatch())
    await database.stop()
    engine = _engine(url)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(INDEX))
            connection.execute(text("VACUUM ANALYZE"))  # as PostgreSQL does by itself, later
    engine.dispose()


INDEX = (
    "CREATE INDEX IF NOT EXISTS search_texts_trigrams ON search_texts USING gin (text gin_trgm_ops)"
)


def mark_read(url: str, reader: str, unread: int) -> None:
    """Have the reader know all but the last messages of each conversation."""
    engine = _engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE members SET read_seq = (SELECT last_seq FROM conversations"
                " WHERE conversations.id = members.conversation_id) - :unread"
                " WHERE user_id = :reader"
            ),
            {"unread": unread, "reader": reader},
        )
    engine.dispose()


def size_of(url: str, folder: Path) -> int:
    """Return how many bytes the database has."""
    engine = _engine(url)
    if engine.dialect.name == "sqlite":
        return sum(file.stat().st_size for file in folder.glob("app.db*"))
    with engine.connect() as connection:
        return int(
            connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        )


def _insert(connection: Connection, rows: list[dict[str, Any]]) -> None:
    from echosphere.messages.store.posting import INSERT  # noqa: PLC0415 - as above

    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        form = INSERT.for_many(connection.dialect)
        cursor.execute(form.sql, form.parameters(rows))
    else:
        sql, bind = INSERT.compiled("sqlite", connection.dialect)
        cursor.executemany(sql, [bind(row) for row in rows])


def _engine(url: str) -> Engine:
    import echosphere.app  # noqa: F401, PLC0415 - so that the tables of all features are known

    return create_engine(url.replace("postgresql://", "postgresql+psycopg://"))


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, CHUNK)):
        yield some
