"""An author edits a message; members can see the earlier versions."""

from pathlib import Path

import pytest

from echosphere.core.clock import DAY
from echosphere.messages.store import shift_ages
from tests.product.changing import Rest, group_of, history, through
from tests.product.conftest import Running, settings_for
from tests.product.people import Person, Refused, new_key, people_on

Cast = tuple[Person, Person, Person]
both_doors = pytest.mark.parametrize("door", ["rest", "socket"])


@both_doors
async def test_new_words_reach_all_members_and_the_earlier_ones_are_kept(
    cast: Cast, door: str
) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    reader = await ben.connect()
    said = await ada.say(here, "Lunch at one")
    author = await through(door, ada)
    await author.edit(here, said["seq"], "Lunch at two")
    edited = await author.edit(here, said["seq"], "Lunch at three")
    assert (edited["body"], edited["version"]) == ("Lunch at three", said["version"] + 2)
    assert edited["edited_at"] >= said["created_at"]
    unchanged = ("seq", "author", "key", "created_at", "reply_to", "deleted")
    assert {name: edited[name] for name in unchanged} == {name: said[name] for name in unchanged}
    event = await reader.next("message", version=edited["version"])
    assert event == {"conversation": here, "version": edited["version"], "message": edited}
    path = f"/conversations/{here}/messages/{said['seq']}"
    assert await ben.get(path) == {"message": edited}
    versions = (await ben.get(f"{path}/versions"))["versions"]
    assert [one["body"] for one in versions] == ["Lunch at one", "Lunch at two"]
    assert versions[0]["created_at"] == said["created_at"]
    assert await history(ben, here) == [edited]


@both_doors
async def test_the_same_words_are_no_change(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    assert await (await through(door, ada)).edit(here, said["seq"], "Hello") == said
    assert (await ben.get(f"/conversations/{here}"))["conversation"]["version"] == said["version"]


@both_doors
async def test_only_its_author_changes_a_message(cast: Cast, door: str) -> None:
    ada, ben, outsider = cast
    here = await group_of(ada, ben)
    said = await ben.say(here, "Hello")
    for person, code in ((ada, "forbidden"), (outsider, "not_found")):
        with pytest.raises(Refused) as refused:
            await (await through(door, person)).edit(here, said["seq"], "Something else")
        assert refused.value.code == code
    for seq in (said["seq"] + 1, 0):
        with pytest.raises(Refused) as refused:
            await (await through(door, ben)).edit(here, seq, "Something else")
        assert refused.value.code == "not_found"
    assert (await history(ada, here))[-1] == said


async def test_an_outsider_learns_nothing_about_earlier_words(cast: Cast) -> None:
    ada, ben, outsider = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "secret")
    await Rest(ada).edit(here, said["seq"], "open")
    path = f"/conversations/{here}/messages/{said['seq']}"
    for what in (path, f"{path}/versions", f"/conversations/{here}/pins"):
        known = await outsider.get(what, 404)
        unknown = await outsider.get(what.replace(here, "0" * 20), 404)
        assert known == unknown
    for seq in ("x", "-1", "9" * 30, "1.0"):
        await ada.get(f"/conversations/{here}/messages/{seq}", 404)


