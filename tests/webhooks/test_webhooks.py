"""Incoming webhooks: an address to which a program sends what is posted in one group."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from echosphere.accounts import list_users, search_accounts
from echosphere.database import Snapshot
from echosphere.webhooks.store import webhooks
from echosphere.webhooks.webhook import MAX_WEBHOOKS
from tests.media.made import picture
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import Person, new_key
from tests.product.statements import noted_statements

JSON = {"content-type": "application/json"}


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


@pytest.fixture
async def program(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that has no account."""
    async with httpx.AsyncClient(base_url=server, trust_env=False) as program:
        yield program


async def made(group: Group, by: Person | None = None, name: str = "Build") -> dict[str, Any]:
    """Create a webhook and return it, with the path of its address."""
    answer = await (by or group.owner).post(group.path("/webhooks"), {"name": name})
    webhook: dict[str, Any] = answer["webhook"]
    return webhook | {"path": f"/hooks/{webhook['url'].rpartition('/')[2]}"}


async def newest(person: Person, group: Group) -> dict[str, Any]:
    message: dict[str, Any] = (await person.get(group.path("/messages")))["messages"][-1]
    return message


async def test_what_a_program_sends_is_a_message_like_any_other(
    running: Running, group: Group, program: httpx.AsyncClient
) -> None:
    listening = await group.member.connect()
    webhook = await made(group)
    known = await listening.next("member")
    assert known["member"]["user"]["kind"] == "hook"
    assert known["member"]["left"] is True
    posted = await program.post(
        webhook["path"], json={"text": "Build **512** failed", "key": "ci-512"}
    )
    assert (posted.status_code, posted.json()["ok"]) == (201, True)
    seq = posted.json()["message"]["seq"]
    live = await listening.next("message", version=seq)
    message = await group.member.get(group.path(f"/messages/{seq}"))
    assert live["message"] == message["message"]
    expected = {"body": "Build **512** failed", "author": webhook["id"], "automated": True}
    assert message["message"].items() >= expected.items()
    assert (await group.seen_by(group.member))["unread"] == 1
    await running.application.indexer.catch_up()
    found = await group.member.get("/search", q="failed")
    assert [one["message"]["seq"] for one in found["results"]] == [seq]
    shown = (await group.seen_by(group.member))["members"]
    assert [one["user"]["name"] for one in shown if one["user"]["kind"] == "hook"] == ["Build"]
    await group.admin.delete(group.path(f"/messages/{seq}"), 200)
    assert (await newest(group.member, group))["deleted"] is True


