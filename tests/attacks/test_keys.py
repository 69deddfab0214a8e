"""Attacks with API keys that were stolen, or whose scopes do not allow what is requested."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from typing import Any

import httpx
import pytest

from tests.attacks.conftest import Cast
from tests.bots.programs import bot_of, let_in
from tests.product.groups import Group
from tests.product.people import PASSWORD, Person, Socket, client_of, new_key
from tests.waiting import until

EVERYTHING = ["messages:read", "messages:write", "reactions:write", "files:write", "members:read"]


@asynccontextmanager
async def with_key(person: Person, *scopes: str) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """Act as a program with a key of someone; give the key's id, too."""
    created = await person.post("/me/keys", {"name": "stolen", "scopes": list(scopes)})
    async with client_of(person.base) as http:
        http.headers["Authorization"] = f"Bearer {created['secret']}"
        yield http, created["key"]["id"]


async def test_a_key_that_reads_only_reads(cast: Cast) -> None:
    said = await cast.ada.say(cast.here, "As it was")
    one = cast.messages(f"/{said['seq']}")
    async with with_key(cast.ada, "messages:read") as (http, _):
        assert (await http.get(cast.messages())).status_code == 200
        tried = [
            await http.post(cast.messages(), json={"key": new_key(), "body": "Forged"}),
            await http.patch(one, json={"body": "Forged"}),
            await http.delete(one),
            await http.put(f"{one}/reactions/👍"),
            await http.post("/attachments", files={"file": ("a.txt", b"Forged")}),
        ]
    assert [answer.status_code for answer in tried] == [403] * len(tried)
    shown = (await cast.ben.get(one))["message"]
    assert (shown["body"], shown["reactions"]) == ("As it was", [])
    assert len((await cast.ben.get(cast.messages()))["messages"]) == 1


async def test_a_key_that_writes_reads_nothing(cast: Cast) -> None:
    said = await cast.ben.say(cast.here, "For your eyes only")
    one = cast.messages(f"/{said['seq']}")
    async with with_key(cast.ada, "messages:write", "files:write") as (http, _):
        tried = [
            await http.get(cast.messages()),
            await http.get(one),
            await http.get("/conversations"),
            await http.get("/search", params={"q": "eyes"}),
            await http.put(f"{one}/reactions/👍"),
        ]
    assert [answer.status_code for answer in tried] == [403] * len(tried)
    assert "eyes only" not in "".join(answer.text for answer in tried)


async def test_a_stolen_key_takes_over_nothing(cast: Cast) -> None:
    async with with_key(cast.ada, *EVERYTHING) as (http, key):
        other = {"email": "evil@example.org", "password": PASSWORD}
        tried = [
            await http.post("/me/keys", json={"name": "more", "scopes": EVERYTHING}),
            await http.get("/me/keys"),
            await http.delete(f"/me/keys/{key}"),
            await http.post("/bots", json={"name": "Evil"}),
            await http.get("/me/sessions"),
            await http.put("/me/email", json=other),
            await http.put("/me/password", json={"password": PASSWORD, "new": "evil-" + PASSWORD}),
            await http.request("DELETE", "/me", json={"password": PASSWORD}),
            await http.patch("/me", json={"name": "Evil"}),
            await http.put(f"/blocks/{cast.ben.id}"),
            await http.get("/admin/users"),
        ]
    assert not [one for one in tried if one.status_code not in (403, 404, 405)], tried
    assert sum(one.status_code == 403 for one in tried) >= 8
    assert (await cast.ada.get("/me"))["user"]["name"] == "Ada Example"
    assert [one["id"] for one in (await cast.ada.get("/me/keys"))["keys"]] == [key]


async def test_a_key_is_no_cookie_and_opens_no_socket(cast: Cast) -> None:
    async with with_key(cast.ada, *EVERYTHING) as (http, _):
        secret = http.headers.pop("Authorization").removeprefix("Bearer ")
        http.cookies.set("echosphere_session", secret)
        assert (await http.get("/me")).status_code == 401
    socket = Socket(cast.target.base, secret)
    with pytest.raises(Exception, match=r"unauthorized|One or more namespaces"):
        await socket.connect(["websocket"])


async def test_a_key_is_worth_nothing_after_its_end(cast: Cast) -> None:
    async with with_key(cast.ada, "messages:read") as (http, key):
        path = cast.target.data / "app.db"
        with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
            connection.execute("UPDATE api_keys SET expires_at = 1000 WHERE id = ?", (key,))
        assert (await http.get(cast.messages())).status_code == 401


async def test_a_key_of_a_person_does_not_listen_like_a_bot(cast: Cast) -> None:
    wish: dict[str, Any] = {"name": "ears", "scopes": ["events", "messages:read"]}
    await cast.ada.post("/me/keys", wish, 400)
    async with with_key(cast.ada, *EVERYTHING) as (http, _):
        assert (await http.get("/events")).status_code == 403


async def test_a_bots_key_does_not_write_by_a_socket_what_it_may_not(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot)
        wish = {"name": "ears", "scopes": ["events", "messages:read"]}
        made = await group.member.post(f"/bots/{bot.id}/keys", wish)
        socket = Socket(group.owner.base, made["secret"])
        await socket.connect(["websocket"])
        given = {"conversation": group.id, "key": new_key(), "body": "Forged"}
        answer = await socket.client.call("post", given)
        await socket.close()
        assert answer["error"]["code"] == "forbidden"
        assert "Forged" not in await group.said(group.owner)


def has_heard(socket: Socket, said: str) -> bool:
    return said in str(socket.events)


async def test_a_bots_key_that_only_writes_hears_nothing(group: Group) -> None:
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees="all")
        path = f"/bots/{bot.id}/keys"
        sockets = []
        for scopes in (["events"], ["messages:write"], ["events", "messages:read"]):
            made = await group.member.post(path, {"name": "key", "scopes": scopes})
            sockets.append(Socket(group.owner.base, made["secret"]))
            await sockets[-1].connect(["websocket"])
        *deaf, hearing = sockets
        await hearing.next("listening")
        for number in range(
            3
        ):  # sockets that hear what they must not do so while the other hears more
            await group.owner.say(group.id, f"Only for those who may read: {number}")
            await until(partial(has_heard, hearing, f"may read: {number}"))
        assert [socket.events for socket in deaf] == [[], []]
        for socket in sockets:
            await socket.close()
