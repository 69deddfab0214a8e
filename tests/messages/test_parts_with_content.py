"""Content that parts keep in the message: what comes from the text, what is sent, and its bounds."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
from sqlalchemy import text

from echosphere.database import Prepared
from echosphere.database.dialects import dialect_for
from echosphere.messages import Message
from echosphere.messages.parts.part import Part
from echosphere.messages.store.posting import (
    INSERT,
    INSERT_AUTOMATED,
    INSERT_FULL,
    INSERT_PARTS,
    INSERT_REPLY,
)
from tests.changed_copy import add_part, copied_to
from tests.product.people import people_on
from tests.served import Served

COUNT = '''
"""Count: how many words a message has."""

import msgspec

from echosphere.conversations import Access
from echosphere.database import Snapshot
from echosphere.messages.message import Message
from echosphere.messages.parts.part import Part


class Words(msgspec.Struct, frozen=True):
    count: int


class Count(Part):
    name = "count"
    content = Words
    follows_text = True

    def read_text(self, snapshot: Snapshot, access: Access, message: Message) -> Message:
        count = len(message.body.split())
        return self.with_content(message, Words(count) if count > 1 else None)
'''
NOTE = '''
"""Note: a remark of any length, which a forwarded copy has not."""

from echosphere.messages.parts.part import Part
from echosphere.wire import Request


class Remark(Request, frozen=True):
    remark: str


class Note(Part):
    name = "note"
    content = sent = Remark
'''
REMARK = {"remark": "for us alone"}
NO_PARTS = Message("room", 1, 1, "ada", "key", "Hello", 0)


@pytest.fixture
def with_parts(tmp_path: Path, database_url: str) -> Iterator[str]:
    """The address of a server whose messages have two more parts."""
    copy = copied_to(tmp_path)
    add_part(copy, "count", COUNT)
    add_part(copy, "note", NOTE)
    (tmp_path / "data").mkdir()
    served = Served(tmp_path / "data", ECHOSPHERE_REGISTRATION="open")
    yield served.start(PYTHONPATH=str(copy.parent), ECHOSPHERE_DATABASE_URL=database_url)
    served.stop()


def rows_with_parts(database_url: str) -> int:
    """Return how many messages have something in the column."""
    engine = dialect_for(database_url).writing_engine()
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM messages WHERE parts IS NOT NULL"))
        found = int(count.scalar_one())
    engine.dispose()
    return found


async def test_an_edit_empties_what_follows_from_the_text_and_leaves_the_rest(
    with_parts: str, database_url: str
) -> None:
    async with people_on(with_parts, "Ada Example", "Ben Example", "Cleo Example") as people:
        ada, ben, cleo = people
        conversation, other = await ada.talk_to(ben), await ada.talk_to(cleo)
        sent = await ada.say(conversation, "Two words", parts={"note": REMARK})
        assert sent["parts"] == {"note": REMARK, "count": {"count": 2}}

        path = f"/conversations/{conversation}/messages/{sent['seq']}"
        edited = (await ada.patch(path, {"body": "One"}))["message"]
        assert edited["parts"] == {"note": REMARK}
        again = (await ada.patch(path, {"body": "Now three words"}))["message"]
        assert again["parts"] == {"note": REMARK, "count": {"count": 3}}

        target = {"to": [{"conversation": other, "key": "copy-0001"}]}
        copy = (await ada.post(f"{path}/forward", target))["messages"][0]
        assert "parts" not in copy

        assert rows_with_parts(database_url) == 1
        await ada.delete(path, 200)
        assert rows_with_parts(database_url) == 0


async def test_the_parts_of_a_message_are_as_long_as_a_text_at_most(with_parts: str) -> None:
    async with people_on(with_parts, "Ada Example", "Ben Example") as (ada, ben):
        conversation = await ada.talk_to(ben)
        path = f"/conversations/{conversation}/messages"
        room = 10_000 - len('{"note":{"remark":""}}')
        await ada.say(conversation, "Fits", parts={"note": {"remark": "x" * room}})
        long = {"note": {"remark": "x" * (room + 1)}}
        given = {"key": "too-long-0001", "body": "Does not fit", "parts": long}
        refused = await ada.post(path, given, 400)
        assert refused["fields"] == {"parts": "must have at most 10000 characters"}
        nul = {"key": "with-nul-0001", "body": "Hello", "parts": {"note": {"remark": "\0"}}}
        await ada.post(path, nul, 400)
        ours = {"key": "count-000001", "body": "Hello", "parts": {"count": {"count": 9}}}
        refused = await ada.post(path, ours, 400)
        assert refused["fields"] == {"parts.count": "is unknown"}


@pytest.mark.parametrize("statement", [INSERT, INSERT_REPLY, INSERT_FULL, INSERT_AUTOMATED])
def test_a_message_without_parts_is_inserted_without_their_column(statement: Prepared) -> None:
    assert "parts" not in str(statement.statement)
    assert "parts" in str(INSERT_PARTS.statement)


def test_content_goes_into_a_message_and_out_again() -> None:
    class Colour(msgspec.Struct, frozen=True):
        name: str

    class Tint(Part):
        name = "tint"
        content: ClassVar = Colour

    tint, red = Tint(), Colour("red")
    assert tint.content_of(NO_PARTS) is None
    message = tint.with_content(NO_PARTS, red)
    assert (tint.content_of(message), message.parts) == (red, '{"tint":{"name":"red"}}')
    assert tint.content_of(tint.with_content(message, Colour("blue"))) == Colour("blue")
    assert tint.with_content(message, None) == NO_PARTS
