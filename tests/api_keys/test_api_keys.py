"""API keys: with one, a program can do what its scopes allow, and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from echosphere.api_keys.api_key import MAX_KEYS, ApiKey
from echosphere.api_keys.store import api_keys, insert_key
from echosphere.core.ids import token_hash
from echosphere.core.scopes import Scope
from echosphere.database import Snapshot, Transaction
from tests.product.conftest import Running
from tests.product.groups import Group, group_on
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, Person, Socket, client_of, new_key, people_on
from tests.product.samples import SOMEBODY, fitting_body, fitting_query

EVERYTHING = [str(scope) for scope in Scope if scope is not Scope.EVENTS]
LACKS = re.compile(r"The API key lacks the scope|An API key cannot do this")


@pytest.fixture
async def group(server: str) -> AsyncIterator[Group]:
    """The group and the people around it."""
    async with group_on(server) as group:
        yield group


async def key_of(person: Person, *scopes: str, **more: Any) -> dict[str, Any]:
    """Create a key and return it with its secret."""
    body = {"name": "script", "scopes": list(scopes), **more}
    created: dict[str, Any] = await person.post("/me/keys", body)
    return created


def program(person: Person, secret: str) -> httpx.AsyncClient:
    """Return a program that acts for someone by a key."""
    http = client_of(person.base)
    http.headers["Authorization"] = f"Bearer {secret}"
    return http


async def test_a_key_is_told_once_and_only_its_hash_is_kept(running: Running, group: Group) -> None:
    created = await key_of(group.member, "messages:read", "messages:write")
    secret, key = created["secret"], created["key"]
    assert re.fullmatch(r"esb_[\w-]{43}", secret)
    assert key["prefix"] == secret[:10]
    assert key["scopes"] == ["messages:read", "messages:write"]
    (listed,) = (await group.member.get("/me/keys"))["keys"]
    assert listed == key
    assert (await group.owner.get("/me/keys"))["keys"] == []

    def stored(snapshot: Snapshot) -> str:
        return str(snapshot.execute(select(api_keys)).all())

    assert secret[10:] not in await running.application.database.read(stored)
    events = (await group.member.get("/me/security-events"))["events"]
    assert events[0]["kind"] == "key_created"


async def test_a_program_posts_and_reads_for_its_owner(group: Group) -> None:
    created = await key_of(group.member, "messages:read", "messages:write", "files:write")
    async with program(group.member, created["secret"]) as http:
        sent = await http.post("/attachments", files={"file": ("log.txt", b"all good")})
        body = {"key": new_key(), "body": "done", "attachments": [sent.json()["attachment"]["id"]]}
        posted = await http.post(group.path("/messages"), json=body)
        assert posted.status_code == 201, posted.text
        assert posted.json()["message"]["author"] == group.member.id
        page = (await http.get(group.path("/messages"))).json()["messages"]
        assert page[-1]["body"] == "done"
        url = page[-1]["attachments"][0]["url"].partition("/api/v1")[2]
        assert (await http.get(url)).content == b"all good"
    (used,) = (await group.member.get("/me/keys"))["keys"]
    assert used["last_used_at"] >= used["created_at"]


@on_one_database
async def test_a_key_of_each_scope_does_what_is_declared_on_every_operation(
    running: Running, group: Group
) -> None:
    routes = running.application.api.routes
    open_to_keys = [route for route in routes if route.scopes is not None]
    assert {scope for route in open_to_keys for scope in route.scopes or ()} == set(Scope)
    for scope in Scope:
        if scope is Scope.EVENTS:
            continue  # only bots have it: see tests/bots
        created = await key_of(group.member, scope)
        async with program(group.member, created["secret"]) as http:
            for route in routes:
                if route.anonymous:
                    continue
                given: dict[str, Any] = {"json": fitting_body(route)} if route.body else {}
                if route.query:
                    given["params"] = fitting_query(route)
                path = re.sub(r"<\w+>", SOMEBODY, route.path)
                answer = await http.request(route.method, path, **given)
                refused = answer.status_code == 403 and LACKS.match(answer.json()["detail"])
                may = route.scopes is not None and route.scopes <= {scope}
                assert bool(refused) is not may, (scope, route.method, route.path, answer.text)


SHOW_NO_MESSAGES = {("PUT", "/bots/<bot>/commands"): {Scope.EVENTS}}
"""What a bot says of itself is all that these answer."""


@on_one_database
async def test_what_shows_messages_needs_the_right_to_read_them(running: Running) -> None:
    """Whoever may react could else read message after message by reacting to each."""
    for route in running.application.api.routes:
        if route.scopes is None or Scope.MESSAGES_READ in route.scopes:
            continue
        if (route.method, route.path) in SHOW_NO_MESSAGES:
            assert route.scopes == SHOW_NO_MESSAGES[route.method, route.path]
            continue
        assert route.scopes in ({Scope.MESSAGES_WRITE}, {Scope.FILES_WRITE}, {Scope.MEMBERS_READ})
        if route.method == "GET":
            assert route.scopes == {Scope.MEMBERS_READ}, route.path


@on_one_database
async def test_keys_open_neither_sockets_nor_pages(server: str, group: Group) -> None:
    secret = (await key_of(group.member, *EVERYTHING))["secret"]
    socket = Socket(server, secret)
    with pytest.raises(Exception, match=r"unauthorized|One or more namespaces"):
        await socket.connect(["websocket"])
    async with httpx.AsyncClient(
        base_url=server, headers={"Authorization": f"Bearer {secret}"}
    ) as web:
        assert (await web.get("/")).status_code in (302, 303, 401, 403)
        assert (await web.get("/api/v1/me")).status_code == 200  # it is cached from here on
        web.headers.pop("Authorization")
        web.cookies.set("echosphere_session", secret)
        assert (await web.get("/api/v1/me")).status_code == 401


async def test_a_revoked_key_is_worth_nothing_at_once(group: Group) -> None:
    first, second = [await key_of(group.member, "members:read") for _ in range(2)]
    async with program(group.member, first["secret"]) as http:
        assert (await http.get("/me")).status_code == 200
        await group.outsider.delete(f"/me/keys/{first['key']['id']}", 404)
        await group.member.delete(f"/me/keys/{first['key']['id']}")
        await group.member.delete(f"/me/keys/{first['key']['id']}", 404)
        assert (await http.get("/me")).status_code == 401
        http.headers["Authorization"] = f"Bearer {second['secret']}"
        assert (await http.get("/me")).status_code == 200


@on_one_database
async def test_a_new_password_and_a_closed_account_end_all_keys(group: Group) -> None:
    for end in ("password", "close"):
        created = await key_of(group.member, "members:read")
        async with program(group.member, created["secret"]) as http:
            assert (await http.get("/me")).status_code == 200
            if end == "password":
                change = {"current": PASSWORD, "new": f"{PASSWORD} {PASSWORD}"}
                await group.member.put("/me/password", change)
                assert (await group.member.get("/me/keys"))["keys"] == []
            else:
                given = {"password": f"{PASSWORD} {PASSWORD}"}
                await group.member.http.request("DELETE", "/me", json=given)
            assert (await http.get("/me")).status_code == 401


@on_one_database
@pytest.mark.parametrize("path", ["sessions", "second-factor"])
@pytest.mark.own_product
async def test_an_administrator_who_signs_someone_out_ends_their_keys_too(
    group: Group, path: str
) -> None:
    created = await key_of(group.member, "members:read")
    async with program(group.member, created["secret"]) as http:
        assert (await http.get("/me")).status_code == 200
        await group.owner.delete(f"/administration/people/{group.member.id}/{path}")
        assert (await http.get("/me")).status_code == 401


@on_one_database
async def test_keys_are_looked_up_again_after_the_database_was_away(
    running: Running, group: Group
) -> None:
    created = await key_of(group.member, "members:read")

    def restore(transaction: Transaction) -> None:
        transaction.execute(api_keys.delete())

    async with program(group.member, created["secret"]) as http:
        assert (await http.get("/me")).status_code == 200
        await running.application.database.write(restore)
        running.application.database.on_interrupted()
        assert (await http.get("/me")).status_code == 401


@on_one_database
@pytest.mark.parametrize("more_settings", [{"ECHOSPHERE_REQUIRE_SECOND_FACTOR": "everybody"}])
async def test_a_key_opens_no_page_of_a_step_that_its_owner_must_take_first(
    running: Running, more_settings: dict[str, str]
) -> None:
    assert more_settings
    base, secret = await running.start(), f"esb_{'A' * 43}"
    async with people_on(base, "Ada Example") as (ada,):
        key = ApiKey(
            id="k",
            user_id=ada.id,
            name="script",
            prefix=secret[:10],
            scopes=frozenset({Scope.MEMBERS_READ}),
            created_at=1,
            expires_at=None,
            last_used_at=None,
            key_hash=token_hash(secret),
        )

        def give(transaction: Transaction) -> None:
            insert_key(transaction, key)

        await running.application.database.write(give)
        async with program(ada, secret) as http:
            answer = await http.get("/me")
            assert (answer.status_code, answer.json()["code"]) == (403, "factor_needed")
            for method in ("GET", "POST"):
                page = f"{base}/second-factor"
                headers = {"Origin": base}
                form = {"action": "prove", "password": PASSWORD} if method == "POST" else None
                answer = await http.request(method, page, headers=headers, data=form)
                assert answer.status_code == 403, (method, answer.text)
                assert "An API key cannot do this" in answer.text


@on_one_database
async def test_who_is_kept_out_is_so_with_a_key_too(running: Running, group: Group) -> None:
    created = await key_of(group.member, "messages:read", "members:read")
    async with program(group.member, created["secret"]) as http:
        assert (await http.get(group.path("/messages"))).status_code == 200
        await group.owner.delete(group.of(group.member))
        assert (await http.get(group.path("/messages"))).status_code == 404
        suspended = {"until": None, "reason": "a test"}
        path = f"/administration/people/{group.member.id}/suspension"
        answer = await group.owner.http.put(path, json=suspended)
        assert answer.status_code < 300, answer.text
        async with asyncio.timeout(5 + 5):
            while (await http.get("/me")).status_code != 401:
                await asyncio.sleep(0.2)


@on_one_database
async def test_a_key_that_has_expired_is_worth_nothing(running: Running, group: Group) -> None:
    now = running.application.clock()
    await group.member.post(
        "/me/keys", {"name": "x", "scopes": ["members:read"], "expires_at": now}, 400
    )
    created = await key_of(group.member, "members:read", expires_at=now + 60_000)

    def expire(transaction: Any) -> None:
        transaction.execute(api_keys.update().values(expires_at=now - 1))

    async with program(group.member, created["secret"]) as http:
        assert (await http.get("/me")).status_code == 200
    await running.application.database.write(expire)
    running.application.callers.clear()
    async with program(group.member, created["secret"]) as http:
        assert (await http.get("/me")).status_code == 401


@on_one_database
async def test_a_key_needs_a_proof_a_name_and_scopes_and_there_are_so_many(group: Group) -> None:
    for body in (
        {"name": " ", "scopes": ["messages:read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["events"]},
        {"name": "x", "scopes": ["messages:read"], "expires_at": 1},
    ):
        await group.member.post("/me/keys", body, 400)
    for _ in range(MAX_KEYS):
        await key_of(group.member, "messages:read")
    answer = await group.member.post("/me/keys", {"name": "x", "scopes": ["messages:read"]}, 409)
    assert str(MAX_KEYS) in answer["detail"]
