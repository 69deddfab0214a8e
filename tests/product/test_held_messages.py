"""The word filter of a group: matching messages are held until the owner or an admin decides."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from echosphere.messages import hold as hold_module
from echosphere.messages.word_filter import clean_words, matches
from tests.product.groups import Group, found, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key
from tests.product.samples import SOMEBODY


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it, with a filter."""
    async with group_on(server) as group:
        await group.admin.put(group.path("/filter"), {"words": ["Boat", "free  money"]}, 200)
        yield group


async def held_by(group: Group, person: Person) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = (await person.get(group.path("/held")))["held"]
    return held


async def hold(group: Group, body: str = "buy my boat", **more: Any) -> dict[str, Any]:
    """Have the member say what is held."""
    given = {"key": new_key(), "body": body, **more}
    answer = await group.member.post(group.path("/messages"), given, 200)
    assert answer["message"] is None
    held: dict[str, Any] = answer["held"]
    return held


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("buy my boat", True),
        ("BOAT!", True),
        ("b\u200boat", True),
        ("b\u034foat", True),
        ("bo\ufe0fat", True),
        ("\uff42\uff4f\uff41\uff54", True),
        ("bóat", True),
        ("b**oa**t", True),
        ("Free\nMoney here", True),
        ("boats and boathouses", False),
        ("steamboat", False),
        ("free of money", False),
    ],
)
def test_words_are_found_folded_and_whole(body: str, found: bool) -> None:
    assert matches('["boat","free money"]', body) is found


def test_a_filter_is_of_words_and_no_patterns() -> None:
    assert clean_words(["(a+)+$", " B  C ", "b c"]) == ["(a+)+$", "b c"]
    assert matches('["(a+)+$"]', "x (a+)+$ y")
    assert not matches('["(a+)+$"]', "a" * 10_000)


def test_words_that_begin_alike_are_told_apart() -> None:
    words = '["a b","a b c d","ab","abc-d","x"]'
    for text in ("a b", "a b c", "a b c d", "ab.", "abc-d", "- x -"):
        assert matches(words, text), text
    for text in ("a", "a bc", "abc", "abc-dd", "xx", "a c d"):
        assert not matches(words, text), text


async def test_a_held_message_is_seen_by_its_author_and_who_runs_the_group_alone(
    group: Group,
) -> None:
    dora_sees_nothing = group.outsider
    await group.owner.befriend(dora_sees_nothing)
    await group.owner.post(group.path("/members"), {"user": dora_sees_nothing.id})
    before = await group.seen_by(group.owner)
    sockets = [await one.connect() for one in (group.member, group.owner, dora_sees_nothing)]
    held = await hold(group)
    for socket in sockets[:2]:
        await socket.next("held", conversation=group.id)
    assert (await group.seen_by(group.owner))["version"] == before["version"]
    for person in (group.member, group.owner, group.admin):
        assert await held_by(group, person) == [held]
        assert await group.said(person) == []
    assert await held_by(group, dora_sees_nothing) == []
    assert sockets[2].of("held") == []
    listed = await group.owner.get(group.path("/held"))
    assert [one["name"] for one in listed["users"]] == ["Carl"]
    # A repeat holds nothing more.
    assert await hold(group, key=held["key"]) == held
    # Who runs the group is not filtered.
    await group.admin.say(group.id, "my boat")


