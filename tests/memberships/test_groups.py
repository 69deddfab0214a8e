"""Groups: who comes and goes, what they see of it, and what those outside do not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import insert

from echosphere.accounts.store import users
from echosphere.conversations.store import members
from echosphere.database import Transaction
from tests.product.conftest import Running
from tests.product.groups import Group, found, group_on
from tests.product.model_client import ModelClient
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, Socket, people_on, register
from tests.product.samples import SOMEBODY

pytestmark = pytest.mark.usefixtures("another_owner")


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


async def fully(socket: Socket, group: Group) -> None:
    """Return when a socket has everything up to now: a message comes behind all that was before."""
    marker = await group.owner.say(group.id, "a marker")
    await socket.next("message", version=marker["version"])


# ---- starting ---------------------------------------------------------------------------------


async def test_a_new_group_says_who_started_it(group: Group) -> None:
    first = (await group.lines(group.member))[0]
    assert first == {"type": "created", "title": "Garden", "by": group.owner.id}
    assert await group.roles() == {"Ada": "owner", "Ben": "admin", "Carl": "member"}


async def test_the_line_of_a_start_reaches_the_members_at_once(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        web = await ben.connect()
        polling = await ben.connect(transports=["polling"])
        conversation = await found(ada, ben)
        for socket in (web, polling):
            started = await socket.next("conversation", conversation=conversation)
            assert (started["version"], started["history"]) == (1, "all")
            line = await socket.next("message", conversation=conversation)
            assert line["message"]["system"] == {"type": "created", "title": "Garden"}
            assert line["version"] == 2
        listed = (await ben.get("/conversations"))["conversations"][0]
        assert listed["unread"] == 0


@on_one_database
async def test_a_group_of_one_is_a_group(server: str) -> None:
    async with people_on(server, "Ada") as (ada,):
        conversation = await found(ada)
        await ada.say(conversation, "hello me")
        await ada.delete(f"/conversations/{conversation}/members/{ada.id}")
        await ada.get(f"/conversations/{conversation}", 404)


async def test_notes_to_self_are_a_conversation_with_one_member(server: str) -> None:
    async with people_on(server, "Ada", "Ben") as (ada, ben):
        body = {"kind": "direct", "user": ada.id}
        notes = (await ada.post("/conversations", body))["conversation"]
        assert (notes["kind"], notes["title"]) == ("direct", None)
        assert [one["user"]["id"] for one in notes["members"]] == [ada.id]
        again = (await ada.post("/conversations", body, 200))["conversation"]
        assert again["id"] == notes["id"]
        telephone = await ada.connect()
        said = await ada.say(notes["id"], "milk, bread")
        assert (await telephone.next("message"))["message"] == said
        await ben.get(f"/conversations/{notes['id']}", 404)
        refused = await ada.post(f"/conversations/{notes['id']}/members", {"user": ben.id}, 409)
        assert refused["code"] == "conflict"


# ---- adding -----------------------------------------------------------------------------------


async def test_someone_who_is_added_is_there_at_once_on_all_devices(group: Group) -> None:
    oscar = group.outsider
    await group.admin.befriend(oscar)
    devices = [await oscar.connect(), await oscar.connect(transports=["polling"])]
    watching = await group.member.connect()
    await group.owner.say(group.id, "before")
    added = await group.admin.post(group.path("/members"), {"user": oscar.id})
    assert added["member"]["role"] == "member"
    assert added["member"]["user"]["name"] == "Oscar"
    for device in devices:
        told = await device.next("conversation", conversation=group.id)
        assert told["title"] == "Garden"
        names = {one["user"]["name"] for one in told["members"]}
        assert names == {"Ada", "Ben", "Carl", "Oscar"}
        line = await device.next("message", conversation=group.id)
        assert line["message"]["system"] == {"type": "added", "user": oscar.id}
        assert line["version"] == told["version"] + 1
    seen = await watching.next("member", conversation=group.id)
    assert seen["member"]["user"]["id"] == oscar.id
    assert (seen["version"], seen["members_version"]) == (told["version"],) * 2
    await group.owner.say(group.id, "welcome")
    for device in devices:
        heard = [one["message"]["body"] for one in device.of("message")]
        if "welcome" not in heard:
            await fully(device, group)
        assert "welcome" in [one["message"]["body"] for one in device.of("message")]


async def test_adding_again_changes_nothing(group: Group) -> None:
    before = await group.seen_by(group.owner)
    again = await group.owner.post(group.path("/members"), {"user": group.member.id}, 200)
    assert again["member"]["user"]["id"] == group.member.id
    assert (await group.seen_by(group.owner))["version"] == before["version"]


async def test_only_contacts_are_added_and_a_stranger_looks_like_no_one(group: Group) -> None:
    path = group.path("/members")
    stranger = await group.owner.post(path, {"user": group.outsider.id}, 404)
    nobody = await group.owner.post(path, {"user": SOMEBODY}, 404)
    assert stranger == nobody
    assert "Oscar" not in await group.roles()


async def test_whom_someone_blocked_can_add_them_no_more(group: Group) -> None:
    await group.owner.befriend(group.outsider)
    await group.outsider.put(f"/blocks/{group.owner.id}")
    await group.owner.post(group.path("/members"), {"user": group.outsider.id}, 404)


async def test_a_newcomer_has_nothing_unread_and_sees_all_or_from_now_on(group: Group) -> None:
    old = await group.owner.say(group.id, "long ago")
    await group.owner.befriend(group.outsider)
    await group.owner.patch(group.path(), {"history": "joined"})
    await group.owner.post(group.path("/members"), {"user": group.outsider.id})
    shown = await group.seen_by(group.outsider)
    assert (shown["unread"], shown["history"]) == (0, "joined")
    assert await group.said(group.outsider) == []
    assert [line["type"] for line in await group.lines(group.outsider)] == ["added"]
    around = await group.outsider.get(group.path("/messages"), around=old["seq"])
    assert "long ago" not in [message["body"] for message in around["messages"]]
    await group.owner.say(group.id, "now")
    assert await group.said(group.outsider) == ["now"]
    assert (await group.seen_by(group.outsider))["unread"] == 1
    newcomer = await register(group.owner.base, "Nina")
    await group.owner.befriend(newcomer)
    await group.owner.patch(group.path(), {"history": "all"})
    await group.owner.post(group.path("/members"), {"user": newcomer.id})
    assert await group.said(newcomer) == ["long ago", "now"]
    assert (await group.seen_by(newcomer))["unread"] == 0
    assert await group.said(group.outsider) == ["now"], "the setting is for those who come"
    await newcomer.close()


# ---- leaving and being removed ----------------------------------------------------------------


async def test_who_leaves_hears_nothing_more_and_the_others_hear_of_it(group: Group) -> None:
    devices = [
        await group.member.connect(),
        await group.member.connect(transports=["polling"]),
    ]
    watching = await group.owner.connect()
    await group.member.delete(group.of(group.member))
    gone = await watching.next("member", conversation=group.id)
    assert (gone["member"]["left"], gone["member"]["user"]["id"]) == (True, group.member.id)
    line = await watching.next("message", conversation=group.id)
    assert line["message"]["system"] == {"type": "left", "user": group.member.id}
    await group.owner.say(group.id, "a secret")
    other = await group.owner.talk_to(group.member)
    marker = await group.owner.say(other, "marker")
    for device in devices:
        told = await device.next("member", conversation=group.id)
        assert told["member"]["left"] is True
        await device.next("message", conversation=other, version=marker["version"])
        about = [one for name, one in device.events if one.get("conversation") == group.id]
        assert about == [told], "one word that they are gone, and nothing else"


async def test_nothing_reaches_someone_who_was_removed_on_any_transport(group: Group) -> None:
    carl = group.member
    web, polling = await carl.connect(), await carl.connect(transports=["polling"])
    file = await group.owner.upload("plan.txt", b"the plan")
    shared = await group.owner.say(group.id, "the plan", attachments=[file["id"]])
    for device in (web, polling):
        await device.next("message", version=shared["version"])
    other = await group.owner.talk_to(carl)
    for device in (web, polling):
        await device.next("conversation", conversation=other)
    before = len(web.events), len(polling.events)
    await group.owner.delete(group.of(carl))
    for number in range(5):
        await group.owner.say(group.id, f"secret {number}")
    await group.owner.patch(group.path(), {"title": "Secret garden"})
    await group.admin.put(group.path("/read"), {"seq": 10_000})
    marker = await group.owner.say(other, "marker")
    for device, count in zip((web, polling), before, strict=True):
        await device.next("message", conversation=other, version=marker["version"])
        later = [one for _, one in device.events[count:] if one.get("conversation") == group.id]
        assert len(later) == 1
        assert later[0]["member"]["left"] is True
    for path in ("", "/members", "/messages", "/invites"):
        await carl.get(group.path(path), 404)
    await carl.get(f"/attachments/{file['id']}", 404)
    await carl.post(group.path("/messages"), {"key": "key-of-carl", "body": "hi"}, 404)
    assert group.id not in str(await carl.get("/conversations"))


async def test_nothing_from_after_a_removal_reaches_anyone_while_all_are_writing(
    group: Group,
) -> None:
    carl = group.member
    devices = [await carl.connect(), await carl.connect(transports=["polling"])]
    other = await group.owner.talk_to(carl)
    writers = [await person.connect() for person in (group.owner, group.admin)]

    async def write(writer: Socket) -> None:
        for number in range(30):
            await writer.say(group.id, f"{number}")

    async def remove() -> None:
        await writers[0].next("message")
        await group.admin.delete(group.of(carl))

    await asyncio.gather(*(write(writer) for writer in writers), remove())
    marker = await group.owner.say(other, "marker")
    (line,) = [
        message
        for message in (await group.owner.get(group.path("/messages"), limit=100))["messages"]
        if message["system"] == {"type": "removed", "user": carl.id}
    ]
    removal = line["version"] - 1
    for device in devices:
        await device.next("message", conversation=other, version=marker["version"])
        last = [one for one in device.of("member") if one["conversation"] == group.id]
        assert [one["version"] for one in last] == [removal]
        heard = [one["version"] for one in device.of("message") if one["conversation"] == group.id]
        assert heard == sorted(heard)
        assert all(version < removal for version in heard)


async def test_catching_up_tells_who_came_and_that_a_group_is_gone(group: Group) -> None:
    versions = {group.id: (await group.seen_by(group.owner))["version"]}
    carl_held = dict(versions)
    await group.owner.befriend(group.outsider)
    await group.owner.post(group.path("/members"), {"user": group.outsider.id})
    await group.owner.delete(group.of(group.member))
    synced = await group.admin.post("/sync", {"versions": versions}, 200)
    (difference,) = (
        one for one in synced["conversations"] if one["conversation"]["id"] == group.id
    )
    assert difference["reset"] is False
    changed = {one["user"]["name"]: one["left"] for one in difference["members"]}
    assert changed == {"Oscar": False, "Carl": True}
    assert [one["system"]["type"] for one in difference["messages"]] == ["added", "removed"]
    carls = await group.member.post("/sync", {"versions": carl_held}, 200)
    assert carls["gone"] == [group.id]
    assert carls["conversations"] == []
    oscars = await group.outsider.post("/sync", {"versions": {}}, 200)
    (whole,) = (one for one in oscars["conversations"] if one["conversation"]["id"] == group.id)
    assert whole["reset"] is True
    assert len(whole["members"]) == 4


async def test_coming_back_hides_what_was_said_meanwhile_if_the_group_wants_it(
    group: Group,
) -> None:
    await group.owner.patch(group.path(), {"history": "joined"})
    await group.owner.say(group.id, "first")
    held = {group.id: (await group.seen_by(group.member))["version"]}
    await group.member.delete(group.of(group.member))
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    assert await group.said(group.member) == ["first"], (
        "nothing was said meanwhile: nothing is lost"
    )
    await group.member.delete(group.of(group.member))
    await group.owner.say(group.id, "behind your back")
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    await group.owner.say(group.id, "again")
    assert await group.said(group.member) == ["again"]
    synced = await group.member.post("/sync", {"versions": held}, 200)
    (difference,) = (
        one for one in synced["conversations"] if one["conversation"]["id"] == group.id
    )
    assert difference["reset"] is True, "what the device holds is not to be seen any more"
    await group.owner.patch(group.path(), {"history": "all"})
    await group.member.delete(group.of(group.member))
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    assert await group.said(group.member) == ["first", "behind your back", "again"]
    assert (await group.seen_by(group.member))["unread"] == 0


# ---- what everyone sees ----------------------------------------------------------------------


async def test_a_new_title_and_setting_reach_everyone_and_are_written_down(group: Group) -> None:
    sockets = [await group.member.connect(), await group.owner.connect(transports=["polling"])]
    before = (await group.seen_by(group.owner))["version"]
    changed = await group.admin.patch(
        group.path(), {"title": "  Rose\u202e garden ", "history": "joined", "muted": True}
    )
    assert changed["conversation"]["title"] == "Rose garden"
    assert changed["conversation"]["muted"] is True
    for socket in sockets:
        title = await socket.next("conversation", version=before + 1)
        assert (title["title"], title["history"]) == ("Rose garden", "all")
        assert "members" not in title
        setting = await socket.next("conversation", version=before + 3)
        assert (setting["title"], setting["history"]) == ("Rose garden", "joined")
    lines = (await group.lines(group.member))[-2:]
    assert [line.get("title") or line.get("history") for line in lines] == ["Rose garden", "joined"]
    assert {line["by"] for line in lines} == {group.admin.id}
    assert (await group.seen_by(group.member))["muted"] is False


async def test_setting_the_same_title_again_changes_nothing(group: Group) -> None:
    before = await group.seen_by(group.owner)
    await group.owner.patch(group.path(), {"title": "Garden", "history": "all"})
    assert (await group.seen_by(group.owner))["version"] == before["version"]


@pytest.mark.parametrize("title", ["", "  ", "\u202e", "x" * 101])
@on_one_database
async def test_a_title_must_be_seen(group: Group, title: str) -> None:
    refused = await group.owner.patch(group.path(), {"title": title, "muted": True}, 400)
    assert "title" in refused["fields"]
    shown = await group.seen_by(group.owner)
    assert (shown["title"], shown["muted"]) == ("Garden", False), "all of it or nothing"


async def test_a_new_description_reaches_everyone_and_is_written_down(group: Group) -> None:
    sockets = [await group.member.connect(), await group.owner.connect(transports=["polling"])]
    first = await group.seen_by(group.owner)
    assert first["description"] is None
    given = "  What grows:\u202e\n\n\n\n\u200b\n rose,  thyme \r\nhttps://garden.example/plan \n"
    kept = "What grows:\n\nrose, thyme\nhttps://garden.example/plan"
    changed = await group.admin.patch(group.path(), {"description": given, "pinned": True})
    assert changed["conversation"]["description"] == kept
    for socket in sockets:
        told = await socket.next("conversation", version=first["version"] + 1)
        assert (told["description"], told["title"]) == (kept, "Garden")
        line = await socket.next("message", version=first["version"] + 2)
        assert line["message"]["system"] == {"type": "description"}
        assert line["message"]["author"] == group.admin.id
    shown = await group.seen_by(group.member)
    assert (shown["description"], shown["pinned"]) == (kept, False)
    listed = (await group.member.get("/conversations"))["conversations"]
    assert [one["description"] for one in listed if one["id"] == group.id] == [kept]
    away = {"versions": {group.id: first["version"]}}
    (synced,) = (await group.member.post("/sync", away, 200))["conversations"]
    assert synced["conversation"]["description"] == kept


@pytest.mark.parametrize("nothing", [None, "", " \n ", "\u200b\n\u2800"])
@on_one_database
async def test_a_description_is_taken_away_once(group: Group, nothing: str | None) -> None:
    await group.owner.patch(group.path(), {"description": "Roses"})
    before = await group.seen_by(group.owner)
    for _ in range(2):
        await group.owner.patch(group.path(), {"description": nothing})
    after = await group.seen_by(group.owner)
    assert (after["description"], after["version"]) == (None, before["version"] + 2)


@on_one_database
async def test_a_description_that_is_too_long_is_refused_and_changes_nothing(group: Group) -> None:
    await group.owner.patch(group.path(), {"description": "é" * 500})
    before = await group.seen_by(group.owner)
    for length, said in ((501, "500 characters"), (2_001, "2000 characters")):
        body = {"title": "Herbs", "description": "é" * length, "muted": True}
        refused = await group.owner.patch(group.path(), body, 400)
        assert said in refused["fields"]["description"]
        assert await group.seen_by(group.owner) == before


@on_one_database
async def test_two_people_have_no_group_to_change(server: str) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        direct = await ada.talk_to(ben)
        await ada.befriend(carl)
        path = f"/conversations/{direct}"
        await ada.patch(path, {"title": "Us"}, 409)
        await ada.patch(path, {"history": "joined"}, 409)
        await ada.patch(path, {"description": "Ours"}, 409)
        await ada.post(f"{path}/members", {"user": carl.id}, 409)
        await ada.patch(f"{path}/members/{ben.id}", {"role": "admin"}, 409)
        await ada.delete(f"{path}/members/{ben.id}", 409)
        await ada.delete(f"{path}/members/{ada.id}", 409)
        await ada.post(f"{path}/invites", {}, 409)
        await ada.get(f"{path}/invites", 409)
        await ada.delete(f"{path}/avatar", 409)
        await ada.patch(path, {"muted": True})
        assert len((await ada.get(path))["conversation"]["members"]) == 2


async def test_an_outsider_learns_nothing_of_a_group(group: Group) -> None:
    socket = await group.outsider.connect()
    elsewhere = f"/conversations/{SOMEBODY}"
    for method, rest, body in (
        ("GET", "", None),
        ("PATCH", "", {"title": "Mine"}),
        ("PATCH", "", {"description": "Mine"}),
        ("GET", "/members", None),
        ("POST", "/members", {"user": group.outsider.id}),
        ("PATCH", f"/members/{group.member.id}", {"role": "owner"}),
        ("DELETE", f"/members/{group.member.id}", None),
        ("DELETE", f"/members/{group.outsider.id}", None),
        ("GET", "/invites", None),
        ("POST", "/invites", {}),
        ("DELETE", "/avatar", None),
    ):
        here = await group.outsider.http.request(method, group.path(rest), json=body)
        there = await group.outsider.http.request(method, elsewhere + rest, json=body)
        assert (here.status_code, here.content) == (there.status_code, there.content)
        assert here.status_code == 404
    await group.owner.say(group.id, "quiet")
    other = await group.owner.talk_to(group.outsider)
    marker = await group.owner.say(other, "marker")
    await socket.next("message", conversation=other, version=marker["version"])
    assert group.id not in str(socket.events)


async def test_what_a_device_held_plus_the_events_equals_what_is_there(group: Group) -> None:
    """The one law, for everything that changes a group."""
    oscar = group.outsider
    await group.owner.befriend(oscar)
    people = (group.owner, group.admin, group.member, oscar)
    sockets = [await person.connect() for person in people]
    models = []
    for person, socket in zip(people, sockets, strict=True):

        async def sync(asked: dict[str, Any], socket: Socket = socket) -> Any:
            return await socket.call("sync", asked)

        models.append(ModelClient(person.id, sync))
        await models[-1].catch_up()
        socket.events.clear()
    await group.owner.post(group.path("/members"), {"user": oscar.id})
    await group.admin.patch(
        group.path(), {"title": "Herbs", "description": "Soil", "history": "joined"}
    )
    await oscar.say(group.id, "hello")
    await group.owner.patch(group.of(oscar), {"role": "admin"})
    await group.owner.patch(group.of(group.admin), {"role": "owner"})
    await group.admin.delete(group.of(group.member))
    await group.admin.post(group.path("/invites"), {})
    await oscar.delete(group.of(oscar))
    await group.admin.befriend(oscar)
    await group.admin.post(group.path("/members"), {"user": oscar.id})
    marker = await group.owner.say(group.id, "the end")
    for person, socket, model in zip(people, sockets, models, strict=True):
        if person is not group.member:
            await socket.next("message", version=marker["version"])
        else:
            await socket.next("member", conversation=group.id, version=marker["version"] - 6)
        for event, payload in list(socket.events):
            await model.take(event, payload)
        fresh = ModelClient(person.id, model._sync)
        await fresh.catch_up()
        assert model.state() == fresh.state(), person.user["name"]
        assert (group.id in model.held) is (person is not group.member)
        if person is not group.member:
            seqs = fresh.held[group.id].messages
            assert {seq: model.held[group.id].messages[seq] for seq in seqs} == seqs


# ---- large groups -----------------------------------------------------------------------------


def many(transaction: Transaction, conversation: str, count: int) -> None:
    """Let people be members of a group, as if they had been added one by one."""
    ids = [f"crowd{number:05d}" for number in range(count)]
    for one in ids:
        transaction.execute(
            insert(users).values(
                id=one, name=one, about="", role="member", settings="{}", created_at=1
            )
        )
        transaction.execute(
            insert(members).values(
                conversation_id=conversation, user_id=one, role="member", left=False, version=1,
                joined_seq=0, read_seq=0, delivered_seq=0, muted=False, pinned=False,
                archived=False,
            )
        )  # fmt: skip


async def test_a_group_has_a_thousand_members_and_not_one_more(
    running: Running, group: Group
) -> None:
    await running.application.database.write(many, group.id, 996)
    oscar, nina = group.outsider, await register(group.owner.base, "Nina")
    await group.owner.befriend(oscar)
    await group.owner.befriend(nina)
    socket = await oscar.connect()
    await group.owner.post(group.path("/members"), {"user": oscar.id})
    told = await socket.next("conversation", conversation=group.id)
    assert len(told["members"]) == 1_000
    said = await oscar.say(group.id, "so many")
    await socket.next("message", version=said["version"])
    refused = await group.owner.post(group.path("/members"), {"user": nina.id}, 409)
    assert "full" in refused["detail"]
    invite = await group.invite()
    refused = await nina.post(f"/invites/{invite['token']}", None, 409)
    assert "full" in refused["detail"]
    assert (await group.owner.get(group.path("/invites")))["invites"][0]["uses"] == 0
    synced = await nina.post("/sync", {"versions": {}}, 200)
    assert group.id not in str(synced)
    await oscar.delete(group.of(oscar))
    await nina.post(f"/invites/{invite['token']}", None, 201)
    await nina.close()


# ---- people who close their account -----------------------------------------------------------


async def close(person: Person) -> None:
    """Close an account for good."""
    answer = await person.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert answer.status_code == 204, answer.text


async def test_when_the_owner_closes_the_account_the_eldest_admin_is_next(group: Group) -> None:
    await group.owner.patch(group.of(group.member), {"role": "admin"})
    await group.owner.patch(group.of(group.admin), {"role": "member"})
    watching = await group.member.connect()
    await close(group.owner)
    gone = await watching.next("member", conversation=group.id)
    assert (gone["member"]["left"], gone["member"]["user"]["name"]) == (True, "Closed account")
    seen = await group.seen_by(group.member)
    there = {one["user"]["id"]: one["role"] for one in seen["members"] if not one["left"]}
    assert there == {group.member.id: "owner", group.admin.id: "member"}
    lines = (await group.lines(group.member))[-2:]
    assert [line["type"] for line in lines] == ["left", "role"]
    assert (lines[1]["user"], lines[1]["role"]) == (group.member.id, "owner")
    assert "Ada" not in str(seen["members"])


async def test_the_eldest_member_is_next_where_there_is_no_admin(group: Group) -> None:
    await group.owner.befriend(group.outsider)
    await group.owner.patch(group.of(group.admin), {"role": "member"})
    await group.member.delete(group.of(group.member))
    await group.admin.delete(group.of(group.admin))
    await group.owner.post(group.path("/members"), {"user": group.outsider.id})
    await asyncio.sleep(0.002)  # the clock counts milliseconds
    await group.owner.post(group.path("/members"), {"user": group.member.id})
    await close(group.owner)
    seen = await group.seen_by(group.outsider)
    there = {one["user"]["id"]: one["role"] for one in seen["members"] if not one["left"]}
    assert there == {group.outsider.id: "owner", group.member.id: "member"}


@on_one_database
async def test_a_group_whose_last_member_closes_the_account_is_no_ones(group: Group) -> None:
    await group.member.delete(group.of(group.member))
    await group.admin.delete(group.of(group.admin))
    await close(group.owner)
    for person in (group.member, group.admin):
        await person.get(group.path(), 404)