async def test_a_message_without_files_cannot_be_emptied(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    for body in ("", " \n"):
        with pytest.raises(Refused) as refused:
            await Rest(ada).edit(here, said["seq"], body)
        assert refused.value.code == "invalid"
    file = await ada.upload("note.txt", b"a note")
    with_file = await ada.say(here, "Look", attachments=[file["id"]])
    edited = await Rest(ada).edit(here, with_file["seq"], "")
    assert (edited["body"], edited["attachments"]) == ("", [file])


async def test_what_is_deleted_forwarded_or_a_system_line_cannot_be_edited(cast: Cast) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    copy = (await Rest(ada).forward(here, said["seq"], **{new_key(): here}))[0]
    await Rest(ada).pin(here, said["seq"])
    line = (await history(ada, here))[-1]
    assert line["system"] == {"type": "pinned", "seq": said["seq"]}
    await Rest(ada).delete(here, said["seq"])
    refusals = {}
    for one in (said, copy, line):
        with pytest.raises(Refused) as refused:
            await Rest(ada).edit(here, one["seq"], "Something else")
        refusals[one["seq"]] = refused.value.code
    assert list(refusals.values()) == ["gone", "forbidden", "forbidden"]


@both_doors
async def test_across_a_block_words_are_taken_back_but_not_changed(cast: Cast, door: str) -> None:
    ada, ben, _ = cast
    here = await ada.talk_to(ben)
    said = await ada.say(here, "Hello")
    await ben.put(f"/blocks/{ada.id}")
    with pytest.raises(Refused) as refused:
        await (await through(door, ada)).edit(here, said["seq"], "You cannot get rid of me")
    assert refused.value.code == "forbidden"
    assert (await ben.get(f"/conversations/{here}/messages"))["messages"] == [said]
    assert (await Rest(ada).delete(here, said["seq"]))["deleted"] is True


async def test_the_operator_sets_how_long_words_can_be_changed(
    tmp_path: Path, database_url: str
) -> None:
    running = Running(settings_for(tmp_path / "data", database_url, ECHOSPHERE_EDIT_MINUTES="5"))
    clock = running.application.database.clock
    passed = [0]
    running.application.database.clock = lambda: clock() + passed[0]
    base = await running.start()
    # The writers took the clock when they started: each looks at `passed` from then on.
    async with people_on(base, "Ada Example", "Ben Example") as (ada, ben):
        here = await ada.talk_to(ben)
        said = await ada.say(here, "Hello")
        passed[0] = 4 * 60_000
        assert (await Rest(ada).edit(here, said["seq"], "Hi"))["body"] == "Hi"
        await running.application.database.write(shift_ages, DAY)
        passed[0] += DAY  # a leap of the clock makes nothing older
        assert (await Rest(ada).edit(here, said["seq"], "Hi there"))["body"] == "Hi there"
        passed[0] += 2 * 60_000
        assert (await Rest(ada).edit(here, said["seq"], "Hi there"))["body"] == "Hi there"
        with pytest.raises(Refused) as refused:
            await Rest(ada).edit(here, said["seq"], "Hey")
        assert refused.value.code == "forbidden"
        assert [one["body"] for one in await history(ben, here)] == ["Hi there"]
    await running.stop()


async def test_who_joined_later_is_not_shown_old_words_when_something_happens_to_them(
    cast: Cast,
) -> None:
    ada, ben, oscar = cast
    here = await group_of(ada, ben)
    await ada.patch(f"/conversations/{here}", {"history": "joined"})
    said = await ada.say(here, "Before your time")
    await ada.befriend(oscar)
    await ada.post(f"/conversations/{here}/members", {"user": oscar.id})
    newcomer, member = await oscar.connect(), await ben.connect()
    changes = [
        await Rest(ada).edit(here, said["seq"], "Still before your time"),
        await Rest(ben).react(here, said["seq"], "👍"),
        await Rest(ada).delete(here, said["seq"]),
    ]
    for change in changes:
        shown = await member.next("message", version=change["version"])
        assert shown["message"] == change
        passed = await newcomer.next("version", version=change["version"])
        assert passed == {"conversation": here, "version": change["version"]}
    now = await ada.say(here, "Now")
    assert (await newcomer.next("message", version=now["version"]))["message"] == now
    assert all(event["message"]["seq"] > said["seq"] for event in newcomer.of("message"))
    assert member.of("version") == []
    for path in ("", "/versions"):
        await oscar.get(f"/conversations/{here}/messages/{said['seq']}{path}", 404)
    for doing in (
        Rest(oscar).react(here, said["seq"], "👍"),
        Rest(oscar).pin(here, said["seq"]),
        Rest(oscar).hide(here, said["seq"]),
        Rest(oscar).forward(here, said["seq"], key_of_oscar=here),
    ):
        with pytest.raises(Refused) as refused:
            await doing
        assert refused.value.code == "not_found"
