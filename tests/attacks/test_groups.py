"""Attacks on groups: roles, bans, the filter, slow mode, invitations and disappearing messages."""

import asyncio
from typing import Any

import pytest

from tests.attacks.conftest import code_of
from tests.attacks.servers import Target
from tests.product.groups import Group
from tests.product.people import PASSWORD, Person, new_key, people_on

CHANGES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"title": "Taken over"}),
    ("PATCH", "", {"history": "all"}),
    ("PATCH", "", {"posting": "admins"}),
    ("PATCH", "", {"reacting": "admins"}),
    ("PATCH", "", {"slow_seconds": 10}),
    ("PATCH", "", {"retention_days": 1}),
    ("PATCH", "", {"expire_seconds": 3600}),
    ("PATCH", "", {"description": "forged"}),
    ("PATCH", "/members/{self}", {"role": "admin"}),
    ("PATCH", "/members/{self}", {"role": "owner"}),
    ("PATCH", "/members/{admin}", {"role": "member"}),
    ("DELETE", "/members/{owner}", None),
    ("DELETE", "/members/{admin}", None),
    ("PUT", "/removed/{admin}", {"banned": True}),
    ("PUT", "/removed/{owner}", {"messages": "all"}),
    ("GET", "/invites", None),
    ("POST", "/invites", {}),
    ("GET", "/filter", None),
    ("PUT", "/filter", {"words": []}),
    ("GET", "/banned", None),
    ("DELETE", "/avatar", None),
]


@pytest.mark.parametrize(
    ("method", "path", "body"), CHANGES, ids=[f"{m} {p} {b}" for m, p, b in CHANGES]
)
async def test_a_member_runs_nothing(group: Group, method: str, path: str, body: Any) -> None:
    ids = {"self": group.member.id, "admin": group.admin.id, "owner": group.owner.id}
    answer = await group.member.http.request(method, group.path(path.format(**ids)), json=body)
    assert code_of(answer) == (403, "forbidden")
    assert await group.roles() == {"Ada": "owner", "Ben": "admin", "Carl": "member"}
    assert (await group.seen_by(group.owner))["title"] == "Garden"


OVER: list[tuple[str, str, Any]] = [
    ("PATCH", "/members/{self}", {"role": "owner"}),
    ("PATCH", "/members/{member}", {"role": "admin"}),
    ("PATCH", "/members/{owner}", {"role": "member"}),
    ("DELETE", "/members/{owner}", None),
    ("PUT", "/removed/{owner}", {"banned": True}),
    ("PATCH", "", {"retention_days": 1}),
]


@pytest.mark.parametrize(("method", "path", "body"), OVER, ids=[f"{m} {p} {b}" for m, p, b in OVER])
async def test_an_admin_does_nothing_to_the_owner(
    group: Group, method: str, path: str, body: Any
) -> None:
    ids = {"self": group.admin.id, "member": group.member.id, "owner": group.owner.id}
    answer = await group.admin.http.request(method, group.path(path.format(**ids)), json=body)
    assert code_of(answer) == (403, "forbidden")
    assert await group.roles() == {"Ada": "owner", "Ben": "admin", "Carl": "member"}


async def test_no_one_adds_themselves(group: Group) -> None:
    oscar = group.outsider
    for path, body in (("/members", {"user": oscar.id}), ("/invites", {})):
        await oscar.post(group.path(path), body, 404)
    await group.member.befriend(oscar)
    await group.member.post(group.path("/members"), {"user": oscar.id}, 403)


async def test_a_ban_holds_against_every_way_in(group: Group) -> None:
    invite = await group.invite()
    own = await group.invite(group.admin, max_uses=5)
    await group.owner.put(group.path(f"/removed/{group.member.id}"), {"banned": True})
    for token in (invite["token"], own["token"]):
        await group.member.post(f"/invites/{token}", {}, 403)
    await group.member.befriend(group.admin)
    await group.admin.post(group.path("/members"), {"user": group.member.id}, 403)
    await group.member.delete(group.path(f"/banned/{group.member.id}"), 404)
    assert "Carl" not in await group.roles()


async def test_who_was_removed_does_not_come_back_by_an_invite(group: Group) -> None:
    invite = await group.invite()
    await group.owner.delete(group.of(group.member))
    await group.member.post(f"/invites/{invite['token']}", {}, 403)
    assert "Carl" not in await group.roles()


