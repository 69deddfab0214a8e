"""Announcement groups and slow mode: who can write in a group, and how often."""

from collections.abc import AsyncIterator

import pytest

from echosphere.conversations import access_conversation
from echosphere.core.clock import SECOND
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import Person, Refused, new_key


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


async def try_all(group: Group, person: Person, seq: int, own: int, elsewhere: str) -> list[int]:
    """Post, edit, pin, forward and react; return the statuses."""
    message, mine = group.path(f"/messages/{seq}"), group.path(f"/messages/{own}")
    far = f"/conversations/{elsewhere}/messages"
    said = await person.say(elsewhere, "Elsewhere")
    targets = {"to": [{"conversation": group.id, "key": new_key()}]}
    answers = [
        await person.http.post(group.path("/messages"), json={"key": new_key(), "body": "Hello"}),
        await person.http.patch(mine, json={"body": f"Other words {new_key()}"}),
        await person.http.put(f"{message}/pin"),
        await person.http.post(f"{far}/{said['seq']}/forward", json=targets),
        await person.http.put(f"{message}/reactions/👍"),
    ]
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    ("rules", "of_member"),
    [
        ({}, [201, 200, 200, 201, 200]),
        ({"posting": "admins"}, [403, 403, 403, 403, 200]),
        ({"reacting": "admins"}, [201, 200, 200, 201, 403]),
        ({"slow_seconds": 3600}, [201, 429, 429, 429, 200]),
        ({"posting": "admins", "slow_seconds": 3600}, [403, 403, 403, 403, 200]),
    ],
)
async def test_the_rules_hold_for_members_and_not_for_who_runs_the_group(
    group: Group, rules: dict[str, object], of_member: list[int]
) -> None:
    cast = (group.member, group.admin, group.owner)
    seq = (await group.owner.say(group.id, "To be pinned"))["seq"]
    own = {person.id: (await person.say(group.id, "Mine"))["seq"] for person in cast}
    notes = {}
    for person in cast:
        started = await person.http.post(
            "/conversations", json={"kind": "direct", "user": person.id}
        )
        notes[person.id] = started.json()["conversation"]["id"]
    if rules:
        await group.admin.patch(group.path(), rules)
    expected = {group.member.id: of_member, group.admin.id: [201, 200, 200, 201, 200]}
    for person in cast:
        answers = await try_all(group, person, seq, own[person.id], notes[person.id])
        assert answers == expected.get(person.id, expected[group.admin.id])


async def test_only_those_who_run_the_group_change_its_rules_and_all_learn_it(
    group: Group,
) -> None:
    rules = {"posting": "admins", "reacting": "admins", "slow_seconds": 30}
    for name, value in rules.items():
        await group.member.patch(group.path(), {name: value}, 403)
        await group.outsider.patch(group.path(), {name: value}, 404)
    for wrong in ({"posting": "nobody"}, {"reacting": None}, {"slow_seconds": 7}):
        await group.owner.patch(group.path(), wrong, 400)
    direct = await group.owner.talk_to(group.member)
    await group.owner.patch(f"/conversations/{direct}", {"slow_seconds": 5}, 409)
    web = await group.member.connect()
    owners = await group.owner.connect()
    changed = await owners.call("change", {"conversation": group.id, **rules})
    told = await web.next("conversation", conversation=group.id, slow_seconds=30)
    for shown in (changed["conversation"], told, await group.seen_by(group.member)):
        assert {name: shown[name] for name in rules} == rules
    lines = [line for line in await group.lines() if line["type"] in rules]
    assert lines == [
        {"type": "posting", "posting": "admins", "by": group.owner.id},
        {"type": "reacting", "reacting": "admins", "by": group.owner.id},
        {"type": "slow_seconds", "seconds": 30, "by": group.owner.id},
    ]
    again = await owners.call("change", {"conversation": group.id, **rules})
    assert again["conversation"]["version"] == changed["conversation"]["version"]


async def test_in_slow_mode_a_member_is_told_when_and_a_repeat_is_no_post(
    running: Running,
) -> None:
    passed = [0]
    running.put_forward(lambda: passed[0])
    async with group_on(await running.start()) as group:
        await wait_in_slow_mode(group, passed)


async def wait_in_slow_mode(group: Group, passed: list[int]) -> None:
    await group.owner.patch(group.path(), {"slow_seconds": 30})
    ben = await group.member.connect()
    post = {"conversation": group.id, "key": new_key(), "body": "One"}
    first = await ben.call("post", post)
    assert (await ben.call("post", post))["message"] == first["message"]
    with pytest.raises(Refused) as refused:
        await ben.call("post", {**post, "key": new_key()})
    assert refused.value.code == "too_many"
    late = {"key": new_key(), "body": "Two"}
    answer = await group.member.http.post(group.path("/messages"), json=late)
    assert answer.status_code == 429
    assert 25 <= int(answer.headers["Retry-After"]) <= 30
    assert "Slow mode" in answer.json()["detail"]
    # Who leaves and comes back has not waited.
    await group.member.delete(group.of(group.member))
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    await group.member.post(group.path("/messages"), late, 429)
    passed[0] = 30 * SECOND
    stored = await group.member.post(group.path("/messages"), late)
    assert stored["message"]["body"] == "Two"
    # The clock was put back: no one waits for the time in between.
    passed[0] = -3600 * SECOND
    await group.member.say(group.id, "Three")


@on_one_database
async def test_posts_are_noted_only_where_slow_mode_is_on(group: Group, running: Running) -> None:
    read = running.application.database.read
    for seconds, noted in ((0, False), (5, True)):
        await group.owner.patch(group.path(), {"slow_seconds": seconds})
        await group.member.say(group.id, "Hello")
        await group.owner.say(group.id, "Hello")
        access = await read(access_conversation, group.member.id, group.id)
        assert (access.posted_at is not None) == noted
    assert (await read(access_conversation, group.owner.id, group.id)).posted_at is None
