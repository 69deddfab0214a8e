"""A message is forwarded: copied as the sender's own, its files shared, its origin not revealed."""

from pathlib import Path

import pytest

from tests.product.changing import Rest, group_of, history, through
from tests.product.conftest import Running
from tests.product.jobs import files_are_removed
from tests.product.people import Person, Refused, new_key

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@both_doors
async def test_a_message_goes_to_several_conversations_with_its_files(
    cast: Cast, door: str
) -> None:
    ada, ben, oscar = cast
    source, target = await ada.talk_to(ben), await ben.talk_to(oscar)
    group = await group_of(ben, oscar)
    file = await ada.upload("plan.txt", b"the plan of it")
    said = await ada.say(source, "@Ben look at this", attachments=[file["id"]])
    assert said["mentions"] == [{"user": ben.id, "text": "Ben"}]
    reader = await oscar.connect()
    keys = {new_key(): target, new_key(): group}
    copies = await (await through(door, ben)).forward(source, said["seq"], **keys)
    assert [(one["key"], one["conversation"]) for one in copies] == list(keys.items())
    for copy in copies:
        assert (copy["body"], copy["author"], copy["forwarded"]) == (said["body"], ben.id, True)
        assert (copy["mentions"], copy["reply_to"], copy["edited_at"]) == ([], None, None)
        event = await reader.next("message", conversation=copy["conversation"], version=copy["seq"])
        assert event["message"] == copy
        assert copy in await history(oscar, copy["conversation"])
        (its,) = copy["attachments"]
        assert (its["name"], its["type"], its["size"]) == (file["name"], file["type"], file["size"])
        assert its["id"] != file["id"]
        bytes_of_it = await oscar.http.get(f"/attachments/{its['id']}")
        assert bytes_of_it.content == b"the plan of it"
    await oscar.get(f"/attachments/{file['id']}", 404)


@both_doors
async def test_a_repeat_copies_nothing_even_when_the_source_is_gone(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    sender, key = await through(door, ben), new_key()
    first = await sender.forward(here, said["seq"], **{key: here})
    assert await sender.forward(here, said["seq"], **{key: here}) == first
    await Rest(ada).delete(here, said["seq"])
    assert await sender.forward(here, said["seq"], **{key: here}) == first
    assert [one["body"] for one in await history(ada, here)] == ["", "Hello"]


@both_doors
async def test_it_needs_access_to_the_source_and_the_right_to_post_in_each_target(
    cast: Cast, door: str
) -> None:
    ada, ben, oscar = cast
    source, target = await ada.talk_to(ben), await ben.talk_to(oscar)
    said = await ada.say(source, "Between us")
    elsewhere = await oscar.say(target, "Hi")
    await oscar.put(f"/blocks/{ben.id}")
    refusals = [
        (oscar, source, said["seq"], {new_key(): target}, "not_found"),
        (ada, source, said["seq"], {new_key(): target}, "not_found"),
        (ada, target, elsewhere["seq"], {new_key(): source}, "not_found"),
        (ben, source, said["seq"], {new_key(): source, new_key(): target}, "forbidden"),
        (ben, source, said["seq"] + 9, {new_key(): source}, "not_found"),
        (ben, source, said["seq"], {new_key(): source, new_key(): source}, "invalid"),
        (ben, source, said["seq"], {}, "invalid"),
        (ben, source, said["seq"], {f"{new_key()}{n}": f"c{n}" for n in range(21)}, "invalid"),
    ]
    for person, place, seq, to, code in refusals:
        with pytest.raises(Refused) as refused:
            await (await through(door, person)).forward(place, seq, **to)
        assert refused.value.code == code
    assert await history(ada, source) == [said]
    assert await history(oscar, target) == [elsewhere]


async def test_shared_bytes_stay_until_the_last_message_that_carries_them_is_deleted(
    cast: Cast, running: Running, tmp_path: Path
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    file = await ada.upload("plan.txt", b"the plan of it")
    said = await ada.say(here, "", attachments=[file["id"]])
    copy = (await Rest(ben).forward(here, said["seq"], **{new_key(): here}))[0]
    again = (await Rest(ada).forward(here, copy["seq"], **{new_key(): here}))[0]
    folder = tmp_path / "data" / "files"
    for gone, left in ((said, copy), (copy, again)):
        await Rest(_author(gone, ada, ben)).delete(here, gone["seq"])
        await files_are_removed(running)
        its = left["attachments"][0]["id"]
        assert (await ada.http.get(f"/attachments/{its}")).content == b"the plan of it"
    await Rest(ada).delete(here, again["seq"])
    await files_are_removed(running)
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def _author(message: dict[str, str], *people: Person) -> Person:
    return next(one for one in people if one.id == message["author"])