async def test_what_is_released_is_posted_at_the_end_as_its_authors(group: Group) -> None:
    file = await group.member.upload("plan.txt", b"The plan")
    first = await group.owner.say(group.id, "hello")
    held = await hold(group, reply_to=first["seq"], attachments=[file["id"]])
    await group.owner.say(group.id, "meanwhile")
    watching = await group.member.connect()
    listed = await group.admin.get(group.path("/held"))
    assert listed["file_names"] == {file["id"]: file["name"]}
    released = (await group.admin.put(group.path(f"/held/{held['id']}/released"), None, 200))[
        "message"
    ]
    told = await watching.next("message", conversation=group.id)
    assert told["message"] == released
    assert (released["author"], released["body"]) == (group.member.id, "buy my boat")
    assert (released["key"], released["reply_to"]) == (held["key"], first["seq"])
    assert [one["id"] for one in released["attachments"]] == [file["id"]]
    assert await group.said(group.owner) == ["hello", "meanwhile", "buy my boat"]
    assert await held_by(group, group.member) == []
    await group.admin.put(group.path(f"/held/{held['id']}/released"), None, 404)
    again = {"key": held["key"], "body": "buy my boat"}
    stored = await group.member.post(group.path("/messages"), again, 200)
    assert stored["message"]["seq"] == released["seq"]


async def test_what_is_refused_tells_its_author_why(group: Group) -> None:
    held = await hold(group)
    path = group.path(f"/held/{held['id']}")
    await group.admin.put(f"{path}/refused", {"reason": " "}, 400)
    await group.admin.put(f"{path}/refused", {"reason": "No advertising"})
    (refused,) = await held_by(group, group.member)
    assert refused == {**held, "reason": "No advertising"}
    assert await held_by(group, group.owner) == []
    await group.owner.put(f"{path}/released", None, 409)
    await group.member.delete(path)
    assert await held_by(group, group.member) == []


async def test_an_edit_is_held_and_the_old_words_stay(group: Group) -> None:
    said = await group.member.say(group.id, "a ship")
    path = group.path(f"/messages/{said['seq']}")
    for body in ("a boat", "a better boat"):
        answer = await group.member.patch(path, {"body": body})
        assert answer["message"] is None
    (held,) = await held_by(group, group.owner)
    assert (held["edits"], held["body"]) == (said["seq"], "a better boat")
    assert await group.said(group.owner) == ["a ship"]
    await group.owner.put(group.path(f"/held/{held['id']}/released"), None, 200)
    assert await group.said(group.owner) == ["a better boat"]
    versions = (await group.owner.get(f"{path}/versions"))["versions"]
    assert [one["body"] for one in versions] == ["a ship"]
    for body in ("a raft", "a better raft"):  # what the author says later is what counts
        await group.member.patch(path, {"body": "boat again"})
        await group.member.patch(path, {"body": body})
        assert await held_by(group, group.owner) == []
    await group.member.patch(path, {"body": "boat again"})
    await group.member.patch(path, {"body": "a better raft"})  # the words that stood there
    assert await held_by(group, group.owner) == []
    await group.member.patch(path, {"body": "boat again"})
    await group.member.delete(path, 200)
    assert await held_by(group, group.owner) == []  # it goes with its message


async def test_what_waits_goes_with_its_author(group: Group) -> None:
    await hold(group)
    await group.owner.delete(group.of(group.member))
    assert await held_by(group, group.owner) == []
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    await hold(group)
    await group.member.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert await held_by(group, group.owner) == []


async def test_a_repeat_is_answered_alike_whatever_the_group_allows_by_then(group: Group) -> None:
    said = await group.member.say(group.id, "a ship")
    path = group.path(f"/messages/{said['seq']}")
    held = await hold(group)
    edited = (await group.member.patch(path, {"body": "a boat"}))["held"]
    await group.owner.patch(group.path(), {"slow_seconds": 60})
    await group.member.say(group.id, "a raft")
    for rule, status in (({"slow_seconds": 60}, 429), ({"posting": "admins"}, 403)):
        await group.owner.patch(group.path(), rule)
        assert await hold(group, key=held["key"]) == held
        assert (await group.member.patch(path, {"body": "a boat"}))["held"] == edited
        given = {"key": new_key(), "body": "another"}
        await group.member.post(group.path("/messages"), given, status)
        await group.member.patch(path, {"body": "another"}, status)
    assert len(await held_by(group, group.member)) == 2


