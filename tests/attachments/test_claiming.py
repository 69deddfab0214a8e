"""Files and messages: attached once, in order, and only by their uploader."""

import asyncio

import pytest

from echosphere.attachments import (
    Attachment,
    attachments_in_range,
    attachments_of_messages,
    claim_attachments,
    remove_attachments_of,
)
from echosphere.attachments.attachment import MAX_UNUSED, MAX_UNUSED_BYTES
from echosphere.core.errors import Conflict, Invalid
from echosphere.database import Database, Transaction
from tests.attachments.conftest import put_message, send, stage, upload_as
from tests.database.in_lane import in_lane


def upload(transaction: Transaction, *ids: str) -> None:
    """Enter small files of the member as if they had been uploaded."""
    upload_as(transaction, "member", 1, *ids)


@pytest.fixture
async def staged(database: Database) -> Database:
    """The cast, and four uploads of the member."""
    await database.write(stage)
    await database.write(upload, "a", "b", "c", "d")
    return database


def ids_of(found: dict[int, list[Attachment]]) -> dict[int, list[str]]:
    """Return the ids only."""
    return {seq: [one.id for one in files] for seq, files in found.items()}


async def test_files_come_back_in_the_order_in_which_they_were_sent(staged: Database) -> None:
    await staged.write(send, 1, "c", "a")
    await staged.write(send, 2)
    await staged.write(send, 3, "d", "b")
    found = await staged.read(attachments_in_range, "talk", 1, 3)
    assert ids_of(found) == {1: ["c", "a"], 3: ["d", "b"]}
    assert ids_of(await staged.read(attachments_in_range, "talk", 2, 3)) == {3: ["d", "b"]}
    some = await staged.read(attachments_of_messages, "talk", [1, 2])
    assert ids_of(some) == {1: ["c", "a"]}
    assert await staged.read(attachments_of_messages, "talk", []) == {}
    assert await staged.read(attachments_in_range, "another", 1, 3) == {}


async def test_a_claim_answers_with_the_shapes_of_the_wire(staged: Database) -> None:
    await staged.write(put_message, 1)
    claimed = await staged.write(claim_attachments, "member", ["b", "a"], "talk", 1)
    assert [one.url for one in claimed] == ["/api/v1/attachments/b", "/api/v1/attachments/a"]
    assert {1: claimed} == await staged.read(attachments_in_range, "talk", 1, 1)


async def test_a_list_that_cannot_be_sent_is_refused_as_a_whole(staged: Database) -> None:
    await staged.write(upload, "used")
    await staged.write(send, 1, "used")
    await staged.write(put_message, 2)
    many = [f"x{number}" for number in range(11)]
    for ids in (["unknown"], ["a", "unknown"], ["a", "a"], ["a", "used"], many):
        with pytest.raises(Invalid) as refusal:
            await staged.write(claim_attachments, "member", ids, "talk", 2)
        assert list(refusal.value.fields) == ["attachments"]
        assert await staged.read(attachments_in_range, "talk", 2, 2) == {}
    await staged.write(claim_attachments, "member", ["a"], "talk", 2)  # it is still unused


async def test_no_one_sends_the_files_of_others(staged: Database) -> None:
    await staged.write(put_message, 1, "second")
    with pytest.raises(Invalid) as foreign:
        await staged.write(claim_attachments, "second", ["a"], "talk", 1)
    with pytest.raises(Invalid) as unknown:
        await staged.write(claim_attachments, "second", ["unknown"], "talk", 1)
    assert foreign.value.detail == unknown.value.detail


async def test_a_file_sent_twice_at_once_is_in_one_message(staged: Database) -> None:
    for seq in range(1, 9):
        await staged.write(put_message, seq)
    answers = await asyncio.gather(
        *(
            staged.write(in_lane(str(seq), claim_attachments, "member", ["a"], "talk", seq))
            for seq in range(1, 9)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Invalid) for one in answers) == 7
    found = await staged.read(attachments_in_range, "talk", 1, 8)
    assert list(ids_of(found).values()) == [["a"]]


async def test_a_person_cannot_pile_up_uploads(staged: Database) -> None:
    await staged.write(upload, *(f"more{n}" for n in range(MAX_UNUSED - 4)))
    with pytest.raises(Conflict):
        await staged.write(upload, "one too many")
    await staged.write(upload_as, "second", 1, "another's")
    await staged.write(send, 1, "a")
    await staged.write(upload, "now there is room")


async def test_a_person_cannot_pile_up_bytes(staged: Database) -> None:
    await staged.write(upload_as, "member", MAX_UNUSED_BYTES - 4, "large")
    with pytest.raises(Conflict):
        await staged.write(upload, "one too many")


async def test_removing_a_messages_files_leaves_those_of_others(staged: Database) -> None:
    await staged.write(send, 1, "a", "b")
    await staged.write(send, 2, "c")
    await staged.write(remove_attachments_of, "talk", 1)
    assert ids_of(await staged.read(attachments_in_range, "talk", 1, 2)) == {2: ["c"]}
    with pytest.raises(Invalid):
        await staged.write(claim_attachments, "member", ["a"], "talk", 2)
