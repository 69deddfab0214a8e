"""Bots: made by people, members of groups, with keys of their own, and nothing more."""

import asyncio
import re
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from echosphere.accounts import AccountRole, Action, may
from echosphere.accounts.store.tables import bots
from echosphere.api_keys.store import api_keys
from echosphere.bots.bot import ALL_SCOPES, MAX_BOTS_OF_OWNER
from echosphere.conversations import MAX_BOTS
from echosphere.database import Snapshot
from tests.bots.programs import bot_of, let_in
from tests.product.conftest import Running
from tests.product.groups import Group, found
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, client_of, new_key


async def test_a_bot_is_made_and_its_key_told_once(running: Running, group: Group) -> None:
    body = {"name": "Echo", "about": "Repeats.", "key": new_key()}
    made = await group.member.post("/bots", body)
    secret, bot = made["key"], made["bot"]
    assert re.fullmatch(r"esb_[\w-]{43}", secret)
    assert (bot["name"], bot["about"], bot["kind"]) == ("Echo", "Repeats.", "bot")
    assert bot["owner"] == group.member.id
    assert bot["keys"][0]["scopes"] == sorted(ALL_SCOPES)
    assert (await group.member.post("/bots", body, 200)) == made
    assert (await group.member.get("/bots"))["bots"] == [bot]
    assert (await group.owner.get("/bots"))["bots"] == []

    def stored(snapshot: Snapshot) -> str:
        return str(snapshot.execute(select(api_keys)).all())

    assert secret[10:] not in await running.application.database.read(stored)
    events = (await group.member.get("/me/security-events"))["events"]
    assert events[0]["kind"] == "key_created"


@on_one_database
async def test_a_repeated_creation_tells_no_other_key_than_the_first(group: Group) -> None:
    body = {"name": "Echo", "key": new_key()}
    made = await group.member.post("/bots", body)
    keys = f"/bots/{made['bot']['id']}/keys"
    wish = {"name": "Second key", "scopes": ["messages:write"]}
    second = await group.member.post(keys, wish)
    assert (await group.member.post("/bots", body, 200))["key"] == made["key"]
    await group.member.delete(f"{keys}/{made['bot']['keys'][0]['id']}")
    answer = await group.member.post("/bots", body, 410)
    assert second["secret"] not in str(answer)


