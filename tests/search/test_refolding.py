"""Texts indexed by older rules: found immediately, and re-indexed while serving."""

import pytest
from sqlalchemy import text

from echosphere.database import Database
from echosphere.search import Indexer, indexer, store
from echosphere.search.folding import FOLDING_VERSION
from echosphere.search.indexer import IndexBatch
from tests.search.test_indexing import (
    CONVERSATION,
    MEMBER,
    MESSAGE,
    PERSON,
    SOMEBODY,
    SOMEWHERE,
    found,
)

BODIES = ["the harbour of Łódź", "don\u2019t **ask** me", "nothing", "later: œuvre"]
QUESTIONS = {"lodz": BODIES[0], "don't ask": BODIES[1], "oeuvre": BODIES[3], "noth": BODIES[2]}


async def indexed_long_ago(url: str) -> Database:
    """Return a database whose messages an earlier version has indexed."""
    database = Database(url)
    await database.start()
    rows = [
        MESSAGE.format(
            conversation=SOMEWHERE,
            seq=seq,
            author=SOMEBODY,
            key=f"{seq:08}",
            body=body,
        )
        for seq, body in enumerate(BODIES, 1)
    ]

    def write(transaction) -> None:  # type: ignore[no-untyped-def]
        for row in (PERSON, CONVERSATION, MEMBER, *rows):
            transaction.execute(text(row))
        ids = transaction.execute(text("SELECT id, body FROM messages ORDER BY id")).all()
        store.lock_progress(transaction)
        store.add_texts(transaction, [(number, body.lower()) for number, body in ids])
        reached = store.Progress(done=ids[-1][0], safe=ids[-1][0], seen=ids[-1][0])
        store.set_progress(transaction, reached)

    await database.write(write)
    return database


async def everything_is_found(database: Database) -> None:
    for typed, body in QUESTIONS.items():
        assert await found(database, typed) == [body], typed


async def test_what_was_folded_by_other_rules_is_found_before_during_and_after(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "BATCH", 1)
    database = await indexed_long_ago(database_url)
    await everything_is_found(database)
    for _ in range(2):
        assert await database.write(IndexBatch())
        await everything_is_found(database)
    half = await database.read(store.load_progress)
    assert half.folding == FOLDING_VERSION
    assert 0 < half.done < await database.read(store.last_message_id)
    await database.stop()

    again = Database(database_url)  # it was stopped half-way
    await again.start()
    await everything_is_found(again)
    await Indexer(again, gather=0).catch_up()
    reached = await again.read(store.load_progress)
    assert reached.done == await again.read(store.last_message_id)
    await everything_is_found(again)
    assert await again.read(lambda snapshot: store.find_text(snapshot, SOMEWHERE, 1)) == (
        reached.done - 3,
        "the harbour of lodz",
    )
    await again.stop()
