"""A creating call whose answer was lost can be repeated: with its key, it creates nothing twice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Table, func, select, update

from echosphere.accounts.store.tables import bots, sessions, users
from echosphere.admission.store import invites as server_invites
from echosphere.announcements.store import announcements
from echosphere.api_keys.store import api_keys
from echosphere.attachments.store import attachments
from echosphere.contacts.store.requests import contact_requests
from echosphere.conversations.store import conversations
from echosphere.database import DeleteExpiredKeys, Snapshot, Transaction
from echosphere.database.idempotency import RETENTION, idempotency_keys
from echosphere.memberships.store.invites import invites
from echosphere.moderation.store import reports
from echosphere.web import session_cookie_name
from echosphere.web.api import PREFIX
from echosphere.webhooks.store import webhooks
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, new_key

AT_ONCE = 10

NEED_NO_KEY = {
    "/bots/{bot}/endpoints": "it takes one: see tests/endpoints, which makes the bot",
    "/bots/{bot}/endpoints/{bot_endpoint}/rotate": "it takes one: see tests/endpoints",
    "/bots/{bot}/endpoints/{bot_endpoint}/test": "it takes one: see tests/endpoints",
    "/bots/{bot}/keys": "it takes one: see tests/bots, which makes the bot",
    "/conversations/{conversation}/commands": "the key is required: see tests/bots",
    "/conversations/{conversation}/messages/{seq}/actions": "likewise",
    "/respond/{token}": "likewise",
    "/sessions": "each device that signs in gets a session of its own",
    "/conversations/{conversation}/members": "somebody is a member once",
    "/conversations/{conversation}/messages": "the key is required: see test_direct_messages",
    "/conversations/{conversation}/messages/{seq}/forward": "each target has a required key",
    "/invites/{token}": "somebody joins once",
    "/me/sign-in-services/{service}/link": "linking is begun again, and nothing is kept of it",
    "/notifications/subscriptions": "a browser's address subscribes once",
    "/notifications/test": "nothing is kept of it",
    "/server/users/{user}/reset-link": "a new link takes the place of the one before",
    "/sessions/second-factor": "a sign-in under way is finished once",
    "/sessions/passkey": "a challenge is used once",
    "/me/passkeys": "a challenge is used once",
}

Call = Callable[[Group, str], "tuple[Person, str, dict[str, Any]]"]


def a_group(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    body = {"kind": "group", "title": "Bees", "members": [group.member.id], "key": key}
    return group.owner, "/conversations", {"json": body}


def an_invite(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    path = f"/conversations/{group.id}/invites"
    return group.owner, path, {"json": {"max_uses": 3, "key": key}}


def a_request(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    body = {"email": "nobody.yet@example.org", "key": key}
    return group.member, "/contacts", {"json": body}


def a_report(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    path = f"/users/{group.member.id}/reports"
    return group.owner, path, {"json": {"reason": "spam", "key": key}}


def a_file(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    how = {"params": {"key": key}, "files": {"file": ("a.txt", b"Hello")}}
    return group.member, "/attachments", how


def an_account(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    body = {"email": "new@example.org", "name": "New", "password": PASSWORD, "key": key}
    return group.outsider, "/accounts", {"json": body}


def a_personal_invite(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    return group.member, "/me/invites", {"json": {"key": key}}


def a_server_invite(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    return group.owner, "/server/invites", {"json": {"max_uses": 3, "key": key}}


def an_invited_person(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    body = {"emails": ["new@example.org"], "key": key}
    return group.owner, "/server/invites/people", {"json": body}


def a_file_of_people(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    body = {"csv": "new@example.org,New", "key": key}
    return group.owner, "/server/invites/file", {"json": body}


def an_account_for_somebody(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    body = {"email": "new@example.org", "name": "New", "password": PASSWORD, "key": key}
    return group.owner, "/administration/people", {"json": body}


def an_announcement(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    return group.owner, "/administration/announcements", {"json": {"text": "Hello", "key": key}}


def a_bot(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    return group.member, "/bots", {"json": {"name": "Echo", "key": key}}


def a_webhook(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    path = f"/conversations/{group.id}/webhooks"
    return group.owner, path, {"json": {"name": "CI", "key": key}}


def a_key(group: Group, key: str) -> tuple[Person, str, dict[str, Any]]:
    return group.member, "/me/keys", {"json": {"name": "x", "scopes": ["members:read"], "key": key}}


CREATING: dict[str, tuple[Call, Table]] = {
    "/accounts": (an_account, users),
    "/administration/announcements": (an_announcement, announcements),
    "/administration/people": (an_account_for_somebody, users),
    "/attachments": (a_file, attachments),
    "/contacts": (a_request, contact_requests),
    "/conversations": (a_group, conversations),
    "/conversations/{conversation}/invites": (an_invite, invites),
    "/conversations/{conversation}/webhooks": (a_webhook, webhooks),
    "/bots": (a_bot, bots),
    "/me/invites": (a_personal_invite, invites),
    "/me/keys": (a_key, api_keys),
    "/server/invites": (a_server_invite, server_invites),
    "/server/invites/file": (a_file_of_people, server_invites),
    "/server/invites/people": (an_invited_person, server_invites),
    "/users/{user}/reports": (a_report, reports),
}


ONCE = {"/accounts", "/administration/people", "/contacts"}
"""What these make there is once for an address."""


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """A group, and people around it."""
    async with group_on(server) as group:
        yield group


async def rows_of(running: Running, table: Table) -> int:
    def count(snapshot: Snapshot) -> int:
        return int(snapshot.execute(select(func.count()).select_from(table)).scalar_one())

    return await running.application.database.read(count)


async def answer_to(call: Call, group: Group, key: str) -> httpx.Response:
    person, path, how = call(group, key)
    return await person.http.post(path, **how)


async def description_on(server: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=server, timeout=30) as anybody:
        described: dict[str, Any] = (await anybody.get(f"{PREFIX}/openapi.json")).json()
    return described


@on_one_database
async def test_every_creating_call_takes_a_key(running: Running, server: str) -> None:
    described = await description_on(server)
    creating, keyed = set(), set()
    for path, operations in described["paths"].items():
        operation = operations.get("post", {})
        if {"201", "202"} & set(operation.get("responses", {})):
            creating.add(path.removeprefix(PREFIX))
            if "key" in fields_of(operation, described):
                keyed.add(path.removeprefix(PREFIX))
    assert creating - keyed - set(NEED_NO_KEY) == set(), "these make something and take no key"
    assert keyed - set(NEED_NO_KEY) == set(CREATING), "each has its line in the table below"
    assert set(NEED_NO_KEY) <= creating


def fields_of(operation: dict[str, Any], described: dict[str, Any]) -> set[str]:
    """Return the names that a call takes in its query or its body."""
    names = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return names | set(schema.get("properties", {}))


@pytest.mark.parametrize("path", CREATING)
async def test_equal_wishes_at_once_make_one_thing_and_get_one_answer(
    running: Running, group: Group, path: str
) -> None:
    call, table = CREATING[path]
    before, key = await rows_of(running, table), new_key()
    answers = await asyncio.gather(*(answer_to(call, group, key) for _ in range(AT_ONCE)))
    answers.append(await answer_to(call, group, key))
    assert {answer.status_code for answer in answers} <= {200, 201, 202}, answers[0].text
    assert len({answer.text for answer in answers}) == 1
    assert await rows_of(running, table) == before + 1


@on_one_database
@pytest.mark.parametrize("path", CREATING)
@pytest.mark.own_product
async def test_the_answer_to_a_repeat_is_declared(group: Group, server: str, path: str) -> None:
    call, _ = CREATING[path]
    key = new_key()
    answers = [await answer_to(call, group, key) for _ in range(2)]
    declared = (await description_on(server))["paths"][f"{PREFIX}{path}"]["post"]["responses"]
    assert {str(answer.status_code) for answer in answers} <= set(declared)


@pytest.mark.parametrize("path", sorted(set(CREATING) - ONCE))
async def test_another_key_makes_another_thing(running: Running, group: Group, path: str) -> None:
    call, table = CREATING[path]
    before = await rows_of(running, table)
    for _ in range(2):
        answer = await answer_to(call, group, new_key())
        assert answer.is_success, answer.text
    assert await rows_of(running, table) == before + 2


@on_one_database
async def test_a_key_belongs_to_one_person_and_one_call(group: Group) -> None:
    key = new_key()
    first = await group.owner.post(f"/conversations/{group.id}/invites", {"key": key})
    body = {"kind": "group", "title": "Bees", "members": [], "key": key}
    one = await group.owner.post("/conversations", body)
    other = await group.member.post("/conversations", body)
    assert one["conversation"]["id"] != other["conversation"]["id"]
    elsewhere = f"/conversations/{one['conversation']['id']}/invites"
    second = await group.owner.post(elsewhere, {"key": key})
    assert first["invite"]["token"] != second["invite"]["token"]


@on_one_database
async def test_a_refused_wish_can_be_made_with_the_same_key(group: Group) -> None:
    body = {"kind": "group", "title": "Bees", "members": [group.outsider.id], "key": new_key()}
    await group.owner.post("/conversations", body, 404)
    await group.owner.befriend(group.outsider)
    made = await group.owner.post("/conversations", body)
    assert len(made["conversation"]["members"]) == 2


async def test_a_repeated_registration_gets_the_same_session(running: Running, server: str) -> None:
    body = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD, "key": new_key()}
    cookies = []
    for status in (201, 200):
        async with browser_of(server) as browser:
            answer = await browser.post("/accounts", json=body)
            assert answer.status_code == status
            cookies.append(answer.cookies)
            assert (await browser.get("/me")).json()["user"]["email"] == "ada@example.org"
    name = session_cookie_name(secure=server.startswith("https"))
    assert cookies[0][name] == cookies[1][name]
    assert await rows_of(running, sessions) == 1


@on_one_database
async def test_a_repeat_opens_no_session_that_was_ended(server: str) -> None:
    body = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD, "key": new_key()}
    async with browser_of(server) as first, browser_of(server) as second:
        old = dict((await first.post("/accounts", json=body)).cookies)
        await first.delete("/sessions/current")
        answer = await second.post("/accounts", json=body)
        assert answer.status_code == 200
        assert dict(answer.cookies) != old
        assert (await second.get("/me")).status_code == 200


@on_one_database
@pytest.mark.parametrize("wrong", ["password", "key"])
async def test_a_stranger_gets_nothing_from_a_registration(server: str, wrong: str) -> None:
    body = {"email": "ada@example.org", "name": "Ada", "password": PASSWORD, "key": new_key()}
    async with browser_of(server) as browser, browser_of(server) as stranger:
        await browser.post("/accounts", json=body)
        answer = await stranger.post("/accounts", json=body | {wrong: f"not-{body[wrong]}"})
        unknown = await stranger.post("/accounts", json=body | {"key": new_key()})
        assert answer.status_code == unknown.status_code == 409
        assert answer.json() == unknown.json()
        assert not answer.cookies


@on_one_database
async def test_an_upload_that_was_discarded_is_taken_again(group: Group) -> None:
    key = new_key()
    first = (await answer_to(a_file, group, key)).json()["attachment"]["id"]
    await group.member.delete(f"/attachments/{first}")
    again = await answer_to(a_file, group, key)
    assert again.status_code == 201
    assert again.json()["attachment"]["id"] != first


@on_one_database
async def test_an_invite_that_was_revoked_is_not_given_out_again(group: Group) -> None:
    key = new_key()
    made = (await answer_to(an_invite, group, key)).json()["invite"]["id"]
    await group.owner.delete(f"/conversations/{group.id}/invites/{made}")
    assert (await answer_to(an_invite, group, key)).status_code == 410


async def test_keys_are_kept_for_thirty_days(running: Running, group: Group) -> None:
    database, key = running.application.database, new_key()
    first = (await answer_to(a_group, group, key)).json()

    def aged(transaction: Transaction, age: int) -> None:
        transaction.execute(update(idempotency_keys).values(created_at=transaction.now - age))

    await database.write(aged, RETENTION - 60_000)
    await database.write(DeleteExpiredKeys())
    assert (await answer_to(a_group, group, key)).json() == first
    await database.write(aged, RETENTION + 1)
    await database.write(DeleteExpiredKeys())
    assert await rows_of(running, idempotency_keys) == 0
    assert (await answer_to(a_group, group, key)).json() != first


def browser_of(server: str) -> httpx.AsyncClient:
    """A browser in which no one is signed in."""
    headers = {"sec-fetch-site": "same-origin"}
    return httpx.AsyncClient(base_url=server + PREFIX, headers=headers, timeout=30)
