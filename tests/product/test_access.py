"""Access: for everything that takes an id, a stranger learns nothing and changes nothing."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from echosphere.database import Snapshot, metadata
from echosphere.web import session_cookie_name
from echosphere.web.api import PREFIX, UNSAFE
from echosphere.web.route import Route
from tests.media.made import picture
from tests.product.conftest import Running
from tests.product.exported import exported_by
from tests.product.groups import found
from tests.product.keys import bot_of, key_of
from tests.product.once import on_one_database
from tests.product.people import (
    PASSWORD,
    Person,
    Refused,
    by_another_scheme,
    new_key,
    people_on,
)
from tests.product.previewed import previewed
from tests.product.push_service import subscribed
from tests.product.samples import SOMEBODY, fitting_body, fitting_query

CHANGING = frozenset(
    {"date", "x-request-id", "connection"}
)  # nginx ends one after a thousand requests
"""Headers that differ between any two answers."""

TO_EVERYBODY = {
    ("PUT", "/blocks/<user>"),
    ("GET", "/invites/<token>"),
    ("POST", "/invites/<token>"),
    ("GET", "/invites/<token>/avatar"),
    ("POST", "/respond/<token>"),
}
"""Everyone may block everyone whose id they know, and use an invite whose secret they know; and
answer for a bot by the address that it was told."""


@dataclass
class World:
    """A conversation with a file in it, a waiting request, and the people around."""

    running: Running
    ada: Person
    ben: Person
    outsider: Person
    ids: dict[str, str]


@pytest.fixture
async def world(running: Running, server: str) -> AsyncIterator[World]:
    """Ada and Ben talk; Carl has asked Ada to become a contact; Oscar has nothing to do with it."""
    async with people_on(server, "Ada", "Ben", "Carl", "Oscar") as (ada, ben, carl, oscar):
        conversation = await ada.talk_to(ben)
        file = await ada.upload("notes.txt", b"a secret note")
        said = await ada.say(conversation, "see the file", attachments=[file["id"]])
        await carl.post("/contacts", {"email": ada.email}, 202)
        await ada.post("/contacts", {"email": "nobody@example.org"}, 202)
        group = f"/conversations/{await found(ada, title='Secret')}"
        files = {"file": ("secret.png", picture())}
        pictured = (await ada.http.put(f"{group}/avatar", files=files)).json()["conversation"]
        invite = (await ada.post(f"{group}/invites", {}))["invite"]
        await ada.post(f"/users/{carl.id}/reports", {"reason": "spam"}, 202)
        ids = {
            "avatar": pictured["avatar_url"].rpartition("/")[2],
            "invite": invite["id"],
            "token": invite["token"],
            "attachment": file["id"],
            "emoji": "👍",
            "preview": await previewed(running, conversation, said["seq"]),
            "subscription": await subscribed(ada),
            "own_invite": (await ada.post("/me/invites", {}))["invite"]["id"],
            "sent": (await ada.get("/contacts/sent-requests"))["requests"][0]["id"],
            "report": (await ada.get("/administration/reports"))["reports"][0]["id"],
            # No one waits where registration is open, no one has a second factor, and there is no service.
            "registration": SOMEBODY,
            "device": SOMEBODY,
            "passkey": SOMEBODY,
            "service": SOMEBODY,
            "setting": "edit_minutes",
            "held": SOMEBODY,
            "announcement": SOMEBODY,  # one that is there is for everyone
            "export": await exported_by(ada),
            "seq": str(said["seq"]),
            "conversation": conversation,
            "request": (await ada.get("/contacts/requests"))["requests"][0]["id"],
            "session": (await ada.get("/sessions"))["sessions"][0]["id"],
            "user": ben.id,
            "api_key": await key_of(ada),
            "webhook": (await ada.post(f"{group}/webhooks", {"name": "CI"}))["webhook"]["id"],
            **await bot_of(ada),
        }
        yield World(running, ada, ben, oscar, ids)


def target(route: Route, ids: dict[str, str]) -> str:
    """Return the address of a route with these ids; a new kind of id needs its own in `World`."""
    return PREFIX + re.sub(r"<(\w+)>", lambda found: ids[found[1]], route.path)


async def ask(http: httpx.AsyncClient, route: Route, ids: dict[str, str]) -> httpx.Response:
    """Make a call with a fitting body."""
    base = str(http.base_url).split(PREFIX)[0]
    given = {"json": fitting_body(route)} if route.body else {}
    if route.query:
        given["params"] = fitting_query(route)
    return await http.request(route.method, base + target(route, ids), **given)  # type: ignore[arg-type]


def essence(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all that a caller can tell an answer by."""
    headers = [pair for pair in answer.headers.items() if pair[0] not in CHANGING]
    return answer.status_code, answer.content, sorted(headers)


