"""Members who are removed with their messages, and those who are banned from a group."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from echosphere.core.clock import DAY, HOUR
from echosphere.messages import purge
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import TIMEOUT, Person, Socket
from tests.product.samples import SOMEBODY


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


async def until_said(group: Group, *bodies: str) -> None:
    """Wait until exactly these words can be read by the owner."""
    async with asyncio.timeout(TIMEOUT):
        while [one for one in await group.said(group.owner) if one] != list(bodies):
            await asyncio.sleep(0.05)


async def told_of_deletions(socket: Socket, count: int) -> None:
    """Wait until a socket got so many events of deleted messages, without their words."""
    async with asyncio.timeout(TIMEOUT):
        while sum(one["message"]["deleted"] for one in socket.of("message")) < count:
            await asyncio.sleep(0.05)
    told = [one["message"] for one in socket.of("message") if one["message"]["deleted"]]
    assert [one["body"] for one in told] == [""] * count


@pytest.mark.parametrize(
    ("messages", "left"),
    [
        ("none", ["old", "older than an hour", "new", "of the owner"]),
        ("hour", ["old", "older than an hour", "of the owner"]),
        ("day", ["old", "of the owner"]),
        ("all", ["of the owner"]),
    ],
)
async def test_a_member_is_removed_with_their_last_messages(
    running: Running, messages: str, left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BATCH_SIZE", 1)
    passed = [0]
    running.put_forward(lambda: passed[0])
    async with group_on(await running.start()) as group:
        for ago, body in ((2 * DAY, "old"), (2 * HOUR, "older than an hour"), (0, "new")):
            passed[0] = -ago
            await group.member.say(group.id, body)
        await group.owner.say(group.id, "of the owner")
        watching = await group.admin.connect()
        gone = group.path(f"/removed/{group.member.id}")
        await group.admin.put(gone, {"messages": messages})
        await until_said(group, *left)
        gone_too = {"old", "older than an hour", "new"} - {*left}
        await told_of_deletions(watching, len(gone_too))
        assert (await group.lines())[-1]["type"] == "removed"
        # What is said after coming back is not meant.
        await group.owner.post(group.path("/members"), {"user": group.member.id})
        await group.member.say(group.id, "back again")
        await until_said(group, *left, "back again")


async def test_who_is_banned_comes_back_when_the_ban_is_lifted(group: Group) -> None:
    invite = await group.invite()
    join = f"/invites/{invite['token']}"
    admin = await group.admin.connect()
    await admin.call("remove", {"conversation": group.id, "user": group.member.id, "banned": True})
    assert (await group.lines())[-1]["banned"] is True
    refused = await group.member.post(join, {}, 403)
    assert "Only its admins can add you again" in refused["detail"]
    await group.member.befriend(group.admin)
    for adder in (group.owner, group.admin):
        answer = await adder.post(group.path("/members"), {"user": group.member.id}, 403)
        assert "Unban them first" in answer["detail"]
    (ban,) = (await group.owner.get(group.path("/banned")))["banned"]
    assert (ban["user"]["id"], ban["banned_by"]) == (group.member.id, group.admin.id)
    assert (await admin.call("banned", {"conversation": group.id}))["banned"] == [ban]
    watching = await group.owner.connect()
    await group.owner.delete(group.path(f"/banned/{group.member.id}"))
    await watching.next("conversation", conversation=group.id)
    await group.owner.delete(group.path(f"/banned/{group.member.id}"), 404)
    assert (await group.owner.get(group.path("/banned")))["banned"] == []
    await group.member.post(join, {})
    assert (await group.roles())["Carl"] == "member"


async def test_who_left_is_banned_as_well_and_who_never_came_is_not(group: Group) -> None:
    await group.member.delete(group.of(group.member))
    path = group.path(f"/removed/{group.member.id}")
    for _ in range(2):
        await group.owner.put(path, {"banned": True})
    assert len((await group.owner.get(group.path("/banned")))["banned"]) == 1
    await group.owner.post(group.path("/members"), {"user": group.member.id}, 403)
    for nobody in (SOMEBODY, group.outsider.id, group.owner.id):
        await group.owner.put(group.path(f"/removed/{nobody}"), {"banned": True}, 404)


@pytest.mark.parametrize("how", [{}, {"banned": True}, {"messages": "all"}])
@on_one_database
async def test_only_those_who_run_the_group_remove_and_ban(
    group: Group, how: dict[str, Any]
) -> None:
    def path(of: Person) -> str:
        return group.path(f"/removed/{of.id}")

    refused = [
        (group.member, group.admin), (group.member, group.owner), (group.admin, group.owner),
    ]  # fmt: skip
    for actor, other in refused:
        assert (await actor.put(path(other), how, 403))["code"] == "forbidden"
    await group.member.get(group.path("/banned"), 403)
    await group.member.delete(group.path(f"/banned/{group.member.id}"), 403)
    for call in (
        group.outsider.http.put(path(group.member), json=how),
        group.outsider.http.get(group.path("/banned")),
        group.outsider.http.delete(group.path(f"/banned/{group.member.id}")),
    ):
        assert (await call).status_code == 404
    direct = await group.owner.talk_to(group.member)
    await group.owner.put(f"/conversations/{direct}/removed/{group.member.id}", how, 409)
    await group.owner.put(path(group.admin), how)
    assert await group.roles() == {"Ada": "owner", "Carl": "member"}
