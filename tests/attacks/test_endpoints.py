"""Attacks through bots' endpoints: requests into the server's network, and other people's events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from tests.attacks.servers import Servers
from tests.bots.programs import bot_of, let_in
from tests.endpoints.receiver import Answer, Endpoint, Receiver, endpoint_of
from tests.endpoints.test_endpoints import refused_at_all
from tests.product.groups import Group, group_on
from tests.product.people import client_of


@pytest.fixture
async def inside(servers: Servers) -> AsyncIterator[Group]:
    """A group on a server that may send events to this machine."""
    async with group_on(servers("sending").base) as group:
        yield group


@pytest.fixture
async def receiver(inside: Group) -> AsyncIterator[Receiver]:
    """A program on this machine that waits for events."""
    async with Receiver() as receiver:
        yield receiver


@asynccontextmanager
async def door() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port of this machine that no one outside may reach; what came in is noted."""
    came: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(note, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], came


INNER = [
    "https://127.0.0.1:{port}/", "https://[::1]:{port}/", "https://[::ffff:127.0.0.1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/", "https://0.0.0.0:{port}/", "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/", "https://[fe80::1]/", "http://bots.example.org/",
    "https://user:pass@bots.example.org/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/",
]  # fmt: skip


@pytest.mark.parametrize("url", INNER)
async def test_no_endpoint_is_set_up_that_leads_inside(group: Group, url: str) -> None:
    async with bot_of(group.member) as bot, door() as (port, came):
        body = {"url": url.format(port=port), "types": ["message.posted"]}
        await bot.owner.post(f"/bots/{bot.id}/endpoints", body, 400)
        body["url"] = "https://bots.example.org/"
        made = await bot.owner.post(f"/bots/{bot.id}/endpoints", body)
        path = f"/bots/{bot.id}/endpoints/{made['endpoint']['id']}"
        await bot.owner.patch(path, {"url": url.format(port=port)}, 400)
        assert came == []


NAMED = ["https://localhost:{port}/", "https://127.1:{port}/", "https://2130706433:{port}/", "https://0x7f000001:{port}/"]  # fmt: skip


@pytest.mark.parametrize("url", NAMED)
async def test_no_event_goes_where_a_name_leads_inside(group: Group, url: str) -> None:
    async with bot_of(group.member) as bot, door() as (port, came):
        await let_in(group, bot, sees="all")
        endpoint = await endpoint_of(bot, url.format(port=port))
        await group.owner.say(group.id, "to the inside")
        delivery = await endpoint.delivery(error="forbidden_address")
        assert (delivery["state"], delivery["status"]) == ("waiting", None)
        assert came == []


async def test_no_event_follows_a_redirect(inside: Group, receiver: Receiver) -> None:
    async with hearing(inside, receiver) as endpoint, Receiver() as other:
        moved = f"Location: {other.address}\r\n"
        receiver.answers = [Answer(status, b"", moved) for status in (301, 302, 303, 307, 308)]
        for number, _ in enumerate(tuple(receiver.answers), 1):
            await endpoint.tests()
            assert (await endpoint.delivery(state="failed"))["error"] == "redirect"
            assert len(await receiver.gets(number)) == number
        assert other.received == []


async def test_an_event_is_signed_with_the_secret_that_only_the_owner_knows(
    inside: Group, receiver: Receiver
) -> None:
    async with hearing(inside, receiver) as endpoint, bot_of(inside.outsider) as foreign:
        other = await endpoint_of(foreign, receiver.address)
        await inside.owner.say(inside.id, "signed")
        (came,) = await receiver.gets(1)
        assert came.verified_by(endpoint.secret) == came.event
        with pytest.raises(WebhookVerificationError):
            came.verified_by(other.secret)
        came.body = came.body.replace(b"signed", b"forged")
        with pytest.raises(WebhookVerificationError):
            came.verified_by(endpoint.secret)


async def test_no_event_tells_what_is_not_for_the_bot(inside: Group, receiver: Receiver) -> None:
    async with hearing(inside, receiver, sees="addressed") as endpoint:
        elsewhere = await inside.owner.talk_to(inside.member)
        said = await inside.owner.say(inside.id, "among ourselves")
        await inside.owner.delete(inside.path(f"/messages/{said['seq']}"), 200)
        await inside.owner.say(elsewhere, "@Echo between the two of us")
        body = {"conversations": [elsewhere]}
        await endpoint.owner.patch(endpoint.path, body, 400)
        await inside.owner.say(inside.id, "@Echo this is for you")
        came = await receiver.gets_until("this is for you")
        assert [one.event["type"] for one in came] == ["message.posted"]
        assert [one.text for one in came] == ["@Echo this is for you"]