def with_ids(running: Running) -> list[Route]:
    """Return the routes whose address names something."""
    found = [route for route in running.application.api.routes if "<" in route.path]
    assert len(found) > 10
    return found


PASSING = ("used_at", "run_at", "attempts", "last_error")
"""Columns that change by themselves."""

LEFT_BEFORE = {"notifications.requested", "notifications.reported"}
"""Jobs that requests and a report of the cast have left; they end when they like."""


async def tables(running: Running) -> dict[str, list[Any]]:
    """Return everything that is stored, but not when sessions were used and jobs tried again."""

    def everything(snapshot: Snapshot) -> dict[str, list[Any]]:
        return {
            table.name: sorted(
                repr(row)
                for row in snapshot.execute(
                    select(*(column for column in table.c if column.name not in PASSING))
                )
                if LEFT_BEFORE.isdisjoint(row)
            )
            for table in metadata.sorted_tables
            if not table.name.startswith("search_")  # an index that is made behind
        }

    return await running.application.database.read(everything)


async def test_to_an_outsider_what_is_there_answers_like_what_is_not(world: World) -> None:
    nowhere = dict.fromkeys(world.ids, SOMEBODY) | {"seq": world.ids["seq"]}
    before = await tables(world.running)
    for route in with_ids(world.running):
        if (route.method, route.path) in TO_EVERYBODY:
            continue
        here = await ask(world.outsider.http, route, world.ids)
        there = await ask(world.outsider.http, route, nowhere)
        assert essence(here) == essence(there), (route.method, route.path)
        assert here.status_code == 404 or here.content == b"", (route.method, route.path)
    assert await tables(world.running) == before


@on_one_database
async def test_no_one_gets_in_anywhere(world: World) -> None:
    nowhere = dict.fromkeys(world.ids, SOMEBODY)
    before = await tables(world.running)
    async with httpx.AsyncClient(base_url=world.ada.base + PREFIX) as nobody:
        for token in (None, "x", world.ada.token + "x", "0" * 500):
            if token is not None:
                nobody.headers["authorization"] = f"Bearer {token}"
            for route in world.running.application.api.routes:
                if route.anonymous:
                    continue
                here = await ask(nobody, route, world.ids)
                assert here.status_code == 401, (route.method, route.path, here.text)
                assert here.json()["code"] == "unauthorized"
                assert essence(here) == essence(await ask(nobody, route, nowhere))
    assert await tables(world.running) == before


async def test_both_members_may_do_what_the_outsider_may_not(world: World) -> None:
    conversation, file = world.ids["conversation"], world.ids["attachment"]
    for person in (world.ada, world.ben):
        for path in ("", "/members", "/messages"):
            await person.get(f"/conversations/{conversation}{path}")
        assert (await person.http.get(f"/attachments/{file}")).content == b"a secret note"
        await person.put(f"/conversations/{conversation}/read", {"seq": 2})
        await person.patch(f"/conversations/{conversation}", {"muted": True})
        await person.say(conversation, "hello")
    await world.ben.post(f"/contacts/requests/{world.ids['request']}", {"accept": True}, 404)
    await world.ben.delete(f"/sessions/{world.ids['session']}", 404)
    await world.ben.delete(f"/attachments/{file}", 409)  # a message uses it
    await world.ada.post(f"/contacts/requests/{world.ids['request']}", {"accept": True}, 200)


async def test_a_file_that_is_not_sent_yet_is_its_owners_alone(world: World) -> None:
    file = await world.ada.upload("draft.txt", b"not yet")
    unused = world.ids | {"attachment": file["id"]}
    nowhere = dict.fromkeys(world.ids, SOMEBODY)
    for route in with_ids(world.running):
        if "<attachment>" in route.path:
            for other in (world.ben, world.outsider):
                here = await ask(other.http, route, unused)
                assert here.status_code == 404
                assert essence(here) == essence(await ask(other.http, route, nowhere))
    stolen = {"key": new_key(), "body": "mine", "attachments": [file["id"]]}
    made_up = {"key": new_key(), "body": "mine", "attachments": [SOMEBODY]}
    path = f"/conversations/{world.ids['conversation']}/messages"
    refused = await world.ben.post(path, stolen, 400)
    assert refused == await world.ben.post(path, made_up, 400)
    assert (await world.ada.http.get(f"/attachments/{file['id']}")).content == b"not yet"


