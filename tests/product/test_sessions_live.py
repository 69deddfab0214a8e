"""A socket lives exactly as long as its session, and belongs to the user who opened it."""

import asyncio
import json
from contextlib import nullcontext
from functools import partial

import httpx
import pytest
import socketio
from sqlalchemy import delete, update

from echosphere import platform as parts
from echosphere.accounts.store import sessions
from echosphere.conversations.store import conversations, members
from echosphere.database import Transaction
from echosphere.realtime.delivery import session_expiry as watching
from echosphere.realtime.socketio import Options
from echosphere.web import session_cookie_name
from tests.processes import PROCESSES
from tests.product.conftest import Running, settings_for
from tests.product.once import on_one_database
from tests.product.people import (
    PASSWORD,
    Person,
    Refused,
    Socket,
    by_another_scheme,
    new_key,
    people_on,
)
from tests.realtime.clients import greeted, open_polling, open_websocket, refused_websocket

Cast = tuple[Person, Person, Person]

COOKIE = session_cookie_name(secure=PROCESSES > 1)
CONNECTED = "EIO=4&transport=websocket"
TRANSPORTS = ("websocket", "polling")


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions that other processes ended are noticed soon."""
    monkeypatch.setattr(watching, "CHECK_INTERVAL", 0.2)


async def another_device(person: Person) -> Person:
    """Sign in once more, with a session of its own."""
    async with httpx.AsyncClient(base_url=f"{person.base}/api/v1") as http:
        proof = {"email": person.email, "password": PASSWORD, "bearer": True}
        answer = (await http.post("/sessions", json=proof)).json()
    return Person(person.base, answer["user"], answer["token"])


async def current_session(person: Person) -> str:
    """Return the id of the session that a person's client uses."""
    listed = (await person.get("/sessions"))["sessions"]
    return next(str(one["id"]) for one in listed if one["current"])


async def until_closed(socket: Socket) -> None:
    """Wait until the server has closed a socket."""
    async with asyncio.timeout(15):
        while socket.client.connected:
            await asyncio.sleep(0.02)


async def assert_signed_out(*devices: Socket, reason: str = "elsewhere") -> None:
    """Each was told why, and closed."""
    for device in devices:
        await device.next("signed_out", reason=reason)
        await until_closed(device)
        assert device.events[-1][0] == "signed_out"