async def test_an_invite_lets_in_as_many_as_it_says(group: Group) -> None:
    invite = await group.invite(max_uses=1)
    async with people_on(group.owner.base, *(f"Guest {n}" for n in range(10))) as guests:
        path = f"/invites/{invite['token']}"
        answers = await asyncio.gather(*(guest.http.post(path) for guest in guests))
        assert sorted(one.status_code for one in answers) == [201, *[410] * 9]


async def test_an_invite_ends_when_it_is_revoked_or_its_maker_may_not_invite(group: Group) -> None:
    revoked, demoted = await group.invite(), await group.invite(group.admin)
    await group.owner.delete(group.path(f"/invites/{revoked['id']}"))
    await group.owner.patch(group.of(group.admin), {"role": "member"})
    for invite in (revoked, demoted):
        await group.outsider.post(f"/invites/{invite['token']}", {}, 410)
        await group.outsider.get(f"/invites/{invite['token']}", 410)


async def test_an_invite_of_a_removed_admin_is_dead(group: Group) -> None:
    invite = await group.invite(group.admin)
    await group.owner.delete(group.of(group.admin))
    await group.outsider.post(f"/invites/{invite['token']}", {}, 410)
    await group.admin.post(f"/invites/{invite['token']}", {}, 410)


async def test_an_invite_shows_no_secrets_of_the_group(group: Group) -> None:
    await group.owner.say(group.id, "a secret of the group")
    invite = await group.invite()
    async with people_on(group.owner.base, "Eve Example") as (eve,):
        shown = (await eve.http.get(f"/invites/{invite['token']}")).text
    assert group.id not in shown
    for person in (group.owner, group.member):
        assert person.id not in shown
        assert person.email not in shown
    assert "a secret of the group" not in shown


@pytest.fixture
async def filtered(group: Group) -> Group:
    """A group that holds what has the word boat."""
    await group.owner.put(group.path("/filter"), {"words": ["boat"]}, 200)
    return group


DISGUISES = {
    "plain": "buy my boat",
    "case": "BoAt",
    "accents": "bo\u0301a\u0308t",
    "full width": "\uff42\uff4f\uff41\uff54",
    "invisible": "b\u200bo\u2060a\ufefft",
    "a joiner": "bo\u034fat",
    "a soft hyphen": "bo\u00adat",
    "a variation": "bo\ufe0fat",
    "direction": "\u202eboat\u202c",
    "markup": "b**oa**t",
    "a strike": "~~bo~~at",
    "code": "`boat`",
    "mathematical": "\U0001d41b\U0001d428\U0001d41a\U0001d42d",
    "a tag": "bo\U000e0061at",
    "a blank of Braille": "bo\u2800at",
}


@pytest.mark.parametrize("body", DISGUISES.values(), ids=DISGUISES)
async def test_the_filter_sees_through_disguises(filtered: Group, body: str) -> None:
    answer = await filtered.member.post(
        filtered.path("/messages"), {"key": new_key(), "body": body}, 200
    )
    assert answer["message"] is None
    assert await filtered.said(filtered.owner) == []


async def test_the_filter_is_not_passed_by_editing_forwarding_or_a_socket(filtered: Group) -> None:
    carl = filtered.member
    said = await carl.say(filtered.id, "harmless")
    edited = await carl.patch(filtered.path(f"/messages/{said['seq']}"), {"body": "buy my boat"})
    assert edited["message"] is None
    notes = await carl.post("/conversations", {"kind": "direct", "user": carl.id})
    here = notes["conversation"]["id"]
    elsewhere = await carl.say(here, "buy my boat")
    to = [{"conversation": filtered.id, "key": new_key()}]
    path = f"/conversations/{here}/messages/{elsewhere['seq']}/forward"
    assert (await carl.http.post(path, json={"to": to})).status_code in (400, 403, 409)
    socket = await carl.connect()
    call = {"conversation": filtered.id, "key": new_key(), "body": "my boat"}
    assert (await socket.call("post", call))["message"] is None
    assert await filtered.said(filtered.owner) == ["harmless"]