@on_one_database
async def test_a_file_cannot_be_carried_into_another_conversation(world: World) -> None:
    elsewhere = await world.ada.talk_to(world.outsider)
    again = {"key": new_key(), "body": "look", "attachments": [world.ids["attachment"]]}
    await world.ada.post(f"/conversations/{elsewhere}/messages", again, 400)
    await world.outsider.get(f"/attachments/{world.ids['attachment']}", 404)


async def test_calls_of_an_outsider_tell_and_change_nothing(world: World) -> None:
    socket = await world.outsider.connect()
    before = await tables(world.running)

    async def outcome(call: str, argument: dict[str, Any]) -> Any:
        try:
            return await socket.call(call, argument)
        except Refused as refused:
            return refused.code, refused.detail

    for call, more in (
        ("post", {"key": "key-of-an-outsider", "body": "let me in"}),
        ("post", {"key": "key-of-an-outsider", "body": "hi", "reply_to": 2}),
        ("history", {}),
        ("history", {"around": 2}),
        ("read", {"seq": 2}),
    ):
        here = await outcome(call, {"conversation": world.ids["conversation"], **more})
        there = await outcome(call, {"conversation": SOMEBODY, **more})
        assert here == there
        assert here[0] == "not_found"
    held = {world.ids["conversation"]: 1, SOMEBODY: 1}
    synced = await socket.call("sync", {"versions": held})
    told = {"conversations": [], "gone": list(held), "more": False, "outdated": []}
    assert synced == told | {"epoch": synced["epoch"]}
    by_query = await world.outsider.get("/sync", versions=json.dumps(held))
    assert by_query == synced
    assert await tables(world.running) == before


async def test_looking_changes_nothing(world: World) -> None:
    before = await tables(world.running)
    for person in (world.ada, world.ben, world.outsider):
        for route in world.running.application.api.routes:
            if route.method == "GET":
                answer = await ask(person.http, route, world.ids)
                assert answer.status_code < 500, (route.path, answer.text)
    for path in ("/healthz", "/readyz", "/metrics", "/", "/login", "/register"):
        await world.ada.http.get(world.ada.base + path)
    assert await tables(world.running) == before


@on_one_database
async def test_other_methods_do_nothing(world: World) -> None:
    before = await tables(world.running)
    served: dict[str, set[str]] = {}
    for route in world.running.application.api.routes:
        served.setdefault(target(route, world.ids), set()).add(route.method)
    for path, methods in served.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"} - methods:
            answer = await world.ada.http.request(method, world.ada.base + path)
            assert answer.status_code in (404, 405), (method, path, answer.text)
            assert answer.json()["status"] == answer.status_code
    assert await tables(world.running) == before


@on_one_database
async def test_a_cookie_changes_nothing_for_a_page_of_another_site(world: World) -> None:
    name = session_cookie_name(secure=world.ada.base.startswith("https"))
    before = await tables(world.running)
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": world.ada.base + ".evil.example"},
        {"Origin": by_another_scheme(world.ada.base)},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none", "Origin": "https://evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Referer": world.ada.base + "/"},
    )
    base = world.ada.base + PREFIX
    async with httpx.AsyncClient(base_url=base, cookies={name: world.ada.token}) as browser:
        for route in world.running.application.api.routes:
            if route.method not in UNSAFE or route.anonymous:
                continue
            for headers in wrong:
                body = {"json": fitting_body(route)} if route.body else {}
                answer = await browser.request(
                    route.method,
                    world.ada.base + target(route, world.ids),
                    headers=headers,
                    **body,  # type: ignore[arg-type]
                )
                assert answer.status_code == 403, (route.method, route.path, headers)
                assert answer.json()["code"] == "forbidden"
        assert await tables(world.running) == before
        for headers in ({"Origin": world.ada.base}, {"Sec-Fetch-Site": "same-origin"}):
            path = f"{base}/conversations/{world.ids['conversation']}"
            answer = await browser.patch(path, json={"pinned": True}, headers=headers)
            assert answer.status_code == 200


@on_one_database
async def test_another_sites_page_cannot_sign_people_in_or_up(world: World) -> None:
    proof = {"email": world.ada.email, "password": PASSWORD}
    account = {"email": "new@example.org", "name": "New", "password": PASSWORD}
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        async with httpx.AsyncClient(base_url=world.ada.base + PREFIX) as http:
            for path, body in (("/sessions", proof), ("/accounts", account)):
                answer = await http.post(path, json=body, headers=headers)
                assert answer.status_code == 403
                assert "set-cookie" not in answer.headers
