"""Roles in a group: who may do what to whom, and how a group is handed over."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import Person, register
from tests.product.samples import SOMEBODY


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


async def second_admin(group: Group) -> Person:
    """Add one more admin to a group."""
    dora = await register(group.owner.base, "Dora")
    await group.owner.befriend(dora)
    await group.owner.post(group.path("/members"), {"user": dora.id})
    await group.owner.patch(group.of(dora), {"role": "admin"})
    return dora


async def test_a_member_may_only_leave(group: Group) -> None:
    carl = group.member
    await carl.befriend(group.outsider)
    before = await group.seen_by(group.owner)
    invite = await group.invite()
    tries: list[tuple[str, str, Any]] = [
        ("POST", group.path("/members"), {"user": group.outsider.id}),
        ("DELETE", group.of(group.admin), None),
        ("DELETE", group.of(group.owner), None),
        ("PATCH", group.of(carl), {"role": "admin"}),
        ("PATCH", group.of(carl), {"role": "owner"}),
        ("PATCH", group.of(group.admin), {"role": "member"}),
        ("PATCH", group.path(), {"title": "Mine"}),
        ("PATCH", group.path(), {"history": "joined"}),
        ("PATCH", group.path(), {"description": "Mine"}),
        ("PATCH", group.path(), {"description": None}),
        ("DELETE", group.path("/avatar"), None),
        ("PUT", group.path("/avatar"), None),
        ("GET", group.path("/invites"), None),
        ("POST", group.path("/invites"), {}),
        ("DELETE", group.path(f"/invites/{invite['id']}"), None),
    ]
    for method, path, body in tries:
        answer = await carl.http.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path)
    assert (await group.seen_by(group.owner))["version"] == before["version"]
    await carl.patch(group.of(carl), {"role": "member"})  # what is so already
    await carl.delete(group.of(carl))


async def test_an_admin_may_do_much_but_nothing_to_those_as_high(group: Group) -> None:
    dora = await second_admin(group)
    ben = group.admin
    await ben.befriend(group.outsider)
    await ben.patch(group.path(), {"title": "Ben was here"})
    await ben.post(group.path("/members"), {"user": group.outsider.id})
    await ben.delete(group.of(group.outsider))
    for path in (group.of(group.owner), group.of(dora)):
        assert (await ben.delete(path, 403))["code"] == "forbidden"
        await ben.patch(path, {"role": "member"}, 403)
    await ben.patch(group.of(group.member), {"role": "admin"}, 403)
    await ben.patch(group.of(ben), {"role": "owner"}, 403)
    assert await group.roles() == {
        "Ada": "owner", "Ben": "admin", "Carl": "member", "Dora": "admin",
    }  # fmt: skip
    await group.owner.delete(group.of(dora))
    await dora.close()


async def test_an_admin_may_step_down(group: Group) -> None:
    stepped = await group.admin.patch(group.of(group.admin), {"role": "member"})
    assert stepped["member"]["role"] == "member"
    await group.admin.patch(group.path(), {"title": "Mine"}, 403)


async def test_a_role_is_told_to_all_devices_and_written_down(group: Group) -> None:
    web = await group.member.connect()
    polling = await group.admin.connect(transports=["polling"])
    before = (await group.seen_by(group.owner))["version"]
    given = await group.owner.patch(group.of(group.member), {"role": "admin"})
    assert given["member"]["version"] == before + 1
    for socket in (web, polling):
        told = await socket.next("member", conversation=group.id, version=before + 1)
        assert told["member"]["role"] == "admin"
        assert told["member"]["user"]["id"] == group.member.id
        line = await socket.next("message", conversation=group.id, version=before + 2)
        said = {"type": "role", "user": group.member.id, "role": "admin"}
        assert line["message"]["system"] == said
    again = await group.owner.patch(group.of(group.member), {"role": "admin"})
    assert again == given
    assert (await group.seen_by(group.owner))["version"] == before + 2


async def test_handing_over_leaves_one_owner_and_makes_the_former_an_admin(group: Group) -> None:
    socket = await group.member.connect()
    before = (await group.seen_by(group.owner))["version"]
    await group.owner.patch(group.of(group.member), {"role": "owner"})
    assert await group.roles() == {"Ada": "admin", "Ben": "admin", "Carl": "owner"}
    former = await socket.next("member", conversation=group.id, version=before + 1)
    heir = await socket.next("member", conversation=group.id, version=before + 2)
    assert (former["member"]["role"], heir["member"]["role"]) == ("admin", "owner")
    assert (await group.lines())[-1]["role"] == "owner"
    await group.owner.patch(group.of(group.admin), {"role": "owner"}, 403)
    await group.owner.delete(group.of(group.owner))
    await group.member.delete(group.of(group.admin))


async def test_the_owner_does_not_leave_a_group_without_an_heir(group: Group) -> None:
    refused = await group.owner.delete(group.of(group.owner), 409)
    assert "Hand it over" in refused["detail"]
    await group.owner.patch(group.of(group.owner), {"role": "admin"}, 409)
    assert (await group.roles())["Ada"] == "owner"
    await group.owner.delete(group.of(group.admin))
    await group.owner.delete(group.of(group.member))
    await group.owner.delete(group.of(group.owner))
    await group.owner.get(group.path(), 404)


async def test_who_comes_back_is_a_member_and_no_admin(group: Group) -> None:
    await group.admin.delete(group.of(group.admin))
    await group.owner.post(group.path("/members"), {"user": group.admin.id})
    assert (await group.roles())["Ben"] == "member"


@on_one_database
async def test_no_one_gets_a_role_who_is_not_there(group: Group) -> None:
    gone = group.of(group.member)
    await group.owner.delete(gone)
    nowhere = group.path(f"/members/{SOMEBODY}")
    for path in (gone, nowhere, group.of(group.outsider)):
        assert (await group.owner.patch(path, {"role": "admin"}, 404))["code"] == "not_found"
        assert (await group.owner.delete(path, 404))["code"] == "not_found"


@pytest.mark.parametrize("role", ["king", "", None, 1])
@on_one_database
async def test_a_role_is_one_of_three(group: Group, role: Any) -> None:
    refused = await group.owner.patch(group.of(group.member), {"role": role}, 400)
    assert "role" in refused["fields"]