async def test_nothing_is_sent_again_after_the_bot_left(inside: Group, receiver: Receiver) -> None:
    async with hearing(inside, receiver) as endpoint:
        said = await inside.owner.say(inside.id, "in the group")
        await receiver.gets(1)
        delivery = await endpoint.delivery(state="delivered")
        await inside.owner.delete(inside.path(f"/members/{endpoint.bot}"))
        await inside.owner.patch(
            inside.path(f"/messages/{said['seq']}"), {"body": "since the bot left"}
        )
        await asked_for_again_it_is_gone(endpoint, delivery["id"])
        assert "since the bot left" not in str([one.event for one in receiver.received])


async def test_what_was_deleted_is_not_sent_again(inside: Group, receiver: Receiver) -> None:
    async with hearing(inside, receiver) as endpoint:
        said = await inside.owner.say(inside.id, "a slip")
        await receiver.gets(1)
        delivery = await endpoint.delivery(state="delivered")
        await inside.owner.delete(inside.path(f"/messages/{said['seq']}"), 200)
        await receiver.gets(2)
        await asked_for_again_it_is_gone(endpoint, delivery["id"])
        assert sum("a slip" in str(one.event) for one in receiver.received) == 1


async def test_an_endpoint_is_its_owners_alone(inside: Group, receiver: Receiver) -> None:
    async with hearing(inside, receiver) as endpoint, bot_of(inside.outsider) as own:
        delivery = (await endpoint.tests())["id"]
        await receiver.gets(1)
        for person in (inside.owner, inside.admin, inside.outsider):
            await person.get(f"/bots/{endpoint.bot}/endpoints", 404)
            await refused_at_all(person, endpoint.path, delivery, 404)
        by_ones_own_bot = f"/bots/{own.id}/endpoints/{endpoint.id}"
        await refused_at_all(inside.outsider, by_ones_own_bot, delivery, 404)
        mine = await endpoint_of(own, receiver.address)
        path = f"{mine.path}/deliveries/{delivery}/redeliver"
        await inside.outsider.post(path, {}, 404)
        await inside.outsider.get(f"{mine.path}/deliveries", 404, before=delivery)
        assert len(receiver.received) == 1
        assert (await endpoint.shown())["url"] == receiver.address


async def test_a_stolen_key_turns_no_events_to_another_address(
    inside: Group, receiver: Receiver
) -> None:
    everything = ["messages:read", "messages:write", "reactions:write", "files:write"]
    created = await inside.member.post("/me/keys", {"name": "stolen", "scopes": everything})
    async with hearing(inside, receiver) as endpoint, client_of(inside.member.base) as http:
        http.headers["Authorization"] = f"Bearer {created['secret']}"
        wish: dict[str, Any] = {"url": receiver.address, "types": ["message.posted"]}
        delivery = (await endpoint.tests())["id"]
        again = f"{endpoint.path}/deliveries/{delivery}/redeliver"
        answers = [
            await http.get(f"/bots/{endpoint.bot}/endpoints"),
            await http.post(f"/bots/{endpoint.bot}/endpoints", json=wish),
            await http.patch(endpoint.path, json={"url": "https://evil.example/"}),
            await http.post(f"{endpoint.path}/rotate", json={}),
            await http.get(f"{endpoint.path}/deliveries"),
            await http.post(again, json={}),
            await http.delete(endpoint.path),
        ]
        assert [one.status_code for one in answers] == [403] * len(answers)


@asynccontextmanager
async def hearing(group: Group, receiver: Receiver, sees: str = "all") -> AsyncIterator[Endpoint]:
    """Let a bot of the member into a group, and have it told by an endpoint."""
    async with bot_of(group.member) as bot:
        await let_in(group, bot, sees=sees)
        yield await endpoint_of(bot, receiver.address)


async def asked_for_again_it_is_gone(endpoint: Endpoint, delivery: str) -> None:
    """Redeliver, and wait until the server says that there is nothing to send any more."""
    await endpoint.owner.post(f"{endpoint.path}/deliveries/{delivery}/redeliver", {}, 200)
    async with asyncio.timeout(30):
        while not (shown := await delivery_of(endpoint, delivery))["error"]:
            await asyncio.sleep(0.05)
    assert shown["error"] == "event_gone"


async def delivery_of(endpoint: Endpoint, delivery: str) -> dict[str, Any]:
    """Return a delivery."""
    return next(one for one in await endpoint.deliveries() if one["id"] == delivery)
