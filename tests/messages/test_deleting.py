"""A message is deleted for everyone, or by one person for themselves."""

import pytest

from tests.product.changing import Rest, group_of, history, through
from tests.product.people import Person, Refused

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@both_doors
async def test_the_place_stays_and_nothing_of_what_was_said(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    file = await ada.upload("plan.txt", b"the plan")
    said = await ada.say(here, "@Ben Example the plan", attachments=[file["id"]])
    answer = await ben.say(here, "Thanks", reply_to=said["seq"])
    await Rest(ben).react(here, said["seq"], "👍")
    await Rest(ada).pin(here, said["seq"])
    reader = await ben.connect()
    left = await (await through(door, ada)).delete(here, said["seq"])
    assert left["deleted"] is True
    assert (left["body"], left["attachments"], left["reactions"]) == ("", [], [])
    assert (left["mentions"], left["pinned"], left["edited_at"]) == ([], None, None)
    assert (await reader.next("message", version=left["version"]))["message"] == left
    shown = {one["seq"]: one for one in await history(ben, here)}
    assert shown[said["seq"]] == left
    assert shown[answer["seq"]]["reply_to"] == said["seq"]
    await ben.get(f"/attachments/{file['id']}", 404)
    assert await ben.get(f"/conversations/{here}/pins") == {"messages": []}
    versions = await ben.get(f"/conversations/{here}/messages/{said['seq']}/versions")
    assert versions == {"versions": []}


@both_doors
async def test_deleting_twice_changes_nothing(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Oops")
    author = await through(door, ada)
    left = await author.delete(here, said["seq"])
    assert await author.delete(here, said["seq"]) == left


@both_doors
async def test_authors_delete_their_own_and_those_who_run_a_group_any(
    cast: Cast, door: str
) -> None:
    ada, ben, outsider = cast
    here = await group_of(ada, ben)
    from_ada, from_ben = await ada.say(here, "one"), await ben.say(here, "two")
    for person, message, code in (
        (ben, from_ada, "forbidden"),
        (outsider, from_ada, "not_found"),
    ):
        with pytest.raises(Refused) as refused:
            await (await through(door, person)).delete(here, message["seq"])
        assert refused.value.code == code
    assert (await (await through(door, ada)).delete(here, from_ben["seq"]))["deleted"] is True
    direct = await ben.talk_to(ada)
    said = await ben.say(direct, "between us")
    with pytest.raises(Refused) as refused:
        await (await through(door, ada)).delete(direct, said["seq"])
    assert refused.value.code == "forbidden"


async def test_what_is_gone_cannot_be_answered_reacted_to_pinned_saved_or_forwarded(
    cast: Cast,
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    seq = (await ada.say(here, "Oops"))["seq"]
    await Rest(ada).delete(here, seq)
    everything = [
        Rest(ben).react(here, seq, "👍"),
        Rest(ben).pin(here, seq),
        Rest(ben).save(here, seq),
        Rest(ben).forward(here, seq, some_key_of_ben=here),
    ]
    for doing in everything:
        with pytest.raises(Refused) as refused:
            await doing
        assert refused.value.code == "gone"
    reply = {"key": "a-key-of-ben", "body": "What?", "reply_to": seq}
    await ben.post(f"/conversations/{here}/messages", reply, 400)


async def test_a_deleted_message_counts_as_unread_no_more(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    one, _ = await ada.say(here, "@Ben one"), await ada.say(here, "two")
    listed = (await ben.get("/conversations"))["conversations"][0]
    assert (listed["unread"], listed["mentions"]) == (2, 1)
    device = await ben.connect()
    await Rest(ada).delete(here, one["seq"])
    listed = (await ben.get("/conversations"))["conversations"][0]
    assert (listed["unread"], listed["mentions"]) == (1, 0)
    own = await device.next("own", conversation=here)
    assert (own["unread"], own["mentions"]) == (1, 0)


@both_doors
async def test_what_one_hides_the_others_keep(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    first, second = await ada.say(here, "@Ben first"), await ada.say(here, "second @all")
    device, hers = await ben.connect(), await ada.connect()
    after = await (await through(door, ben)).hide(here, second["seq"])
    event = {"conversation": here, "seqs": [second["seq"]], "after": after}
    assert await device.next("hidden") == event
    own = await device.next("own", conversation=here)
    assert (own["unread"], own["mentions"]) == (1, 1)
    assert await history(ben, here) == [first]
    assert await history(ada, here) == [first, second]
    listed = (await ben.get("/conversations"))["conversations"][0]
    assert (listed["last_message"], listed["unread"], listed["mentions"]) == (first, 1, 1)
    synced = await device.call("sync", {"versions": {}})
    assert synced["conversations"][0]["messages"] == [first]
    await ben.get(f"/conversations/{here}/messages/{second['seq']}", 404)
    nothing: dict[str, object] = {"hidden": [], "restored": [], "more": False}
    known = {"hidden": [{"conversation": here, "seq": second["seq"]}], "after": after}
    assert await ben.get("/hidden") == nothing | known
    assert await ben.get("/hidden", after=after) == nothing | {"after": after}
    assert hers.of("hidden") == []
    assert await ada.get("/hidden") == nothing | {"after": 0}


@both_doors
async def test_hiding_is_done_once_and_needs_the_right_to_see(cast: Cast, door: str) -> None:
    ada, ben, outsider = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    author = await through(door, ada)
    after = await author.hide(here, said["seq"])
    assert await author.hide(here, said["seq"], said["seq"]) == after
    for person, seq in ((outsider, said["seq"]), (ben, said["seq"] + 1), (ben, 0)):
        with pytest.raises(Refused) as refused:
            await (await through(door, person)).hide(here, seq)
        assert refused.value.code == "not_found"
    # Its author may still take it back from everyone, and its empty place stays hidden.
    assert (await author.delete(here, said["seq"]))["deleted"] is True
    assert await history(ada, here) == []
    assert [one["deleted"] for one in await history(ben, here)] == [True]