async def test_a_revoked_session_is_told_and_hears_nothing_more(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await another_device(ada)
    gone = [await phone.connect(transports=[transport]) for transport in TRANSPORTS]
    kept = await ada.connect()
    await ben.say(conversation, "before")
    for device in (*gone, kept):
        await device.next("message", version=2)
    await ada.delete(f"/sessions/{await current_session(phone)}")
    await ben.say(conversation, "after")
    await assert_signed_out(*gone)
    await kept.next("message", version=3)
    assert [len(device.of("message")) for device in gone] == [1, 1]
    await phone.get("/me", 401)
    await phone.close()


async def test_signing_out_closes_the_sockets_of_that_device_only(cast: Cast) -> None:
    ada, _, _ = cast
    phone = await another_device(ada)
    gone, kept = await phone.connect(), await ada.connect()
    await phone.delete("/sessions/current")
    await assert_signed_out(gone, reason="here")
    assert (await kept.call("sync", {"versions": {}}))["gone"] == []
    await phone.close()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_page_of_one_person_is_not_connected_as_another(cast: Cast, transport: str) -> None:
    ada, ben, _ = cast
    for meant, connected in ((ada.id, True), (ben.id, False)):
        client = socketio.AsyncClient(reconnection=False)
        auth = {"token": ada.token, "user": meant}
        with nullcontext() if connected else pytest.raises(socketio.exceptions.ConnectionError):
            await client.connect(ada.base, auth=auth, transports=[transport])
        assert client.connected is connected
        await client.disconnect()


async def test_a_new_password_ends_all_other_devices(cast: Cast) -> None:
    ada, _, _ = cast
    phone, tablet = await another_device(ada), await another_device(ada)
    gone = [await phone.connect(), await tablet.connect(transports=["polling"])]
    kept = await ada.connect()
    changed = {"current": PASSWORD, "new": "a quite different passphrase"}
    await ada.put("/me/password", changed)
    await assert_signed_out(*gone, reason="password")
    assert (await kept.call("sync", {"versions": {}}))["gone"] == []
    for other in (phone, tablet):
        await other.get("/me", 401)
        await other.close()


@pytest.mark.usefixtures("another_owner")
async def test_a_closed_account_is_signed_out_everywhere(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await another_device(ada)
    gone = [await ada.connect(), await phone.connect()]
    closed = await ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert closed.status_code == 204
    await assert_signed_out(*gone)
    await ada.get("/me", 401)
    page = await ben.get(f"/conversations/{conversation}/messages")
    assert page["messages"] == []
    await phone.close()


async def test_a_session_that_another_process_ended_is_noticed(
    running: Running, cast: Cast
) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    phone = await another_device(ada)
    gone, kept = await phone.connect(), await ada.connect()
    session = await current_session(phone)

    def end_silently(transaction: Transaction) -> None:
        transaction.execute(delete(sessions).where(sessions.c.id == session))

    await running.application.database.write(end_silently)
    await assert_signed_out(gone, reason="expired")
    await ben.say(conversation, "after")
    await kept.next("message", version=2)
    assert gone.of("message") == []
    await phone.close()


async def test_whoever_was_removed_by_another_process_hears_nothing_more(
    running: Running, server: str
) -> None:
    async with people_on(server, "Ada", "Ben", "Carl") as (ada, ben, carl):
        for other in (ben, carl):
            await ada.befriend(other)
        group = {"kind": "group", "title": "Garden", "members": [ben.id, carl.id]}
        conversation = (await ada.post("/conversations", group))["conversation"]["id"]
        there, removed = await ben.connect(), await carl.connect()
        file = await ada.upload("plan.txt", b"the plan")
        said = await ada.say(conversation, "all three", attachments=[file["id"]])
        before = said["version"]
        await removed.next("message", version=before)

        def remove_silently(transaction: Transaction) -> None:
            transaction.execute(
                update(conversations)
                .where(conversations.c.id == conversation)
                .values(version=before + 1, members_version=before + 1)
            )
            transaction.execute(
                update(members)
                .where(members.c.conversation_id == conversation, members.c.user_id == carl.id)
                .values(left=True, version=before + 1)
            )

        await running.application.database.write(remove_silently)
        await ada.say(conversation, "just us")
        await there.next("message", version=before + 2)
        await ben.put(f"/conversations/{conversation}/read", {"seq": before + 2})
        await there.next("receipt", read_seq=before + 2)
        assert max(event["version"] for event in removed.of("message")) == before
        assert removed.of("receipt") == []
        assert (await removed.call("sync", {"versions": {conversation: before}}))["gone"] == [
            conversation
        ]
        with pytest.raises(Refused, match="not_found"):
            await removed.say(conversation, "let me in")
        await carl.get(f"/conversations/{conversation}", 404)
        await carl.get(f"/attachments/{file['id']}", 404)
        assert (await carl.get("/conversations"))["conversations"] == []


async def test_a_blocked_person_cannot_write_and_is_not_heard(cast: Cast) -> None:
    ada, ben, _ = cast
    conversation = await ada.talk_to(ben)
    mine, theirs = await ada.connect(), await ben.connect()
    await ben.put(f"/blocks/{ada.id}")
    for socket in (mine, theirs):
        with pytest.raises(Refused, match="forbidden"):
            await socket.say(conversation, "hello?")
    refused = {"key": new_key(), "body": "hello?"}
    await ada.post(f"/conversations/{conversation}/messages", refused, 403)
    await ada.post("/contacts", {"email": ben.email}, 202)
    await ben.delete(f"/blocks/{ada.id}")
    await ada.say(conversation, "thank you")
    await theirs.next("message", version=2)
    assert len(theirs.of("message")) == 1
    assert not any("request" in event for event in theirs.of("contact"))


@on_one_database
async def test_without_a_session_the_connection_is_refused(cast: Cast) -> None:
    ada, _, _ = cast
    for auth in (
        None,
        {},
        {"token": ""},
        {"token": None},
        {"token": 1},
        {"token": ["x"]},
        {"token": {"$ne": ""}},
        {"token": "x" * 50_000},
        {"token": "é"},
        {"token": "\x00"},
        {"token": ada.token[:-1]},
        {"token": ada.token.upper()},
        {"token": ada.id},
        {"other": ada.token},
    ):
        client = await greeted(f"{ada.base}/socket.io/")
        client.send("40" + (json.dumps(auth) if auth is not None else ""))
        assert await client.expect() == '44{"message":"unauthorized"}', auth
        client.send('421["sync",{"versions":{}}]')
        await client.until_closed()


@on_one_database
async def test_an_anonymous_socket_is_closed_after_a_while(
    server: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert Options().connect_timeout == 10
    monkeypatch.setattr(parts, "Options", partial(Options, connect_timeout=0.3))
    folder = tmp_path_factory.mktemp("impatient")
    running = Running(settings_for(folder, f"sqlite:///{folder / 'app.db'}"))
    base = await running.start()
    try:
        client = await greeted(f"{base}/socket.io/")
        assert await client.until_closed() == 1008
        refused = await greeted(f"{base}/socket.io/")
        refused.send("40")
        await refused.expect()
        assert await refused.until_closed() == 1008
    finally:
        await running.stop()


@on_one_database
async def test_a_polling_session_belongs_to_the_cookie_that_opened_it(cast: Cast) -> None:
    ada, ben, _ = cast
    url = f"{ada.base}/socket.io/"
    own, other = f"{COOKIE}={ada.token}", f"{COOKIE}={ben.token}"
    async with httpx.AsyncClient() as http:
        polling = await open_polling(http, url, headers={"cookie": own})
        query = {"EIO": "4", "transport": "polling", "sid": polling.sid}
        joined = await http.post(url, params=query, content="40", headers={"cookie": own})
        assert joined.status_code == 200
        for headers in ({"cookie": other}, {}, {"cookie": f"{COOKIE}="}):
            for method, content in (("GET", None), ("POST", '42["sync",{"versions":{}}]')):
                answer = await http.request(
                    method, url, params=query, content=content, headers=headers
                )
                assert (answer.status_code, answer.json()["code"]) == (400, 1)
            taken_over = f"{CONNECTED}&sid={polling.sid}"
            status, body = await refused_websocket(url, taken_over, headers or None)
            assert (status, body["code"]) == (400, 1)
        alive = await http.get(url, params=query, headers={"cookie": own})
        assert alive.text.startswith("40{")


@on_one_database
async def test_pages_of_other_sites_cannot_connect(cast: Cast) -> None:
    ada, _, _ = cast
    url, cookie = f"{ada.base}/socket.io/", f"{COOKIE}={ada.token}"
    async with httpx.AsyncClient() as http:
        for origin in (
            "https://evil.example",
            "null",
            f"{ada.base}.evil.example",
            by_another_scheme(ada.base),
            "http://127.0.0.1:1",
            "file://",
            "",
        ):
            headers = {"cookie": cookie, "origin": origin}
            query = {"EIO": "4", "transport": "polling"}
            assert (await http.get(url, params=query, headers=headers)).status_code == 403
            assert (await refused_websocket(url, CONNECTED, headers))[0] == 403
        forged = {"cookie": cookie, "origin": "http://evil.example", "host": "evil.example"}
        assert (await http.get(url, params=query, headers=forged)).status_code == 403
        own = {"cookie": cookie, "origin": ada.base}
        assert (await http.get(url, params=query, headers=own)).status_code == 200
    client = await open_websocket(url, CONNECTED, own)
    await client.receive()
    client.send("40")
    assert str(await client.expect()).startswith("40{")
    await client.close()