async def test_no_one_releases_what_they_said_themselves(filtered: Group) -> None:
    body = {"key": new_key(), "body": "buy my boat"}
    held = (await filtered.member.post(filtered.path("/messages"), body, 200))["held"]["id"]
    await filtered.member.put(filtered.path(f"/held/{held}/released"), None, 403)
    await filtered.member.put(filtered.path(f"/held/{held}/refused"), {"reason": "x"}, 403)
    await filtered.outsider.put(filtered.path(f"/held/{held}/released"), None, 404)
    await filtered.admin.delete(filtered.path(f"/held/{held}"), 404)
    assert await filtered.said(filtered.owner) == []


async def test_what_is_held_is_found_by_no_one(filtered: Group) -> None:
    watching = await filtered.outsider.connect()
    async with people_on(filtered.owner.base, "Dora Example") as (dora,):
        await filtered.owner.befriend(dora)
        await filtered.owner.post(filtered.path("/members"), {"user": dora.id})
        socket = await dora.connect()
        body = {"key": new_key(), "body": "sarsaparilla and a boat"}
        await filtered.member.post(filtered.path("/messages"), body, 200)
        assert (await dora.get("/search", q="sarsaparilla"))["results"] == []
        assert (await dora.get(filtered.path("/held")))["held"] == []
        texts = [
            (await dora.http.get(path)).text
            for path in (filtered.path(), "/sync", "/conversations")
        ]
        assert "sarsaparilla" not in "".join(texts) + repr(socket.events) + repr(watching.events)


SLOW: list[Any] = ["post", "edit", "pin", "forward", "socket"]


@pytest.mark.parametrize("way", SLOW)
async def test_slow_mode_has_no_way_around(group: Group, way: str) -> None:
    carl = group.member
    said = await carl.say(group.id, "first")
    await group.owner.patch(group.path(), {"slow_seconds": 3600})
    await carl.say(group.id, "second")
    if way == "socket":
        socket = await carl.connect()
        call = {"conversation": group.id, "key": new_key(), "body": "third"}
        answer = await socket.client.call("post", call, timeout=20)
        assert (answer["ok"], answer["error"]["code"]) == (False, "too_many")
        return
    notes = await carl.post("/conversations", {"kind": "direct", "user": carl.id})
    here = notes["conversation"]["id"]
    elsewhere = await carl.say(here, "third")
    to = [{"conversation": group.id, "key": new_key()}]
    ways = {
        "post": ("POST", group.path("/messages"), {"key": new_key(), "body": "third"}),
        "edit": ("PATCH", group.path(f"/messages/{said['seq']}"), {"body": "third"}),
        "pin": ("PUT", group.path(f"/messages/{said['seq']}/pin"), None),
        "forward": (
            "POST",
            f"/conversations/{here}/messages/{elsewhere['seq']}/forward",
            {"to": to},
        ),
    }
    method, path, body = ways[way]
    answer = await carl.http.request(method, path, json=body)
    assert code_of(answer) == (429, "too_many")
    assert await group.said(group.owner) == ["first", "second"]


async def test_slow_mode_is_not_outrun_in_parallel_nor_by_leaving(group: Group) -> None:
    await group.owner.patch(group.path(), {"slow_seconds": 3600})
    carl = group.member
    bodies = [{"key": new_key(), "body": f"flood {n}"} for n in range(12)]
    answers = await asyncio.gather(
        *(carl.http.post(group.path("/messages"), json=body) for body in bodies)
    )
    assert sorted(one.status_code for one in answers) == [201, *[429] * 11]
    await carl.delete(group.of(carl))
    await group.owner.post(group.path("/members"), {"user": carl.id})
    await carl.post(group.path("/messages"), {"key": new_key(), "body": "again"}, 429)


async def test_where_only_admins_post_a_member_says_nothing(group: Group) -> None:
    said = await group.member.say(group.id, "before")
    await group.owner.patch(group.path(), {"posting": "admins", "reacting": "admins"})
    carl = group.member
    await carl.post(group.path("/messages"), {"key": new_key(), "body": "after"}, 403)
    await carl.patch(group.path(f"/messages/{said['seq']}"), {"body": "after"}, 403)
    await carl.put(group.path(f"/messages/{said['seq']}/reactions/👍"), None, 403)
    assert await group.said(group.owner) == ["before"]