@pytest.mark.parametrize("name", ["my boat.txt", "old_boat_2.txt", "Free-Boat.tar.gz"])
async def test_names_of_files_are_filtered_like_words(group: Group, name: str) -> None:
    file = await group.member.upload(name, b"The plan")
    held = await hold(group, body="", attachments=[file["id"]])
    assert held["attachments"] == [file["id"]]
    elsewhere = await found(group.member)
    again = await group.member.upload(name, b"The plan")
    said = await group.member.say(elsewhere, "look", attachments=[again["id"]])
    to = {"to": [{"conversation": group.id, "key": new_key()}]}
    path = f"/conversations/{elsewhere}/messages/{said['seq']}/forward"
    await group.member.post(path, to, 403)
    harmless = await group.member.upload("steamboat.txt", b"The plan")
    await group.member.say(group.id, "", attachments=[harmless["id"]])


async def test_what_waits_is_listed_in_pages(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold_module, "PAGE", 2)
    for number in range(5):
        await hold(group, body=f"boat {number}")
    for person in (group.member, group.owner):
        pages: list[list[str]] = []
        after: str | None = ""
        while after is not None:
            page = await person.get(group.path("/held"), after=after)
            pages.append([one["body"] for one in page["held"]])
            after = page["next"]
        assert pages == [["boat 0", "boat 1"], ["boat 2", "boat 3"], ["boat 4"]]
    for wrong in ("x", "-1:x", "\u0661:x", f"{'9' * 17}:x"):
        await group.owner.get(group.path("/held"), 400, after=wrong)


async def test_an_author_across_a_block_is_shown_with_name_and_picture_alone(group: Group) -> None:
    await group.member.patch("/me", {"about": "I sell boats"})
    await hold(group)
    [shown] = (await group.owner.get(group.path("/held")))["users"]
    assert shown["about"] == "I sell boats"
    await group.owner.put(f"/blocks/{group.member.id}")
    [shown] = (await group.owner.get(group.path("/held")))["users"]
    assert (shown["name"], shown["about"]) == ("Carl", "")


async def test_forwarding_is_no_way_around(group: Group) -> None:
    elsewhere = await found(group.member)
    said = await group.member.say(elsewhere, "buy my boat")
    to = {"to": [{"conversation": group.id, "key": new_key()}]}
    path = f"/conversations/{elsewhere}/messages/{said['seq']}/forward"
    refused = await group.member.post(path, to, 403)
    assert "filter of this group" in refused["detail"]


@on_one_database
async def test_only_those_who_run_the_group_decide_and_see_the_filter(group: Group) -> None:
    held = await hold(group)
    one = group.path(f"/held/{held['id']}")
    calls: list[tuple[str, str, Any]] = [
        ("GET", group.path("/filter"), None),
        ("PUT", group.path("/filter"), {"words": []}),
        ("PUT", f"{one}/released", None),
        ("PUT", f"{one}/refused", {"reason": "No"}),
    ]
    for method, path, body in calls:
        for person, status in ((group.member, 403), (group.outsider, 404)):
            answer = await person.http.request(method, path, json=body)
            assert answer.status_code == status, (method, path)
    await group.owner.delete(one, 404)  # it is not theirs to take back
    await group.outsider.get(group.path("/held"), 404)
    await group.owner.put(group.path(f"/held/{SOMEBODY}/released"), None, 404)
    assert (await group.owner.get(group.path("/filter")))["words"] == ["boat", "free money"]
    await group.owner.put(group.path("/filter"), {"words": ["x" * 61]}, 400)
    direct = await group.owner.talk_to(group.member)
    await group.owner.put(f"/conversations/{direct}/filter", {"words": ["a"]}, 409)
    socket = await group.owner.connect()
    call = {"conversation": group.id}
    assert (await socket.call("held", call))["held"] == [held]
    await socket.call("refuse", {**call, "held": held["id"], "reason": "No"})
    assert (await socket.call("set_filter", {**call, "words": []}))["words"] == []
    assert (await socket.call("filter", call))["words"] == []
    await group.member.say(group.id, "my boat at last")