async def test_a_bot_posts_in_its_groups_and_is_marked(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await bot.get(group.path("/messages"), 404)
        await let_in(group, bot)
        said = await bot.say(group.id, "Hello!")
        assert said["automated"] is True
        assert said["author"] == bot.id
        shown = await group.seen_by(group.owner)
        (member,) = [one for one in shown["members"] if one["user"]["id"] == bot.id]
        assert (member["user"]["kind"], member["role"]) == ("bot", "member")
        assert (await group.lines())[-1]["user"] == bot.id
        reply = await bot.say(group.id, "And again", reply_to=said["seq"])
        path = group.path(f"/messages/{reply['seq']}")
        edited = await bot.http.patch(path, json={"body": "Once more"})
        assert edited.json()["message"]["body"] == "Once more"
        assert (await bot.http.delete(path)).status_code < 300
        thumb = await bot.http.put(group.path(f"/messages/{said['seq']}/reactions/👍"))
        assert thumb.status_code == 200, thumb.text


@on_one_database
async def test_a_bot_says_a_thing_once_per_key(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        body = {"key": new_key(), "body": "Once"}
        first, again = [await bot.http.post(group.path("/messages"), json=body) for _ in range(2)]
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["message"]["seq"] == again.json()["message"]["seq"]


async def test_only_who_runs_a_group_adds_a_bot_whose_owner_is_a_member(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.outsider) as foreign:
        await group.member.post(group.path("/members"), {"user": bot.id}, 403)
        await group.owner.post(group.path("/members"), {"user": foreign.id}, 404)
        await group.admin.post(group.path("/members"), {"user": bot.id})
        await group.admin.post(group.path("/members"), {"user": bot.id}, 200)
        listed = await group.member.get(group.path("/bots"))
        assert [(one["bot"]["id"], one["sees"]) for one in listed["bots"]] == [
            (bot.id, "addressed")
        ]
        assert listed["own"] == []
        await group.member.put(group.path(f"/bots/{bot.id}"), {"sees": "all"}, 403)
        await group.owner.put(group.path(f"/bots/{foreign.id}"), {"sees": "all"}, 404)
        changed = await group.owner.put(group.path(f"/bots/{bot.id}"), {"sees": "all"}, 200)
        assert changed["bots"][0]["sees"] == "all"
        assert (await group.lines())[-1]["sees"] == "all"
        await group.owner.patch(group.path(f"/members/{bot.id}"), {"role": "admin"}, 409)
        await group.owner.delete(group.path(f"/members/{bot.id}"))
        await bot.say(group.id, "Hello", 404)
        assert [one["id"] for one in (await group.member.get(group.path("/bots")))["own"]] == [
            bot.id
        ]


async def test_a_bot_leaves_with_its_owner_and_with_the_last_person(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.owner, "Other") as other:
        await let_in(group, bot)
        await let_in(group, other)
        await group.owner.delete(group.of(group.member))
        await bot.say(group.id, "Hello", 404)
        await other.say(group.id, "Still here")
        assert "Echo" not in await group.roles()
        await group.admin.delete(group.of(group.admin))
        await group.owner.delete(group.of(group.owner))
        await other.say(group.id, "Hello", 404)


async def test_no_bot_inherits_a_group(group: Group) -> None:
    alone = await found(group.admin, group.member, title="Two")
    async with bot_of(group.member) as bot:
        await group.admin.post(f"/conversations/{alone}/members", {"user": bot.id})
        await group.admin.http.request("DELETE", "/me", json={"password": PASSWORD})
        members = (await group.member.get(f"/conversations/{alone}"))["conversation"]["members"]
        roles = {one["user"]["id"]: one["role"] for one in members if not one["left"]}
        assert roles == {group.member.id: "owner", bot.id: "member"}


@on_one_database
async def test_a_bot_is_changed_disabled_and_deleted_by_its_owner_alone(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        said = await bot.say(group.id, "Hello")
        await group.owner.patch(f"/bots/{bot.id}", {"name": "Mine"}, 404)
        await group.owner.delete(f"/bots/{bot.id}", 404)
        await group.member.patch(f"/bots/{bot.id}", {"name": " "}, 400)
        changed = await group.member.patch(
            f"/bots/{bot.id}", {"name": "Parrot", "about": "Repeats.", "hear_bots": True}
        )
        assert (changed["bot"]["name"], changed["bot"]["hear_bots"]) == ("Parrot", True)
        shown = await group.seen_by(group.owner)
        assert "Parrot" in [one["user"]["name"] for one in shown["members"]]
        await group.member.patch(f"/bots/{bot.id}", {"disabled": True})
        await bot.get("/me", 401)
        await group.member.patch(f"/bots/{bot.id}", {"disabled": False})
        await bot.say(group.id, "Back")
        await group.member.delete(f"/bots/{bot.id}")
        await group.member.delete(f"/bots/{bot.id}", 404)
        await bot.get(group.path("/messages"), 401)
        assert "Parrot" not in await group.roles()
        kept = await group.owner.get(group.path(f"/messages/{said['seq']}"))
        assert kept["message"]["body"] == "Hello"


@on_one_database
async def test_keys_of_a_bot_do_what_their_scopes_say_and_end_at_once(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        keys = f"/bots/{bot.id}/keys"
        body = {"name": "reader", "scopes": ["messages:read"], "key": new_key()}
        made = await group.member.post(keys, body)
        assert (await group.member.post(keys, body, 200)) == made
        await group.owner.post(keys, body, 404)
        await group.owner.delete(f"{keys}/{made['key']['id']}", 404)
        async with client_of(bot.owner.base) as http:
            http.headers["Authorization"] = f"Bearer {made['secret']}"
            assert (await http.get(group.path("/messages"))).status_code == 200
            posted = {"key": new_key(), "body": "Hello"}
            assert (await http.post(group.path("/messages"), json=posted)).status_code == 403
            assert (await http.get("/bots")).status_code == 403
            await group.member.delete(f"{keys}/{made['key']['id']}")
            await group.member.delete(f"{keys}/{made['key']['id']}", 404)
            assert (await http.get(group.path("/messages"))).status_code == 401
        answer = await group.member.post(keys, body, 410)
        assert "revoked" in answer["detail"]


async def ends(http: httpx.AsyncClient) -> None:
    """Wait until a program is not let in any more; what was found is kept for five seconds."""
    async with asyncio.timeout(5 + 5):
        while (await http.get("/me")).status_code != 401:
            await asyncio.sleep(0.2)


@on_one_database
@pytest.mark.own_product
async def test_a_bot_may_nothing_once_its_owner_may_nothing(group: Group) -> None:
    async with bot_of(group.member) as bot, bot_of(group.admin, "Second") as second:
        await bot.get("/me")
        path = f"/administration/people/{group.member.id}/suspension"
        answer = await group.owner.http.put(path, json={"until": None, "reason": "a test"})
        assert answer.status_code < 300, answer.text
        await ends(bot.http)
        await group.owner.delete(path)
        assert (await bot.http.get("/me")).status_code in (200, 401)  # signed out everywhere
        await second.get("/me")
        await group.admin.http.request("DELETE", "/me", json={"password": PASSWORD})
        await second.get("/me", 401)


@on_one_database
async def test_a_new_password_of_the_owner_ends_the_keys_of_their_bots(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await bot.get("/me")
        change = {"current": PASSWORD, "new": f"{PASSWORD} {PASSWORD}"}
        await group.member.put("/me/password", change)
        await bot.get("/me", 401)
        (listed,) = (await group.member.get("/bots"))["bots"]
        assert listed["keys"] == []
        again = await group.member.post(
            f"/bots/{bot.id}/keys", {"name": "new", "scopes": ["members:read"]}
        )
        bot.http.headers["Authorization"] = f"Bearer {again['secret']}"
        await bot.get("/me")


@on_one_database
async def test_there_are_so_many_bots_of_a_person_and_in_a_group(
    running: Running, group: Group
) -> None:
    for _ in range(MAX_BOTS_OF_OWNER):
        made = await group.member.post("/bots", {"name": "Echo"})
        await group.owner.post(group.path("/members"), {"user": made["bot"]["id"]})
    answer = await group.member.post("/bots", {"name": "Echo"}, 409)
    assert str(MAX_BOTS_OF_OWNER) in answer["detail"]
    more = await group.owner.post("/bots", {"name": "One more"})
    answer = await group.owner.post(group.path("/members"), {"user": more["bot"]["id"]}, 409)
    assert str(MAX_BOTS) in answer["detail"]

    def count(snapshot: Snapshot) -> int:
        return len(snapshot.execute(select(bots)).all())

    assert await running.application.database.read(count) == MAX_BOTS_OF_OWNER + 1


def test_guests_make_no_bots() -> None:
    assert [role for role in AccountRole if not may(role, Action.CREATE_BOTS)] == ["guest"]


async def invited(group: Group, person: Person) -> int:
    """Return how many members the card of an invite to the group counts."""
    token = (await group.invite())["token"]
    card: dict[str, Any] = await person.get(f"/invites/{token}")
    return int(card["invite"]["members"])


@on_one_database
@pytest.mark.parametrize(
    "place",
    ["sign-in", "people", "requests", "direct", "administer", "invite", "receipts"],
)
@pytest.mark.own_product
async def test_a_bot_is_nobody_where_people_count(group: Group, place: str) -> None:
    async with bot_of(group.member, "Zebedee") as bot:
        await let_in(group, bot)
        said = await group.member.say(group.id, "Hello")
        owner = group.owner
        match place:
            case "sign-in":
                body = {"email": bot.id, "password": "", "bearer": True}
                assert (await owner.http.post("/sessions", json=body)).status_code in (400, 401)
            case "people":
                found = await owner.get("/administration/people", query="Zebedee")
                assert found["people"] == []
                assert "Zebedee" not in str(await owner.get("/administration/storage"))
            case "requests":
                await owner.post("/contacts", {"user": bot.id}, 202)
                assert (await owner.get("/contacts/sent-requests"))["requests"] == []
            case "direct":
                await owner.post("/conversations", {"kind": "direct", "user": bot.id}, 404)
            case "administer":
                path = f"/administration/people/{bot.id}/suspension"
                answer = await owner.http.put(path, json={"until": None, "reason": "x"})
                assert answer.status_code == 404, answer.text
            case "invite":
                assert await invited(group, group.outsider) == 3
            case "receipts":
                receipts = await group.member.get(group.path(f"/messages/{said['seq']}/receipts"))
                assert bot.id not in [one["user"] for one in receipts["receipts"]]
