"""Signed endpoints: whose deliveries are taken, and that each is handled once."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from echosphere_bot import Bot, ConfigurationError, Message, SignatureError
from echosphere_bot.signed import TOLERANCE, SignedEndpoint, sign, verify
from echosphere_bot.testing import FakeServer, signed_headers

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER = "whsec_" + base64.b64encode(b"fedcba9876543210fedcba9876543210").decode()


def test_a_delivery_of_the_standards_own_example_is_taken() -> None:
    """These are the values in the documents of Standard Webhooks' libraries."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    delivery, timestamp = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(secret, delivery, timestamp, body) == signature
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,bm9uZQ== {signature}",
    }
    assert verify([OTHER, secret], headers, body, timestamp + TOLERANCE) == delivery


Change = Callable[[dict[str, str]], object]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda headers: headers.pop("webhook-id"), "not signed"),
        (lambda headers: headers.pop("webhook-signature"), "not signed"),
        (lambda headers: headers.update({"webhook-timestamp": "soon"}), "not signed"),
        (lambda headers: headers.update({"webhook-timestamp": "²"}), "not signed"),
        (lambda headers: headers.update({"webhook-id": "another"}), "does not fit"),
        (lambda headers: headers.update({"webhook-signature": "v1,äöü"}), "does not fit"),
    ],
)
def test_what_is_signed_otherwise_is_refused(change: Change, sentence: str) -> None:
    headers = signed_headers(SECRET, b"{}")
    verify([SECRET], headers, b"{}")
    change(headers)
    with pytest.raises(SignatureError, match=sentence):
        verify([SECRET], headers, b"{}")


def test_another_body_secret_or_time_is_refused() -> None:
    headers = signed_headers(SECRET, b"{}")
    with pytest.raises(SignatureError, match="does not fit"):
        verify([SECRET], headers, b"{ }")
    with pytest.raises(SignatureError, match="does not fit"):
        verify([OTHER], headers, b"{}")
    for passed in (-TOLERANCE - 2, TOLERANCE + 2):
        with pytest.raises(SignatureError, match="too long ago"):
            verify([SECRET], headers, b"{}", time.time() + passed)


def test_a_secret_that_is_none_is_told_at_the_start() -> None:
    with pytest.raises(ConfigurationError, match="ECHOSPHERE_SECRET"):
        Bot("https://chat.example.org", "esb_x").asgi()
    with pytest.raises(ConfigurationError, match="whsec_"):
        Bot("https://chat.example.org", "esb_x", secret="whsec_no!").asgi()


@pytest.fixture
def signed(server: FakeServer) -> Bot:
    """A bot that is called by the server."""
    return Bot(server.url, server.key, secret=f"{OTHER} {SECRET}")


@pytest.fixture
async def endpoint(signed: Bot) -> AsyncIterator[SignedEndpoint]:
    """Its endpoint, which begins to serve."""
    endpoint = signed.asgi()
    yield endpoint
    await endpoint.stop()


async def deliver(
    endpoint: SignedEndpoint, body: bytes, method: str = "POST", **headers: str
) -> int:
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        given = signed_headers(SECRET, body) | headers
        return (await http.request(method, "/any/path", content=body, headers=given)).status_code


async def an_event(server: FakeServer, text: str = "@Echo hello") -> bytes:
    await asyncio.to_thread(server.say, text)
    return json.dumps(server.world.events[-1]).encode()


async def test_a_delivery_whose_handler_awaits_a_cancelled_task_is_sent_again(
    server: FakeServer, signed: Bot, endpoint: SignedEndpoint
) -> None:
    @signed.on_mention
    async def fails(message: Message) -> None:
        task = asyncio.create_task(asyncio.Event().wait())
        task.cancel()
        await task

    assert await deliver(endpoint, await an_event(server)) == 500


async def test_a_delivery_runs_the_same_handlers(
    server: FakeServer, signed: Bot, endpoint: SignedEndpoint
) -> None:
    @signed.on_mention
    async def hello(message: Message) -> None:
        await message.reply(f"Hello, {message.author.name}")

    assert await deliver(endpoint, await an_event(server)) == 204
    assert [one.text for one in server.messages] == ["Hello, Ada"]


async def test_a_repeated_delivery_is_handled_once(
    server: FakeServer, signed: Bot, endpoint: SignedEndpoint
) -> None:
    handled = 0

    @signed.on_mention
    async def slow(message: Message) -> None:
        nonlocal handled
        handled += 1
        await asyncio.sleep(0.05)

    body = await an_event(server)
    same = {"webhook-id": "one"}
    headers = signed_headers(SECRET, body, delivery="one")
    at_once = await asyncio.gather(*(deliver(endpoint, body, **headers) for _ in range(3)))
    assert [*at_once, await deliver(endpoint, body, **headers)] == [204] * 4
    assert handled == 1
    assert same["webhook-id"] == headers["webhook-id"]


async def test_after_a_restart_a_repeat_answers_nothing_twice(
    server: FakeServer, signed: Bot, endpoint: SignedEndpoint
) -> None:
    @signed.on_mention
    async def hello(message: Message) -> None:
        await message.reply("Hello!")

    body = await an_event(server)
    another = signed.asgi()
    assert [await deliver(one, body) for one in (endpoint, another)] == [204, 204]
    await another.stop()
    assert len(server.messages) == 1


async def test_a_handler_that_fails_is_called_again_with_the_next_delivery(
    server: FakeServer, signed: Bot, endpoint: SignedEndpoint
) -> None:
    fails = [True]

    @signed.on_mention
    async def hello(message: Message) -> None:
        if fails:
            raise RuntimeError(fails.pop())
        await message.reply("Hello!")

    body = await an_event(server)
    headers = signed_headers(SECRET, body, delivery="one")
    assert [await deliver(endpoint, body, **headers) for _ in range(2)] == [500, 204]
    assert len(server.messages) == 1


async def test_whoever_is_not_the_server_is_refused(
    server: FakeServer, signed: Bot, endpoint: SignedEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    signed.on_mention(lambda message: message.reply("Hello!"))
    body = await an_event(server)
    assert await deliver(endpoint, body, **{"webhook-signature": "v1,bm9uZQ=="}) == 401
    assert await deliver(endpoint, body, method="GET") == 405
    assert await deliver(endpoint, b"x" * (1024 * 1024 + 1)) == 413
    assert await deliver(endpoint, b"[]") == 400
    assert server.messages == []
    assert "A delivery was refused" in caplog.text


async def test_the_test_of_an_endpoint_is_taken(endpoint: SignedEndpoint) -> None:
    body = {"id": "x", "type": "test", "at": 1, "conversation": "", "data": {}}
    assert await deliver(endpoint, json.dumps(body).encode()) == 204


async def test_commands_are_told_when_serving_begins(server: FakeServer, signed: Bot) -> None:
    @signed.command("it", about="Does it")
    async def it(call: Any) -> None:
        await call.reply("Done.")

    phases = asyncio.Queue[dict[str, str]]()
    sent: asyncio.Queue[Any] = asyncio.Queue()
    application = signed.asgi()
    living = asyncio.create_task(application({"type": "lifespan"}, phases.get, sent.put))
    await phases.put({"type": "lifespan.startup"})
    assert await sent.get() == {"type": "lifespan.startup.complete"}
    await asyncio.to_thread(server.command, "it")
    assert await deliver(application, json.dumps(server.world.events[-1]).encode()) == 204
    assert [one.text for one in server.messages] == ["Done."]
    await phases.put({"type": "lifespan.shutdown"})
    await living
