"""A thousand unread messages and more: the count stops there, and costs no more from there on."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import insert, update
from sqlalchemy.dialects import sqlite

from echosphere.conversations.store import conversations
from echosphere.database import Transaction
from echosphere.memberships.inbox.entry import MAX_COUNTED
from echosphere.memberships.store.inbox import ENTRY
from echosphere.messages.store import messages
from tests.product.conftest import Running
from tests.product.people import Person

Cast = tuple[Person, Person, Person]


def said_often(author: str, conversation: str, times: int) -> Callable[[Transaction], None]:
    """Return what enters many messages to everyone at once."""

    def enter(transaction: Transaction) -> None:
        rows = [
            {
                "conversation_id": conversation,
                "seq": seq,
                "version": seq,
                "author_id": author,
                "key": f"key-{seq:08}",
                "body": "@all",
                "created_at": transaction.now,
                "deleted": False,
                "files": 0,
                "mentions": '[{"user":null,"text":"all"}]',
                "mentions_all": True,
            }
            for seq in range(2, times + 2)
        ]
        transaction.execute(insert(messages).values(rows))
        here = conversations.c.id == conversation
        last = {"version": times + 1, "last_seq": times + 1}
        transaction.execute(update(conversations).where(here).values(last))

    return enter


@pytest.mark.parametrize(
    ("times", "counted"), [(MAX_COUNTED - 1, MAX_COUNTED - 1), (MAX_COUNTED + 3, MAX_COUNTED)]
)
async def test_the_count_stops_at_a_number_and_is_exact_below_it(
    cast: Cast, running: Running, times: int, counted: int
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    await running.application.database.write(said_often(ada.id, here, times))
    [shown] = (await ben.get("/conversations"))["conversations"]
    assert (shown["unread"], shown["mentions"]) == (counted, counted)
    own = await ben.connect()
    await own.call("read", {"conversation": here, "seq": times - 4})
    told = await own.next("own")
    assert (told["unread"], told["mentions"]) == (5, 5)


def test_what_names_a_person_is_found_without_a_look_at_the_rest(sqlite_url: str) -> None:
    sql, bind = ENTRY.compiled("sqlite", sqlite.dialect())
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        given = bind({"viewer": "ada", "conversation": "here"})
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
    by_range = [step for step in plan if "messages USING" in step and "seq>?" in step]
    calling_all, *others = sorted(by_range)
    assert "ix_messages_for_everybody" in calling_all
    # The count of the unread is bounded by the number at which it stops; the last message that was
    # cleared, and whether anything was written since, by the first that is found.
    assert ["autoindex" in step for step in others] == [True, True, True]
    assert any("ix_mentions_user_id_conversation_id_seq" in step for step in plan)