async def test_a_repeat_is_answered_with_the_first_message(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    body = {"text": "once", "key": "ci-1"}
    answers = await asyncio.gather(*(program.post(webhook["path"], json=body) for _ in range(10)))
    assert sorted(one.status_code for one in answers) == [200] * 9 + [201]
    assert len({one.json()["message"]["seq"] for one in answers}) == 1
    headers = {"Idempotency-Key": "ci-1"}
    assert (
        await program.post(webhook["path"], json={"text": "x"}, headers=headers)
    ).status_code == 200
    assert (await group.said(group.member)).count("once") == 1


@on_one_database
async def test_bodies_are_read_by_what_they_are(group: Group, program: httpx.AsyncClient) -> None:
    webhook = await made(group)
    form = {"content-type": "application/x-www-form-urlencoded"}
    slack = b"payload=%7B%22text%22%3A%22from+a+form%22%7D"
    for content, headers, expected in (
        (b'{"text": "as curl sends it"}', form, "as curl sends it"),
        (b"text=a+field", form, "a field"),
        (b"just text = as it is", {"content-type": "text/plain"}, "just text = as it is"),
        (b'{"kept": "as it is"}', {"content-type": "text/plain"}, '{"kept": "as it is"}'),
        (b"two\n\n  lines\r\n\n", {"content-type": "text/plain"}, "two\n\n  lines"),
        (b"no type at all", {}, "no type at all"),
        (slack, form, "from a form"),
    ):
        answer = await program.post(webhook["path"], content=content, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        assert (await newest(group.member, group))["body"] == expected
    assert answer.text == "ok"  # what Slack answers, to whoever speaks like it


@on_one_database
async def test_what_cannot_be_posted_is_refused(group: Group, program: httpx.AsyncClient) -> None:
    webhook = await made(group)
    for content, status in (
        (b"{", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"text": 12}', 400),
        (b'{"text": ""}', 400),
        (b'{"text": "a\\u0000b"}', 400),
        (b'{"text": "a", "key": 12}', 400),
        (b'{"text": "a", "key": ""}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"a":' * 20_000, 400),
        (b'{"text": "\xff"}', 400),
        (b'{"text": "' + b"x" * 10_001 + b'"}', 400),
        (b" " * (1024 * 1024 + 1), 413),
    ):
        answer = await program.post(webhook["path"], content=content, headers=JSON)
        assert answer.status_code == status, (content[:40], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await program.get(webhook["path"])).status_code == 405
    assert await group.said(group.member) == []


async def test_the_address_is_told_once_and_only_its_hash_is_kept(
    running: Running, group: Group
) -> None:
    webhook = await made(group, group.admin)
    token = webhook["url"].rpartition("/")[2]
    assert re.fullmatch(r"[\w-]{43}", token)
    assert webhook["url"].startswith(f"{running.application.settings.base_url}/hooks/")
    (listed,) = (await group.owner.get(group.path("/webhooks")))["webhooks"]
    assert listed == {
        "id": webhook["id"],
        "name": "Build",
        "created_by": group.admin.id,
        "created_at": webhook["created_at"],
        "last_used_at": None,
        "avatar_url": None,
    }

    def stored(snapshot: Snapshot) -> str:
        return str(snapshot.execute(select(webhooks)).all())

    assert token not in await running.application.database.read(stored)


async def test_a_revoked_one_is_gone_and_what_it_posted_stays(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    await program.post(webhook["path"], json={"text": "before"})
    (used,) = (await group.owner.get(group.path("/webhooks")))["webhooks"]
    assert used["last_used_at"] >= webhook["created_at"]
    await group.admin.delete(group.path(f"/webhooks/{webhook['id']}"))
    await group.admin.delete(group.path(f"/webhooks/{webhook['id']}"), 404)
    answer = await program.post(webhook["path"], json={"text": "after"})
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")
    assert await group.said(group.member) == ["before"]
    assert (await group.owner.get(group.path("/webhooks")))["webhooks"] == []
    lines = [(one["type"], one["by"]) for one in await group.lines() if "webhook" in one["type"]]
    assert lines == [("webhook_added", group.owner.id), ("webhook_revoked", group.admin.id)]
    unknown = await program.post(f"/hooks/{'x' * 43}", json={"text": "hello"})
    assert unknown.status_code == 404


@on_one_database
async def test_only_those_who_run_the_group_have_to_do_with_its_webhooks(group: Group) -> None:
    webhook = await made(group, group.admin)
    one = group.path(f"/webhooks/{webhook['id']}")
    for person, status in ((group.member, 403), (group.outsider, 404)):
        await person.get(group.path("/webhooks"), status)
        await person.post(group.path("/webhooks"), {"name": "Mine"}, status)
        await person.delete(one, status)
    direct = await group.owner.talk_to(group.member)
    await group.owner.post(f"/conversations/{direct}/webhooks", {"name": "CI"}, 409)
    await group.owner.post(group.path("/webhooks"), {"name": " "}, 400)
    await group.owner.post(group.path("/webhooks"), {"name": "Administrator"}, 400)


async def test_a_webhook_has_a_picture_of_its_own_beside_its_messages(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    assert webhook["avatar_url"] is None
    path = group.path(f"/webhooks/{webhook['id']}/avatar")
    listening = await group.member.connect()
    changed = await group.admin.http.put(path, files={"file": ("ci.png", picture())})
    assert changed.status_code == 200, changed.text
    url = changed.json()["webhook"]["avatar_url"]
    assert "url" not in changed.json()["webhook"]
    told = (await listening.next("member"))["member"]
    assert (told["user"]["id"], told["user"]["avatar_url"]) == (webhook["id"], url)
    assert told["left"] is True
    shown = await group.member.http.get(url.removeprefix("/api/v1"))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    (listed,) = (await group.owner.get(group.path("/webhooks")))["webhooks"]
    assert listed["avatar_url"] == url
    await program.post(webhook["path"], json={"text": "Build failed"})
    assert (await newest(group.member, group))["author"] == webhook["id"]
    members = (await group.seen_by(group.member))["members"]
    assert [one["user"]["avatar_url"] for one in members if one["user"]["id"] == webhook["id"]] == [
        url
    ]
    removed = await group.owner.delete(path, 200)
    assert removed["webhook"]["avatar_url"] is None
    gone = await group.member.http.get(url.removeprefix("/api/v1"))
    assert gone.status_code == 404


async def test_a_picture_is_removed_with_one_look_at_the_webhooks(running: Running) -> None:
    with noted_statements() as statements:
        base = await running.start()
        async with group_on(base) as group:
            webhook = await made(group)
            path = group.path(f"/webhooks/{webhook['id']}/avatar")
            put = await group.owner.http.put(path, files={"file": ("ci.png", picture())})
            assert put.json()["webhook"]["avatar_url"] is not None
            await statements.settled()
            statements.clear()
            removed = await group.owner.delete(path, 200)
            found = await statements.settled()
    assert removed["webhook"]["avatar_url"] is None
    assert sum(times for sql, times in found.items() if "FROM webhooks" in sql) == 1


@on_one_database
async def test_only_those_who_run_the_group_give_a_webhook_a_picture(group: Group) -> None:
    webhook = await made(group)
    path = group.path(f"/webhooks/{webhook['id']}/avatar")
    unknown = group.path(f"/webhooks/{group.member.id}/avatar")
    other = {"kind": "group", "title": "Elsewhere", "members": []}
    elsewhere = (await group.owner.post("/conversations", other))["conversation"]["id"]
    tried = [
        (group.member, path, 403),
        (group.outsider, path, 404),
        (group.owner, unknown, 404),
        (group.owner, f"/conversations/{elsewhere}/webhooks/{webhook['id']}/avatar", 404),
    ]
    for person, where, status in tried:
        answer = await person.http.put(where, files={"file": ("ci.png", picture())})
        assert answer.status_code == status, answer.text
        await person.delete(where, status)
    await group.owner.delete(group.path(f"/webhooks/{webhook['id']}"))
    answer = await group.owner.http.put(path, files={"file": ("ci.png", picture())})
    assert answer.status_code == 404


@on_one_database
async def test_a_removed_admin_keeps_no_address_that_works(
    group: Group, program: httpx.AsyncClient
) -> None:
    theirs, other = await made(group, group.admin), await made(group)
    await group.owner.delete(group.of(group.admin))
    assert (await program.post(theirs["path"], json={"text": "still here"})).status_code == 410
    assert (await program.post(other["path"], json={"text": "hello"})).status_code == 201


@on_one_database
async def test_who_is_banned_after_they_left_keeps_no_address_and_a_banned_webhook_ends(
    group: Group, program: httpx.AsyncClient
) -> None:
    theirs, other = await made(group, group.admin), await made(group)
    await group.admin.delete(group.of(group.admin))
    for user, webhook in ((group.admin.id, theirs), (other["id"], other)):
        assert (await program.post(webhook["path"], json={"text": "hello"})).status_code == 201
        await group.owner.put(group.path(f"/removed/{user}"), {"banned": True})
        assert (await program.post(webhook["path"], json={"text": "hello"})).status_code == 410


@on_one_database
@pytest.mark.own_product
async def test_who_is_suspended_does_not_go_on_by_a_webhook(
    group: Group, program: httpx.AsyncClient
) -> None:
    theirs, other = await made(group, group.admin), await made(group)
    suspension = f"/administration/people/{group.admin.id}/suspension"
    await group.owner.put(suspension, {"until": None, "reason": "spam"})
    refused = await program.post(theirs["path"], json={"text": "still here"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await program.post(other["path"], json={"text": "hello"})).status_code == 201
    await group.owner.delete(suspension)
    assert (await program.post(theirs["path"], json={"text": "back"})).status_code == 201
    assert await group.said(group.owner) == ["hello", "back"]


@on_one_database
async def test_who_leaves_leaves_their_webhooks_to_the_group_until_nobody_is_there(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group, group.admin)
    await group.admin.delete(group.of(group.admin))
    assert (await program.post(webhook["path"], json={"text": "hello"})).status_code == 201
    await group.member.delete(group.of(group.member))
    await group.owner.delete(group.of(group.owner))
    assert (await program.post(webhook["path"], json={"text": "anybody?"})).status_code == 410


@on_one_database
async def test_the_rules_for_members_do_not_hold_it_up(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    await group.owner.patch(group.path(), {"posting": "admins", "slow_seconds": 3600})
    await group.owner.put(group.path("/filter"), {"words": ["failed"]}, 200)
    for number in range(2):
        answer = await program.post(webhook["path"], json={"text": f"failed {number}"})
        assert answer.status_code == 201, answer.text


@on_one_database
async def test_what_a_program_writes_names_people_and_words_of_strangers_do_not(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    await program.post(webhook["path"], json={"text": "@Carl and @all, look"})
    said = await newest(group.member, group)
    assert {one["text"] for one in said["mentions"]} == {"Carl", "all"}
    issue = {"number": 1, "title": "@all @Carl *hi*", "html_url": "https://example.org/1"}
    await program.post(
        webhook["path"],
        json={"action": "opened", "issue": issue, "sender": {"login": "a"}},
        headers={"X-GitHub-Event": "issues"},
    )
    said = await newest(group.member, group)
    assert "Carl" in said["body"]
    assert said["mentions"] == []


async def test_its_author_is_nobody_who_can_do_anything(running: Running, group: Group) -> None:
    webhook = await made(group)
    owner = group.owner
    for path, body in (
        ("/conversations", {"kind": "direct", "user": webhook["id"]}),
        (group.path("/members"), {"user": webhook["id"]}),
    ):
        answer = await owner.http.post(path, json=body)
        assert answer.status_code == 404, (path, answer.text)
    await owner.post("/contacts", {"user": webhook["id"]}, 202)  # as for an account that is closed
    assert len((await owner.get("/contacts"))["contacts"]) == 2
    people = (await owner.get("/administration/people"))["people"]
    assert "Build" not in {one["name"] for one in people}
    assert set(await group.roles()) == {"Ada", "Ben", "Carl"}
    database = running.application.database
    assert "Build" not in {one.name for one in await database.read(list_users)}
    found = await database.read(search_accounts, "Build", offset=0, limit=9)
    assert found == []


@on_one_database
@pytest.mark.own_product
async def test_what_it_posted_can_be_reported_and_removed(
    group: Group, program: httpx.AsyncClient
) -> None:
    webhook = await made(group)
    posted = await program.post(webhook["path"], json={"text": "buy now"})
    place = {"conversation": group.id, "seq": posted.json()["message"]["seq"]}
    path = f"/users/{webhook['id']}/reports"
    await group.member.post(path, {"reason": "spam"}, 404)
    await group.outsider.post(path, {"reason": "spam", **place}, 404)
    await group.member.post(f"/users/{group.admin.id}/reports", {"reason": "spam", **place}, 404)
    await group.member.post(path, {"reason": "spam", **place}, 202)
    [report] = (await group.owner.get("/administration/reports"))["reports"]
    assert report["user"]["name"] == "Build"
    decision = {"decision": "remove", "reason": "spam"}
    await group.owner.post(f"/administration/reports/{report['id']}/decision", decision, 204)
    assert (await newest(group.member, group))["deleted"] is True


@on_one_database
async def test_a_group_has_so_many_and_a_name_can_be_used_twice(group: Group) -> None:
    for _ in range(MAX_WEBHOOKS):
        await made(group)
    answer = await group.owner.post(group.path("/webhooks"), {"name": "One more"}, 409)
    assert str(MAX_WEBHOOKS) in answer["detail"]


@pytest.fixture
def limited(more_settings: dict[str, str]) -> None:
    """Rates as on a real server."""
    more_settings["ECHOSPHERE_RATE_LIMITS"] = "on"


@on_one_database
async def test_one_that_posts_too_often_has_to_wait_and_others_do_not(
    limited: None, group: Group, program: httpx.AsyncClient
) -> None:
    busy, quiet = await made(group), await made(group)
    answers = [await program.post(busy["path"], json={"text": new_key()}) for _ in range(40)]
    refused = [one for one in answers if one.status_code == 429]
    assert refused
    assert int(refused[0].headers["retry-after"]) >= 1
    assert (await program.post(quiet["path"], json={"text": "hello"})).status_code == 201