async def test_no_one_is_added_who_is_no_contact(group: Group) -> None:
    oscar = group.outsider
    answer = await group.owner.http.post(group.path("/members"), json={"user": oscar.id})
    assert answer.status_code in (403, 404)
    body = {"kind": "group", "title": "Trap", "members": [oscar.id]}
    made = await group.owner.http.post("/conversations", json=body)
    assert made.status_code in (403, 404)


async def test_a_direct_conversation_is_no_group(group: Group) -> None:
    here = await group.owner.talk_to(group.member)
    for method, path, body in (
        ("PATCH", "", {"title": "x"}),
        ("POST", "/members", {"user": group.admin.id}),
        ("POST", "/invites", {}),
        ("PUT", f"/removed/{group.member.id}", {"banned": True}),
        ("PUT", "/filter", {"words": ["x"]}),
        ("PATCH", f"/members/{group.member.id}", {"role": "owner"}),
    ):
        answer = await group.owner.http.request(method, f"/conversations/{here}{path}", json=body)
        assert answer.status_code in (403, 404, 409), (method, path)


async def test_what_disappeared_is_nowhere(group: Group) -> None:
    """The shortest time that people can choose is an hour: here it is a deletion by an admin."""
    said = await group.member.say(group.id, "sarsaparilla")
    await group.admin.put(group.path(f"/removed/{group.member.id}"), {"messages": "all"})
    async with asyncio.timeout(30):
        while "sarsaparilla" in await group.said(group.owner):
            await asyncio.sleep(0.05)
    for path in ("/messages", f"/messages/{said['seq']}", f"/messages/{said['seq']}/versions"):
        assert "sarsaparilla" not in (await group.owner.http.get(group.path(path))).text
    assert (await group.owner.get("/search", q="sarsaparilla"))["results"] == []


async def test_reports_do_not_carry_messages_that_the_reporter_may_not_see(
    group: Group, owner: Person
) -> None:
    said = await group.owner.say(group.id, "sarsaparilla")
    body = {"reason": "spam", "conversation": group.id, "seq": said["seq"]}
    answer = await group.outsider.http.post(f"/users/{group.owner.id}/reports", json=body)
    assert answer.status_code == 404
    assert "sarsaparilla" not in (await owner.http.get("/administration/reports")).text


async def test_a_report_opens_no_more_of_a_conversation_than_its_context(
    group: Group, owner: Person
) -> None:
    said = [await group.member.say(group.id, f"line {number}") for number in range(14)]
    body = {"reason": "spam", "conversation": group.id, "seq": said[6]["seq"]}
    await group.admin.post(f"/users/{group.member.id}/reports", body, 202)
    listed = (await owner.get("/administration/reports"))["reports"]
    [report] = [one["id"] for one in listed if one["user"]["id"] == group.member.id]
    shown = (await owner.get(f"/administration/reports/{report}"))["messages"]
    assert len(shown) <= 6
    await owner.get(group.path(), 404)
    await owner.get(group.path("/messages"), 404)


async def test_who_is_reported_does_not_learn_by_whom(group: Group, owner: Person) -> None:
    await group.admin.post(f"/users/{group.member.id}/reports", {"reason": "abuse"}, 202)
    listed = (await owner.get("/administration/reports"))["reports"]
    [report] = [one["id"] for one in listed if one["user"]["id"] == group.member.id]
    decision = {"decision": "warn", "reason": "Calm down."}
    await owner.post(f"/administration/reports/{report}/decision", decision, 204)
    told = (await group.member.http.get("/me/decisions")).text
    told += (await group.member.http.get("/me/audit")).text
    assert "Calm down." in told
    assert group.admin.id not in told
    assert "Ben" not in told


async def test_the_password_of_a_group_owner_is_not_needed_to_lose_the_group(
    target: Target,
) -> None:
    """Closing an account hands its groups on: no group is left without someone who runs it."""
    async with people_on(target.base, "Ada", "Ben") as (ada, ben):
        await ada.befriend(ben)
        body = {"kind": "group", "title": "Left", "members": [ben.id]}
        here = (await ada.post("/conversations", body))["conversation"]["id"]
        await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
        members = (await ben.get(f"/conversations/{here}"))["conversation"]["members"]
        assert [one["role"] for one in members if not one["left"]] == ["owner"]
