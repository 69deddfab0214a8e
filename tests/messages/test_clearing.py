"""Someone clears a conversation, or deletes it, for themselves; the others keep all of it."""

from typing import Any

import pytest

from echosphere.messages.limits import UNDO_WINDOW
from tests.product.changing import Rest, group_of, history, through
from tests.product.conftest import Running
from tests.product.people import Person, Refused

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@pytest.fixture(autouse=True)
def passed(running: Running) -> list[int]:
    """How many milliseconds the server's clock is ahead."""
    passed = [0]
    clock = running.application.database.clock
    running.application.database.clock = lambda: clock() + passed[0]
    return passed


async def _listed(person: Person, conversation: str) -> Any:
    listed = (await person.get("/conversations"))["conversations"]
    return next(one for one in listed if one["id"] == conversation)


def _cleared(of: Any) -> tuple[Any, ...]:
    return of["cleared_seq"], of["clear_version"], of["cleared_until"], of["dropped"]


@both_doors
async def test_what_is_cleared_is_gone_for_oneself_on_all_devices_and_there_for_the_others(
    cast: Cast, door: str
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second = await ada.say(here, "@Ben first"), await ada.say(here, "@Ben second")
    device, hers = await ben.connect(), await ada.connect()
    await (await through(door, ben)).clear(here, second["seq"])
    own = await device.next("own", conversation=here)
    assert _cleared(own) == (second["seq"], 1, second["created_at"], False)
    assert (own["unread"], own["mentions"]) == (0, 0)
    assert await history(ben, here) == []
    listed = await _listed(ben, here)
    assert _cleared(listed) == _cleared(own)
    assert (listed["last_message"], listed["unread"], listed["mentions"]) == (None, 0, 0)
    assert await history(ada, here) == [first, second]
    assert _cleared(await _listed(ada, here)) == (0, 0, None, False)
    third = await ada.say(here, "third")
    assert await history(ben, here) == [third]
    assert (await _listed(ben, here))["unread"] == 1
    assert hers.of("own") == []


@both_doors
async def test_the_others_cannot_tell(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "Hello")
    seen_by = f"/conversations/{here}/messages/{said['seq']}/receipts"
    paths = (f"/conversations/{here}/members", f"/conversations/{here}", seen_by, "/conversations")
    before = [await ada.get(path) for path in paths]
    hers = await ada.connect()
    await (await through(door, ben)).clear(here, said["seq"], dropped=True)
    assert [await ada.get(path) for path in paths] == before
    after = await ada.say(here, "the end")
    await hers.next("message", version=after["version"])
    told = {name for name, _ in hers.events}
    assert told <= {"message", "presence", "conversation"}  # it was started just before
    assert after["version"] == said["version"] + 1


@both_doors
async def test_clearing_only_moves_forward_and_a_repeat_removes_no_more(
    cast: Cast, door: str
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second, third = [await ada.say(here, word) for word in ("one", "two", "three")]
    reader = await through(door, ben)
    await reader.clear(here, second["seq"])
    device = await ben.connect()
    for seq in (second["seq"], first["seq"], 0):
        await reader.clear(here, seq)
    assert await history(ben, here) == [third]
    assert (await _listed(ben, here))["clear_version"] == 1
    # Beyond the last message there is nothing to clear yet.
    await reader.clear(here, 2**53)
    assert (await _listed(ben, here))["cleared_seq"] == third["seq"]
    fourth = await ada.say(here, "four")
    await device.next("message", version=fourth["version"])
    assert [one["clear_version"] for one in device.of("own")] == [2]
    assert await history(ben, here) == [fourth]


@both_doors
async def test_a_deleted_conversation_leaves_the_list_until_someone_writes(
    cast: Cast, door: str
) -> None:
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "Hello")
    await ben.patch(f"/conversations/{here}", {"draft": "I wonder", "marked_unread": True})
    device = await ben.connect()
    await (await through(door, ben)).clear(here, said["seq"], dropped=True)
    own = await device.next("own", conversation=here)
    assert (own["dropped"], own["draft"], own["marked_unread"]) == (True, None, False)
    # What the server says of the group is no one's word; he is a member all the same.
    await ada.patch(f"/conversations/{here}", {"title": "Orchard"})
    listed = await _listed(ben, here)
    assert (listed["dropped"], listed["title"], listed["unread"]) == (True, "Orchard", 0)
    again = await ada.say(here, "Are you there?")
    await device.next("message", version=again["version"])
    listed = await _listed(ben, here)
    assert (listed["dropped"], listed["unread"], listed["last_message"]) == (False, 1, again)
    # It can go again; and one's own words bring it back as well.
    await Rest(ben).clear(here, again["seq"], dropped=True)
    assert (await _listed(ben, here))["dropped"] is True
    mine = await ben.say(here, "Yes")
    assert await history(ben, here) == [mine]
    assert (await _listed(ben, here))["dropped"] is False


async def test_what_was_said_meanwhile_stays_and_keeps_it_in_the_list(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    known, unknown = await ada.say(here, "known"), await ada.say(here, "not known yet")
    await Rest(ben).clear(here, known["seq"], dropped=True)
    assert await history(ben, here) == [unknown]
    listed = await _listed(ben, here)
    assert (listed["dropped"], listed["unread"]) == (False, 1)


async def test_starting_a_deleted_direct_conversation_again_finds_it_empty(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ben.say(here, "Hello")
    await Rest(ada).clear(here, said["seq"], dropped=True)
    assert await ada.talk_to(ben) == here
    assert await history(ada, here) == []


@both_doors
async def test_clearing_can_be_undone_for_a_moment(
    cast: Cast, door: str, passed: list[int]
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second = await ada.say(here, "@Ben one"), await ada.say(here, "two")
    reader, device = await through(door, ben), await ben.connect()
    await reader.clear(here, first["seq"])
    await reader.clear(here, second["seq"], dropped=True)
    third = await ada.say(here, "three")
    await reader.unclear(here)
    own = await device.next("own", conversation=here, clear_version=3)
    assert (own["cleared_seq"], own["dropped"], own["unread"]) == (first["seq"], False, 2)
    assert await history(ben, here) == [second, third]
    # Only the last step, and only once.
    await reader.unclear(here)
    assert await history(ben, here) == [second, third]
    assert (await _listed(ben, here))["clear_version"] == 3
    await reader.clear(here, third["seq"])
    passed[0] = UNDO_WINDOW + 1_000
    with pytest.raises(Refused) as refused:
        await reader.unclear(here)
    assert refused.value.code == "gone"
    assert await history(ben, here) == []


@both_doors
async def test_only_members_clear(cast: Cast, door: str) -> None:
    ada, ben, outsider = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "Hello")
    await ada.delete(f"/conversations/{here}/members/{ben.id}")
    for person in (ben, outsider):
        for doing in ("clear", "unclear"):
            given = (here, said["seq"]) if doing == "clear" else (here,)
            with pytest.raises(Refused) as refused:
                await getattr(await through(door, person), doing)(*given)
            assert refused.value.code == "not_found"


async def test_a_device_that_was_away_learns_it_by_sync(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = [await ada.say(here, word) for word in ("one", "two", "three")]
    versions = {here: said[2]["version"]}
    asked = {"versions": versions, "clearings": {}}
    assert (await ben.post("/sync", asked, 200))["conversations"] == []
    await Rest(ben).clear(here, said[1]["seq"])
    (item,) = (await ben.post("/sync", asked, 200))["conversations"]
    assert (item["reset"], item["messages"]) == (True, [said[2]])
    assert _cleared(item["conversation"]) == (said[1]["seq"], 1, said[1]["created_at"], False)
    asked["clearings"] = {here: 1}
    assert (await ben.post("/sync", asked, 200))["conversations"] == []
    await Rest(ben).unclear(here)
    (item,) = (await ben.post("/sync", asked, 200))["conversations"]
    assert (item["reset"], item["messages"]) == (True, said)
    # A program that knows nothing of it asks, and is answered, as before.
    assert (await ben.post("/sync", {"versions": versions}, 200))["conversations"] == []
    held = f'{{"{here}":{said[2]["version"]}}}'
    answer = await ben.get("/sync", versions=held, clearings="{}")
    assert answer["conversations"] == [item]
    await ben.get("/sync", 400, versions="{}", clearings="[]")


async def test_who_comes_back_to_a_group_does_not_see_again_what_they_cleared(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "Hello")
    await Rest(ben).clear(here, said["seq"], dropped=True)
    await ben.delete(f"/conversations/{here}/members/{ben.id}")
    await ada.post(f"/conversations/{here}/members", {"user": ben.id})
    assert said["seq"] not in [one["seq"] for one in await history(ben, here)]
    listed = await _listed(ben, here)
    assert (listed["dropped"], listed["cleared_seq"]) == (False, said["seq"])


async def test_a_cleared_conversation_keeps_its_place_in_the_list(cast: Cast) -> None:
    ada, ben, oscar = cast
    older, newer = await ada.talk_to(oscar), await ada.talk_to(ben)
    await ada.say(older, "first")
    said = await ada.say(newer, "second")
    await Rest(ada).clear(newer, said["seq"])
    order = [one["id"] for one in (await ada.get("/conversations"))["conversations"]]
    assert order == [newer, older]


async def test_files_quotes_pins_and_counts_follow(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    path = f"/conversations/{here}"
    file = await ada.upload("plan.txt", b"the plan")
    said = await ada.say(here, "@Ben the plan", attachments=[file["id"]])
    await Rest(ada).pin(here, said["seq"])
    await Rest(ben).save(here, said["seq"])
    line = (await history(ben, here))[-1]
    await Rest(ben).clear(here, line["seq"])
    answer = await ada.say(here, "as I said", reply_to=said["seq"])
    assert await history(ben, here) == [answer]
    await ben.get(f"{path}/messages/{said['seq']}", 404)
    await ben.get(f"/attachments/{file['id']}", 404)
    assert (await ada.http.get(f"/attachments/{file['id']}")).status_code == 200
    assert (await ben.get(f"{path}/files", kind="file"))["files"] == []
    assert (await ben.get(f"{path}/pins"))["messages"] == []
    assert (await ben.get("/saved"))["saved"] == []
    assert (await ben.get("/search", q="plan"))["results"] == []
    await ben.post(f"{path}/messages", {"key": "a-key-of-ben", "body": "?", "reply_to": 1}, 400)
    # Nothing of it was lost.
    await Rest(ben).unclear(here)
    assert len((await ben.get(f"{path}/files", kind="file"))["files"]) == 1
    assert len((await ben.get(f"{path}/pins"))["messages"]) == 1
    assert [one["message"]["seq"] for one in (await ben.get("/saved"))["saved"]] == [said["seq"]]
    assert len((await ben.get("/search", q="plan"))["results"]) == 1
    assert (await ben.http.get(f"/attachments/{file['id']}")).status_code == 200


async def test_what_changes_of_a_cleared_message_is_told_by_its_number_alone(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await group_of(ada, ben)
    said = await ada.say(here, "Hello")
    await Rest(ben).clear(here, said["seq"])
    device = await ben.connect()
    edited = await Rest(ada).edit(here, said["seq"], "Hello @Ben")
    await device.next("version", version=edited["version"])
    gone = await Rest(ada).delete(here, said["seq"])
    await device.next("version", version=gone["version"])
    assert device.of("message") == []
    assert (await _listed(ben, here))["mentions"] == 0


@both_doors
async def test_clearing_does_not_tell_when_something_was_said_before_one_came(
    cast: Cast, door: str
) -> None:
    ada, ben, _ = cast
    await ada.befriend(ben)
    here = await group_of(ada)
    await ada.patch(f"/conversations/{here}", {"history": "joined"})
    before = await ada.say(here, "before he came")
    await ada.post(f"/conversations/{here}/members", {"user": ben.id})
    await (await through(door, ben)).clear(here, before["seq"])
    assert (await _listed(ben, here))["cleared_until"] is None
